"""Segments that imports make of their own rows; incidents are found by when they occurred instead of by place.

Files bring incidents in the order of time, so that an index of moments is written from one end to the other, where one
of places is written all over; who looks for a place asks the segments, which are sorted by it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

GROWING_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """To this release; nothing lies ready yet."""
    op.create_table(
        "ready_segments",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("first_position", sa.BigInteger(), nullable=False),
        sa.Column("last_position", sa.BigInteger(), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("file_name"),
    )
    op.drop_index("incidents_by_place", "incidents")
    op.create_index("incidents_by_occurred_at", "incidents", ["occurred_at"])


def downgrade() -> None:
    """Back to the release before; what lies ready is read from the log instead."""
    op.drop_index("incidents_by_occurred_at", "incidents")
    op.create_index("incidents_by_place", "incidents", ["place"])
    op.drop_table("ready_segments")
