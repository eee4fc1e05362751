"""The command line, on a real installation."""

import csv
import json

import pytest
from typer.testing import CliRunner

import manage
from data.settings import Settings

FEED = "编号,纠纷类型,受理时间,区划代码\nA1,邻里,2026-01-05 10:00:00,620102\nA2,邻里,昨天,620102\n"
runner = CliRunner()


@pytest.fixture
def feed(tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text(FEED, encoding="gb18030")
    return path


@pytest.fixture
def run(monkeypatch):
    def run_(settings: Settings, *words: object):
        monkeypatch.setenv("PINGAN_VAR", str(settings.var))
        monkeypatch.delenv("DATABASE_URL", raising=False)
        return runner.invoke(manage.app, [str(word) for word in words])

    return run_


def test_import_takes_a_file_in_publishes_it_and_writes_what_was_refused(run, bare, feed, tmp_path):
    out = tmp_path / "out.csv"
    done = run(bare, "import", feed, "--source", "hotline", "--datum", "wgs84", "--rejected", out, "--json")
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    assert (figures["rows_read"], figures["added"], figures["rejected"]) == (2, 1, 1)
    with out.open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert rows[0][:4] == ["行", "列", "原因", "编号"]
    assert rows[1][:4] == ["3", "受理时间", "日期写法不认识:“昨天”", "A2"]
    assert "0 rows published" in run(bare, "publish").output


@pytest.mark.parametrize(
    ("words", "says"),
    [(("--source", "fax", "--datum", "wgs84"), "fax"), (("--source", "hotline", "--datum", "utm"), "utm")],
)
def test_a_wrong_source_or_datum_is_refused_by_name(run, bare, feed, words, says):
    done = run(bare, "import", feed, *words)
    assert done.exit_code == 2
    assert says in done.output


def test_a_file_that_cannot_be_read_ends_with_its_reason(run, bare, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("姓名,电话\n张,1\n", encoding="utf-8")
    done = run(bare, "import", path, "--source", "hotline", "--datum", "wgs84")
    assert done.exit_code == 2
    assert "表头里没有找到必需的列" in done.output


def test_import_without_geography_says_what_to_run_first(run, settings, feed):
    done = run(settings, "import", feed, "--source", "hotline", "--datum", "wgs84")
    assert done.exit_code == 2
    assert "manage.py geography" in done.output


def test_the_demo_is_not_built_over_real_data(run, bare, feed):
    run(bare, "import", feed, "--source", "hotline", "--datum", "wgs84")
    done = run(bare, "demo", "--incidents", "1000")
    assert done.exit_code == 2
    assert "real feeds" in done.output


def test_an_unknown_benchmark_lists_the_known_ones(run, settings):
    done = run(settings, "bench", "nothing")
    assert done.exit_code == 2
    assert "locate" in done.output
