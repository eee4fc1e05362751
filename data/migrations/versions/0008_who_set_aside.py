"""Who set a model aside, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """To this release; of models set aside before, nobody knows."""
    op.add_column("forecast_models", sa.Column("set_aside_by", sa.String(length=40), nullable=True))
    op.add_column("forecast_models", sa.Column("set_aside_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Back to the release before; models stay set aside."""
    op.drop_column("forecast_models", "set_aside_at")
    op.drop_column("forecast_models", "set_aside_by")
