"""Ledger, payments, cover, pricing, feedback, subscription messages: issue 6."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "put_offs",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("what", "id", name=op.f("pk_put_offs")),
    )
    op.create_table(
        "subscription_moves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("twin_id", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_moves")),
    )
    op.create_index("ix_subscription_moves_key", "subscription_moves", ["key"], unique=True)
    op.create_index(
        "ix_subscription_moves_person",
        "subscription_moves",
        ["account_id", "openid", "template_id", "at"],
        unique=False,
    )
    op.create_table(
        "cover_plans",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("warranty", "card", name="plankind", native_enum=False, length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("components", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("service_type", sa.Text(), nullable=False),
        sa.Column("pays", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("eligibility", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "starts", sa.Enum("after_present", "now", name="starts", native_enum=False, length=40), nullable=False
        ),
        sa.Column("cooling_days", sa.Integer(), nullable=False),
        sa.Column("commission_permille", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("brand_id"), "="),
            (sa.column("code"), "="),
            (sa.text("daterange(since, until)"), "&&"),
            using="gist",
            name="ex_cover_plans_code",
        ),
        sa.CheckConstraint("(kind = 'card') = (uses > 0)", name=op.f("ck_cover_plans_uses")),
        sa.CheckConstraint(
            "cooling_days >= 0 AND commission_permille BETWEEN 0 AND 1000", name=op.f("ck_cover_plans_promises")
        ),
        sa.CheckConstraint("months > 0", name=op.f("ck_cover_plans_months")),
        sa.CheckConstraint("price_fen >= 0", name=op.f("ck_cover_plans_price")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_cover_plans_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_plans")),
        sa.UniqueConstraint("brand_id", "code", "version", name=op.f("uq_cover_plans_brand_id_code_version")),
    )
    op.create_table(
        "fee_rows",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("service_type", sa.Text(), nullable=False),
        sa.Column("km_from", sa.Integer(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("permille", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("brand_id"), "="),
            (sa.column("kind"), "="),
            (sa.column("code"), "="),
            (sa.column("category_code"), "="),
            (sa.column("service_type"), "="),
            (sa.column("km_from"), "="),
            (sa.text("daterange(since, until)"), "&&"),
            using="gist",
            name="ex_fee_rows",
        ),
        sa.CheckConstraint("fen >= 0 AND permille >= 0 AND permille <= 3000", name=op.f("ck_fee_rows_amounts")),
        sa.CheckConstraint("km_from >= 0", name=op.f("ck_fee_rows_km")),
        sa.CheckConstraint("until IS NULL OR since < until", name=op.f("ck_fee_rows_days")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_fee_rows_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_rows")),
    )
    op.create_index("ix_fee_rows_brand", "fee_rows", ["brand_id", "category_code"], unique=False)
    op.create_table(
        "ledger_parties",
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_ledger_parties_brand_id")),
        sa.PrimaryKeyConstraint("brand_id", "account", "party", name=op.f("pk_ledger_parties")),
    )
    op.create_index(
        "ix_ledger_parties_nothing", "ledger_parties", ["brand_id"], unique=False, postgresql_where=sa.text("fen = 0")
    )
    op.create_table(
        "ledger_sums",
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_ledger_sums_brand_id")),
        sa.PrimaryKeyConstraint("brand_id", "account", "day", name=op.f("pk_ledger_sums")),
    )
    op.create_table(
        "merchants",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("mch_id", sa.Text(), nullable=False),
        sa.Column("cert_serial", sa.Text(), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("api_v3_key", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("public_key_id", sa.Text(), nullable=False),
        sa.Column("other_keys", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("app_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cert_until", sa.Date(), nullable=True),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tested", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_merchants_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchants")),
        sa.UniqueConstraint("mch_id", name=op.f("uq_merchants_mch_id")),
    )
    op.create_table(
        "phone_codes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("phone_print", sa.Text(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("code_print", sa.Text(), nullable=False),
        sa.Column("letter", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_phone_codes_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_codes")),
    )
    op.create_index("ix_phone_codes_ends", "phone_codes", ["ends_at"], unique=False)
    op.create_index("ix_phone_codes_phone", "phone_codes", ["phone_print", "sent_at"], unique=False)
    op.create_table(
        "refund_limits",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("fen >= 0", name=op.f("ck_refund_limits_amount")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_refund_limits_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_limits")),
    )
    op.create_index("ix_refund_limits_brand", "refund_limits", ["brand_id", "since"], unique=False)
    op.create_table(
        "gift_batches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_gift_batches_count")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_gift_batches_brand_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["cover_plans.id"], name=op.f("fk_gift_batches_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_batches")),
    )
    op.create_table(
        "gift_guesses",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_gift_guesses_customer_id")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_gift_guesses")),
    )
    op.create_table(
        "kept_bills",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha1", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_kept_bills_merchant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_bills")),
        sa.UniqueConstraint("merchant_id", "day", "kind", "sha1", name=op.f("uq_kept_bills_merchant_id_day_kind_sha1")),
    )
    op.create_index(
        "ix_kept_bills_over", "kept_bills", ["day"], unique=False, postgresql_where=sa.text("key IS NOT NULL")
    )
    op.create_table(
        "part_prices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("part_id", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("labour", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("part_id"), "="), (sa.text("daterange(since, until)"), "&&"), using="gist", name="ex_part_prices"
        ),
        sa.CheckConstraint("fen >= 0", name=op.f("ck_part_prices_fen")),
        sa.CheckConstraint("until IS NULL OR since < until", name=op.f("ck_part_prices_days")),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_part_prices_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_prices")),
    )
    op.create_table(
        "phone_sessions",
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("consent_version", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_phone_sessions_customer_id")),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_phone_sessions")),
    )
    op.create_index("ix_phone_sessions_customer", "phone_sessions", ["customer_id", "created_at"], unique=False)
    op.create_table(
        "subscription_credits",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("credits BETWEEN 0 AND 50", name=op.f("ck_subscription_credits_some")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_subscription_credits_account_id")),
        sa.PrimaryKeyConstraint("account_id", "openid", "template_id", name=op.f("pk_subscription_credits")),
    )
    op.create_table(
        "subscription_templates",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("page", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_subscription_templates_account_id")),
        sa.PrimaryKeyConstraint("account_id", "purpose", name=op.f("pk_subscription_templates")),
    )
    op.create_table(
        "statements",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sha1", sa.Text(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("totals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["kept_bills.id"], name=op.f("fk_statements_file_id")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_statements_merchant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("merchant_id", "day", "kind", name=op.f("uq_statements_merchant_id_day_kind")),
    )
    op.create_index("ix_statements_day", "statements", ["day"], unique=False)
    op.create_table(
        "callbacks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("waiting", "claimed", "done", "dropped", name="callbackstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_callbacks_brand_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_callbacks_customer_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_callbacks_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("work_order_id", name=op.f("uq_callbacks_work_order_id")),
    )
    op.create_index(
        "ix_callbacks_claimed",
        "callbacks",
        ["claimed_by"],
        unique=False,
        postgresql_where=sa.text("status = 'claimed'"),
    )
    op.create_index("ix_callbacks_customer", "callbacks", ["customer_id"], unique=False)
    op.create_index(
        "ix_callbacks_ended", "callbacks", ["ended_at"], unique=False, postgresql_where=sa.text("ended_at IS NOT NULL")
    )
    op.create_index(
        "ix_callbacks_open",
        "callbacks",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('waiting', 'claimed')"),
    )
    op.create_index(
        "ix_callbacks_waiting", "callbacks", ["next_at"], unique=False, postgresql_where=sa.text("status = 'waiting'")
    )
    op.create_table(
        "complaints",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("openid", sa.Text(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "opened",
                "owned",
                "answered",
                "closed",
                "reopened",
                name="complaintstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.CheckConstraint("status <> 'closed' OR outcome <> ''", name=op.f("ck_complaints_outcome")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_complaints_account_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_complaints_brand_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_complaints_customer_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_complaints_owner_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_complaints_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("n", name=op.f("uq_complaints_n")),
    )
    op.create_index(
        "ix_complaints_chat",
        "complaints",
        ["account_id", "openid"],
        unique=False,
        postgresql_where=sa.text("openid IS NOT NULL"),
    )
    op.create_index(
        "ix_complaints_closed",
        "complaints",
        ["closed_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index("ix_complaints_customer", "complaints", ["customer_id", "opened_at"], unique=False)
    op.create_index(
        "ix_complaints_open",
        "complaints",
        ["brand_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_index(
        "ix_complaints_order",
        "complaints",
        ["work_order_id"],
        unique=False,
        postgresql_where=sa.text("work_order_id IS NOT NULL"),
    )
    op.create_index(
        "ix_complaints_owner",
        "complaints",
        ["owner_id", "closed_at"],
        unique=False,
        postgresql_where=sa.text("owner_id IS NOT NULL"),
    )
    op.create_index("ix_complaints_page", "complaints", ["opened_at", "id"], unique=False)
    op.create_index(
        "ix_complaints_watched",
        "complaints",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "covers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Enum("warranty", "card", name="plankind", native_enum=False, length=40), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("bought_by", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "ordered",
                "active",
                "refunding",
                "expired",
                "cancelled",
                "void",
                name="coverstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("sold_by", sa.Text(), nullable=False),
        sa.Column("payable_id", sa.Text(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bought_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cooling_until", sa.Date(), nullable=True),
        sa.Column("earned_fen", sa.BigInteger(), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=True),
        sa.Column("refunded_fen", sa.BigInteger(), nullable=False),
        sa.Column("refund_id", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("product_id"), "="),
            (sa.column("component"), "="),
            (sa.text("daterange(since, until, '[]')"), "&&"),
            where=sa.text("kind = 'warranty' AND status IN ('ordered', 'active', 'refunding')"),
            using="gist",
            name="ex_covers_component",
        ),
        sa.CheckConstraint("(kind = 'warranty') = (product_id IS NOT NULL)", name=op.f("ck_covers_product")),
        sa.CheckConstraint("earned_fen >= 0 AND earned_fen + refunded_fen <= price_fen", name=op.f("ck_covers_earned")),
        sa.CheckConstraint("refunded_fen >= 0 AND refunded_fen <= price_fen", name=op.f("ck_covers_refunded")),
        sa.CheckConstraint("until >= since", name=op.f("ck_covers_days")),
        sa.CheckConstraint("used >= 0 AND used <= uses", name=op.f("ck_covers_used")),
        sa.ForeignKeyConstraint(["bought_by"], ["customers.id"], name=op.f("fk_covers_bought_by")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_covers_brand_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_covers_customer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_orders.id"], name=op.f("fk_covers_order_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["cover_plans.id"], name=op.f("fk_covers_plan_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_covers_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
        sa.UniqueConstraint("number", name=op.f("uq_covers_number")),
    )
    op.create_index("ix_covers_brand", "covers", ["brand_id", "ordered_at"], unique=False)
    op.create_index("ix_covers_customer", "covers", ["customer_id", "bought_at"], unique=False)
    op.create_index(
        "ix_covers_earning",
        "covers",
        [sa.literal_column("coalesce(earned_on + 1, since)")],
        unique=False,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_index(
        "ix_covers_ending", "covers", ["until"], unique=False, postgresql_where=sa.text("status = 'active'")
    )
    op.create_index("ix_covers_page", "covers", ["ordered_at", "id"], unique=False)
    op.create_index("ix_covers_payable", "covers", ["payable_id"], unique=False)
    op.create_index(
        "ix_covers_plan", "covers", ["plan_id"], unique=False, postgresql_where=sa.text("bought_at IS NOT NULL")
    )
    op.create_index("ix_covers_product", "covers", ["product_id"], unique=False)
    op.create_index(
        "ix_covers_seller", "covers", ["sold_by", "ordered_at"], unique=False, postgresql_where=sa.text("sold_by <> ''")
    )
    op.create_index("ix_covers_status", "covers", ["status", "ordered_at", "id"], unique=False)
    op.create_index(
        "ix_covers_untold",
        "covers",
        ["until"],
        unique=False,
        postgresql_where=sa.text("status = 'active' AND reminded_at IS NULL"),
    )
    op.create_index(
        "ix_covers_waiting", "covers", ["lapses_at"], unique=False, postgresql_where=sa.text("status = 'ordered'")
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("of_kind", sa.Text(), nullable=False),
        sa.Column("of_id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_ledger_entries_brand_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_ledger_entries_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_entries_key")),
    )
    op.create_index("ix_ledger_entries_brand", "ledger_entries", ["brand_id", "day", "id"], unique=False)
    op.create_index("ix_ledger_entries_day", "ledger_entries", ["day", "id"], unique=False)
    op.create_index("ix_ledger_entries_of", "ledger_entries", ["of_kind", "of_id"], unique=False)
    op.create_index(
        "ix_ledger_entries_order",
        "ledger_entries",
        ["work_order_id"],
        unique=False,
        postgresql_where=sa.text("work_order_id IS NOT NULL"),
    )
    op.create_table(
        "payables",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("of_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger(), nullable=False),
        sa.Column("split", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "paid", "refunded", "void", name="payablestatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("due_fen >= 0", name=op.f("ck_payables_due")),
        sa.CheckConstraint(
            "refunded_fen >= 0 AND refunded_fen <= paid_fen AND paid_fen <= due_fen", name=op.f("ck_payables_amounts")
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_payables_brand_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_payables_customer_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_payables_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payables")),
        sa.UniqueConstraint("kind", "of_id", "version", name=op.f("uq_payables_kind_of_id_version")),
    )
    op.create_index("ix_payables_customer", "payables", ["customer_id", "at"], unique=False)
    op.create_index(
        "ix_payables_order",
        "payables",
        ["work_order_id"],
        unique=False,
        postgresql_where=sa.text("work_order_id IS NOT NULL"),
    )
    op.create_index("ix_payables_page", "payables", ["at", "id"], unique=False)
    op.create_index("ix_payables_status", "payables", ["status", "at", "id"], unique=False)
    op.create_table(
        "surveys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("via", sa.Text(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 10", name=op.f("ck_surveys_score")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_surveys_brand_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_surveys_customer_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_surveys_provider_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_surveys_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("work_order_id", name=op.f("uq_surveys_work_order_id")),
    )
    op.create_index("ix_surveys_asked", "surveys", ["asked_at"], unique=False)
    op.create_index("ix_surveys_customer", "surveys", ["customer_id", "asked_at"], unique=False)
    op.create_table(
        "callback_rounds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("callback_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["callback_id"], ["callbacks.id"], name=op.f("fk_callback_rounds_callback_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_rounds")),
        sa.UniqueConstraint("callback_id", "seq", name=op.f("uq_callback_rounds_callback_id_seq")),
    )
    op.create_table(
        "complaint_steps",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("complaint_id", sa.Text(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("frm", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_steps_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_steps")),
    )
    op.create_index("ix_complaint_steps_complaint", "complaint_steps", ["complaint_id", "id"], unique=False)
    op.create_table(
        "cover_commissions",
        sa.Column("cover_id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("sold_by", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("reversed_fen", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "fen > 0 AND reversed_fen >= 0 AND reversed_fen <= fen", name=op.f("ck_cover_commissions_fen")
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_cover_commissions_brand_id")),
        sa.ForeignKeyConstraint(["cover_id"], ["covers.id"], name=op.f("fk_cover_commissions_cover_id")),
        sa.PrimaryKeyConstraint("cover_id", name=op.f("pk_cover_commissions")),
    )
    op.create_index("ix_cover_commissions_seller", "cover_commissions", ["sold_by", "due_at"], unique=False)
    op.create_table(
        "gifts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("code_print", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("issued", "redeemed", "withdrawn", name="giftstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("cover_id", sa.Text(), nullable=True),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["gift_batches.id"], name=op.f("fk_gifts_batch_id")),
        sa.ForeignKeyConstraint(["cover_id"], ["covers.id"], name=op.f("fk_gifts_cover_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gifts")),
        sa.UniqueConstraint("code_print", name=op.f("uq_gifts_code_print")),
        sa.UniqueConstraint("cover_id", name=op.f("uq_gifts_cover_id")),
    )
    op.create_index("ix_gifts_batch", "gifts", ["batch_id", "status"], unique=False)
    op.create_table(
        "invoice_requests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("payable_id", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("tax_number", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("asked", "issued", "refused", name="invoicestatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_invoice_requests_brand_id")),
        sa.ForeignKeyConstraint(["payable_id"], ["payables.id"], name=op.f("fk_invoice_requests_payable_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_requests")),
    )
    op.create_index(
        "ix_invoice_requests_live",
        "invoice_requests",
        ["payable_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_index("ix_invoice_requests_payable", "invoice_requests", ["payable_id"], unique=False)
    op.create_index("ix_invoice_requests_status", "invoice_requests", ["status", "at"], unique=False)
    op.create_table(
        "ledger_postings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("debit", sa.Text(), nullable=False),
        sa.Column("debit_party", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("credit_party", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("debit <> credit OR debit_party <> credit_party", name=op.f("ck_ledger_postings_two_sides")),
        sa.CheckConstraint("fen > 0", name=op.f("ck_ledger_postings_amount")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_ledger_postings_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_postings")),
    )
    op.create_index("ix_ledger_postings_credit", "ledger_postings", ["credit", "credit_party"], unique=False)
    op.create_index("ix_ledger_postings_debit", "ledger_postings", ["debit", "debit_party"], unique=False)
    op.create_index("ix_ledger_postings_entry", "ledger_postings", ["entry_id"], unique=False)
    op.create_table(
        "ledger_uncounted",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_ledger_uncounted_brand_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_ledger_uncounted_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_ledger_uncounted")),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("payable_id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=True),
        sa.Column("out_trade_no", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "created",
                "pending",
                "unknown",
                "paid",
                "refunding",
                "refunded",
                "closed",
                name="paymentstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("prepay_id", sa.Text(), nullable=True),
        sa.Column("code_url", sa.Text(), nullable=True),
        sa.Column("h5_url", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("query_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queries", sa.Integer(), nullable=False),
        sa.Column("unwanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("transaction_id", sa.Text(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("surplus", sa.Boolean(), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger(), nullable=False),
        sa.Column("reserved_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "0 <= refunded_fen AND refunded_fen <= reserved_fen AND reserved_fen <= fen",
            name=op.f("ck_payments_refunds"),
        ),
        sa.CheckConstraint("fen > 0", name=op.f("ck_payments_amount")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_payments_merchant_id")),
        sa.ForeignKeyConstraint(["payable_id"], ["payables.id"], name=op.f("fk_payments_payable_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("merchant_id", "transaction_id", name=op.f("uq_payments_merchant_id_transaction_id")),
        sa.UniqueConstraint("out_trade_no", name=op.f("uq_payments_out_trade_no")),
    )
    op.create_index(
        "ix_payments_due", "payments", ["query_at"], unique=False, postgresql_where=sa.text("query_at IS NOT NULL")
    )
    op.create_index(
        "ix_payments_live",
        "payments",
        ["payable_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('created', 'pending', 'unknown')"),
    )
    op.create_index("ix_payments_method", "payments", ["method", "payable_id"], unique=False)
    op.create_index(
        "ix_payments_paid",
        "payments",
        ["merchant_id", "paid_at"],
        unique=False,
        postgresql_where=sa.text("paid_at IS NOT NULL"),
    )
    op.create_index("ix_payments_payable", "payments", ["payable_id"], unique=False)
    op.create_index(
        "ix_payments_transaction",
        "payments",
        ["transaction_id"],
        unique=False,
        postgresql_where=sa.text("transaction_id IS NOT NULL"),
    )
    op.create_table(
        "redemptions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("cover_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("held", "redeemed", "returned", name="redemptionstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cover_id"], ["covers.id"], name=op.f("fk_redemptions_cover_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_redemptions_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")),
    )
    op.create_index("ix_redemptions_cover", "redemptions", ["cover_id", "held_at"], unique=False)
    op.create_index(
        "uq_redemptions_n",
        "redemptions",
        ["cover_id", "n"],
        unique=True,
        postgresql_where=sa.text("status <> 'returned'"),
    )
    op.create_index(
        "uq_redemptions_order",
        "redemptions",
        ["work_order_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'returned'"),
    )
    op.create_table(
        "cash_hand_ins",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("fen >= 0", name=op.f("ck_cash_hand_ins_amount")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_cash_hand_ins_brand_id")),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_cash_hand_ins_engineer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_hand_ins")),
    )
    op.create_index("ix_cash_hand_ins_engineer", "cash_hand_ins", ["engineer_id", "at"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("payable_id", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("split", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("surplus", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "approved",
                "unknown",
                "sent",
                "abnormal",
                "succeeded",
                "rejected",
                "closed",
                name="refundstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_why", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("query_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("refund_id", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_out_from", sa.Text(), nullable=False),
        sa.CheckConstraint("fen > 0", name=op.f("ck_refunds_amount")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_refunds_brand_id")),
        sa.ForeignKeyConstraint(["payable_id"], ["payables.id"], name=op.f("fk_refunds_payable_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_refunds_refund_id")),
    )
    op.create_index(
        "ix_refunds_done", "refunds", ["done_at"], unique=False, postgresql_where=sa.text("done_at IS NOT NULL")
    )
    op.create_index(
        "ix_refunds_due", "refunds", ["query_at"], unique=False, postgresql_where=sa.text("query_at IS NOT NULL")
    )
    op.create_index("ix_refunds_page", "refunds", ["at", "id"], unique=False)
    op.create_index("ix_refunds_payable", "refunds", ["payable_id"], unique=False)
    op.create_index("ix_refunds_payment", "refunds", ["payment_id"], unique=False)
    op.create_index(
        "ix_refunds_sent", "refunds", ["sent_at"], unique=False, postgresql_where=sa.text("sent_at IS NOT NULL")
    )
    op.create_index("ix_refunds_status", "refunds", ["status", "at", "id"], unique=False)
    op.create_table(
        "shipping_reports",
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("query_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_shipping_reports_payment_id")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_shipping_reports")),
    )
    op.create_index(
        "ix_shipping_reports_due",
        "shipping_reports",
        ["query_at"],
        unique=False,
        postgresql_where=sa.text("query_at IS NOT NULL"),
    )
    op.create_table(
        "cash_receipts",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hand_in_id", sa.Text(), nullable=True),
        sa.CheckConstraint("fen > 0", name=op.f("ck_cash_receipts_amount")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_cash_receipts_brand_id")),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_cash_receipts_engineer_id")),
        sa.ForeignKeyConstraint(["hand_in_id"], ["cash_hand_ins.id"], name=op.f("fk_cash_receipts_hand_in_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_cash_receipts_payment_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cash_receipts")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_cash_receipts_payment_id")),
    )
    op.create_index(
        "ix_cash_receipts_hand_in",
        "cash_receipts",
        ["hand_in_id"],
        unique=False,
        postgresql_where=sa.text("hand_in_id IS NOT NULL"),
    )
    op.create_index(
        "ix_cash_receipts_open",
        "cash_receipts",
        ["engineer_id", "taken_at"],
        unique=False,
        postgresql_where=sa.text("hand_in_id IS NULL"),
    )
    op.create_table(
        "payment_notices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=True),
        sa.Column("refund_id", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_payment_notices_merchant_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_payment_notices_payment_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_payment_notices_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_notices")),
        sa.UniqueConstraint("merchant_id", "notice_id", name=op.f("uq_payment_notices_merchant_id_notice_id")),
    )
    op.create_index("ix_payment_notices_last", "payment_notices", ["merchant_id", "outcome", "at"], unique=False)
    op.create_index(
        "ix_payment_notices_payment",
        "payment_notices",
        ["payment_id"],
        unique=False,
        postgresql_where=sa.text("payment_id IS NOT NULL"),
    )
    op.create_table(
        "quotes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("phone_key", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "confirmed",
                "rejected",
                "superseded",
                "withdrawn",
                "expired",
                name="quotestatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("customer_fen", sa.BigInteger(), nullable=False),
        sa.Column("declined_fen", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_via", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("signature_id", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("customer_fen >= 0 AND declined_fen >= 0", name=op.f("ck_quotes_amounts")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_quotes_visit_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_quotes_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("id", "customer_fen", "declined_fen", name=op.f("uq_quotes_id_customer_fen_declined_fen")),
        sa.UniqueConstraint("work_order_id", "version", name=op.f("uq_quotes_work_order_id_version")),
    )
    op.create_index("ix_quotes_page", "quotes", ["asked_at", "id"], unique=False)
    op.create_index("ix_quotes_status", "quotes", ["status", "asked_at", "id"], unique=False)
    op.create_index("ix_quotes_visit", "quotes", ["visit_id"], unique=False)
    op.create_index(
        "ix_quotes_waiting", "quotes", ["expires_at"], unique=False, postgresql_where=sa.text("status = 'asked'")
    )
    op.create_index(
        "uq_quotes_asked", "quotes", ["work_order_id"], unique=True, postgresql_where=sa.text("status = 'asked'")
    )
    op.create_index(
        "uq_quotes_confirmed",
        "quotes",
        ["work_order_id"],
        unique=True,
        postgresql_where=sa.text("status = 'confirmed'"),
    )
    op.create_index(
        "uq_quotes_phone",
        "quotes",
        ["work_order_id", "phone_key"],
        unique=True,
        postgresql_where=sa.text("phone_key <> ''"),
    )
    op.create_table(
        "ratings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=True),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("aspects", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tags", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decide_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_ratings_stars")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_ratings_brand_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_ratings_customer_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_ratings_provider_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_ratings_visit_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_ratings_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint("work_order_id", name=op.f("uq_ratings_work_order_id")),
    )
    op.create_index("ix_ratings_customer", "ratings", ["customer_id"], unique=False)
    op.create_index(
        "ix_ratings_low",
        "ratings",
        ["at", "id"],
        unique=False,
        postgresql_where=sa.text("stars <= 2 OR solved IS false"),
    )
    op.create_index("ix_ratings_page", "ratings", ["at", "id"], unique=False)
    op.create_index("ix_ratings_provider", "ratings", ["provider_id", "at"], unique=False)
    op.create_index("ix_ratings_stars", "ratings", ["stars", "at", "id"], unique=False)
    op.create_index(
        "ix_ratings_undecided", "ratings", ["decide_at"], unique=False, postgresql_where=sa.text("decided = ''")
    )
    op.create_table(
        "statement_differences",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Text(), nullable=True),
        sa.Column("refund_id", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("ours_fen", sa.BigInteger(), nullable=True),
        sa.Column("theirs_fen", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "status", sa.Enum("open", "settled", name="differencestatus", native_enum=False, length=40), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_statement_differences_brand_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_statement_differences_entry_id")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_statement_differences_merchant_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_statement_differences_payment_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_statement_differences_refund_id")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_statement_differences_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_differences")),
        sa.UniqueConstraint("key", name=op.f("uq_statement_differences_key")),
    )
    op.create_index("ix_statement_differences_day", "statement_differences", ["merchant_id", "day"], unique=False)
    op.create_index("ix_statement_differences_open", "statement_differences", ["status", "day"], unique=False)
    op.create_index("ix_statement_differences_page", "statement_differences", ["day", "id"], unique=False)
    op.create_index(
        "ix_statement_differences_payment",
        "statement_differences",
        ["payment_id"],
        unique=False,
        postgresql_where=sa.text("payment_id IS NOT NULL"),
    )
    op.create_table(
        "bills",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("confirmed_fen", sa.BigInteger(), nullable=False),
        sa.Column("declined_fen", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("issued", "nothing", "paid", "void", name="billstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("before_fen", sa.BigInteger(), nullable=False),
        sa.Column("due_fen", sa.BigInteger(), nullable=False),
        sa.Column("payable_id", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "total_fen <= CASE kind WHEN 'work' THEN confirmed_fen ELSE declined_fen END",
            name=op.f("ck_bills_not_above_the_quote"),
        ),
        sa.CheckConstraint("due_fen = greatest(total_fen - before_fen, 0)", name=op.f("ck_bills_due")),
        sa.CheckConstraint("due_fen >= 0 AND before_fen >= 0", name=op.f("ck_bills_amounts")),
        sa.ForeignKeyConstraint(
            ["quote_id", "confirmed_fen", "declined_fen"],
            ["quotes.id", "quotes.customer_fen", "quotes.declined_fen"],
            name="fk_bills_quote",
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_bills_visit_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_bills_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bills")),
        sa.UniqueConstraint("work_order_id", "version", name=op.f("uq_bills_work_order_id_version")),
    )
    op.create_index("ix_bills_quote", "bills", ["quote_id"], unique=False)
    op.create_index(
        "ix_bills_unpaid", "bills", ["remind_at"], unique=False, postgresql_where=sa.text("status = 'issued'")
    )
    op.create_index("ix_bills_visit", "bills", ["visit_id"], unique=False)
    op.create_index(
        "uq_bills_live",
        "bills",
        ["work_order_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('issued', 'nothing')"),
    )
    op.create_table(
        "rating_engineers",
        sa.Column("rating_id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_rating_engineers_engineer_id")),
        sa.ForeignKeyConstraint(["rating_id"], ["ratings.id"], name=op.f("fk_rating_engineers_rating_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_rating_engineers_work_order_id")),
        sa.PrimaryKeyConstraint("rating_id", "engineer_id", name=op.f("pk_rating_engineers")),
    )
    op.create_index("ix_rating_engineers_engineer", "rating_engineers", ["engineer_id", "at"], unique=False)
    op.drop_column("brands", "price_words")
    op.add_column("contacts", sa.Column("marketing_agreed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("customers", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("engineers", sa.Column("photo_id", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_engineers_photo_id"), "engineers", "files", ["photo_id"], ["id"])
    op.alter_column("files", "brand_id", existing_type=sa.TEXT(), nullable=True)
    op.add_column("outgoing_messages", sa.Column("to_account_id", sa.Text(), nullable=True))
    op.add_column("outgoing_messages", sa.Column("to_openid", sa.Text(), nullable=True))
    op.create_index(
        "ix_outgoing_went_to",
        "outgoing_messages",
        ["to_account_id", "to_openid", "at"],
        unique=False,
        postgresql_where=sa.text("to_openid IS NOT NULL"),
    )
    op.add_column("work_orders", sa.Column("rectifies_id", sa.Text(), nullable=True))
    op.add_column("work_orders", sa.Column("agreed_fen", sa.BigInteger(), nullable=True))
    op.add_column("work_orders", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "uq_work_orders_rectifies",
        "work_orders",
        ["rectifies_id"],
        unique=True,
        postgresql_where=sa.text("rectifies_id IS NOT NULL"),
    )
    op.create_foreign_key(op.f("fk_work_orders_rectifies_id"), "work_orders", "work_orders", ["rectifies_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_work_orders_rectifies_id"), "work_orders", type_="foreignkey")
    op.drop_index(
        "uq_work_orders_rectifies", table_name="work_orders", postgresql_where=sa.text("rectifies_id IS NOT NULL")
    )
    op.drop_column("work_orders", "agreed_at")
    op.drop_column("work_orders", "agreed_fen")
    op.drop_column("work_orders", "rectifies_id")
    op.drop_index(
        "ix_outgoing_went_to", table_name="outgoing_messages", postgresql_where=sa.text("to_openid IS NOT NULL")
    )
    op.drop_column("outgoing_messages", "to_openid")
    op.drop_column("outgoing_messages", "to_account_id")
    op.alter_column("files", "brand_id", existing_type=sa.TEXT(), nullable=False)
    op.drop_constraint(op.f("fk_engineers_photo_id"), "engineers", type_="foreignkey")
    op.drop_column("engineers", "photo_id")
    op.drop_column("customers", "erased_at")
    op.drop_column("contacts", "marketing_agreed_at")
    op.add_column("brands", sa.Column("price_words", sa.TEXT(), server_default="", nullable=False))
    op.drop_index("ix_rating_engineers_engineer", table_name="rating_engineers")
    op.drop_table("rating_engineers")
    op.drop_index("uq_bills_live", table_name="bills", postgresql_where=sa.text("status IN ('issued', 'nothing')"))
    op.drop_index("ix_bills_visit", table_name="bills")
    op.drop_index("ix_bills_unpaid", table_name="bills", postgresql_where=sa.text("status = 'issued'"))
    op.drop_index("ix_bills_quote", table_name="bills")
    op.drop_table("bills")
    op.drop_index(
        "ix_statement_differences_payment",
        table_name="statement_differences",
        postgresql_where=sa.text("payment_id IS NOT NULL"),
    )
    op.drop_index("ix_statement_differences_page", table_name="statement_differences")
    op.drop_index("ix_statement_differences_open", table_name="statement_differences")
    op.drop_index("ix_statement_differences_day", table_name="statement_differences")
    op.drop_table("statement_differences")
    op.drop_index("ix_ratings_undecided", table_name="ratings", postgresql_where=sa.text("decided = ''"))
    op.drop_index("ix_ratings_stars", table_name="ratings")
    op.drop_index("ix_ratings_provider", table_name="ratings")
    op.drop_index("ix_ratings_page", table_name="ratings")
    op.drop_index("ix_ratings_low", table_name="ratings", postgresql_where=sa.text("stars <= 2 OR solved IS false"))
    op.drop_index("ix_ratings_customer", table_name="ratings")
    op.drop_table("ratings")
    op.drop_index("uq_quotes_phone", table_name="quotes", postgresql_where=sa.text("phone_key <> ''"))
    op.drop_index("uq_quotes_confirmed", table_name="quotes", postgresql_where=sa.text("status = 'confirmed'"))
    op.drop_index("uq_quotes_asked", table_name="quotes", postgresql_where=sa.text("status = 'asked'"))
    op.drop_index("ix_quotes_waiting", table_name="quotes", postgresql_where=sa.text("status = 'asked'"))
    op.drop_index("ix_quotes_visit", table_name="quotes")
    op.drop_index("ix_quotes_status", table_name="quotes")
    op.drop_index("ix_quotes_page", table_name="quotes")
    op.drop_table("quotes")
    op.drop_index(
        "ix_payment_notices_payment", table_name="payment_notices", postgresql_where=sa.text("payment_id IS NOT NULL")
    )
    op.drop_index("ix_payment_notices_last", table_name="payment_notices")
    op.drop_table("payment_notices")
    op.drop_index("ix_cash_receipts_open", table_name="cash_receipts", postgresql_where=sa.text("hand_in_id IS NULL"))
    op.drop_index(
        "ix_cash_receipts_hand_in", table_name="cash_receipts", postgresql_where=sa.text("hand_in_id IS NOT NULL")
    )
    op.drop_table("cash_receipts")
    op.drop_index(
        "ix_shipping_reports_due", table_name="shipping_reports", postgresql_where=sa.text("query_at IS NOT NULL")
    )
    op.drop_table("shipping_reports")
    op.drop_index("ix_refunds_status", table_name="refunds")
    op.drop_index("ix_refunds_sent", table_name="refunds", postgresql_where=sa.text("sent_at IS NOT NULL"))
    op.drop_index("ix_refunds_payment", table_name="refunds")
    op.drop_index("ix_refunds_payable", table_name="refunds")
    op.drop_index("ix_refunds_page", table_name="refunds")
    op.drop_index("ix_refunds_due", table_name="refunds", postgresql_where=sa.text("query_at IS NOT NULL"))
    op.drop_index("ix_refunds_done", table_name="refunds", postgresql_where=sa.text("done_at IS NOT NULL"))
    op.drop_table("refunds")
    op.drop_index("ix_cash_hand_ins_engineer", table_name="cash_hand_ins")
    op.drop_table("cash_hand_ins")
    op.drop_index("uq_redemptions_order", table_name="redemptions", postgresql_where=sa.text("status <> 'returned'"))
    op.drop_index("uq_redemptions_n", table_name="redemptions", postgresql_where=sa.text("status <> 'returned'"))
    op.drop_index("ix_redemptions_cover", table_name="redemptions")
    op.drop_table("redemptions")
    op.drop_index(
        "ix_payments_transaction", table_name="payments", postgresql_where=sa.text("transaction_id IS NOT NULL")
    )
    op.drop_index("ix_payments_payable", table_name="payments")
    op.drop_index("ix_payments_paid", table_name="payments", postgresql_where=sa.text("paid_at IS NOT NULL"))
    op.drop_index("ix_payments_method", table_name="payments")
    op.drop_index(
        "ix_payments_live",
        table_name="payments",
        postgresql_where=sa.text("status IN ('created', 'pending', 'unknown')"),
    )
    op.drop_index("ix_payments_due", table_name="payments", postgresql_where=sa.text("query_at IS NOT NULL"))
    op.drop_table("payments")
    op.drop_table("ledger_uncounted")
    op.drop_index("ix_ledger_postings_entry", table_name="ledger_postings")
    op.drop_index("ix_ledger_postings_debit", table_name="ledger_postings")
    op.drop_index("ix_ledger_postings_credit", table_name="ledger_postings")
    op.drop_table("ledger_postings")
    op.drop_index("ix_invoice_requests_status", table_name="invoice_requests")
    op.drop_index("ix_invoice_requests_payable", table_name="invoice_requests")
    op.drop_index(
        "ix_invoice_requests_live", table_name="invoice_requests", postgresql_where=sa.text("status <> 'refused'")
    )
    op.drop_table("invoice_requests")
    op.drop_index("ix_gifts_batch", table_name="gifts")
    op.drop_table("gifts")
    op.drop_index("ix_cover_commissions_seller", table_name="cover_commissions")
    op.drop_table("cover_commissions")
    op.drop_index("ix_complaint_steps_complaint", table_name="complaint_steps")
    op.drop_table("complaint_steps")
    op.drop_table("callback_rounds")
    op.drop_index("ix_surveys_customer", table_name="surveys")
    op.drop_index("ix_surveys_asked", table_name="surveys")
    op.drop_table("surveys")
    op.drop_index("ix_payables_status", table_name="payables")
    op.drop_index("ix_payables_page", table_name="payables")
    op.drop_index("ix_payables_order", table_name="payables", postgresql_where=sa.text("work_order_id IS NOT NULL"))
    op.drop_index("ix_payables_customer", table_name="payables")
    op.drop_table("payables")
    op.drop_index(
        "ix_ledger_entries_order", table_name="ledger_entries", postgresql_where=sa.text("work_order_id IS NOT NULL")
    )
    op.drop_index("ix_ledger_entries_of", table_name="ledger_entries")
    op.drop_index("ix_ledger_entries_day", table_name="ledger_entries")
    op.drop_index("ix_ledger_entries_brand", table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_index("ix_covers_waiting", table_name="covers", postgresql_where=sa.text("status = 'ordered'"))
    op.drop_index(
        "ix_covers_untold", table_name="covers", postgresql_where=sa.text("status = 'active' AND reminded_at IS NULL")
    )
    op.drop_index("ix_covers_status", table_name="covers")
    op.drop_index("ix_covers_seller", table_name="covers", postgresql_where=sa.text("sold_by <> ''"))
    op.drop_index("ix_covers_product", table_name="covers")
    op.drop_index("ix_covers_plan", table_name="covers", postgresql_where=sa.text("bought_at IS NOT NULL"))
    op.drop_index("ix_covers_payable", table_name="covers")
    op.drop_index("ix_covers_page", table_name="covers")
    op.drop_index("ix_covers_ending", table_name="covers", postgresql_where=sa.text("status = 'active'"))
    op.drop_index("ix_covers_earning", table_name="covers", postgresql_where=sa.text("status = 'active'"))
    op.drop_index("ix_covers_customer", table_name="covers")
    op.drop_index("ix_covers_brand", table_name="covers")
    op.drop_table("covers")
    op.drop_index("ix_complaints_watched", table_name="complaints", postgresql_where=sa.text("next_at IS NOT NULL"))
    op.drop_index("ix_complaints_page", table_name="complaints")
    op.drop_index("ix_complaints_owner", table_name="complaints", postgresql_where=sa.text("owner_id IS NOT NULL"))
    op.drop_index("ix_complaints_order", table_name="complaints", postgresql_where=sa.text("work_order_id IS NOT NULL"))
    op.drop_index("ix_complaints_open", table_name="complaints", postgresql_where=sa.text("status <> 'closed'"))
    op.drop_index("ix_complaints_customer", table_name="complaints")
    op.drop_index("ix_complaints_closed", table_name="complaints", postgresql_where=sa.text("closed_at IS NOT NULL"))
    op.drop_index("ix_complaints_chat", table_name="complaints", postgresql_where=sa.text("openid IS NOT NULL"))
    op.drop_table("complaints")
    op.drop_index("ix_callbacks_waiting", table_name="callbacks", postgresql_where=sa.text("status = 'waiting'"))
    op.drop_index(
        "ix_callbacks_open", table_name="callbacks", postgresql_where=sa.text("status IN ('waiting', 'claimed')")
    )
    op.drop_index("ix_callbacks_ended", table_name="callbacks", postgresql_where=sa.text("ended_at IS NOT NULL"))
    op.drop_index("ix_callbacks_customer", table_name="callbacks")
    op.drop_index("ix_callbacks_claimed", table_name="callbacks", postgresql_where=sa.text("status = 'claimed'"))
    op.drop_table("callbacks")
    op.drop_index("ix_statements_day", table_name="statements")
    op.drop_table("statements")
    op.drop_table("subscription_templates")
    op.drop_table("subscription_credits")
    op.drop_index("ix_phone_sessions_customer", table_name="phone_sessions")
    op.drop_table("phone_sessions")
    op.drop_table("part_prices")
    op.drop_index("ix_kept_bills_over", table_name="kept_bills", postgresql_where=sa.text("key IS NOT NULL"))
    op.drop_table("kept_bills")
    op.drop_table("gift_guesses")
    op.drop_table("gift_batches")
    op.drop_index("ix_refund_limits_brand", table_name="refund_limits")
    op.drop_table("refund_limits")
    op.drop_index("ix_phone_codes_phone", table_name="phone_codes")
    op.drop_index("ix_phone_codes_ends", table_name="phone_codes")
    op.drop_table("phone_codes")
    op.drop_table("merchants")
    op.drop_table("ledger_sums")
    op.drop_index("ix_ledger_parties_nothing", table_name="ledger_parties", postgresql_where=sa.text("fen = 0"))
    op.drop_table("ledger_parties")
    op.drop_index("ix_fee_rows_brand", table_name="fee_rows")
    op.drop_table("fee_rows")
    op.drop_table("cover_plans")
    op.drop_index("ix_subscription_moves_person", table_name="subscription_moves")
    op.drop_index("ix_subscription_moves_key", table_name="subscription_moves")
    op.drop_table("subscription_moves")
    op.drop_table("put_offs")
