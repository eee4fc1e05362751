"""Programmes of the briefing screen and their scenes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

GROWING_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """To this release; what the screen showed was not arranged before."""
    op.create_table(
        "scene_programmes",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("scope", sa.String(length=15), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scope", "name", "version"),
    )
    op.create_table(
        "scenes",
        sa.Column("programme_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=20), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=15), nullable=False),
        sa.Column("dispute_type", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("measure", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "position"),
    )


def downgrade() -> None:
    """Back to the release before; what was arranged is lost."""
    op.drop_table("scenes")
    op.drop_table("scene_programmes")
