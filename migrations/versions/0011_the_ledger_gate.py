"""the ledger gate: what each release showed of whom, and what was compared.

No version that published without them was ever released; of such rows the gate says that nothing was kept.
Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("release", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("fit_earlier", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("gate", sa.JSON(), nullable=True))
    with op.batch_alter_table("release_participant", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("shown", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("release_participant", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("shown")
    with op.batch_alter_table("release", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("gate")
        batch_op.drop_column("fit_earlier")
