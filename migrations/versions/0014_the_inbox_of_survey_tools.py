"""the inbox of survey tools.

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("tool", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.Column("fetch_token", sa.LargeBinary(), nullable=True),
        sa.Column("map_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("watermark", sa.String(length=200), nullable=True),
        sa.Column("next_poll_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetch_day", sa.Date(), nullable=True),
        sa.Column("fetch_count", sa.Integer(), nullable=False),
        sa.Column("refused_count", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_webhook_source_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_source")),
    )
    with op.batch_alter_table("webhook_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhook_source_study_id"), ["study_id"], unique=False)

    op.create_table(
        "webhook_code",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_webhook_code_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["webhook_source.id"], name=op.f("fk_webhook_code_source_id_webhook_source")
        ),
        sa.PrimaryKeyConstraint("source_id", "participant_id", name=op.f("pk_webhook_code")),
        sa.UniqueConstraint("source_id", "code_hash", name=op.f("uq_webhook_code_source_id_code_hash")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_type", sa.String(length=200), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("raw_sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("auth_result", sa.String(length=40), nullable=False),
        sa.Column("dedupe_key", sa.String(length=110), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purge_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched", sa.LargeBinary(), nullable=True),
        sa.Column("event_type", sa.String(length=100), nullable=True),
        sa.Column("submission_id", sa.String(length=200), nullable=True),
        sa.Column("revision_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("map_version", sa.Integer(), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_webhook_delivery_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["webhook_source.id"], name=op.f("fk_webhook_delivery_source_id_webhook_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("source_id", "dedupe_key", name=op.f("uq_webhook_delivery_source_id_dedupe_key")),
    )
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_webhook_delivery_due", ["status", "next_attempt_at"], unique=False)
        batch_op.create_index("ix_webhook_delivery_participant", ["participant_id"], unique=False)
        batch_op.create_index("ix_webhook_delivery_purge", ["purge_at"], unique=False)
        batch_op.create_index("ix_webhook_delivery_source", ["source_id", "id"], unique=False)

    op.create_table(
        "webhook_field_map",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("map", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["webhook_source.id"], name=op.f("fk_webhook_field_map_source_id_webhook_source")
        ),
        sa.PrimaryKeyConstraint("source_id", "version", name=op.f("pk_webhook_field_map")),
    )
    op.create_table(
        "webhook_submission",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.String(length=200), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("entry_version", sa.Integer(), nullable=False),
        sa.Column("revision_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_webhook_submission_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["webhook_source.id"], name=op.f("fk_webhook_submission_source_id_webhook_source")
        ),
        sa.PrimaryKeyConstraint("source_id", "submission_id", name=op.f("pk_webhook_submission")),
    )
    with op.batch_alter_table("webhook_submission", schema=None) as batch_op:
        batch_op.create_index("ix_webhook_submission_participant", ["participant_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("webhook_submission", schema=None) as batch_op:
        batch_op.drop_index("ix_webhook_submission_participant")

    op.drop_table("webhook_submission")
    op.drop_table("webhook_field_map")
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_webhook_delivery_source")
        batch_op.drop_index("ix_webhook_delivery_purge")
        batch_op.drop_index("ix_webhook_delivery_participant")
        batch_op.drop_index("ix_webhook_delivery_due")

    op.drop_table("webhook_delivery")
    op.drop_table("webhook_code")
    with op.batch_alter_table("webhook_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_source_study_id"))

    op.drop_table("webhook_source")
