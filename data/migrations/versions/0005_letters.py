"""Letters with their history and numbers, and whistles with their times."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

GROWING_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """To this release; there were no letters before."""
    op.create_table(
        "letters",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=True),
        sa.Column("issuer", sa.String(length=15), nullable=False),
        sa.Column("issuer_name", sa.String(length=60), nullable=False),
        sa.Column("receiver", sa.String(length=60), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("division", sa.String(length=15), nullable=False),
        sa.Column("dispute_type", sa.String(length=8), nullable=False),
        sa.Column("alert", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("demand", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("due_day", sa.Integer(), nullable=True),
        sa.Column("issued_day", sa.Integer(), nullable=True),
        sa.Column("answered_day", sa.Integer(), nullable=True),
        sa.Column("drafter", sa.String(length=40), nullable=False),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_letters_alert", "letters", ["alert"])
    op.create_index("letters_by_state", "letters", ["state", "due_day"])
    op.create_index("letters_by_place", "letters", ["place"])
    op.create_table(
        "letter_acts",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("from_state", sa.String(length=12), nullable=False),
        sa.Column("to_state", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_letter_acts_letter_id", "letter_acts", ["letter_id"])
    op.create_table(
        "letter_numbers",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issuer", sa.String(length=15), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", "issuer"),
    )
    _whistles()


def _whistles() -> None:
    op.create_table(
        "whistles",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("alert", sa.String(length=20), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("division", sa.String(length=15), nullable=False),
        sa.Column("dispute_type", sa.String(length=8), nullable=False),
        sa.Column("matter", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("whistled_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_whistles_alert", "whistles", ["alert"])
    op.create_index("ix_whistles_place", "whistles", ["place"])
    op.create_table(
        "whistle_times",
        sa.Column("whistle_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=True),
        sa.Column("arrived_person", sa.String(length=40), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_person", sa.String(length=40), nullable=False),
        sa.Column("result", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("whistle_id", "department"),
    )


def downgrade() -> None:
    """Back to the release before; letters and whistles are lost."""
    for table in ("whistle_times", "whistles", "letter_numbers", "letter_acts", "letters"):
        op.drop_table(table)
