"""why a survey tool that does not post could not be asked.

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("webhook_source", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("poll_failures", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("poll_reason", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("webhook_source", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("poll_reason")
        batch_op.drop_column("poll_failures")
