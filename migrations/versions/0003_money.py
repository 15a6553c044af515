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
        "ix_callbacks_waiting", "callbacks", ["next_at"], unique=False, postgresql_where=sa.text("status = 'waiting'")
    )
    op.create_table(
        "complaints",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
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
        sa.UniqueConstraint("number", name=op.f("uq_complaints_number")),
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
        "ix_covers_ending", "covers", ["until"], unique=False, postgresql_where=sa.text("status = 'active'")
    )
    op.create_index("ix_covers_payable", "covers", ["payable_id"], unique=False)
    op.create_index("ix_covers_product", "covers", ["product_id"], unique=False)
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
    op.create_index("ix_ledger_entries_day", "ledger_entries", ["brand_id", "day", "id"], unique=False)
    op.create_index("ix_ledger_entries_of", "ledger_entries", ["of_kind", "of_id"], unique=False)
    op.create_index(
        "ix_ledger_entries_order",
        "ledger_entries",
        ["work_order_id"],
        unique=False,
        postgresql_where="work_order_id IS NOT NULL",
    )
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
    op.create_index("ix_gifts_batch", "gifts", ["batch_id"], unique=False)
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
    op.create_index("ix_ratings_page", "ratings", ["at", "id"], unique=False)
    op.create_index("ix_ratings_provider", "ratings", ["provider_id", "at"], unique=False)
    op.create_index(
        "ix_ratings_undecided", "ratings", ["decide_at"], unique=False, postgresql_where=sa.text("decided = ''")
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
    op.add_column("work_orders", sa.Column("rectifies_id", sa.Text(), nullable=True))
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
    op.drop_column("work_orders", "rectifies_id")
    op.drop_index("ix_rating_engineers_engineer", table_name="rating_engineers")
    op.drop_table("rating_engineers")
    op.drop_index("uq_redemptions_order", table_name="redemptions", postgresql_where=sa.text("status <> 'returned'"))
    op.drop_index("uq_redemptions_n", table_name="redemptions", postgresql_where=sa.text("status <> 'returned'"))
    op.drop_index("ix_redemptions_cover", table_name="redemptions")
    op.drop_table("redemptions")
    op.drop_index("ix_ratings_undecided", table_name="ratings", postgresql_where=sa.text("decided = ''"))
    op.drop_index("ix_ratings_provider", table_name="ratings")
    op.drop_index("ix_ratings_page", table_name="ratings")
    op.drop_index("ix_ratings_customer", table_name="ratings")
    op.drop_table("ratings")
    op.drop_index("ix_ledger_postings_entry", table_name="ledger_postings")
    op.drop_index("ix_ledger_postings_debit", table_name="ledger_postings")
    op.drop_index("ix_ledger_postings_credit", table_name="ledger_postings")
    op.drop_table("ledger_postings")
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
    op.drop_index("ix_ledger_entries_order", table_name="ledger_entries", postgresql_where="work_order_id IS NOT NULL")
    op.drop_index("ix_ledger_entries_of", table_name="ledger_entries")
    op.drop_index("ix_ledger_entries_day", table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_index("ix_covers_waiting", table_name="covers", postgresql_where=sa.text("status = 'ordered'"))
    op.drop_index("ix_covers_product", table_name="covers")
    op.drop_index("ix_covers_payable", table_name="covers")
    op.drop_index("ix_covers_ending", table_name="covers", postgresql_where=sa.text("status = 'active'"))
    op.drop_index("ix_covers_customer", table_name="covers")
    op.drop_index("ix_covers_brand", table_name="covers")
    op.drop_table("covers")
    op.drop_index("ix_complaints_watched", table_name="complaints", postgresql_where=sa.text("next_at IS NOT NULL"))
    op.drop_index("ix_complaints_page", table_name="complaints")
    op.drop_index("ix_complaints_order", table_name="complaints", postgresql_where=sa.text("work_order_id IS NOT NULL"))
    op.drop_index("ix_complaints_open", table_name="complaints", postgresql_where=sa.text("status <> 'closed'"))
    op.drop_index("ix_complaints_customer", table_name="complaints")
    op.drop_table("complaints")
    op.drop_index("ix_callbacks_waiting", table_name="callbacks", postgresql_where=sa.text("status = 'waiting'"))
    op.drop_index("ix_callbacks_ended", table_name="callbacks", postgresql_where=sa.text("ended_at IS NOT NULL"))
    op.drop_index("ix_callbacks_customer", table_name="callbacks")
    op.drop_index("ix_callbacks_claimed", table_name="callbacks", postgresql_where=sa.text("status = 'claimed'"))
    op.drop_table("callbacks")
    op.drop_table("gift_guesses")
    op.drop_table("gift_batches")
    op.drop_table("cover_plans")
