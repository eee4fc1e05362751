"""Answers given to posts, kept for a while, so that a post sent again is answered the same and stored once."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from data.tables import api_answers

KEPT_SECONDS = 7 * 86_400
"""A sender that has not heard back tries again within minutes or, after an outage, days."""


@dataclass(frozen=True)
class Given:
    """An answer given before, and the SHA-256 of the body that it answered."""

    body_hash: str
    answer: dict[str, Any]


def answers_given(connection: Connection, key_id: int, identities: Sequence[str]) -> dict[str, Given]:
    """Answers of a key to requests of these identities."""
    asked = select(api_answers).where(api_answers.c.key_id == key_id, api_answers.c.identity.in_(identities))
    return {
        row.identity: Given(row.body_hash, json.loads(zlib.decompress(row.answer))) for row in connection.execute(asked)
    }


def keep_answers(connection: Connection, key_id: int, given: dict[str, Given], *, now: int) -> None:
    """Keep answers by the identity of their request, in place of earlier ones, and forget those of long ago."""
    if not given:
        return
    old = (api_answers.c.key_id == key_id) & api_answers.c.identity.in_(list(given))
    connection.execute(delete(api_answers).where(old | (api_answers.c.recorded_at < now - KEPT_SECONDS)))
    rows = [
        {
            "key_id": key_id,
            "identity": identity,
            "body_hash": each.body_hash,
            "answer": zlib.compress(json.dumps(each.answer, ensure_ascii=False).encode(), 1),
            "recorded_at": now,
        }
        for identity, each in given.items()
    ]
    connection.execute(insert(api_answers), rows)
