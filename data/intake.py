"""Posted rows through the same door as files: parsed, placed, stored with their log, and answered row by row.

Several posts share one transaction, for a commit that is on disk costs the same for one row as for a thousand.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, update

from data.api_keys import MINUTE
from data.change_log import add_incidents
from data.intake_answers import Given, answers_given, keep_answers
from data.intake_batches import close_batch, hour_of, open_batch
from data.intake_rows import CheckedPosts, Intake, answer_of, check_posts
from data.places import Places
from data.readers.json_rows import JsonRows
from data.store import writing
from data.tables import api_keys

__all__ = ["Intake", "KeyReusedError", "Post", "Taken", "take_posts", "take_rows"]


class KeyReusedError(ValueError):
    """An Idempotency-Key came again with another body."""


@dataclass(frozen=True)
class Post:
    """A request's rows, at least one, and what tells that it is the same request as an earlier one."""

    intake: Intake
    read: JsonRows
    body_hash: str
    idempotency_key: str = ""

    @property
    def identity(self) -> str:
        """SHA-256 of the sender's own key for the request, or else of its body."""
        said = f"key {self.idempotency_key}" if self.idempotency_key else f"body {self.intake.source} {self.body_hash}"
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Taken:
    """What is on disk of a post, as JSON can say it; `repeated` when it was answered before and nothing was stored."""

    answer: dict[str, Any]
    repeated: bool = False


@dataclass(frozen=True)
class _Round:
    """Posts that are stored together, each with its place among those handed in."""

    posts: dict[int, Post]

    @property
    def intake(self) -> Intake:
        return next(iter(self.posts.values())).intake

    def holds(self, identity: str) -> bool:
        return any(post.identity == identity for post in self.posts.values())


def take_rows(engine: Engine, places: Places, post: Post, *, as_of: pd.Timestamp) -> Taken:
    """Store one post, as `take_posts` does.

    Raises
    ------
    KeyReusedError
        Its Idempotency-Key came before with another body.
    """
    (taken,) = take_posts(engine, places, [post], as_of=as_of)
    if isinstance(taken, KeyReusedError):
        raise taken
    return taken


def take_posts(
    engine: Engine, places: Places, posts: Sequence[Post], *, as_of: pd.Timestamp
) -> list[Taken | KeyReusedError]:
    """Store posts in their order in one transaction; when this returns, what the answers say is on disk.

    A post with an Idempotency-Key that came before is answered as then. So is one with a body that came before,
    unless its rows say something new by now: a feed may close an incident, reopen it and close it again in the
    same words.

    Parameters
    ----------
    as_of
        Moment of the intake, with time zone.

    Returns
    -------
    For each post its answer, or the error that it reuses an Idempotency-Key.

    Raises
    ------
    PoolUnavailableError
        The store does not answer; nothing of any post was kept.
    """
    rounds = []
    for each in _rounds(posts):
        reads = [post.read for post in each.posts.values()]
        rounds.append((each, check_posts(reads, each.intake, places, as_of)))
    found: dict[int, Taken | KeyReusedError] = {}
    with writing(engine) as connection:
        for each, checked in rounds:
            found |= _take(connection, each, checked, as_of)
    return [found[number] for number in range(len(posts))]


def _rounds(posts: Sequence[Post]) -> list[_Round]:
    """Posts that can be stored together: of one intake, and none of them a repetition of another.

    Posts of one intake keep their order; those of different intakes waited together, so no order holds between them.
    """
    rounds: list[_Round] = []
    latest: dict[Intake, _Round] = {}
    for number, post in enumerate(posts):
        found = latest.get(post.intake)
        if found is None or found.holds(post.identity):
            found = latest[post.intake] = _Round({})
            rounds.append(found)
        found.posts[number] = post
    return rounds


def _take(
    connection: Connection, each: _Round, checked: CheckedPosts, as_of: pd.Timestamp
) -> dict[int, Taken | KeyReusedError]:
    intake, now = each.intake, int(as_of.timestamp())
    given = answers_given(connection, intake.key_id, [post.identity for post in each.posts.values()])
    found: dict[int, Taken | KeyReusedError] = {}
    for number, post in each.posts.items():
        if post.idempotency_key and post.identity in given:
            found[number] = _as_before(post, given[post.identity])
    live = {at: number for at, number in enumerate(each.posts) if number not in found}
    batch = open_batch(connection, key_id=intake.key_id, source=intake.source, hour=hour_of(as_of))
    rows = checked.rows_of(live)
    outcomes = add_incidents(connection, rows, batch_id=batch.id, recorded_at=now)
    stored = dict(zip(rows.index.tolist(), zip(rows["external_id"], outcomes, strict=True), strict=True))
    words = rows["type_word"].dropna().to_dict()
    fresh: dict[str, Given] = {}
    for at, number in live.items():
        post, numbers = each.posts[number], checked.numbers(at)
        own = {line: stored[line] for line in numbers if line in stored}
        if post.identity in given and not any(outcome in ("added", "updated") for _, outcome in own.values()):
            found[number] = Taken(given[post.identity].answer, repeated=True)
            continue
        refused = {line: checked.refused[line] for line in numbers if line in checked.refused}
        answer = answer_of(post.read, batch=batch.id, outcomes=own, refused=refused, start=checked.starts[at])
        batch.add(answer, refused.values(), [words[line] for line in own if line in words])
        fresh[post.identity] = Given(post.body_hash, answer)
        found[number] = Taken(answer)
    close_batch(connection, batch, intake, as_of=as_of)
    keep_answers(connection, intake.key_id, fresh, now=now)
    _note_use(connection, intake.key_id, now)
    return found


def _as_before(post: Post, earlier: Given) -> Taken | KeyReusedError:
    if earlier.body_hash != post.body_hash:
        return KeyReusedError("这个 Idempotency-Key 已经用于另一个请求体。请为每个请求使用新的值。")
    return Taken(earlier.answer, repeated=True)


def _note_use(connection: Connection, key_id: int, now: int) -> None:
    used = api_keys.c.last_used_at
    stale = (api_keys.c.id == key_id) & (used.is_(None) | (used < now - MINUTE))
    connection.execute(update(api_keys).where(stale).values(last_used_at=now))
