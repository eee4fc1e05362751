"""What an operator does to keep what is published in order."""

import json

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

import manage
from data.segments import publish, read_manifest
from data.tables import incidents
from tests.data.segments.lives import live


@pytest.fixture
def run(engine, settings, monkeypatch):
    for number in range(3):
        live(engine, number)
        publish(engine, settings)
    monkeypatch.setenv("PINGAN_VAR", str(settings.var))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return lambda *words: CliRunner().invoke(manage.app, [str(word) for word in words])


def told(done) -> dict:
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_segments_are_put_together_and_what_is_left_over_is_removed(run, engine, settings):
    done = told(run("compact", "--json"))
    assert done["before"] == 3
    assert done["after"] == len(read_manifest(engine, settings).segments)
    assert told(run("collect", "--json"))["files"] == 0
    assert told(run("collect", "--grace", 0, "--json"))["files"] == 3
    assert "all agree" in run("verify").output


def test_a_difference_ends_with_code_1_and_is_told_by_its_place(run, engine):
    assert run("verify").exit_code == 0
    with engine.begin() as connection:
        first = connection.execute(incidents.select().where(~incidents.c.withdrawn).limit(1)).mappings().one()
        connection.execute(update(incidents).where(incidents.c.id == first["id"]).values(dispute_type="D09"))
    done = run("verify", "--level", "township", "--json")
    assert done.exit_code == 1
    differences = told(done)["differences"]
    assert {row["dispute_type"] for row in differences} == {"D09", first["dispute_type"]}
    assert {row["division"] for row in differences} == {str(first["place"])[:9]}
    done = run("verify")
    assert done.exit_code == 1
    assert "NOT SOUND" in done.output


def test_a_damaged_segment_is_told_and_made_again(run, engine, settings):
    file = read_manifest(engine, settings).files[1]
    file.write_bytes(b"nonsense")
    done = run("verify")
    assert done.exit_code == 1
    assert file.name in done.output.replace("\n", "")
    done = told(run("rebuild", "--json"))
    assert done == {"checked": 3, "files": [file.name]}
    assert run("verify").exit_code == 0
    assert "3 made again" in run("rebuild", "--all").output


def test_a_level_that_is_none_is_refused_by_name(run):
    done = run("verify", "--level", "street")
    assert done.exit_code == 2
    assert "township" in done.output
