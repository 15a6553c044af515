"""Providers, engineers, capacity, dispatch, appointments, service levels, notices: issue 4."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "notice_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_notice_keys")),
    )
    op.create_index("ix_notice_keys_at", "notice_keys", ["at"], unique=False)
    op.create_table(
        "providers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind", sa.Enum("contracted", "own", name="providerkind", native_enum=False, length=40), nullable=False
        ),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("plans_automatic", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_providers")),
        sa.UniqueConstraint("code", name=op.f("uq_providers_code")),
    )
    op.create_table(
        "service_level_policies",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("service_type", sa.Text(), nullable=False),
        sa.Column("customer_level", sa.Text(), nullable=False),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("warn_minutes", sa.Integer(), nullable=False),
        sa.Column("escalate_to", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("escalate_minutes", sa.Integer(), nullable=False),
        sa.Column("pauses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_level_policies")),
    )
    op.create_index("ix_service_level_policies_clock", "service_level_policies", ["clock", "since"], unique=False)
    op.create_table(
        "parts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("serial_kept", sa.Boolean(), nullable=False),
        sa.Column("old_returned", sa.Boolean(), nullable=False),
        sa.Column("superseded_by_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_parts_brand_id")),
        sa.ForeignKeyConstraint(["superseded_by_id"], ["parts.id"], name=op.f("fk_parts_superseded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parts")),
        sa.UniqueConstraint("brand_id", "code_key", name=op.f("uq_parts_brand_id_code_key")),
    )
    op.create_table(
        "provider_brands",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_provider_brands_brand_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_provider_brands_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_brands")),
        sa.UniqueConstraint(
            "provider_id", "brand_id", "since", name=op.f("uq_provider_brands_provider_id_brand_id_since")
        ),
    )
    op.create_table(
        "serial_rules",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("mask", sa.Text(), nullable=False),
        sa.Column("allowance_months", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("allowance_months >= 0", name=op.f("ck_serial_rules_allowance")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_serial_rules_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serial_rules")),
        sa.UniqueConstraint("brand_id", "mask", "since", name=op.f("uq_serial_rules_brand_id_mask_since")),
    )
    op.create_table(
        "stations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_stations_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stations")),
        sa.UniqueConstraint("code", name=op.f("uq_stations_code")),
    )
    op.create_index("ix_stations_provider", "stations", ["provider_id"], unique=False)
    op.create_table(
        "bill_lines",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("part_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("model_id"), "="),
            (sa.column("part_id"), "="),
            (sa.text("daterange(since, until)"), "&&"),
            using="gist",
            name="ex_bill_lines",
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_bill_lines_quantity")),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_bill_lines_model_id")),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_bill_lines_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_lines")),
    )
    op.create_index("ix_bill_lines_model", "bill_lines", ["model_id"], unique=False)
    op.create_index("ix_bill_lines_part", "bill_lines", ["part_id"], unique=False)
    op.create_table(
        "coverages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("division_code", sa.Text(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("service_type", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("station_id", sa.Text(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("brand_id"), "="),
            (sa.column("division_code"), "="),
            (sa.column("category_code"), "="),
            (sa.column("service_type"), "="),
            (sa.column("provider_id"), "="),
            (sa.text("daterange(since, until)"), "&&"),
            using="gist",
            name="ex_coverages_provider",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("brand_id"), "="),
            (sa.column("division_code"), "="),
            (sa.column("category_code"), "="),
            (sa.column("service_type"), "="),
            (sa.column("rank"), "="),
            (sa.text("daterange(since, until)"), "&&"),
            deferrable="True",
            initially="IMMEDIATE",
            using="gist",
            name="ex_coverages_rank",
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_coverages_brand_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_coverages_provider_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_coverages_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverages")),
    )
    op.create_index("ix_coverages_cell", "coverages", ["brand_id", "division_code"], unique=False)
    op.create_index("ix_coverages_provider", "coverages", ["provider_id"], unique=False)
    op.create_table(
        "engineers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("station_id", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("name_print", sa.Text(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_print", sa.Text(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum("junior", "engineer", "senior", "expert", name="grade", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("base", sa.LargeBinary(), nullable=True),
        sa.Column("daily_maximum", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("left_why", sa.LargeBinary(), nullable=False),
        sa.Column("position_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_engineers_provider_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_engineers_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engineers")),
        sa.UniqueConstraint("code", name=op.f("uq_engineers_code")),
    )
    op.create_index("ix_engineers_name", "engineers", ["name_print"], unique=False)
    op.create_index("ix_engineers_phone", "engineers", ["phone_print"], unique=False)
    op.create_index("ix_engineers_provider", "engineers", ["provider_id", "station_id"], unique=False)
    op.create_index("ix_engineers_station", "engineers", ["station_id"], unique=False)
    op.create_table(
        "message_templates",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_message_templates_account_id")),
        sa.PrimaryKeyConstraint("account_id", "purpose", name=op.f("pk_message_templates")),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("station_id", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("metres_before", sa.Integer(), nullable=False),
        sa.Column("metres_after", sa.Integer(), nullable=False),
        sa.Column("unserved", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_plans_provider_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_plans_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index("ix_plans_day", "plans", ["day", "provider_id", "made_at"], unique=False)
    op.create_table(
        "engineer_authorizations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_engineer_authorizations_brand_id")),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_engineer_authorizations_engineer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engineer_authorizations")),
        sa.UniqueConstraint(
            "engineer_id", "brand_id", "since", name=op.f("uq_engineer_authorizations_engineer_id_brand_id_since")
        ),
    )
    op.create_table(
        "engineer_certificates",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("seen_by", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_engineer_certificates_engineer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engineer_certificates")),
    )
    op.create_index("ix_engineer_certificates_engineer", "engineer_certificates", ["engineer_id"], unique=False)
    op.create_index(
        "ix_engineer_certificates_unnoted",
        "engineer_certificates",
        ["until"],
        unique=False,
        postgresql_where=sa.text("end_noted_at IS NULL"),
    )
    op.create_index("ix_engineer_certificates_until", "engineer_certificates", ["until"], unique=False)
    op.create_table(
        "engineer_days",
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= most", name=op.f("ck_engineer_days_not_overfull")),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_engineer_days_engineer_id")),
        sa.PrimaryKeyConstraint("engineer_id", "day", name=op.f("pk_engineer_days")),
    )
    op.create_table(
        "engineer_devices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("clock_offset_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_engineer_devices_engineer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engineer_devices")),
    )
    op.create_index("ix_engineer_devices_engineer", "engineer_devices", ["engineer_id"], unique=False)
    op.create_index("ix_engineer_devices_secret", "engineer_devices", ["secret_hash"], unique=True)
    op.create_table(
        "engineer_identities",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_engineer_identities_account_id")),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_engineer_identities_engineer_id")),
        sa.PrimaryKeyConstraint("account_id", "openid", name=op.f("pk_engineer_identities")),
    )
    op.create_index("ix_engineer_identities", "engineer_identities", ["engineer_id"], unique=False)
    op.create_table(
        "engineer_positions",
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("position", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_engineer_positions_engineer_id")),
        sa.PrimaryKeyConstraint("engineer_id", name=op.f("pk_engineer_positions")),
    )
    op.create_table(
        "engineer_skills",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("service_type", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["category_code"], ["categories.code"], name=op.f("fk_engineer_skills_category_code")),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_engineer_skills_engineer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engineer_skills")),
        sa.UniqueConstraint(
            "engineer_id",
            "category_code",
            "service_type",
            "since",
            name=op.f("uq_engineer_skills_engineer_id_category_code_service_type_since"),
        ),
    )
    op.create_index(
        "ix_engineer_skills_kind", "engineer_skills", ["category_code", "service_type", "engineer_id"], unique=False
    )
    op.create_table(
        "leaves",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("since < until", name=op.f("ck_leaves_order")),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_leaves_engineer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    op.create_index("ix_leaves_engineer", "leaves", ["engineer_id", "until"], unique=False)
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("phone_print", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("code_print", sa.Text(), nullable=False),
        sa.Column("letter", sa.LargeBinary(), nullable=True),
        sa.Column("engineer_id", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_one_time_codes_engineer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
    )
    op.create_index("ix_one_time_codes_phone", "one_time_codes", ["phone_print", "sent_at"], unique=False)
    op.create_table(
        "plan_routes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("stops", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("day_version", sa.Text(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_plan_routes_engineer_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_routes_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_routes")),
        sa.UniqueConstraint("plan_id", "engineer_id", name=op.f("uq_plan_routes_plan_id_engineer_id")),
    )
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.LargeBinary(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("station_id", sa.Text(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_saved_searches_brand_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_saved_searches_provider_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_searches_staff_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_saved_searches_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
        sa.UniqueConstraint("staff_id", "name", name=op.f("uq_saved_searches_staff_id_name")),
    )
    op.create_index(
        "ix_saved_searches_shared", "saved_searches", ["brand_id", "provider_id", "station_id"], unique=False
    )
    op.create_table(
        "shifts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("engineer_id"), "="),
            (sa.column("weekday"), "="),
            (sa.text("int4range(starts, ends)"), "&&"),
            (sa.text("daterange(since, until)"), "&&"),
            using="gist",
            name="ex_shifts_hours",
        ),
        sa.CheckConstraint("starts >= 0 AND starts < ends AND ends <= 1440", name=op.f("ck_shifts_hours")),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_shifts_engineer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_index("ix_shifts_engineer", "shifts", ["engineer_id"], unique=False)
    op.create_table(
        "warranty_proofs",
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column(
            "invoice",
            sa.Enum("unknown", "told", "seen", "none", name="invoice", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("replaced_on", sa.Date(), nullable=True),
        sa.Column("days_in_repair", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("days_in_repair >= 0", name=op.f("ck_warranty_proofs_days")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_warranty_proofs_product_id")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_warranty_proofs")),
    )
    op.create_table(
        "clocks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "running",
                "warned",
                "paused",
                "breached",
                "met",
                "late",
                "void",
                name="clockstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=False),
        sa.Column("remaining", postgresql.INTERVAL(), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["policy_id"], ["service_level_policies.id"], name=op.f("fk_clocks_policy_id")),
        sa.ForeignKeyConstraint(["task_id"], ["desk_tasks.id"], name=op.f("fk_clocks_task_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_clocks_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
        sa.UniqueConstraint("work_order_id", "clock", "round", name=op.f("uq_clocks_work_order_id_clock_round")),
    )
    op.create_index(
        "ix_clocks_breached",
        "clocks",
        ["breached_at"],
        unique=False,
        postgresql_where=sa.text("breached_at IS NOT NULL"),
    )
    op.create_index(
        "ix_clocks_due", "clocks", ["due_at"], unique=False, postgresql_where=sa.text("status IN ('running', 'warned')")
    )
    op.create_index(
        "ix_clocks_live", "clocks", ["work_order_id"], unique=False, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index(
        "ix_clocks_next", "clocks", ["next_at"], unique=False, postgresql_where=sa.text("next_at IS NOT NULL")
    )
    op.create_table(
        "sheet_operations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["engineer_devices.id"], name=op.f("fk_sheet_operations_device_id")),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_sheet_operations_engineer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_operations")),
        sa.UniqueConstraint("device_id", "seq", name=op.f("uq_sheet_operations_device_id_seq")),
        sa.UniqueConstraint("n", name=op.f("uq_sheet_operations_n")),
    )
    op.create_index(
        "ix_sheet_operations_held",
        "sheet_operations",
        ["device_id", "seq"],
        unique=False,
        postgresql_where=sa.text("outcome = 'held'"),
    )
    op.create_index("ix_sheet_operations_visit", "sheet_operations", ["visit_id", "n"], unique=False)
    op.create_table(
        "waiting_orders",
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_waiting_orders_brand_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_waiting_orders_provider_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_waiting_orders_work_order_id")),
        sa.PrimaryKeyConstraint("work_order_id", name=op.f("pk_waiting_orders")),
    )
    op.create_index("ix_waiting_orders_again", "waiting_orders", ["again_at"], unique=False)
    op.create_index("ix_waiting_orders_page", "waiting_orders", ["brand_id", "since"], unique=False)
    op.create_table(
        "warranty_answers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=True),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column(
            "result",
            sa.Enum("covered", "over", "excluded", "unknown", name="result", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_warranty_answers_product_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_warranty_answers_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warranty_answers")),
        sa.UniqueConstraint(
            "work_order_id", "round", "component", name=op.f("uq_warranty_answers_work_order_id_round_component")
        ),
    )
    op.create_index("ix_warranty_answers_product", "warranty_answers", ["product_id"], unique=False)
    op.create_table(
        "warranty_findings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_warranty_findings_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warranty_findings")),
    )
    op.create_index(
        "uq_warranty_findings_standing",
        "warranty_findings",
        ["work_order_id", "code"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "clock_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("clock_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clocks.id"], name=op.f("fk_clock_events_clock_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_events")),
    )
    op.create_index("ix_clock_events_at", "clock_events", ["kind", "at"], unique=False)
    op.create_index("ix_clock_events_clock", "clock_events", ["clock_id", "id"], unique=False)
    op.create_table(
        "dispatch_decisions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=True),
        sa.Column("override", sa.LargeBinary(), nullable=False),
        sa.Column("considered", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_dispatch_decisions_engineer_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_dispatch_decisions_visit_id")),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_orders.id"], name=op.f("fk_dispatch_decisions_work_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch_decisions")),
    )
    op.create_index("ix_dispatch_decisions_order", "dispatch_decisions", ["work_order_id", "at"], unique=False)
    op.create_table(
        "reservations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("held", "booked", "released", name="reservationstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("engineer_id"), "="),
            (sa.text("tstzrange(leaves_at, ends_at)"), "&&"),
            where=sa.text("state <> 'released'"),
            deferrable="True",
            initially="IMMEDIATE",
            using="gist",
            name="ex_reservations_two_places",
        ),
        sa.CheckConstraint("leaves_at <= starts_at AND starts_at < ends_at", name=op.f("ck_reservations_times")),
        sa.CheckConstraint(
            "window_since <= starts_at AND starts_at <= window_until", name=op.f("ck_reservations_promise")
        ),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_reservations_engineer_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_reservations_visit_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_reservations_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
    )
    op.create_index(
        "ix_reservations_day",
        "reservations",
        ["engineer_id", "day"],
        unique=False,
        postgresql_where=sa.text("state <> 'released'"),
    )
    op.create_index(
        "ix_reservations_held", "reservations", ["expires_at"], unique=False, postgresql_where=sa.text("state = 'held'")
    )
    op.create_index("ix_reservations_order", "reservations", ["work_order_id"], unique=False)
    op.create_index("ix_reservations_visit", "reservations", ["visit_id"], unique=False)
    op.create_table(
        "service_sheets",
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("taken_to", sa.Text(), server_default="", nullable=False),
        sa.Column("verify_code", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_service_sheets_visit_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_service_sheets_work_order_id")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_service_sheets")),
        sa.UniqueConstraint("verify_code", name=op.f("uq_service_sheets_verify_code")),
    )
    op.create_index(op.f("ix_service_sheets_work_order_id"), "service_sheets", ["work_order_id"], unique=False)
    op.create_table(
        "uploads",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("receiving", "checking", "kept", "refused", name="uploadstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("received >= 0 AND received <= size", name=op.f("ck_uploads_received")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_uploads_brand_id")),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_uploads_engineer_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_uploads_file_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_uploads_visit_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_uploads_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(
        "ix_uploads_engineer", "uploads", ["engineer_id"], unique=False, postgresql_where=sa.text("state <> 'kept'")
    )
    op.create_index("ix_uploads_file", "uploads", ["file_id"], unique=False)
    op.create_index("ix_uploads_order", "uploads", ["work_order_id"], unique=False)
    op.create_index(
        "ix_uploads_touched", "uploads", ["touched_at"], unique=False, postgresql_where=sa.text("state <> 'kept'")
    )
    op.create_index("ix_uploads_visit", "uploads", ["visit_id"], unique=False)
    op.create_table(
        "visit_engineers",
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.CheckConstraint("share > 0 AND share <= 100", name=op.f("ck_visit_engineers_share")),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_visit_engineers_engineer_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_engineers_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", "engineer_id", name=op.f("pk_visit_engineers")),
    )
    op.create_index("ix_visit_engineers_engineer", "visit_engineers", ["engineer_id"], unique=False)
    op.create_table(
        "appointments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("reservation_id", sa.Text(), nullable=False),
        sa.Column("window_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "held",
                "booked",
                "superseded",
                "given_up",
                "kept",
                "missed",
                name="appointmentstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes_id", sa.Text(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("window_since < window_until", name=op.f("ck_appointments_order")),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservations.id"], name=op.f("fk_appointments_reservation_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["appointments.id"], name=op.f("fk_appointments_supersedes_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_appointments_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    op.create_index(
        "ix_appointments_booked",
        "appointments",
        ["work_order_id"],
        unique=True,
        postgresql_where=sa.text("status = 'booked'"),
    )
    op.create_index(
        "ix_appointments_held",
        "appointments",
        ["work_order_id"],
        unique=True,
        postgresql_where=sa.text("status = 'held'"),
    )
    op.create_index("ix_appointments_order", "appointments", ["work_order_id", "at"], unique=False)
    op.create_index(
        "ix_appointments_window",
        "appointments",
        ["window_since"],
        unique=False,
        postgresql_where=sa.text("status = 'booked'"),
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open", "accepted", "refused", "expired", "withdrawn", name="offerstatus", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("window_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("taken_back", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["dispatch_decisions.id"], name=op.f("fk_offers_decision_id")),
        sa.ForeignKeyConstraint(["engineer_id"], ["engineers.id"], name=op.f("fk_offers_engineer_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_offers_visit_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_offers_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index("ix_offers_due", "offers", ["answer_by"], unique=False, postgresql_where=sa.text("status = 'open'"))
    op.create_index("ix_offers_engineer", "offers", ["engineer_id", "offered_at"], unique=False)
    op.create_index(
        "ix_offers_open_visit", "offers", ["visit_id"], unique=True, postgresql_where=sa.text("status = 'open'")
    )
    op.create_index("ix_offers_order", "offers", ["work_order_id"], unique=False)
    op.create_index("ix_offers_visit", "offers", ["visit_id"], unique=False)
    op.create_table(
        "sheet_registers",
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["service_sheets.visit_id"], name=op.f("fk_sheet_registers_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", "key", name=op.f("pk_sheet_registers")),
    )
    op.create_table(
        "sheet_signatures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["service_sheets.visit_id"], name=op.f("fk_sheet_signatures_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_signatures")),
    )
    op.create_index("ix_sheet_signatures_visit", "sheet_signatures", ["visit_id"], unique=False)
    op.create_table(
        "upload_pieces",
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.id"], name=op.f("fk_upload_pieces_upload_id")),
        sa.PrimaryKeyConstraint("upload_id", "begins", name=op.f("pk_upload_pieces")),
    )
    op.create_table(
        "change_requests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("work_order_id", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=False),
        sa.Column("window_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "agreed",
                "declined",
                "unconfirmed",
                "withdrawn",
                name="changestatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_via", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_change_requests_appointment_id")
        ),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_change_requests_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_requests")),
    )
    op.create_index(
        "ix_change_requests_due",
        "change_requests",
        ["answer_by"],
        unique=False,
        postgresql_where=sa.text("status = 'asked'"),
    )
    op.create_index(
        "ix_change_requests_open",
        "change_requests",
        ["appointment_id"],
        unique=True,
        postgresql_where=sa.text("status = 'asked'"),
    )
    op.create_index("ix_change_requests_order", "change_requests", ["work_order_id"], unique=False)
    op.add_column("customer_addresses", sa.Column("position", sa.LargeBinary(), nullable=True))
    op.add_column("customers", sa.Column("level", sa.Text(), server_default="", nullable=False))
    op.add_column("files", sa.Column("author", sa.Text(), server_default="", nullable=False))
    op.alter_column("files", "account_id", existing_type=sa.TEXT(), nullable=True)
    op.add_column("outgoing_messages", sa.Column("answers_id", sa.Text(), nullable=True))
    op.add_column("outgoing_messages", sa.Column("channel", sa.Text(), server_default="chat", nullable=False))
    op.add_column(
        "outgoing_messages",
        sa.Column("chain", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
    )
    op.add_column(
        "outgoing_messages",
        sa.Column("tried", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
    )
    op.add_column("outgoing_messages", sa.Column("forms", sa.LargeBinary(), nullable=True))
    op.add_column("outgoing_messages", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outgoing_messages", sa.Column("stale_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outgoing_messages", sa.Column("platform_id", sa.Text(), nullable=True))
    op.create_index(
        "ix_outgoing_platform_id",
        "outgoing_messages",
        ["platform_id"],
        unique=False,
        postgresql_where=sa.text("platform_id IS NOT NULL"),
    )
    op.create_index(
        "ix_outgoing_subject",
        "outgoing_messages",
        ["subject_id", "at"],
        unique=False,
        postgresql_where=sa.text("subject_id IS NOT NULL"),
    )
    op.create_index("ix_safety_incidents_order", "safety_incidents", ["work_order_id"], unique=False)
    op.add_column("staff", sa.Column("brand_id", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("provider_id", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("station_id", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_staff_provider_id"), "staff", "providers", ["provider_id"], ["id"])
    op.create_foreign_key(op.f("fk_staff_brand_id"), "staff", "brands", ["brand_id"], ["id"])
    op.create_foreign_key(op.f("fk_staff_station_id"), "staff", "stations", ["station_id"], ["id"])
    op.add_column("visits", sa.Column("engineer_id", sa.Text(), nullable=True))
    op.add_column("visits", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_index(
        "ix_visits_coming",
        "visits",
        ["work_order_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('offered', 'accepted', 'departed', 'checked_in')"),
    )
    op.create_index(
        "ix_visits_engineer",
        "visits",
        ["engineer_id"],
        unique=False,
        postgresql_where=sa.text("status IN ('offered', 'accepted', 'departed', 'checked_in')"),
    )
    op.create_foreign_key(op.f("fk_visits_engineer_id"), "visits", "engineers", ["engineer_id"], ["id"])
    op.create_index(
        "ix_work_order_moves_ended",
        "work_order_moves",
        ["at"],
        unique=False,
        postgresql_where=sa.text("\"to\" IN ('finished', 'cancelled')"),
    )
    op.add_column("work_orders", sa.Column("wanted_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("work_orders", sa.Column("wanted_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("work_orders", sa.Column("position", sa.LargeBinary(), nullable=True))
    op.add_column("work_orders", sa.Column("provider_id", sa.Text(), nullable=True))
    op.add_column("work_orders", sa.Column("station_id", sa.Text(), nullable=True))
    op.add_column("work_orders", sa.Column("hard", sa.Text(), server_default="", nullable=False))
    op.add_column("work_orders", sa.Column("on_hold", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_work_orders_category", "work_orders", ["category_code", "opened_at", "id"], unique=False)
    op.create_index(
        "ix_work_orders_division",
        "work_orders",
        ["division_code"],
        unique=False,
        postgresql_ops={"division_code": "text_pattern_ops"},
    )
    op.create_index(
        "ix_work_orders_error",
        "work_orders",
        ["error_code"],
        unique=False,
        postgresql_where=sa.text("error_code IS NOT NULL"),
    )
    op.create_index(
        "ix_work_orders_hard", "work_orders", ["opened_at", "id"], unique=False, postgresql_where=sa.text("hard <> ''")
    )
    op.create_index("ix_work_orders_model", "work_orders", ["model_id", "opened_at", "id"], unique=False)
    op.create_index("ix_work_orders_opened", "work_orders", ["opened_at", "id"], unique=False)
    op.create_index("ix_work_orders_provider", "work_orders", ["provider_id", "opened_at", "id"], unique=False)
    op.create_index(
        "ix_work_orders_repair_of",
        "work_orders",
        ["repair_of_id"],
        unique=False,
        postgresql_where=sa.text("repair_of_id IS NOT NULL"),
    )
    op.create_index(
        "ix_work_orders_station",
        "work_orders",
        ["station_id", "opened_at", "id"],
        unique=False,
        postgresql_where=sa.text("station_id IS NOT NULL"),
    )
    op.create_index(
        "ix_work_orders_unserved",
        "work_orders",
        ["opened_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('reported', 'scheduled')"),
    )
    op.create_index(
        "ix_work_orders_urged", "work_orders", ["urged"], unique=False, postgresql_where=sa.text("urged > 0")
    )
    op.create_foreign_key(op.f("fk_work_orders_station_id"), "work_orders", "stations", ["station_id"], ["id"])
    op.create_foreign_key(op.f("fk_work_orders_provider_id"), "work_orders", "providers", ["provider_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_work_orders_provider_id"), "work_orders", type_="foreignkey")
    op.drop_constraint(op.f("fk_work_orders_station_id"), "work_orders", type_="foreignkey")
    op.drop_index("ix_work_orders_urged", table_name="work_orders", postgresql_where=sa.text("urged > 0"))
    op.drop_index(
        "ix_work_orders_unserved",
        table_name="work_orders",
        postgresql_where=sa.text("status IN ('reported', 'scheduled')"),
    )
    op.drop_index(
        "ix_work_orders_station", table_name="work_orders", postgresql_where=sa.text("station_id IS NOT NULL")
    )
    op.drop_index(
        "ix_work_orders_repair_of", table_name="work_orders", postgresql_where=sa.text("repair_of_id IS NOT NULL")
    )
    op.drop_index("ix_work_orders_provider", table_name="work_orders")
    op.drop_index("ix_work_orders_opened", table_name="work_orders")
    op.drop_index("ix_work_orders_model", table_name="work_orders")
    op.drop_index("ix_work_orders_hard", table_name="work_orders", postgresql_where=sa.text("hard <> ''"))
    op.drop_index("ix_work_orders_error", table_name="work_orders", postgresql_where=sa.text("error_code IS NOT NULL"))
    op.drop_index(
        "ix_work_orders_division", table_name="work_orders", postgresql_ops={"division_code": "text_pattern_ops"}
    )
    op.drop_index("ix_work_orders_category", table_name="work_orders")
    op.drop_column("work_orders", "on_hold")
    op.drop_column("work_orders", "hard")
    op.drop_column("work_orders", "station_id")
    op.drop_column("work_orders", "provider_id")
    op.drop_column("work_orders", "position")
    op.drop_column("work_orders", "wanted_until")
    op.drop_column("work_orders", "wanted_since")
    op.drop_index(
        "ix_work_order_moves_ended",
        table_name="work_order_moves",
        postgresql_where=sa.text("\"to\" IN ('finished', 'cancelled')"),
    )
    op.drop_constraint(op.f("fk_visits_engineer_id"), "visits", type_="foreignkey")
    op.drop_index(
        "ix_visits_engineer",
        table_name="visits",
        postgresql_where=sa.text("status IN ('offered', 'accepted', 'departed', 'checked_in')"),
    )
    op.drop_index(
        "ix_visits_coming",
        table_name="visits",
        postgresql_where=sa.text("status IN ('offered', 'accepted', 'departed', 'checked_in')"),
    )
    op.drop_column("visits", "version")
    op.drop_column("visits", "engineer_id")
    op.drop_constraint(op.f("fk_staff_station_id"), "staff", type_="foreignkey")
    op.drop_constraint(op.f("fk_staff_brand_id"), "staff", type_="foreignkey")
    op.drop_constraint(op.f("fk_staff_provider_id"), "staff", type_="foreignkey")
    op.drop_column("staff", "station_id")
    op.drop_column("staff", "provider_id")
    op.drop_column("staff", "brand_id")
    op.drop_index("ix_safety_incidents_order", table_name="safety_incidents")
    op.drop_index(
        "ix_outgoing_subject", table_name="outgoing_messages", postgresql_where=sa.text("subject_id IS NOT NULL")
    )
    op.drop_index(
        "ix_outgoing_platform_id", table_name="outgoing_messages", postgresql_where=sa.text("platform_id IS NOT NULL")
    )
    op.drop_column("outgoing_messages", "platform_id")
    op.drop_column("outgoing_messages", "stale_at")
    op.drop_column("outgoing_messages", "held_until")
    op.drop_column("outgoing_messages", "forms")
    op.drop_column("outgoing_messages", "tried")
    op.drop_column("outgoing_messages", "chain")
    op.drop_column("outgoing_messages", "channel")
    op.drop_column("outgoing_messages", "answers_id")
    op.alter_column("files", "account_id", existing_type=sa.TEXT(), nullable=False)
    op.drop_column("files", "author")
    op.drop_column("customers", "level")
    op.drop_column("customer_addresses", "position")
    op.drop_index("ix_change_requests_order", table_name="change_requests")
    op.drop_index("ix_change_requests_open", table_name="change_requests", postgresql_where=sa.text("status = 'asked'"))
    op.drop_index("ix_change_requests_due", table_name="change_requests", postgresql_where=sa.text("status = 'asked'"))
    op.drop_table("change_requests")
    op.drop_table("upload_pieces")
    op.drop_index("ix_sheet_signatures_visit", table_name="sheet_signatures")
    op.drop_table("sheet_signatures")
    op.drop_table("sheet_registers")
    op.drop_index("ix_offers_visit", table_name="offers")
    op.drop_index("ix_offers_order", table_name="offers")
    op.drop_index("ix_offers_open_visit", table_name="offers", postgresql_where=sa.text("status = 'open'"))
    op.drop_index("ix_offers_engineer", table_name="offers")
    op.drop_index("ix_offers_due", table_name="offers", postgresql_where=sa.text("status = 'open'"))
    op.drop_table("offers")
    op.drop_index("ix_appointments_window", table_name="appointments", postgresql_where=sa.text("status = 'booked'"))
    op.drop_index("ix_appointments_order", table_name="appointments")
    op.drop_index("ix_appointments_held", table_name="appointments", postgresql_where=sa.text("status = 'held'"))
    op.drop_index("ix_appointments_booked", table_name="appointments", postgresql_where=sa.text("status = 'booked'"))
    op.drop_table("appointments")
    op.drop_index("ix_visit_engineers_engineer", table_name="visit_engineers")
    op.drop_table("visit_engineers")
    op.drop_index("ix_uploads_visit", table_name="uploads")
    op.drop_index("ix_uploads_touched", table_name="uploads", postgresql_where=sa.text("state <> 'kept'"))
    op.drop_index("ix_uploads_order", table_name="uploads")
    op.drop_index("ix_uploads_file", table_name="uploads")
    op.drop_index("ix_uploads_engineer", table_name="uploads", postgresql_where=sa.text("state <> 'kept'"))
    op.drop_table("uploads")
    op.drop_index(op.f("ix_service_sheets_work_order_id"), table_name="service_sheets")
    op.drop_table("service_sheets")
    op.drop_index("ix_reservations_visit", table_name="reservations")
    op.drop_index("ix_reservations_order", table_name="reservations")
    op.drop_index("ix_reservations_held", table_name="reservations", postgresql_where=sa.text("state = 'held'"))
    op.drop_index("ix_reservations_day", table_name="reservations", postgresql_where=sa.text("state <> 'released'"))
    op.drop_table("reservations")
    op.drop_index("ix_dispatch_decisions_order", table_name="dispatch_decisions")
    op.drop_table("dispatch_decisions")
    op.drop_index("ix_clock_events_clock", table_name="clock_events")
    op.drop_index("ix_clock_events_at", table_name="clock_events")
    op.drop_table("clock_events")
    op.drop_index(
        "uq_warranty_findings_standing",
        table_name="warranty_findings",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_table("warranty_findings")
    op.drop_index("ix_warranty_answers_product", table_name="warranty_answers")
    op.drop_table("warranty_answers")
    op.drop_index("ix_waiting_orders_page", table_name="waiting_orders")
    op.drop_index("ix_waiting_orders_again", table_name="waiting_orders")
    op.drop_table("waiting_orders")
    op.drop_index("ix_sheet_operations_visit", table_name="sheet_operations")
    op.drop_index(
        "ix_sheet_operations_held", table_name="sheet_operations", postgresql_where=sa.text("outcome = 'held'")
    )
    op.drop_table("sheet_operations")
    op.drop_index("ix_clocks_next", table_name="clocks", postgresql_where=sa.text("next_at IS NOT NULL"))
    op.drop_index("ix_clocks_live", table_name="clocks", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index("ix_clocks_due", table_name="clocks", postgresql_where=sa.text("status IN ('running', 'warned')"))
    op.drop_index("ix_clocks_breached", table_name="clocks", postgresql_where=sa.text("breached_at IS NOT NULL"))
    op.drop_table("clocks")
    op.drop_table("warranty_proofs")
    op.drop_index("ix_shifts_engineer", table_name="shifts")
    op.drop_table("shifts")
    op.drop_index("ix_saved_searches_shared", table_name="saved_searches")
    op.drop_table("saved_searches")
    op.drop_table("plan_routes")
    op.drop_index("ix_one_time_codes_phone", table_name="one_time_codes")
    op.drop_table("one_time_codes")
    op.drop_index("ix_leaves_engineer", table_name="leaves")
    op.drop_table("leaves")
    op.drop_index("ix_engineer_skills_kind", table_name="engineer_skills")
    op.drop_table("engineer_skills")
    op.drop_table("engineer_positions")
    op.drop_index("ix_engineer_identities", table_name="engineer_identities")
    op.drop_table("engineer_identities")
    op.drop_index("ix_engineer_devices_secret", table_name="engineer_devices")
    op.drop_index("ix_engineer_devices_engineer", table_name="engineer_devices")
    op.drop_table("engineer_devices")
    op.drop_table("engineer_days")
    op.drop_index("ix_engineer_certificates_until", table_name="engineer_certificates")
    op.drop_index(
        "ix_engineer_certificates_unnoted",
        table_name="engineer_certificates",
        postgresql_where=sa.text("end_noted_at IS NULL"),
    )
    op.drop_index("ix_engineer_certificates_engineer", table_name="engineer_certificates")
    op.drop_table("engineer_certificates")
    op.drop_table("engineer_authorizations")
    op.drop_index("ix_plans_day", table_name="plans")
    op.drop_table("plans")
    op.drop_table("message_templates")
    op.drop_index("ix_engineers_station", table_name="engineers")
    op.drop_index("ix_engineers_provider", table_name="engineers")
    op.drop_index("ix_engineers_phone", table_name="engineers")
    op.drop_index("ix_engineers_name", table_name="engineers")
    op.drop_table("engineers")
    op.drop_index("ix_coverages_provider", table_name="coverages")
    op.drop_index("ix_coverages_cell", table_name="coverages")
    op.drop_table("coverages")
    op.drop_index("ix_bill_lines_part", table_name="bill_lines")
    op.drop_index("ix_bill_lines_model", table_name="bill_lines")
    op.drop_table("bill_lines")
    op.drop_index("ix_stations_provider", table_name="stations")
    op.drop_table("stations")
    op.drop_table("serial_rules")
    op.drop_table("provider_brands")
    op.drop_table("parts")
    op.drop_index("ix_service_level_policies_clock", table_name="service_level_policies")
    op.drop_table("service_level_policies")
    op.drop_table("providers")
    op.drop_index("ix_notice_keys_at", table_name="notice_keys")
    op.drop_table("notice_keys")
