"""Posted rows through the same door as files: parsed, placed, stored with their log, and answered row by row.

Several posts share one transaction, for a commit that is on disk costs the same for one row as for a thousand.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, update

from data.api_keys import MINUTE
from data.change_log import add_incidents
from data.checking import check_chunk
from data.intake_answers import Given, answers_given, keep_answers
from data.intake_batches import HourBatch, close_batch, hour_of, open_batch
from data.places import Places
from data.readers.columns import HEADERS, label
from data.readers.files import RawChunk
from data.readers.json_rows import JsonRows
from data.readers.parse import Rules
from data.readers.reasons import code_of
from data.store import writing
from data.tables import api_keys
from geo.datum import Datum
from geo.divisions import place_range

OUTSIDE = ("outside_division", "不在这把密钥的区划之内")
_FIELDS = {label(field): field for field in HEADERS}


class KeyReusedError(ValueError):
    """An Idempotency-Key came again with another body."""


@dataclass(frozen=True)
class Intake:
    """Who delivers: a key, the source its rows are of, their datum, and the division they must lie in."""

    key_id: int
    name: str
    source: str
    datum: Datum
    division: str


@dataclass(frozen=True)
class Post:
    """A request's rows, and what tells that it is the same request as an earlier one."""

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
class _Checked:
    """A round's rows: those to store and those refused, indexed by number in the round; first number of each post."""

    rows: pd.DataFrame
    refused: pd.DataFrame
    unmapped: dict[str, int]
    starts: list[int]


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
    rounds = [(part, _check(posts, part, places, as_of)) for part in _rounds(posts)]
    found: dict[int, Taken | KeyReusedError] = {}
    with writing(engine) as connection:
        for part, checked in rounds:
            found |= _take(connection, posts, part, checked, as_of)
    return [found[number] for number in range(len(posts))]


def _rounds(posts: Sequence[Post]) -> list[list[int]]:
    """Positions of posts that can be stored together: of one intake, and none of them a repetition of another.

    Posts of one intake keep their order; those of different intakes waited together, so no order holds between them.
    """
    rounds: list[list[int]] = []
    open_round: dict[Intake, list[int]] = {}
    for number, post in enumerate(posts):
        part = open_round.get(post.intake)
        if part is None or any(post.identity == posts[other].identity for other in part):
            part = open_round[post.intake] = []
            rounds.append(part)
        part.append(number)
    return rounds


def _check(posts: Sequence[Post], part: list[int], places: Places, as_of: pd.Timestamp) -> _Checked:
    intake = posts[part[0]].intake
    starts, total = [], 0
    frames, broken = [], []
    for number in part:
        read = posts[number].read
        starts.append(total)
        frames.append(read.rows.set_axis(read.rows.index + total, axis=0))
        broken += [(refusal.line + total, refusal.field, refusal.reason) for refusal in read.refused]
        total += max([0, *read.rows.index, *(refusal.line for refusal in read.refused)]) + 1
    chunk = RawChunk(pd.concat(frames), broken)
    checked = check_chunk(chunk, Rules(intake.source, intake.datum, as_of, places.bounds, places.own_codes), places)
    first, after = place_range(intake.division)
    inside = checked.rows["place"].between(first, after - 1)
    away = chunk.rows.loc[checked.rows.index[~inside]]
    texts = [json.dumps(row, ensure_ascii=False) for row in away.to_dict("records")]
    outside = pd.DataFrame(
        {"line": away.index, "column": label("division_code"), "reason": OUTSIDE[1], "row": texts}, index=away.index
    )
    refused = pd.concat([checked.rejected, outside]) if len(outside) else checked.rejected
    return _Checked(checked.rows[inside], refused.set_index("line").sort_index(), checked.unmapped, starts)


def _take(
    connection: Connection, posts: Sequence[Post], part: list[int], checked: _Checked, as_of: pd.Timestamp
) -> dict[int, Taken | KeyReusedError]:
    intake, now = posts[part[0]].intake, int(as_of.timestamp())
    given = answers_given(connection, intake.key_id, [posts[number].identity for number in part])
    found: dict[int, Taken | KeyReusedError] = {}
    for number in part:
        if posts[number].idempotency_key and (earlier := given.get(posts[number].identity)):
            found[number] = _as_before(posts[number], earlier)
    ends = [*checked.starts[1:], None]
    spans = dict(zip(part, zip(checked.starts, ends, strict=True), strict=True))
    wanted = [_within(checked.rows, spans[number]) for number in part if number not in found]
    batch = open_batch(connection, key_id=intake.key_id, source=intake.source, hour=hour_of(as_of))
    rows = pd.concat(wanted) if wanted else checked.rows.iloc[:0]
    outcomes = add_incidents(connection, rows, batch_id=batch.id, recorded_at=now)
    fresh: dict[str, Given] = {}
    for number in part:
        if number in found:
            continue
        post, came = posts[number], _within(outcomes, spans[number])
        earlier = given.get(post.identity)
        if earlier and not came.isin(["added", "updated"]).any():
            found[number] = Taken(earlier.answer, repeated=True)
            continue
        refused = _within(checked.refused, spans[number])
        batch.add(came, refused, post.read.dropped)
        answer = _answer(post, batch, came, refused, checked.rows, spans[number][0])
        fresh[post.identity] = Given(post.body_hash, answer)
        found[number] = Taken(answer)
    batch.unmapped = checked.unmapped if fresh else {}
    _close(connection, batch, intake, fresh, as_of)
    return found


def _close(
    connection: Connection, batch: HourBatch, intake: Intake, fresh: dict[str, Given], as_of: pd.Timestamp
) -> None:
    now = int(as_of.timestamp())
    close_batch(
        connection,
        batch,
        key_id=intake.key_id,
        name=intake.name,
        source=intake.source,
        datum=intake.datum,
        as_of=as_of,
    )
    keep_answers(connection, intake.key_id, fresh, now=now)
    used = api_keys.c.last_used_at
    stale = (api_keys.c.id == intake.key_id) & (used.is_(None) | (used < now - MINUTE))
    connection.execute(update(api_keys).where(stale).values(last_used_at=now))


def _within(table: Any, span: tuple[int, int | None]) -> Any:
    """Rows of one post; lines count from 1, so the number of its start belongs to nobody."""
    numbers = table.index.to_numpy()
    return table[(numbers > span[0]) & (numbers <= (span[1] if span[1] is not None else numbers.max(initial=0)))]


def _as_before(post: Post, earlier: Given) -> Taken | KeyReusedError:
    if earlier.body_hash != post.body_hash:
        return KeyReusedError("这个 Idempotency-Key 已经用于另一个请求体。请为每个请求使用新的值。")
    return Taken(earlier.answer, repeated=True)


def _answer(
    post: Post, batch: HourBatch, outcomes: pd.Series, refused: pd.DataFrame, rows: pd.DataFrame, start: int
) -> dict[str, Any]:
    codes = {refusal.line: refusal for refusal in post.read.refused}
    told: dict[int, dict[str, Any]] = {}
    ids = rows.loc[outcomes.index, "external_id"]
    for number, name, outcome in zip(outcomes.index, ids, outcomes, strict=True):
        told[number - start] = {"line": int(number - start), "external_id": name, "result": outcome}
    for number, column, reason in zip(refused.index, refused["column"], refused["reason"], strict=True):
        line = int(number - start)
        known = codes.get(line)
        told[line] = {
            "line": line,
            "result": "rejected",
            "field": known.field if known else _FIELDS.get(column, ""),
            "code": known.code if known else OUTSIDE[0] if reason == OUTSIDE[1] else code_of(reason),
            "reason": f"{column}:{reason}" if column else reason,
        }
    counts = outcomes.value_counts()
    outdated = int(counts.get("outdated", 0))
    return {
        "batch": batch.id,
        "rows_read": len(told),
        "added": int(counts.get("added", 0)),
        "updated": int(counts.get("updated", 0)),
        "unchanged": int(counts.get("unchanged", 0)) + outdated,
        "outdated": outdated,
        "rejected": len(refused),
        "dropped_fields": list(post.read.dropped),
        "rows": [told[line] for line in sorted(told)],
    }
