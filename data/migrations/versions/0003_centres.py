"""Governance centres and their rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

GROWING_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """To this release; there were no centres before."""
    op.create_table(
        "centres",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("longitude", sa.Float(precision=53), nullable=True),
        sa.Column("latitude", sa.Float(precision=53), nullable=True),
        sa.Column("site_class", sa.String(length=16), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=True),
        sa.Column("cadres", sa.Integer(), nullable=True),
        sa.Column("mediators", sa.Integer(), nullable=True),
        sa.Column("rotating", sa.Integer(), nullable=True),
        sa.Column("daily_visitors", sa.Integer(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("centres_by_place", "centres", ["place"])
    op.create_table(
        "centre_rooms",
        sa.Column("centre_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("rooms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("centre_id", "kind"),
    )
    op.create_table(
        "centre_imports",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("rows_read", sa.BigInteger(), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("unchanged", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.BigInteger(), nullable=False),
        sa.Column("dropped_columns", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Back to the release before; centres and their rooms are lost."""
    op.drop_table("centre_imports")
    op.drop_table("centre_rooms")
    op.drop_table("centres")
