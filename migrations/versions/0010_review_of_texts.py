"""review of texts.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_review_term_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_term")),
        sa.UniqueConstraint("study_id", "kind", "text", name=op.f("uq_review_term_study_id_kind_text")),
    )
    with op.batch_alter_table("review_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_term_study_id"), ["study_id"], unique=False)

    op.create_table(
        "review_progress",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("change_seq", sa.BigInteger(), nullable=False),
        sa.Column("sharing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_review_progress_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_review_progress_study_id_study")),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_review_progress")),
    )
    with op.batch_alter_table("review_progress", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_progress_study_id"), ["study_id"], unique=False)

    op.create_table(
        "text_placeholder",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_text_placeholder_participant_id_participant"),
        ),
        sa.PrimaryKeyConstraint("participant_id", "kind", "name_hash", name=op.f("pk_text_placeholder")),
    )
    op.create_table(
        "text_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=63), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=63), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_text_review_entry_id_entry"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_text_review_participant_id_participant")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_text_review_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_review")),
        sa.UniqueConstraint(
            "entry_id", "question", "item", "part", name=op.f("uq_text_review_entry_id_question_item_part")
        ),
    )
    with op.batch_alter_table("text_review", schema=None) as batch_op:
        batch_op.create_index("ix_text_review_participant_state", ["participant_id", "state"], unique=False)
        batch_op.create_index("ix_text_review_study_state", ["study_id", "state", "id"], unique=False)

    op.create_table(
        "text_decision",
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("paraphrase", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_off_by", sa.Uuid(), nullable=True),
        sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_text_decision_decided_by_staff")),
        sa.ForeignKeyConstraint(
            ["signed_off_by"], ["staff.id"], name=op.f("fk_text_decision_signed_off_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["text_id"],
            ["text_review.id"],
            name=op.f("fk_text_decision_text_id_text_review"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("text_id", "number", name=op.f("pk_text_decision")),
    )
    with op.batch_alter_table("study", schema=None, recreate="never") as batch_op:
        batch_op.add_column(
            sa.Column("second_review", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("study", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("second_review")
    for table in ("text_decision", "text_review", "text_placeholder", "review_progress", "review_term"):
        op.drop_table(table)
