"""Tables of back-tests: how well the forecast did, by layer and type."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from data.tables.base import GrowingId, metadata

backtests = Table(
    "backtests",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("scope", String(15), nullable=False),
    Column("data_version", BigInteger, nullable=False),
    Column("as_of", Integer, nullable=False),
    Column("key", String(64), nullable=False),
    Column("settings", String, nullable=False),
    Column("file_name", String(120)),
    Column("file_hash", String(64)),
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Index("backtests_by_key", "key", "data_version"),
)
"""Back-tests; `finished_at` and the file (forecasts place by place) are NULL until it is whole."""

backtest_parts = Table(
    "backtest_parts",
    metadata,
    Column("backtest_id", BigInteger, primary_key=True),
    Column("layer", String(16), primary_key=True),
    Column("dispute_type", String(8), primary_key=True),
    Column("horizon", Integer, primary_key=True, autoincrement=False),
    Column("result", String, nullable=False),
)
"""What was measured for one layer, type ("" for all together) and horizon in weeks, as JSON."""
