"""reports of releases.

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "release_report",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_report_release_id_release")
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_release_report")),
    )


def downgrade() -> None:
    op.drop_table("release_report")
