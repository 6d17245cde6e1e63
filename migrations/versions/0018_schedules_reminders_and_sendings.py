"""schedules, reminders and sendings.

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_key",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_service_key")),
    )
    op.create_table(
        "prompt_schedule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=63), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_prompt_schedule_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_schedule")),
        sa.UniqueConstraint("study_id", "key", name=op.f("uq_prompt_schedule_study_id_key")),
    )
    with op.batch_alter_table("prompt_schedule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prompt_schedule_study_id"), ["study_id"], unique=False)

    op.create_table(
        "mailed_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_mailed_code_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_mailed_code_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_code")),
    )
    with op.batch_alter_table("mailed_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mailed_code_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_mailed_code_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mailed_code_study_id"), ["study_id"], unique=False)

    op.create_table(
        "prompt_plan",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("schedule_version", sa.Integer(), nullable=False),
        sa.Column("reminders_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_prompt_plan_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["prompt_schedule.id"], name=op.f("fk_prompt_plan_schedule_id_prompt_schedule")
        ),
        sa.PrimaryKeyConstraint("participant_id", "schedule_id", name=op.f("pk_prompt_plan")),
    )
    with op.batch_alter_table("prompt_plan", schema=None) as batch_op:
        batch_op.create_index("ix_prompt_plan_next_on", ["next_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_prompt_plan_schedule_id"), ["schedule_id"], unique=False)

    op.create_table(
        "prompt_trigger",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_prompt_trigger_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_prompt_trigger_study_id_study")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_prompt_trigger")),
    )
    with op.batch_alter_table("prompt_trigger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prompt_trigger_changed_at"), ["changed_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_prompt_trigger_participant_id"), ["participant_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_prompt_trigger_study_id"), ["study_id"], unique=False)

    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_push_subscription_participant_id_participant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("device_id", name=op.f("uq_push_subscription_device_id")),
    )
    with op.batch_alter_table("push_subscription", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_push_subscription_endpoint_hash"), ["endpoint_hash"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_push_subscription_participant_id"), ["participant_id"], unique=False
        )

    op.create_table(
        "reminders",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("email_refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("feed_hash", sa.String(length=64), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_reminders_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_reminders_study_id_study")),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("feed_hash", name=op.f("uq_reminders_feed_hash")),
    )
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminders_study_id"), ["study_id"], unique=False)

    op.create_table(
        "prompt_sending",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("prompt_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_prompt_sending_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(
            ["prompt_id"], ["prompt.id"], name=op.f("fk_prompt_sending_prompt_id_prompt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_sending")),
        sa.UniqueConstraint(
            "prompt_id", "channel", "step", name=op.f("uq_prompt_sending_prompt_id_channel_step")
        ),
    )
    with op.batch_alter_table("prompt_sending", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_prompt_sending_participant_id"), ["participant_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_prompt_sending_prompt_id"), ["prompt_id"], unique=False)

    with op.batch_alter_table("contact", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("email_hash", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_contact_email_hash"), ["email_hash"], unique=False)

    with op.batch_alter_table("prompt", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("schedule_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("local_date", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("local_time", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("fold", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("step", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("skipped", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("follows", sa.Uuid(), nullable=True))
        batch_op.create_index(
            "ix_prompt_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_prompt_schedule_id"), ["schedule_id"], unique=False)

    with op.batch_alter_table("study", schema=None, recreate="never") as batch_op:
        batch_op.add_column(
            sa.Column("followed_kinds", sa.String(length=2000), server_default="", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("study", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("followed_kinds")

    with op.batch_alter_table("prompt", schema=None, recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_prompt_schedule_id"))
        batch_op.drop_index(
            "ix_prompt_due_at",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.drop_column("follows")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("skipped")
        batch_op.drop_column("step")
        batch_op.drop_column("due_at")
        batch_op.drop_column("expires_at")
        batch_op.drop_column("fold")
        batch_op.drop_column("local_time")
        batch_op.drop_column("local_date")
        batch_op.drop_column("schedule_id")

    with op.batch_alter_table("contact", schema=None, recreate="never") as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_email_hash"))
        batch_op.drop_column("email_hash")

    with op.batch_alter_table("prompt_sending", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prompt_sending_prompt_id"))
        batch_op.drop_index(batch_op.f("ix_prompt_sending_participant_id"))

    op.drop_table("prompt_sending")
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminders_study_id"))

    op.drop_table("reminders")
    with op.batch_alter_table("push_subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_push_subscription_participant_id"))
        batch_op.drop_index(batch_op.f("ix_push_subscription_endpoint_hash"))

    op.drop_table("push_subscription")
    with op.batch_alter_table("prompt_trigger", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prompt_trigger_study_id"))
        batch_op.drop_index(batch_op.f("ix_prompt_trigger_participant_id"))
        batch_op.drop_index(batch_op.f("ix_prompt_trigger_changed_at"))

    op.drop_table("prompt_trigger")
    with op.batch_alter_table("prompt_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prompt_plan_schedule_id"))
        batch_op.drop_index("ix_prompt_plan_next_on")

    op.drop_table("prompt_plan")
    with op.batch_alter_table("mailed_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mailed_code_study_id"))
        batch_op.drop_index(batch_op.f("ix_mailed_code_participant_id"))
        batch_op.drop_index(batch_op.f("ix_mailed_code_due_at"))

    op.drop_table("mailed_code")
    with op.batch_alter_table("prompt_schedule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prompt_schedule_study_id"))

    op.drop_table("prompt_schedule")
    op.drop_table("service_key")
