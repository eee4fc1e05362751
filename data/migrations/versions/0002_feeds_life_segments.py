"""Incidents with a life, feeds that post, linked reports, segments by month."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

GROWING_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNMAPPED = sa.text("type_word IS NOT NULL")


def upgrade() -> None:
    """To this release; what is published is published anew, because segments have other columns now."""
    _segments_by_month()
    op.create_table(
        "api_answers",
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "identity"),
    )
    op.create_index("ix_api_answers_recorded_at", "api_answers", ["recorded_at"])
    op.create_table(
        "api_keys",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("sources", sa.String(length=200), nullable=False),
        sa.Column("division", sa.String(length=15), nullable=False),
        sa.Column("profile", sa.String(length=80), nullable=False),
        sa.Column("datum", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "batch_notes",
        sa.Column("batch_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("corrects", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("batch_id"),
    )
    op.create_index("ix_batch_notes_corrects", "batch_notes", ["corrects"])
    op.create_table(
        "boundary_vintages",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Integer(), nullable=False),
        sa.Column("schematic", sa.Boolean(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("source_note", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("moved", sa.BigInteger(), nullable=True),
        sa.Column("collected", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "dismissed_pairs",
        sa.Column("first_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("second_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("first_id", "second_id"),
    )
    op.create_table(
        "forecast_models",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("scope", sa.String(length=15), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("parameters", sa.String(), nullable=False),
        sa.Column("calibration", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("set_aside", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("learnt_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "forecast_runs",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("scope", sa.String(length=15), nullable=False),
        sa.Column("assessment_run_id", sa.BigInteger(), nullable=False),
        sa.Column("model_id", sa.BigInteger(), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("forecast_runs_by_key", "forecast_runs", ["key", "data_version"])
    op.create_table(
        "link_acts",
        sa.Column("id", GROWING_ID, nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("link_acts_by_other", "link_acts", ["other_id"])
    op.create_index("link_acts_by_report", "link_acts", ["report_id"])
    op.create_table(
        "links",
        sa.Column("report_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_index("ix_links_group_id", "links", ["group_id"])
    op.create_table(
        "solved_rows",
        sa.Column("rejected_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rejected_id"),
    )
    op.create_index("ix_solved_rows_batch_id", "solved_rows", ["batch_id"])
    op.create_table(
        "watermarks",
        sa.Column("feed", sa.String(length=40), nullable=False),
        sa.Column("watermark", sa.BigInteger(), nullable=False),
        sa.Column("pulled_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed"),
    )
    op.create_table(
        "word_mappings",
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("mapped_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "word"),
    )
    op.add_column("batches", sa.Column("outdated", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("changes", sa.Column("duplicate", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("changes_by_incident", "changes", ["incident_id"])
    op.add_column("incidents", sa.Column("duplicate", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("incidents", sa.Column("coded", sa.BigInteger(), nullable=True))
    op.add_column("incidents", sa.Column("version", sa.BigInteger(), nullable=True))
    op.add_column("incidents", sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("incidents", sa.Column("type_word", sa.String(length=40), nullable=True))
    op.create_index(
        "incidents_by_type_word", "incidents", ["source", "type_word"], sqlite_where=UNMAPPED, postgresql_where=UNMAPPED
    )


def downgrade() -> None:
    """Back to the one before; counts of withdrawn incidents stay as they are, they are sums over the log."""
    _segments_of_the_whole_log()
    op.drop_index("incidents_by_type_word", "incidents")
    op.drop_column("incidents", "type_word")
    op.drop_column("incidents", "withdrawn")
    op.drop_column("incidents", "version")
    op.drop_column("incidents", "coded")
    op.drop_column("incidents", "duplicate")
    op.drop_index("changes_by_incident", "changes")
    op.drop_column("changes", "duplicate")
    op.drop_column("batches", "outdated")
    op.drop_table("word_mappings")
    op.drop_table("watermarks")
    op.drop_index("ix_solved_rows_batch_id", "solved_rows")
    op.drop_table("solved_rows")
    op.drop_index("ix_links_group_id", "links")
    op.drop_table("links")
    op.drop_index("link_acts_by_report", "link_acts")
    op.drop_index("link_acts_by_other", "link_acts")
    op.drop_table("link_acts")
    op.drop_index("forecast_runs_by_key", "forecast_runs")
    op.drop_table("forecast_runs")
    op.drop_table("forecast_models")
    op.drop_table("dismissed_pairs")
    op.drop_table("boundary_vintages")
    op.drop_index("ix_batch_notes_corrects", "batch_notes")
    op.drop_table("batch_notes")
    op.drop_table("api_keys")
    op.drop_index("ix_api_answers_recorded_at", "api_answers")
    op.drop_table("api_answers")


def _segments_by_month() -> None:
    # Runs of assessments name the version of the data that they read, so versions must go on growing.
    version = op.get_bind().execute(sa.text("SELECT coalesce(max(id), 0) FROM segments")).scalar_one()
    op.drop_table("segments")
    op.create_table(
        "segments",
        sa.Column("id", GROWING_ID, primary_key=True),
        sa.Column("file_name", sa.String(120), nullable=False, unique=True),
        sa.Column("first_position", sa.BigInteger(), nullable=False),
        sa.Column("last_position", sa.BigInteger(), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
    )
    published = op.create_table(
        "published",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
    )
    if version:
        op.bulk_insert(published, [{"id": 1, "position": 0, "settled": 0, "version": version}])


def _segments_of_the_whole_log() -> None:
    op.drop_table("published")
    op.drop_table("segments")
    op.create_table(
        "segments",
        sa.Column("id", GROWING_ID, primary_key=True),
        sa.Column("file_name", sa.String(120), nullable=False, unique=True),
        sa.Column("first_position", sa.BigInteger(), nullable=False, unique=True),
        sa.Column("last_position", sa.BigInteger(), nullable=False, unique=True),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
    )
    # Versions begin again, so no run may pass for one of the data that will be published.
    op.execute("UPDATE assessment_runs SET data_version = 0")
