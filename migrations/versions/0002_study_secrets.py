"""study secrets.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "study_secret",
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_secret_study_id_study")),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_study_secret")),
    )


def downgrade() -> None:
    op.drop_table("study_secret")
