"""Tables of forecast runs and of the models they were made with; the rows themselves are Parquet files."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, false

from data.tables.base import GrowingId, metadata

forecast_models = Table(
    "forecast_models",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("scope", String(15), nullable=False),
    Column("data_version", BigInteger, nullable=False),
    Column("as_of", Integer, nullable=False),
    Column("method", String(64), nullable=False),
    Column("parameters", String, nullable=False),
    Column("calibration", String, nullable=False),
    Column("file_name", String(120), nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("set_aside", Boolean, nullable=False, server_default=false()),
    Column("learnt_at", BigInteger, nullable=False),
    Column("set_aside_by", String(40)),
    Column("set_aside_at", BigInteger),
)
"""Learnt regressions, and as JSON by layer what is fixed with them: dispersions and scales of the score.

`as_of` is the last day number learnt from; `set_aside`: rolled back, never used again, by whom and when.
"""

forecast_runs = Table(
    "forecast_runs",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("scope", String(15), nullable=False),
    Column("assessment_run_id", BigInteger, nullable=False),
    Column("model_id", BigInteger, nullable=False),
    Column("data_version", BigInteger, nullable=False),
    Column("as_of", Integer, nullable=False),
    Column("key", String(64), nullable=False),
    Column("settings", String, nullable=False),
    Column("card", String, nullable=False),
    Column("file_name", String(120), nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("finished_at", BigInteger, nullable=False),
    Index("forecast_runs_by_key", "key", "data_version"),
)
"""Finished runs only: a row is written with its file already in place. `settings` and `card` are JSON."""
