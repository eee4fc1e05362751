"""Alerts: what was raised, where, what was done about it, views and looks of officers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

GROWING_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE = sa.text("live")


def upgrade() -> None:
    """To this release; there were no alerts before."""
    op.create_table(
        "alert_acts",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("alert_id", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("from_state", sa.String(length=16), nullable=True),
        sa.Column("to_state", sa.String(length=16), nullable=False),
        sa.Column("from_level", sa.Integer(), nullable=True),
        sa.Column("to_level", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alert_acts_alert_id", "alert_acts", ["alert_id"])
    op.create_index("ix_alert_acts_recorded_at", "alert_acts", ["recorded_at"])
    op.create_table(
        "alert_places",
        sa.Column("alert_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("layer", sa.String(length=16), nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dispute_type", sa.String(length=8), nullable=False),
        sa.Column("home", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("alert_id", "layer", "place"),
    )
    op.create_index("alert_places_by_home", "alert_places", ["home"])
    op.create_index(
        "alert_places_once",
        "alert_places",
        ["dispute_type", "layer", "place"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_table(
        "alert_runs",
        sa.Column("run_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rules", sa.String(length=64), nullable=False),
        sa.Column("forecast_run_id", sa.BigInteger(), nullable=True),
        sa.Column("raised", sa.Integer(), nullable=False),
        sa.Column("grown", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id"),
    )
    op.create_table(
        "alert_sightings",
        sa.Column("alert_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("emerging_class", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("last_count", sa.BigInteger(), nullable=True),
        sa.Column("last_is_floor", sa.Boolean(), nullable=False),
        sa.Column("places", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("alert_id", "run_id"),
    )
    op.create_table(
        "alerts",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=15), nullable=False),
        sa.Column("dispute_type", sa.String(length=8), nullable=False),
        sa.Column("layer", sa.String(length=16), nullable=False),
        sa.Column("home", sa.BigInteger(), nullable=False),
        sa.Column("within", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("gravest_level", sa.Integer(), nullable=False),
        sa.Column("emerging_class", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("recurrence_days", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Integer(), nullable=False),
        sa.Column("last_count", sa.BigInteger(), nullable=True),
        sa.Column("previous_count", sa.BigInteger(), nullable=True),
        sa.Column("last_is_floor", sa.Boolean(), nullable=False),
        sa.Column("previous_is_floor", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("assigned_to", sa.String(length=80), nullable=True),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("year", "serial"),
    )
    op.create_index("alerts_by_home", "alerts", ["home"])
    op.create_index("alerts_by_state", "alerts", ["state"])
    op.create_table(
        "last_looks",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person", "name"),
    )


def downgrade() -> None:
    """Back to the release before; alerts and what was done about them are lost."""
    op.drop_table("saved_views")
    op.drop_table("last_looks")
    op.drop_index("alerts_by_state", "alerts")
    op.drop_index("alerts_by_home", "alerts")
    op.drop_table("alerts")
    op.drop_table("alert_sightings")
    op.drop_table("alert_runs")
    op.drop_index("alert_places_once", "alert_places")
    op.drop_index("alert_places_by_home", "alert_places")
    op.drop_table("alert_places")
    op.drop_index("ix_alert_acts_recorded_at", "alert_acts")
    op.drop_index("ix_alert_acts_alert_id", "alert_acts")
    op.drop_table("alert_acts")
