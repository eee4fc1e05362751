from dataclasses import replace
from pathlib import Path

import pytest

from data.feeds.profile import FeedProfile
from data.feeds.profiles import profile_of, read_profile, read_profiles, shipped_profiles
from data.feeds.yaml_section import BadProfileError
from data.readers.words import WORDS
from data.settings import Settings
from data.simulation.feeds import FEED_DATUM, HEADERS, PERSONAL_COLUMNS
from geo.datum import Datum
from risk.incident import DISPUTE_TYPES, SOURCES

SHORT = "source: hotline\ndatum: wgs84\nrhythm_minutes: 60\n"


def profile(folder: Path, text: str, name: str = "estate.yaml") -> FeedProfile:
    path = folder / name
    path.write_text(text, "utf-8")
    return read_profile(path)


def test_each_of_the_eight_sources_has_a_profile_of_its_name_and_rhythm() -> None:
    found = shipped_profiles()
    assert list(found) == list(SOURCES)
    for name, each in found.items():
        assert (each.source, each.title) == (name, SOURCES[name].name)
        assert each.rhythm_minutes == SOURCES[name].promised_hours * 60


@pytest.mark.parametrize("source", SOURCES)
def test_the_shipped_profiles_read_the_simulated_feeds_whole(source: str) -> None:
    each = shipped_profiles()[source]
    assert each.datum == FEED_DATUM[source]
    known = each.known_headers([*HEADERS, *PERSONAL_COLUMNS.get(source, {})])
    assert list(known) == list(HEADERS)
    assert {"D06", "劳动争议、欠薪"} <= set(each.words["dispute_type"])


def test_the_offices_own_profiles_come_beside_the_shipped_ones_or_in_their_place(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "hotline.yaml").write_text(SHORT.replace("wgs84", "bd09"), "utf-8")
    (folder / "estate.yaml").write_text(SHORT + "title: 物业平台\n", "utf-8")
    found = read_profiles(Settings(var=tmp_path))
    assert list(found) == [*SOURCES, "estate"]
    assert (found["hotline"].datum, found["hotline"].rhythm_minutes) == (Datum.BD09, 60)
    assert (found["estate"].title, found["estate"].source) == ("物业平台", "hotline")
    assert found["court"] == shipped_profiles()["court"]


def test_a_profile_that_says_little_takes_the_usual_columns_and_words(tmp_path: Path) -> None:
    found = profile(tmp_path, SHORT)
    assert found.known_headers([" 编号", "类型", "受理时间", "电话"]) == {
        " 编号": "external_id",
        "类型": "dispute_type",
        "受理时间": "accepted_at",
    }
    assert found.words == WORDS
    assert found.timezone == ""
    assert found.pull is None


def test_a_feeds_own_columns_and_words_come_before_the_usual_ones(tmp_path: Path) -> None:
    text = """columns:
  external_id: 单号
  sub_source: [类型]
  division_name: [市, 区, 街道]
words:
  dispute_type: {物业: D13, 漏水: D10}
  status: {已销单: withdrawn, 已派: assigned}
  withdrawn: {作废: true, 有效: false}
blank: {channel: police}
date_formats: ["%d/%m/%Y %H:%M"]
timezone: Asia/Urumqi
division: words
"""
    found = profile(tmp_path, SHORT + text)
    headers = ["单号", "编号", "类型", "纠纷类型"]
    assert found.known_headers(headers) == {
        "单号": "external_id",
        "类型": "sub_source",
        "纠纷类型": "dispute_type",
    }
    assert found.headers["division_name"] == ("市", "区", "街道")
    assert [found.words["dispute_type"][word] for word in ("物业", "漏水", "邻里")] == ["D13", "D10", "D02"]
    assert found.words["status"]["已派"] == "assigned"
    assert "已销单" in found.withdrawn_status
    assert "已销单" not in found.words["status"]
    assert "作废" in found.withdrawn
    assert "有效" in found.not_withdrawn
    assert found.blank == {"channel": "police", "status": "accepted"}
    assert (found.timezone, found.division, found.date_formats) == ("Asia/Urumqi", "words", ("%d/%m/%Y %H:%M",))


def test_a_profile_says_how_to_pull_and_what_to_watch(tmp_path: Path) -> None:
    text = """pull: {url_variable: FEED_URL, view: v_orders, watermark: updated_at, watermark_kind: time, overlap: 300}
watch: {endings: [.CSV]}
"""
    found = profile(tmp_path, SHORT + text)
    assert found.pull is not None
    assert (found.pull.view, found.pull.overlap, found.pull.schema) == ("v_orders", 300, None)
    assert found.watch.endings == (".csv",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "写的是空白,应为一组“名称: 值”"),
        ("a: [", "写的是第 1 行第 5 列附近读不懂的内容"),
        (SHORT.replace("hotline", "hotlines"), "“source”有误:写的是“hotlines”,应为以下之一:hotline、police"),
        (SHORT.replace("wgs84", "wgs"), "“datum”有误:写的是“wgs”,应为以下之一:wgs84"),
        (SHORT.replace("60", "often"), "“rhythm_minutes”有误:写的是“often”,应为不小于 1 的整数"),
        (SHORT.replace("60", "true"), "“rhythm_minutes”有误:写的是是/否 True,应为不小于 1 的整数"),
        (SHORT + "colums: {}\n", "“colums”有误:写的是不认识的配置项,应为以下之一:title"),
        (SHORT + "columns: {phone: 电话}\n", "“columns.phone”有误"),
        (SHORT + "columns: {status: 状态, outcome: 状态}\n", "列名“状态”已用于 status"),
        (SHORT + "columns: {status: [1]}\n", "“columns.status”有误:写的是整数 1,应为文字的列表"),
        (SHORT + "words: {dispute_type: {漏水: D21}}\n", "“words.dispute_type.漏水”有误:写的是“D21”,应为以下之一:D01"),
        (SHORT + "words: {status: {no: closed}}\n", "“words.status.False”有误"),
        (SHORT + "words: {withdrawn: {作废: D01}}\n", "应为true(撤销)或 false(未撤销)"),
        (SHORT + "words: {dispute_type: {漏水: D10, 漏水: D02}}\n", "“漏水”出现了两次"),
        (SHORT + "date_formats: ['%H:%M']\n", "“date_formats”有误:写的是“%H:%M”"),
        (SHORT + "timezone: Mars/Base\n", "“timezone”有误:写的是“Mars/Base”,应为时区名"),
        (SHORT + "pull: {url_variable: 'sqlite:///x.db', view: v}\n", "环境变量的名称"),
        (SHORT + "pull: {url_variable: U, view: v, watermark: t, watermark_kind: day}\n", "应为以下之一:number、time"),
        (SHORT + "watch: {endings: [.exe]}\n", "“watch.endings”有误:写的是“.exe”"),
    ],
)
def test_a_wrong_profile_is_told_by_file_key_and_what_was_expected(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadProfileError) as error:
        profile(tmp_path, text)
    assert said in str(error.value)
    assert "estate.yaml" in str(error.value)


def test_a_profile_can_not_make_objects_nor_have_a_name_that_leaves_its_folder(tmp_path: Path) -> None:
    with pytest.raises(BadProfileError, match="读不懂"):
        profile(tmp_path, SHORT + "title: !!python/object/apply:os.getcwd []\n")
    with pytest.raises(BadProfileError, match="文件名"):
        profile(tmp_path, SHORT, name="..a.yaml")


def test_a_file_named_after_a_source_is_of_that_source(tmp_path: Path) -> None:
    with pytest.raises(BadProfileError, match="应为court"):
        profile(tmp_path, SHORT, name="court.yaml")


def test_a_profile_in_other_than_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "estate.yaml").write_bytes((SHORT + "title: 物业平台\n").encode("gb18030"))
    with pytest.raises(BadProfileError, match="UTF-8"):
        read_profile(tmp_path / "estate.yaml")


def test_a_shipped_profile_can_be_had_with_another_datum() -> None:
    assert profile_of("police", Datum.WGS84) == replace(shipped_profiles()["police"], datum=Datum.WGS84)
    with pytest.raises(ValueError, match="found 'nobody'"):
        profile_of("nobody", Datum.WGS84)


def test_every_word_of_the_shipped_profiles_leads_to_a_known_type() -> None:
    for each in shipped_profiles().values():
        assert set(each.words["dispute_type"].values()) <= set(DISPUTE_TYPES)
