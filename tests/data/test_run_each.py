from hashlib import sha256

from data.counting import Counting
from data.counts import Counts
from data.intake import Intake, Post, take_rows
from data.queries import latest_by_source
from data.readers.json_rows import read_json_rows
from data.segments import compact, publish
from geo.datum import Datum


def deliver(engine, places, settings, as_of, source: str, day: int) -> None:
    body = (
        f'[{{"external_id": "{day}", "dispute_type": "D02", "accepted_at": "2026-11-{day:02}", '
        f'"division_code": "620102"}}]'
    )
    intake = Intake(1, "feed", source, Datum.WGS84, "62")
    take_rows(
        engine,
        places,
        Post(intake, read_json_rows(body.encode(), lines=False), sha256(body.encode()).hexdigest()),
        as_of=as_of,
    )
    publish(engine, settings)


def test_the_latest_of_each_source_is_put_together_from_segments_each_read_once(
    engine, places, settings, as_of, monkeypatch
):
    counting = Counting(engine, settings)
    counts = Counts(engine, counting)
    assert counts.latest() == {}
    deliver(engine, places, settings, as_of, "hotline", 3)
    deliver(engine, places, settings, as_of, "police", 2)
    first = counts.latest()
    assert set(first) == {"hotline", "police"}
    read = []
    run = counting._columns
    monkeypatch.setattr(
        counting, "_columns", lambda manifest, needed, query: read.append(needed) or run(manifest, needed, query)
    )
    deliver(engine, places, settings, as_of, "hotline", 1)
    assert counts.latest() == first
    assert len(read) == 1
    deliver(engine, places, settings, as_of, "hotline", 9)
    compact(engine, settings)
    assert counts.latest()["hotline"] == first["hotline"] + 6 * 86_400
    whole = counting.run(latest_by_source())
    assert counts.latest() == dict(zip(whole["source"], whole["accepted_at"], strict=True))
    counting.close()
