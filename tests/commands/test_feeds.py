import json

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from manage import app

PROFILE = """source: hotline
datum: wgs84
rhythm_minutes: 60
columns: {external_id: [单号]}
words: {dispute_type: {漏水: D10}}
pull: {url_variable: ESTATE_URL, view: orders, watermark: changed, watermark_kind: number}
"""
GOOD = "单号,纠纷类型,受理时间,区划代码\nA1,漏水,2026-01-05 10:00:00,620102\n"


@pytest.fixture
def run(bare, monkeypatch):
    monkeypatch.setenv("PINGAN_VAR", str(bare.var))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = bare.var / "profiles"
    folder.mkdir()
    (folder / "estate.yaml").write_text(PROFILE, "utf-8")
    return lambda *words: CliRunner().invoke(app, list(words))


def test_a_feed_added_by_a_file_is_listed_beside_the_shipped_ones(run):
    done = run("profiles")
    assert done.exit_code == 0
    for name in ("hotline", "department", "estate"):
        assert name in done.output


def test_a_wrong_profile_ends_the_command_with_what_is_wrong(run, bare):
    (bare.var / "profiles" / "estate.yaml").write_text(PROFILE.replace("wgs84", "mars"), "utf-8")
    done = run("watch", "--once")
    assert done.exit_code == 2
    assert "来源配置 estate.yaml 的“datum”有误:写的是“mars”" in done.output


def test_watch_once_takes_what_an_earlier_look_has_seen_and_publishes_it(run, bare):
    assert run("watch", "--once", "--feed", "estate").exit_code == 0
    (bare.var / "inbox" / "estate" / "a.csv").write_text(GOOD, "utf-8")
    assert run("watch", "--once", "--feed", "estate", "--settle", "0").output == ""
    done = run("watch", "--once", "--feed", "estate", "--settle", "0", "--json")
    taken = json.loads(done.output)
    assert (taken["feed"], taken["file"], taken["batch"]["added"]) == ("estate", "a.csv", 1)
    assert taken["batch"]["unmapped_words"] == {}
    assert list((bare.var / "segments").glob("**/*.parquet"))


def test_pull_reads_the_address_from_the_environment(run, bare, monkeypatch, tmp_path):
    url = f"sqlite:///{tmp_path / 'estate.sqlite'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text('CREATE TABLE orders ("单号", "纠纷类型", "受理时间", changed INTEGER)'))
        connection.execute(text("INSERT INTO orders VALUES ('A1', '邻里', '2026-01-05 10:00:00', 7)"))
    engine.dispose()
    done = run("pull", "estate")
    assert (done.exit_code, "环境变量 ESTATE_URL 没有设置" in done.output) == (2, True)
    monkeypatch.setenv("ESTATE_URL", url)
    done = run("pull", "estate", "--json")
    assert done.exit_code == 0, done.output
    figures = json.loads(done.output)
    assert (figures["rows_read"], figures["written"]["added"], figures["watermark"]) == (1, 1, 7)
    assert str(tmp_path) not in done.output


def test_pull_of_an_unknown_feed_or_one_without_a_view_says_so(run):
    assert "没有名为 nobody 的来源配置" in run("pull", "nobody").output
    assert "没有 pull 一节" in run("pull", "hotline").output
