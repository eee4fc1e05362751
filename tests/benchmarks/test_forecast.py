"""The bench reads any city's file."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer

from benchmarks.forecast import known_before_test, read_incidents

NOTHING_NAMED: dict[str, str | None] = dict.fromkeys(("time", "longitude", "latitude", "kind"))
WITHOUT_HEADER = "10/12/2017 07:14:00 PM,DAMAGE,41.91,-87.76\n09/06/2017 01:30:00 PM,THEFT,41.84,-87.70\n"


def test_a_zip_of_a_table_without_header_is_read_by_position(tmp_path: Path) -> None:
    path = tmp_path / "city.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("city.csv", WITHOUT_HEADER)
    table = read_incidents(path, NOTHING_NAMED)
    assert table["kind"].tolist() == ["DAMAGE", "THEFT"]
    assert table["longitude"].tolist() == [-87.76, -87.70]
    assert table["day"].tolist() == [17451, 17415]


def test_columns_are_named_by_number_or_heading(tmp_path: Path) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_text("36.05,2024-01-08 09:00:00,x,103.8\n", encoding="utf-8")
    named: dict[str, str | None] = {"time": "1", "longitude": "3", "latitude": "0", "kind": "2"}
    assert read_incidents(plain, named).iloc[0].tolist()[:3] == ["x", 103.8, 36.05]
    headed = tmp_path / "headed.csv"
    headed.write_text("Where N,Latitude,When,Kind\n103.8,36.05,2024-01-08T09:00:00,x\n", encoding="utf-8")
    named = {"time": "When", "longitude": "Where N", "latitude": None, "kind": None}
    assert read_incidents(headed, named)["day"].tolist() == [19730]


def test_exact_duplicates_and_rows_without_time_or_place_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "city.csv"
    path.write_text(WITHOUT_HEADER * 2 + ",THEFT,41.8,-87.7\n09/06/2017 01:30:00 PM,THEFT,,\n", encoding="utf-8")
    assert len(read_incidents(path, NOTHING_NAMED)) == 2


def test_a_column_that_is_not_there_is_an_error_naming_what_is(tmp_path: Path) -> None:
    path = tmp_path / "city.csv"
    path.write_text("when,lat\n2024-01-08,36\n", encoding="utf-8")
    with pytest.raises(typer.BadParameter, match="no column for"):
        read_incidents(path, NOTHING_NAMED)


def test_places_first_hit_in_the_test_are_not_scored() -> None:
    days = np.concatenate([np.arange(19724, 19724 + 7 * 40), np.full(30, 19724 + 7 * 39)])
    place = np.concatenate([np.full(280, 5), np.full(30, 8)])
    table = pd.DataFrame({"day": days, "place": place, "kind": "a"})
    assert known_before_test(table, None).places.tolist() == [5]
