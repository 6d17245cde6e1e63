"""the reason for a release beside one that was lost.

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("release", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("not_compared_reason", sa.String(length=1000), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("release", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("not_compared_reason")
