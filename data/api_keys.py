"""Keys of feeds that post incidents: made, listed, revoked, recognised."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from sqlalchemy import Engine, RowMapping, insert, select, update

from data.store import next_id, reading, writing
from data.tables import api_keys
from geo.datum import Datum
from risk.incident import SOURCES

FORM = re.compile(r"pingan_([1-9][0-9]{0,8})_([A-Za-z0-9_-]{43})")
MINUTE = 60


class UnknownKeyError(LookupError):
    """There is no key with this number."""


@dataclass(frozen=True)
class ApiKey:
    """What a key allows, without the key itself. Times are UTC seconds; `division` is a code prefix."""

    id: int
    name: str
    sources: tuple[str, ...]
    division: str
    profile: str
    datum: Datum
    created_at: int
    expires_at: int | None = None
    revoked_at: int | None = None
    last_used_at: int | None = None

    def is_valid(self, now: int) -> bool:
        """Neither revoked nor expired at a moment (UTC seconds)."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True)
class Grant:
    """What a new key is to allow; `profile` "" means each source's own."""

    name: str
    sources: tuple[str, ...]
    division: str
    datum: Datum
    profile: str = ""
    expires_at: int | None = None

    def __post_init__(self) -> None:
        """Refuse unknown sources and what is no division code."""
        unknown = [source for source in self.sources if source not in SOURCES]
        if unknown or not self.sources:
            raise ValueError(f"expected sources of {', '.join(SOURCES)}, found {', '.join(unknown) or 'none'}")
        if not re.fullmatch(r"\d{2,15}", self.division):
            raise ValueError(f"expected a division code of 2 to 15 digits, found {self.division!r}")
        if not 1 <= len(self.name) <= 80 or not self.name.isprintable():
            raise ValueError(f"expected a name of 1 to 80 characters, found {self.name!r}")


def create_key(engine: Engine, grant: Grant, *, now: int) -> tuple[ApiKey, str]:
    """Make a key; the text returned beside it is nowhere kept and can not be had again.

    Raises
    ------
    PoolUnavailableError
        The store does not answer.
    """
    secret = secrets.token_urlsafe(32)
    with writing(engine) as connection:
        number = next_id(connection, api_keys)
        kept = {
            "id": number,
            "name": grant.name,
            "sources": ",".join(grant.sources),
            "division": grant.division,
            "profile": grant.profile,
            "datum": grant.datum.value,
            "created_at": now,
            "expires_at": grant.expires_at,
        }
        connection.execute(insert(api_keys).values(**kept, key_hash=_hash(secret)))
        row = connection.execute(select(api_keys).where(api_keys.c.id == number)).mappings().one()
    return _key(row), f"pingan_{number}_{secret}"


def list_keys(engine: Engine) -> list[ApiKey]:
    """All keys, revoked ones included, in the order they were made."""
    with reading(engine) as connection:
        return [_key(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.id)).mappings()]


def revoke_key(engine: Engine, number: int, *, now: int) -> None:
    """Make a key worthless from now on; a key revoked before keeps its time.

    Raises
    ------
    UnknownKeyError
        There is none of this number.
    """
    with writing(engine) as connection:
        if connection.execute(select(api_keys.c.id).where(api_keys.c.id == number)).first() is None:
            raise UnknownKeyError(number)
        still_valid = (api_keys.c.id == number) & api_keys.c.revoked_at.is_(None)
        connection.execute(update(api_keys).where(still_valid).values(revoked_at=now))


def find_key(engine: Engine, text: str, *, now: int) -> ApiKey | None:
    """Return the valid key that a text is, None when it is none.

    Raises
    ------
    PoolUnavailableError
        The store does not answer.
    """
    matched = FORM.fullmatch(text)
    if matched is None:
        return None
    with reading(engine) as connection:
        asked = select(api_keys).where(api_keys.c.id == int(matched[1]))
        row = connection.execute(asked).mappings().first()
    if row is None or not hmac.compare_digest(row["key_hash"], _hash(matched[2])):
        return None
    key = _key(row)
    return key if key.is_valid(now) else None


def _hash(secret: str) -> str:
    # A slow, salted hash protects words that people choose and that can be guessed. A key is 256 random bits: there is
    # nothing to guess, so one SHA-256 is enough, and a post does not wait for it.
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: RowMapping) -> ApiKey:
    values = {name: row[name] for name in ApiKey.__dataclass_fields__}
    return ApiKey(**values | {"sources": tuple(row["sources"].split(",")), "datum": Datum(row["datum"])})
