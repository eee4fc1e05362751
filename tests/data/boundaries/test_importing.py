"""A made-up town: its boundaries imported, its incidents located, its quarters cut elsewhere, everything counted."""

import datetime as dt
import json
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from data import queries
from data.batch_import import Delivery, import_file
from data.boundaries.importing import Handed, check_boundaries, import_boundaries, locate_again
from data.boundaries.vintages import collect, read_vintages
from data.counting import Counting
from data.filter import IncidentFilter, Period
from data.places import open_places
from data.segments import publish
from data.settings import Settings
from data.store import reading, writing
from geo.boundaries.errors import BoundaryFileError, BoundaryImportError
from geo.boundaries.reading import Source
from geo.boundaries.replacing import Order
from geo.datum import Datum
from risk.incident import LocatedBy
from tests.geo.boundaries.made_up import BOROUGHS, QUARTERS, TOWN, boroughs, quarters
from tests.pools import Pool

FIRST = pd.Timestamp("2026-11-25 08:00", tz="Asia/Shanghai")
SECOND = FIRST + pd.Timedelta(hours=1)
WEST, EAST = "100001", "100002"
A, B, E = (int(code.ljust(15, "0")) for code in ("100001001", "100001002", "100002001"))
WHOLE_WEST, WHOLE = int(WEST.ljust(15, "0")), int("1000".ljust(15, "0"))

INCIDENTS = [  # id, own code, longitude
    ("refined to a", "W/7", 20.45),
    ("by geometry in a", "", 20.45),
    ("coded a", "w-a", 20.45),
    ("coded b, lies in a", "w-b", 20.45),
    ("coded east, lies in a", "e-a", 20.45),
    ("by geometry in east", "", 21.5),
    ("coded west, no point", "W/7", None),
    ("nothing known", "", None),
    ("coded a, deep in it", "w-a", 20.1),
]


def hand(folder: Path, rows, order: Order, **more) -> Handed:
    """Rows handed in as a GeoJSON."""
    path = folder / f"{order.vintage}.geojson"
    rows[["code", "name", "geometry"]].to_file(path)
    return Handed(Source(path, "code", "name"), order, **more)


@pytest.fixture
def handed(tmp_path):
    """Hand in rows: `handed(rows, order, …)`."""
    return partial(hand, tmp_path)


def fill(pool: Pool) -> None:
    """The town with boroughs, quarters and incidents."""
    engine, settings, folder = pool.engine, pool.settings, pool.settings.var
    import_boundaries(engine, settings, hand(folder, boroughs(), BOROUGHS, root=TOWN), at=FIRST)
    import_boundaries(engine, settings, hand(folder, quarters(), QUARTERS), at=FIRST)
    settings = Settings(var=settings.var, database_url=settings.database_url)
    rows = [
        {"编号": name, "类型": "邻里纠纷", "受理时间": "2026-11-20 08:00", "区划代码": code}
        | {"经度": x, "纬度": None if x is None else 50.5}
        for name, code, x in INCIDENTS
    ]
    pd.DataFrame(rows).to_csv(folder / "feed.csv", index=False)
    delivery = Delivery(folder / "feed.csv", "hotline", Datum.WGS84)
    batch = import_file(engine, open_places(settings), delivery, as_of=FIRST)
    assert (batch.added, batch.rejected) == (len(INCIDENTS), 0)


@pytest.fixture
def pool(copy_of) -> Pool:
    return copy_of(fill)


@pytest.fixture
def town(pool) -> Settings:
    return pool.settings


@pytest.fixture
def engine(pool) -> Engine:
    return pool.engine


def where(engine) -> dict[str, tuple[int, bool]]:
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT external_id, place, conflict FROM incidents")).all()
    return {name: (place, bool(conflict)) for name, place, conflict in rows}


def log(engine) -> dict[int, int]:
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT place, SUM(weight) FROM changes GROUP BY place")).all()
    return {int(place): int(total) for place, total in rows if total}


def now(engine) -> dict[int, int]:
    places = [place for place, _ in where(engine).values()]
    return {place: places.count(place) for place in places}


def test_incidents_are_located_by_the_offices_own_codes_and_by_geometry(town, engine):
    assert where(engine) == {
        "refined to a": (A, False),
        "by geometry in a": (A, False),
        "coded a": (A, False),
        "coded b, lies in a": (B, True),
        "coded east, lies in a": (E, True),
        "by geometry in east": (E, False),
        "coded west, no point": (WHOLE_WEST, False),
        "nothing known": (WHOLE, False),
        "coded a, deep in it": (A, False),
    }


def test_a_code_that_no_unit_has_is_rejected(town, engine, tmp_path):
    row = {"编号": "x", "类型": "邻里纠纷", "受理时间": "2026-11-20 08:00"}
    frame = pd.DataFrame([row | {"区划代码": code} for code in ("Q", "100001", "12")])
    frame["编号"] = ["1", "2", "3"]
    frame.to_csv(tmp_path / "wrong.csv", index=False)
    batch = import_file(engine, open_places(town), Delivery(tmp_path / "wrong.csv", "police", Datum.WGS84), as_of=FIRST)
    assert (batch.added, batch.rejected) == (0, 3)


def test_cutting_elsewhere_moves_what_relied_on_geometry_and_nothing_else(town, engine, handed):
    shares = []
    done = import_boundaries(
        engine, town, handed(quarters(cut=20.4), QUARTERS), at=SECOND, on_progress=lambda _, share: shares.append(share)
    )
    assert done.moves.to_numpy().tolist() == [["西区 · 西甲", "西区 · 西乙", 2]]
    assert (done.looked_at, done.moved, done.settled) == (9, 2, 2)
    assert shares[-1] == 1.0
    assert where(engine) == {
        "refined to a": (B, False),
        "by geometry in a": (B, False),
        "coded a": (A, True),
        "coded b, lies in a": (B, False),
        "coded east, lies in a": (E, True),
        "by geometry in east": (E, False),
        "coded west, no point": (WHOLE_WEST, False),
        "nothing known": (WHOLE, False),
        "coded a, deep in it": (A, False),
    }
    assert log(engine) == now(engine) == {A: 2, B: 3, E: 2, WHOLE_WEST: 1, WHOLE: 1}


def test_counts_as_of_before_the_change_are_those_of_the_old_quarters(town, engine, handed):
    import_boundaries(engine, town, handed(quarters(cut=20.4), QUARTERS), at=SECOND)
    publish(engine, town)
    counting = Counting(engine, town)

    def by_quarter(known_at=None):
        period = Period(dt.date(2026, 11, 1), dt.date(2026, 12, 1))
        found = counting.run(queries.counts_by_child(IncidentFilter("1000", period, WEST, known_at=known_at), 4))
        return {int(row.place): int(row.incident_count) for row in found.itertuples() if row.incident_count}

    assert by_quarter() == {A: 2, B: 3, WHOLE_WEST: 1}
    assert by_quarter(FIRST.to_pydatetime()) == {A: 4, B: 1, WHOLE_WEST: 1}
    counting.close()


def test_locating_again_changes_nothing(town, engine, handed):
    import_boundaries(engine, town, handed(quarters(cut=20.4), QUARTERS), at=SECOND)
    with reading(engine) as connection:
        before = connection.execute(text("SELECT COUNT(*) FROM changes")).scalar()
    done = locate_again(engine, town, at=SECOND)
    assert (done.looked_at, done.moved, done.settled) == (9, 0, 0)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM changes")).scalar() == before


def test_rows_of_an_earlier_release_stay_where_their_code_put_them(town, engine, handed):
    with writing(engine) as connection:
        connection.execute(text("UPDATE incidents SET coded = NULL"))
    done = import_boundaries(engine, town, handed(quarters(cut=20.4), QUARTERS), at=SECOND)
    assert done.moves.to_numpy().tolist() == [["西区 · 西甲", "西区 · 西乙", 1]]
    found = where(engine)
    assert found["by geometry in a"] == (B, False)
    assert found["refined to a"] == found["coded a"] == (A, False)
    assert log(engine) == now(engine)


def test_a_code_whose_quarter_is_gone_stands_for_the_borough(town, engine, handed):
    done = import_boundaries(engine, town, handed(quarters().iloc[1:], QUARTERS), at=SECOND)
    found = where(engine)
    assert found["coded a, deep in it"] == (WHOLE_WEST, False)
    assert found["refined to a"] == (WHOLE_WEST, False)
    assert found["by geometry in a"] == (WHOLE_WEST, False)
    assert done.moves.to_numpy().tolist() == [["西区 · 西甲", "西区", 4]]
    assert log(engine) == now(engine)
    with reading(engine) as connection:
        by = connection.execute(text("SELECT located_by FROM incidents WHERE external_id = 'coded a'")).scalar()
    assert by == LocatedBy.CODE


def test_refused_units_keep_everything_as_it_was_unless_a_part_will_do(town, engine, handed):
    wrong = pd.concat([quarters(cut=20.4), quarters().iloc[:1]], ignore_index=True)
    before = town.geography
    with pytest.raises(BoundaryImportError, match="1 个要素被拒收"):
        import_boundaries(engine, town, handed(wrong, QUARTERS), at=SECOND)
    assert town.geography == before
    assert len(read_vintages(engine, town)) == 2
    assert import_boundaries(engine, town, handed(wrong, QUARTERS, partial=True), at=SECOND).moved == 2


def test_a_check_keeps_nothing(town, engine, handed):
    report = check_boundaries(town, handed(quarters(cut=20.4), QUARTERS)).report
    assert (report.read, report.accepted) == (3, 3)
    assert len(read_vintages(engine, town)) == 2


def test_vintages_are_listed_and_old_ones_collected_a_day_after(town, engine, handed):
    third = handed(quarters(cut=20.4), QUARTERS, valid_from=pd.Timestamp("2026-01-01"), note="测绘院")
    import_boundaries(engine, town, third, at=SECOND)
    table = read_vintages(engine, town)
    assert table[["id", "level", "units", "moved", "stands"]].to_numpy().tolist() == [
        [3, 4, 3, 2, True],
        [2, 4, 3, 0, False],
        [1, 3, 2, 0, False],
    ]
    assert dt.date(1970, 1, 1) + dt.timedelta(days=int(table["valid_from"][0])) == dt.date(2026, 1, 1)
    assert (town.geography / "report.csv").read_bytes().startswith("\ufeff问题".encode())
    soon = int(SECOND.timestamp()) + 3600
    assert collect(engine, town, now=soon) == []
    assert collect(engine, town, now=soon + 86_400) == [2, 1]
    assert sorted(path.name for path in town.vintages.iterdir()) == ["current", "v3"]


def test_a_file_without_a_coordinate_system_keeps_nothing(copy_of, tmp_path):
    empty = copy_of(lambda _pool: None)
    path = tmp_path / "wrong.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    with pytest.raises(BoundaryFileError):
        import_boundaries(empty.engine, empty.settings, Handed(Source(path, "code", "name"), BOROUGHS, TOWN), at=FIRST)
    assert not empty.settings.vintages.exists()
