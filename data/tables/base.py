"""What all tables share: one metadata, and ids that grow."""

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData()

# SQLite gives only INTEGER PRIMARY KEY the growing row id that keeps inserts sequential.
GrowingId = BigInteger().with_variant(Integer, "sqlite")
