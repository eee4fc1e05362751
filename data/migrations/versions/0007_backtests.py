"""Back-tests and what they measured."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

GROWING_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """To this release; back-tests were not kept before."""
    op.create_table(
        "backtests",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("scope", sa.String(length=15), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=True),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("backtests_by_key", "backtests", ["key", "data_version"])
    op.create_table(
        "backtest_parts",
        sa.Column("backtest_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("layer", sa.String(length=16), nullable=False),
        sa.Column("dispute_type", sa.String(length=8), nullable=False),
        sa.Column("horizon", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("backtest_id", "layer", "dispute_type", "horizon"),
    )


def downgrade() -> None:
    """Back to the release before; back-tests are lost."""
    for table in ("backtest_parts", "backtests"):
        op.drop_table(table)
