"""Tables of the HTTP intake: keys of feeds, and answers given, so that a repeated request gets the same one."""

from sqlalchemy import BigInteger, Column, LargeBinary, String, Table

from data.tables.base import GrowingId, metadata

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", GrowingId, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("key_hash", String(64), nullable=False),
    Column("sources", String(200), nullable=False),
    Column("division", String(15), nullable=False),
    Column("profile", String(80), nullable=False),
    Column("datum", String(8), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("last_used_at", BigInteger),
)
"""Keys by their SHA-256. `sources` has commas between, `profile` is "" where each source's own holds, times are UTC
seconds; `last_used_at` is right to a minute."""

api_answers = Table(
    "api_answers",
    metadata,
    Column("key_id", BigInteger, primary_key=True),
    Column("identity", String(64), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("recorded_at", BigInteger, nullable=False, index=True),
)
"""What was answered to a request (`identity`: SHA-256 of its Idempotency-Key, or of its body): JSON, deflated."""
