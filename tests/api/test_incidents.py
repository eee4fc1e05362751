import asyncio
import json
import os
from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import select

from data.api_keys import Grant, create_key, list_keys, revoke_key
from data.batches import rejected_rows
from data.store import open_store
from data.tables import api_answers, api_keys, batches, changes, incidents, metadata
from geo.datum import Datum
from tests.api.asgi import INCIDENTS, Asked, incident, post, together

HOTLINE = Grant("兰州热线", ("hotline",), "62", Datum.WGS84)


def rows_of(engine, table) -> list[dict]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


on_both_stores = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


def wait_for(desk, count: int) -> None:
    """Have the next group wait until so many posts are in it."""
    gather, waiting = desk.group._gather, desk.group._queue

    def gather_all(first):
        while waiting.qsize() < count - 1:
            os.sched_yield()
        return gather(first)

    desk.group._gather = gather_all


@on_both_stores
def test_rows_are_stored_and_answered_one_by_one(send, key, engine):
    rows = [
        incident("1"),
        incident("2", accepted_at="昨天"),
        incident("3", division_code="629999"),
        {"姓名": "某人"},
        7,
    ]
    answer = send(post(rows, key))
    assert answer.status == 200
    assert answer.results == ["added", "rejected", "rejected", "rejected", "rejected"]
    assert [row.get("code") for row in answer.json["rows"]] == [
        None,
        "unreadable_time",
        "unknown_division_code",
        "required",
        "not_object",
    ]
    assert answer.json["rows"][1] == {
        "line": 2,
        "result": "rejected",
        "field": "accepted_at",
        "code": "unreadable_time",
        "reason": "受理时间:日期写法不认识:“昨天”",
    }
    assert (answer.json["rows_read"], answer.json["added"], answer.json["rejected"]) == (5, 1, 4)
    assert answer.json["dropped_fields"] == ["姓名"]
    assert [row["external_id"] for row in rows_of(engine, incidents)] == ["1"]
    assert len(rejected_rows(engine, answer.json["batch"])) == 4
    assert "某人" not in str(rejected_rows(engine, answer.json["batch"])["row"].tolist())


def test_a_row_that_says_nothing_new_is_unchanged_and_one_that_does_is_an_update(send, key):
    assert send(post([incident("1"), incident("2")], key)).results == ["added", "added"]
    again = send(post([incident("1"), incident("2", status="调处中"), incident("3"), incident("3")], key))
    assert again.results == ["unchanged", "updated", "added", "unchanged"]


def test_lines_are_taken_like_an_array_and_a_broken_line_spoils_no_other(send, key):
    body = "\n".join([json.dumps(incident("1")), "", "{broken", json.dumps(incident("2"))]).encode()
    answer = send(post(body, key, content_type="application/x-ndjson"))
    assert [(row["line"], row["result"]) for row in answer.json["rows"]] == [
        (1, "added"),
        (3, "rejected"),
        (4, "added"),
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'[{"external_id": "1", "external_id": "2"}]', "duplicate_field"),
        (b'[{"external_id": "1", "longitude": NaN}]', "not_a_number"),
        (b'[{"external_id": 17}]', "wrong_type"),
        (b'[{"external_id": ["1"]}]', "wrong_type"),
        (b'[{"external_id": "\\ud800"}]', "bad_characters"),
        (b'[{"external_id": "a\\u0000b", "dispute_type": "D01"}]', "bad_characters"),
        (b'[{"external_id": "' + b"x" * 5000 + b'"}]', "too_long"),
        (b"[" + b"9" * 5000 + b"]", "not_object"),
    ],
)
def test_what_strict_json_does_not_allow_is_a_rejected_row(send, key, body, code):
    answer = send(post(body, key))
    assert answer.status == 200
    assert [row["code"] for row in answer.json["rows"]] == [code]


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"[]", b"\xff\xfe", b"[" * 9000, b'"\\ud800"'])
def test_what_is_no_array_of_rows_is_malformed(send, key, body):
    answer = send(post(body, key))
    assert (answer.status, answer.json["error"]["code"]) == (400, "malformed")


def test_a_number_keeps_every_digit_it_was_written_with(send, key, engine):
    exact = (
        b'[{"external_id":"1","dispute_type":"D02","accepted_at":"2026-11-01","longitude":103.500000,"latitude":36.5}]'
    )
    assert send(post(exact, key)).results == ["added"]
    assert rows_of(engine, incidents)[0]["longitude"] == 103.5


def test_without_a_valid_key_nothing_is_taken(send, key, engine):
    number = key.split("_")[1]
    for said in ("", "Bearer", "Basic eDp5", f"Bearer {key}x", f"Bearer pingan_{number}_{'A' * 43}", "Bearer 张"):
        asked = replace(post([incident("1")], key), headers={"content-type": "application/json"})
        latin = said.encode("utf-8").decode("latin-1")
        answer = send(replace(asked, headers=asked.headers | ({"authorization": latin} if said else {})))
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert rows_of(engine, incidents) == []


def test_a_revoked_and_an_expired_key_open_nothing(send, key, engine, as_of):
    moment = int(as_of.timestamp())
    expired = create_key(engine, replace(HOTLINE, expires_at=moment), now=0)[1]
    assert send(post([incident("1")], expired)).status == 401
    revoke_key(engine, list_keys(engine)[0].id, now=moment)
    assert send(post([incident("1")], key)).status == 401


def test_a_key_is_held_to_its_sources(send, key, engine):
    assert send(post([incident("1")], key, query="?source=police")).status == 403
    assert send(post([incident("1")], key, query="?source=hotline")).status == 200
    assert send(post([incident("1")], key, query="?sauce=hotline")).status == 400
    two = create_key(engine, replace(HOTLINE, sources=("hotline", "police")), now=0)[1]
    assert send(post([incident("1")], two)).json["error"]["code"] == "source_missing"
    assert send(post([incident("9")], two, query="?source=police")).status == 200
    assert {row["source"] for row in rows_of(engine, incidents)} == {"hotline", "police"}


def test_rows_outside_the_division_of_a_key_are_rejected_one_by_one(send, engine):
    narrow = create_key(engine, replace(HOTLINE, division="620102001"), now=0)[1]
    rows = [incident("1"), incident("2", division_code="620102002"), incident("3", longitude=104.5), incident("4")]
    answer = send(post(rows, narrow))
    assert answer.results == ["added", "rejected", "rejected", "added"]
    assert {row.get("code") for row in answer.json["rows"]} == {None, "outside_division"}


@on_both_stores
def test_the_same_idempotency_key_is_answered_the_same_and_stored_once(send, key, engine):
    first = send(post([incident("1"), 7], key, idempotency_key="a-1"))
    send(post([incident("1", status="调处中")], key))
    again = send(post([incident("1"), 7], key, idempotency_key="a-1"))
    assert again.body == first.body
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert len(rows_of(engine, changes)) == 3
    assert len(rejected_rows(engine, first.json["batch"])) == 1
    other = send(post([incident("2")], key, idempotency_key="a-1"))
    assert (other.status, other.json["error"]["code"]) == (409, "idempotency_key_reused")


@on_both_stores
def test_the_same_body_is_answered_the_same_unless_it_says_something_new_by_now(send, key, engine):
    opened, closed = post([incident("1")], key), post([incident("1", status="办结")], key)
    first = send(opened)
    assert send(opened).body == first.body
    assert len(rows_of(engine, batches)) == 1
    assert rows_of(engine, batches)[0]["rows_read"] == 1
    assert send(closed).results == ["updated"]
    assert send(opened).results == ["updated"], "reopened in the very words it was opened with"
    assert rows_of(engine, incidents)[0]["status"] == "accepted"


def test_the_same_body_sent_twice_at_once_is_stored_once(app, desk, key, engine):
    wait_for(desk, 2)
    first, second = together(app, [post([incident("1"), 7], key)] * 2)
    assert first.body == second.body
    assert len(rows_of(engine, changes)) == 1
    assert rows_of(engine, batches)[0]["rejected"] == 1


def test_posts_that_wait_together_share_a_transaction_and_are_answered_apart(app, desk, key, engine):
    wait_for(desk, 8)
    police = create_key(engine, replace(HOTLINE, sources=("police",)), now=0)[1]
    every = [post([incident(f"{number}"), 7], police if number % 2 else key) for number in range(8)]
    answers = together(app, every)
    assert [answer.results for answer in answers] == [["added", "rejected"]] * 8
    assert [[row["line"] for row in answer.json["rows"]] for answer in answers] == [[1, 2]] * 8
    assert len(rows_of(engine, batches)) == 2
    assert len({row["batch_id"] for row in rows_of(engine, changes)}) == 2
    assert len(rows_of(engine, incidents)) == 8


def test_a_post_that_can_not_be_taken_fails_alone(app, desk, key, engine, monkeypatch):
    wait_for(desk, 3)
    take = desk.group._take

    def break_on_two(posts):
        if any("two" in each.read.columns["external_id"] for each in posts):
            raise ZeroDivisionError
        return take(posts)

    monkeypatch.setattr(desk.group, "_take", break_on_two)
    every = [post([incident(name)], key) for name in ("one", "two", "three")]

    async def all_of_them():
        from tests.api.asgi import ask

        return await asyncio.gather(*(ask(app, each) for each in every), return_exceptions=True)

    one, two, three = asyncio.run(all_of_them())
    assert isinstance(two, ZeroDivisionError)
    assert (one.status, three.status) == (200, 200)
    assert {row["external_id"] for row in rows_of(engine, incidents)} == {"one", "three"}


def test_a_body_over_the_limit_is_refused_before_it_is_read_whole(send, key, desk):
    asked = post([incident("1")], key)
    answer = send(replace(asked, parts=(b" " * 5000,) * 100))
    assert (answer.status, answer.json["error"]["code"]) == (413, "too_large")
    assert answer.unread == 100 - desk.settings.api_body_bytes // 5000 - 1
    told = send(replace(asked, headers=asked.headers | {"content-length": "20001"}))
    assert (told.status, told.unread) == (413, 1)
    assert desk.room._held == 0


def test_too_many_rows_too_many_bodies_and_other_media_are_refused(send, key, desk):
    assert send(post([7] * 51, key)).json["error"]["code"] == "too_many_rows"
    for kind in ("", "text/csv", "multipart/form-data", "application/json; charset=gbk"):
        assert send(post([incident("1")], key, content_type=kind)).status == 415
    assert send(post([incident("1")], key, content_encoding="gzip")).status == 415
    assert send(post([incident("1")], key, idempotency_key="张".encode().decode("latin-1"))).status == 400
    with desk.room.hold(15 * desk.settings.api_body_bytes + 1):
        busy = send(post([incident("1")], key))
    assert (busy.status, busy.headers["retry-after"]) == (503, "1")


def test_a_key_that_asks_too_often_waits_and_others_do_not(send, key, engine, desk, clock):
    answers = [send(post(b"", key)).status for _ in range(desk.settings.api_burst)]
    assert set(answers) == {400}
    refused = send(post([incident("1")], key))
    assert (refused.status, refused.headers["retry-after"]) == (429, "1")
    other = create_key(engine, HOTLINE, now=0)[1]
    assert send(post([incident("1")], other)).status == 200
    clock.seconds += 0.5
    assert send(post([incident("1")], key)).status == 200
    assert send(post([incident("1")], key)).status == 429


def test_a_store_that_is_gone_keeps_nothing_and_says_so(send, key, desk, engine, monkeypatch):
    send(post([incident("0")], key))
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE changes RENAME TO gone")
    answer = send(post([incident("1")], key))
    assert (answer.status, answer.json["error"]["code"]) == (503, "unavailable")
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO changes")
    assert [row["external_id"] for row in rows_of(engine, incidents)] == ["0"]
    metadata.drop_all(engine)
    assert send(post([incident("1")], key)).status == 503


def test_after_the_desk_is_closed_nothing_more_is_taken(send, key, desk):
    assert send(post([incident("1")], key)).status == 200
    desk.group.stop()
    assert send(post([incident("2")], key)).status == 503


def test_when_a_key_was_last_used_is_known_and_the_key_itself_is_not(send, key, engine, as_of, caplog):
    send(post([incident("1")], key))
    (row,) = rows_of(engine, api_keys)
    assert row["last_used_at"] == int(as_of.timestamp())
    secret = key.split("_", 2)[2]
    stored = [str(each) for table in (api_keys, api_answers, batches) for each in rows_of(engine, table)]
    assert not any(secret in text for text in [*stored, caplog.text])


def test_any_other_address_below_api_and_other_methods_are_told_apart_from_the_dashboard(send):
    assert send(Asked("GET", "/api/v2/else")).status == 404
    answer = send(Asked("GET", INCIDENTS))
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_answers_of_long_ago_are_forgotten(send, key, engine, desk, as_of):
    send(post([incident("1")], key))
    desk.now = lambda: as_of + pd.Timedelta(days=8)
    send(post([incident("2")], key))
    assert len(rows_of(engine, api_answers)) == 1


@on_both_stores
def test_two_desks_on_one_store_take_each_incident_once(app, desk, key, engine, settings, places, as_of):
    from starlette.applications import Starlette

    from api.desk import Desk
    from api.routes import routes

    other = Desk(desk.settings, now=lambda: as_of)
    other._places, other._located_with = places, settings.geography
    both = [post([incident(str(number))], key, idempotency_key=str(number)) for number in range(8)]
    first = together(app, both)
    second = together(Starlette(routes=routes(other)), both)
    other.close()
    assert [answer.body for answer in first] == [answer.body for answer in second]
    fresh = open_store(settings)
    assert len(rows_of(fresh, incidents)) == len(rows_of(fresh, changes)) == 8
    fresh.dispose()
