"""The first tables, the counter of work orders, and the trigger that wakes the relay."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("work_order_count")))
    op.create_table(
        "audit_trail",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", "at", name=op.f("pk_audit_trail")),
        info={"partitioned_by": "at", "aged_by": "at"},
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index("ix_audit_trail_actor", "audit_trail", ["actor", "at"], unique=False)
    op.create_index("ix_audit_trail_at", "audit_trail", ["at", "id"], unique=False)
    op.create_index("ix_audit_trail_subject", "audit_trail", ["subject_kind", "subject_id", "at"], unique=False)
    op.create_table(
        "brands",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hotline", sa.Text(), nullable=False),
        sa.Column("desk_hours", sa.Text(), nullable=False),
        sa.Column("privacy_version", sa.Text(), nullable=False),
        sa.Column("privacy_url", sa.Text(), nullable=False),
        sa.Column("price_words", sa.Text(), nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("code", name=op.f("uq_brands_code")),
    )
    op.create_table(
        "categories",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_categories")),
    )
    op.create_table(
        "conversations",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "heard_slot",
            sa.DateTime(timezone=True),
            sa.Computed(
                "date_bin('00:10:00'::interval, heard_at, '2000-01-01 00:00:00+00'::timestamp with time zone)",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("account_id", "openid", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_heard_slot", "conversations", ["heard_slot"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("relayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", "at", name=op.f("pk_outbox")),
        info={"partitioned_by": "at", "aged_by": "at"},
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index(
        "ix_outbox_open", "outbox", ["state", "at"], unique=False, postgresql_where=sa.text("state <> 'done'")
    )
    op.create_table(
        "outgoing_messages",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resent", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", "at", name=op.f("pk_outgoing_messages")),
        info={"partitioned_by": "at", "aged_by": "at"},
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index(
        "ix_outgoing_dead", "outgoing_messages", ["at"], unique=False, postgresql_where=sa.text("state = 'dead'")
    )
    op.create_index(
        "ix_outgoing_open",
        "outgoing_messages",
        ["account_id", "recipient", "seq"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
    )
    op.create_index("ix_outgoing_recipient", "outgoing_messages", ["account_id", "recipient", "at"], unique=False)
    op.create_table(
        "reaction_runs",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reaction", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "reaction", "event_at", name=op.f("pk_reaction_runs")),
        info={"partitioned_by": "event_at", "aged_by": "event_at"},
        postgresql_partition_by="RANGE (event_at)",
    )
    op.create_index(
        "ix_reaction_runs_open",
        "reaction_runs",
        ["state", "next_try_at"],
        unique=False,
        postgresql_where=sa.text("state <> 'done'"),
    )
    op.create_table(
        "received",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "key", "sent_on", name=op.f("pk_received")),
        info={"partitioned_by": "sent_on", "aged_by": "received_at"},
        postgresql_partition_by="RANGE (sent_on)",
    )
    op.create_index(
        "ix_received_deferred",
        "received",
        ["account_id", "sender"],
        unique=False,
        postgresql_where=sa.text("state = 'deferred'"),
    )
    op.create_index("ix_received_sender", "received", ["account_id", "sender", "received_at"], unique=False)
    op.create_table(
        "sign_in_addresses",
        sa.Column("address_print", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address_print", name=op.f("pk_sign_in_addresses")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("original_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("hands_over", sa.Boolean(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("aes_key", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_accounts_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("app_id", name=op.f("uq_accounts_app_id")),
    )
    op.create_table(
        "canned_answers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_canned_answers_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answers")),
        sa.UniqueConstraint("brand_id", "name", name=op.f("uq_canned_answers_brand_id_name")),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("name_print", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_customers_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index("ix_customers_name", "customers", ["name_print"], unique=False)
    op.create_table(
        "duty_hours",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_duty_hours_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_hours")),
    )
    op.create_index("ix_duty_hours_brand", "duty_hours", ["brand_id"], unique=False)
    op.create_table(
        "models",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sold_since", sa.Date(), nullable=True),
        sa.Column("sold_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_models_brand_id")),
        sa.ForeignKeyConstraint(["category_code"], ["categories.code"], name=op.f("fk_models_category_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_models")),
        sa.UniqueConstraint("brand_id", "code_key", name=op.f("uq_models_brand_id_code_key")),
    )
    op.create_index("ix_models_category", "models", ["brand_id", "category_code"], unique=False)
    op.create_table(
        "on_call",
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_on_call_brand_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_on_call_staff_id")),
        sa.PrimaryKeyConstraint("brand_id", "staff_id", name=op.f("pk_on_call")),
    )
    op.create_table(
        "presences",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("on_duty", sa.Boolean(), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_presences_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_presences")),
    )
    op.create_table(
        "service_areas",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_service_areas_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_areas")),
        sa.UniqueConstraint(
            "brand_id", "division_code", "since", name=op.f("uq_service_areas_brand_id_division_code_since")
        ),
    )
    op.create_index("ix_service_areas_brand", "service_areas", ["brand_id"], unique=False)
    op.create_table(
        "staff_sessions",
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_sessions_staff_id")),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_staff_sessions")),
    )
    op.create_index("ix_staff_sessions_staff", "staff_sessions", ["staff_id"], unique=False)
    op.create_table(
        "contact_scenes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=True),
        sa.Column("scene", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contact_scenes_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_scenes")),
    )
    op.create_index("ix_contact_scenes_contact", "contact_scenes", ["account_id", "openid"], unique=False)
    op.create_index("ix_contact_scenes_scene", "contact_scenes", ["account_id", "scene", "at"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("unionid", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("first_heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unfollowed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scene", sa.Text(), nullable=True),
        sa.Column("consent_version", sa.Text(), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("marketing_stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contacts_account_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_contacts_customer_id")),
        sa.PrimaryKeyConstraint("account_id", "openid", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_customer", "contacts", ["customer_id"], unique=False)
    op.create_index("ix_contacts_unionid", "contacts", ["unionid"], unique=False)
    op.create_table(
        "customer_addresses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("line_print", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_addresses_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_addresses")),
    )
    op.create_index("ix_customer_addresses_customer", "customer_addresses", ["customer_id"], unique=False)
    op.create_table(
        "customer_phones",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_print", sa.Text(), nullable=False),
        sa.Column("last4_print", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_phones_customer_id")),
        sa.PrimaryKeyConstraint("customer_id", "number_print", name=op.f("pk_customer_phones")),
    )
    op.create_index("ix_customer_phones_last4", "customer_phones", ["last4_print"], unique=False)
    op.create_index("ix_customer_phones_number", "customer_phones", ["number_print"], unique=False)
    op.create_table(
        "desk_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_desk_notes_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_notes")),
    )
    op.create_index("ix_desk_notes_chat", "desk_notes", ["account_id", "openid", "id"], unique=False)
    op.create_table(
        "desk_tasks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("waiting", "claimed", "done", name="taskstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("openid", sa.Text(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("wanted_time", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_desk_tasks_account_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_desk_tasks_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_tasks")),
    )
    op.create_index(
        "ix_desk_tasks_done",
        "desk_tasks",
        ["done_at"],
        unique=False,
        postgresql_where=sa.text("status = 'done'"),
    )
    op.create_index(
        "ix_desk_tasks_open",
        "desk_tasks",
        ["brand_id", "asked_at"],
        unique=False,
        postgresql_where=sa.text("status <> 'done'"),
    )
    op.create_index(
        "uq_desk_tasks_callback",
        "desk_tasks",
        ["account_id", "openid"],
        unique=True,
        postgresql_where=sa.text("kind = 'callback' AND phone IS NOT NULL AND status <> 'done'"),
    )
    op.create_index(
        "uq_desk_tasks_chat",
        "desk_tasks",
        ["account_id", "openid"],
        unique=True,
        postgresql_where=sa.text("kind = 'chat' AND status <> 'done'"),
    )
    op.create_table(
        "guided_cases",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("symptoms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("offered", "watching", "solved", "unsolved", name="guidestatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("callback_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_guided_cases_account_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_guided_cases_brand_id")),
        sa.ForeignKeyConstraint(["category_code"], ["categories.code"], name=op.f("fk_guided_cases_category_code")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_guided_cases_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guided_cases")),
    )
    op.create_index(
        "ix_guided_cases_callback",
        "guided_cases",
        ["callback_at"],
        unique=False,
        postgresql_where=sa.text("status = 'watching' AND called_back_at IS NULL"),
    )
    op.create_index("ix_guided_cases_offered", "guided_cases", ["brand_id", "offered_at"], unique=False)
    op.create_index(
        "uq_guided_cases_open",
        "guided_cases",
        ["account_id", "openid", "article_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('offered', 'watching')"),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=True),
        sa.Column("serial_key", sa.Text(), nullable=True),
        sa.Column("purchased_on", sa.Date(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_via", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_products_brand_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_products_customer_id")),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_products_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
    )
    op.create_index("ix_products_customer", "products", ["customer_id"], unique=False)
    op.create_index("ix_products_model", "products", ["model_id"], unique=False)
    op.create_index(
        "uq_products_serial",
        "products",
        ["brand_id", "serial_key"],
        unique=True,
        postgresql_where=sa.text("serial_key IS NOT NULL"),
    )
    op.create_table(
        "qr_codes",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("scene", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_qr_codes_account_id")),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_qr_codes")),
    )
    op.create_table(
        "warranty_terms",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=True),
        sa.Column("model_id", sa.Text(), nullable=True),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(model_id IS NULL) <> (category_code IS NULL)", name=op.f("ck_warranty_terms_model_or_category")
        ),
        sa.CheckConstraint("months >= 0", name=op.f("ck_warranty_terms_months")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_warranty_terms_brand_id")),
        sa.ForeignKeyConstraint(["category_code"], ["categories.code"], name=op.f("fk_warranty_terms_category_code")),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_warranty_terms_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warranty_terms")),
    )
    op.create_index("ix_warranty_terms_brand", "warranty_terms", ["brand_id"], unique=False)
    op.create_table(
        "contact_sessions",
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "openid"],
            ["contacts.account_id", "contacts.openid"],
            name=op.f("fk_contact_sessions_account_id_openid"),
        ),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_contact_sessions")),
    )
    op.create_index(
        "ix_contact_sessions_contact", "contact_sessions", ["account_id", "openid", "created_at"], unique=False
    )
    op.create_table(
        "product_owners",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_product_owners_customer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_product_owners_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_owners")),
    )
    op.create_index("ix_product_owners_product", "product_owners", ["product_id"], unique=False)
    op.create_table(
        "product_transfers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("asked", "accepted", "refused", name="transferstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_product_transfers_customer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_product_transfers_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_transfers")),
    )
    op.create_index(
        "uq_product_transfers_open",
        "product_transfers",
        ["product_id", "customer_id"],
        unique=True,
        postgresql_where=sa.text("status = 'asked'"),
    )
    op.create_table(
        "work_orders",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column(
            "service_type",
            sa.Enum(
                "install",
                "repair",
                "exchange",
                "maintenance",
                "complaint",
                "consultation",
                name="servicetype",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "reported",
                "scheduled",
                "in_service",
                "waiting_part",
                "finished",
                "audited",
                "settled",
                "cancelled",
                name="orderstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=True),
        sa.Column("model_id", sa.Text(), nullable=True),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("serial_key", sa.Text(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("symptoms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.LargeBinary(), nullable=True),
        sa.Column("name_print", sa.Text(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_print", sa.Text(), nullable=False),
        sa.Column("phone4_print", sa.Text(), nullable=False),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("wanted_time", sa.LargeBinary(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("openid", sa.Text(), nullable=True),
        sa.Column("opened_via", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("repair_of_id", sa.Text(), nullable=True),
        sa.Column("urged", sa.Integer(), nullable=False),
        sa.Column("urged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_work_orders_account_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_work_orders_brand_id")),
        sa.ForeignKeyConstraint(["category_code"], ["categories.code"], name=op.f("fk_work_orders_category_code")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_work_orders_customer_id")),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_work_orders_model_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_work_orders_product_id")),
        sa.ForeignKeyConstraint(["repair_of_id"], ["work_orders.id"], name=op.f("fk_work_orders_repair_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_work_orders_number")),
    )
    op.create_index("ix_work_orders_customer", "work_orders", ["customer_id", "opened_at"], unique=False)
    op.create_index("ix_work_orders_name", "work_orders", ["name_print"], unique=False)
    op.create_index("ix_work_orders_page", "work_orders", ["brand_id", "opened_at", "id"], unique=False)
    op.create_index("ix_work_orders_phone", "work_orders", ["phone_print"], unique=False)
    op.create_index("ix_work_orders_phone4", "work_orders", ["phone4_print"], unique=False)
    op.create_index("ix_work_orders_product", "work_orders", ["product_id", "opened_at"], unique=False)
    op.create_index(
        "ix_work_orders_serial",
        "work_orders",
        ["serial_key"],
        unique=False,
        postgresql_where=sa.text("serial_key IS NOT NULL"),
    )
    op.create_index("ix_work_orders_status", "work_orders", ["brand_id", "status", "opened_at", "id"], unique=False)
    op.create_table(
        "files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("awaited", "kept", "lost", "deleted", name="filestate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=True),
        sa.Column("product_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("mime", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_files_account_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_files_brand_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_files_product_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_files_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index("ix_files_chat", "files", ["account_id", "openid", "created_at"], unique=False)
    op.create_index("ix_files_media", "files", ["account_id", "media_id"], unique=False)
    op.create_index(
        "ix_files_order",
        "files",
        ["work_order_id"],
        unique=False,
        postgresql_where=sa.text("work_order_id IS NOT NULL"),
    )
    op.create_table(
        "safety_incidents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("dangers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "acknowledged", "closed", name="incidentstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("category_code", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("openid", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("work_order_id", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finding", sa.LargeBinary(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("next_page_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_safety_incidents_account_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_safety_incidents_brand_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_safety_incidents_customer_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_safety_incidents_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_incidents")),
    )
    op.create_index("ix_safety_incidents_brand", "safety_incidents", ["brand_id", "opened_at"], unique=False)
    op.create_index(
        "ix_safety_incidents_paging",
        "safety_incidents",
        ["next_page_at"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "uq_safety_incidents_chat",
        "safety_incidents",
        ["account_id", "openid"],
        unique=True,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "offered",
                "accepted",
                "departed",
                "checked_in",
                "finished",
                "failed",
                name="visitstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_visits_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("work_order_id", "seq", name=op.f("uq_visits_work_order_id_seq")),
    )
    op.create_table(
        "work_order_moves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("frm", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_work_order_moves_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_moves")),
    )
    op.create_index("ix_work_order_moves_order", "work_order_moves", ["work_order_id", "id"], unique=False)
    op.create_table(
        "incident_pages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["safety_incidents.id"], name=op.f("fk_incident_pages_incident_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_incident_pages_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_pages")),
    )
    op.create_index("ix_incident_pages_incident", "incident_pages", ["incident_id", "id"], unique=False)
    op.create_table(
        "visit_moves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("frm", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_moves_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_moves")),
    )
    op.create_index("ix_visit_moves_visit", "visit_moves", ["visit_id", "id"], unique=False)
    op.execute(
        "CREATE FUNCTION notify_outbox() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_notify('outbox', ''); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER outbox_written AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER outbox_written ON outbox")
    op.execute("DROP FUNCTION notify_outbox")
    op.drop_index("ix_visit_moves_visit", table_name="visit_moves")
    op.drop_table("visit_moves")
    op.drop_index("ix_incident_pages_incident", table_name="incident_pages")
    op.drop_table("incident_pages")
    op.drop_index("ix_work_order_moves_order", table_name="work_order_moves")
    op.drop_table("work_order_moves")
    op.drop_table("visits")
    op.drop_index(
        "uq_safety_incidents_chat", table_name="safety_incidents", postgresql_where=sa.text("status <> 'closed'")
    )
    op.drop_index(
        "ix_safety_incidents_paging", table_name="safety_incidents", postgresql_where=sa.text("status = 'open'")
    )
    op.drop_index("ix_safety_incidents_brand", table_name="safety_incidents")
    op.drop_table("safety_incidents")
    op.drop_index("ix_files_order", table_name="files", postgresql_where=sa.text("work_order_id IS NOT NULL"))
    op.drop_index("ix_files_media", table_name="files")
    op.drop_index("ix_files_chat", table_name="files")
    op.drop_table("files")
    op.drop_index("ix_work_orders_status", table_name="work_orders")
    op.drop_index("ix_work_orders_serial", table_name="work_orders", postgresql_where=sa.text("serial_key IS NOT NULL"))
    op.drop_index("ix_work_orders_product", table_name="work_orders")
    op.drop_index("ix_work_orders_phone4", table_name="work_orders")
    op.drop_index("ix_work_orders_phone", table_name="work_orders")
    op.drop_index("ix_work_orders_page", table_name="work_orders")
    op.drop_index("ix_work_orders_name", table_name="work_orders")
    op.drop_index("ix_work_orders_customer", table_name="work_orders")
    op.drop_table("work_orders")
    op.drop_index(
        "uq_product_transfers_open", table_name="product_transfers", postgresql_where=sa.text("status = 'asked'")
    )
    op.drop_table("product_transfers")
    op.drop_index("ix_product_owners_product", table_name="product_owners")
    op.drop_table("product_owners")
    op.drop_index("ix_contact_sessions_contact", table_name="contact_sessions")
    op.drop_table("contact_sessions")
    op.drop_index("ix_warranty_terms_brand", table_name="warranty_terms")
    op.drop_table("warranty_terms")
    op.drop_table("qr_codes")
    op.drop_index("uq_products_serial", table_name="products", postgresql_where=sa.text("serial_key IS NOT NULL"))
    op.drop_index("ix_products_model", table_name="products")
    op.drop_index("ix_products_customer", table_name="products")
    op.drop_table("products")
    op.drop_index(
        "uq_guided_cases_open", table_name="guided_cases", postgresql_where=sa.text("status IN ('offered', 'watching')")
    )
    op.drop_index("ix_guided_cases_offered", table_name="guided_cases")
    op.drop_index(
        "ix_guided_cases_callback",
        table_name="guided_cases",
        postgresql_where=sa.text("status = 'watching' AND called_back_at IS NULL"),
    )
    op.drop_table("guided_cases")
    op.drop_index(
        "uq_desk_tasks_chat", table_name="desk_tasks", postgresql_where=sa.text("kind = 'chat' AND status <> 'done'")
    )
    op.drop_index(
        "uq_desk_tasks_callback",
        table_name="desk_tasks",
        postgresql_where=sa.text("kind = 'callback' AND phone IS NOT NULL AND status <> 'done'"),
    )
    op.drop_index("ix_desk_tasks_done", table_name="desk_tasks", postgresql_where=sa.text("status = 'done'"))
    op.drop_index("ix_desk_tasks_open", table_name="desk_tasks", postgresql_where=sa.text("status <> 'done'"))
    op.drop_table("desk_tasks")
    op.drop_index("ix_desk_notes_chat", table_name="desk_notes")
    op.drop_table("desk_notes")
    op.drop_index("ix_customer_phones_number", table_name="customer_phones")
    op.drop_index("ix_customer_phones_last4", table_name="customer_phones")
    op.drop_table("customer_phones")
    op.drop_index("ix_customer_addresses_customer", table_name="customer_addresses")
    op.drop_table("customer_addresses")
    op.drop_index("ix_contacts_unionid", table_name="contacts")
    op.drop_index("ix_contacts_customer", table_name="contacts")
    op.drop_table("contacts")
    op.drop_index("ix_contact_scenes_scene", table_name="contact_scenes")
    op.drop_index("ix_contact_scenes_contact", table_name="contact_scenes")
    op.drop_table("contact_scenes")
    op.drop_index("ix_staff_sessions_staff", table_name="staff_sessions")
    op.drop_table("staff_sessions")
    op.drop_index("ix_service_areas_brand", table_name="service_areas")
    op.drop_table("service_areas")
    op.drop_table("presences")
    op.drop_table("on_call")
    op.drop_index("ix_models_category", table_name="models")
    op.drop_table("models")
    op.drop_index("ix_duty_hours_brand", table_name="duty_hours")
    op.drop_table("duty_hours")
    op.drop_index("ix_customers_name", table_name="customers")
    op.drop_table("customers")
    op.drop_table("canned_answers")
    op.drop_table("accounts")
    op.drop_table("staff")
    op.drop_table("sign_in_addresses")
    op.drop_index("ix_received_sender", table_name="received")
    op.drop_index("ix_received_deferred", table_name="received", postgresql_where=sa.text("state = 'deferred'"))
    op.drop_table("received")
    op.drop_index("ix_reaction_runs_open", table_name="reaction_runs", postgresql_where=sa.text("state <> 'done'"))
    op.drop_table("reaction_runs")
    op.drop_index("ix_outgoing_recipient", table_name="outgoing_messages")
    op.drop_index(
        "ix_outgoing_open", table_name="outgoing_messages", postgresql_where=sa.text("state IN ('waiting', 'sending')")
    )
    op.drop_index("ix_outgoing_dead", table_name="outgoing_messages", postgresql_where=sa.text("state = 'dead'"))
    op.drop_table("outgoing_messages")
    op.drop_index("ix_outbox_open", table_name="outbox", postgresql_where=sa.text("state <> 'done'"))
    op.drop_table("outbox")
    op.drop_index("ix_conversations_heard_slot", table_name="conversations")
    op.drop_table("conversations")
    op.drop_table("categories")
    op.drop_table("brands")
    op.drop_index("ix_audit_trail_subject", table_name="audit_trail")
    op.drop_index("ix_audit_trail_at", table_name="audit_trail")
    op.drop_index("ix_audit_trail_actor", table_name="audit_trail")
    op.drop_table("audit_trail")
    op.execute(sa.schema.DropSequence(sa.Sequence("work_order_count")))
