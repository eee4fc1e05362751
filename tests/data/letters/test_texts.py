import datetime as dt

from data.letters.evidence import deadline_facts, evidence_of, facts_of
from data.letters.templates import FACTS, fill, number_text
from tests.data.letters.conftest import alert

NAMES = {"area": "城关区 · 雁南街道", "dispute_type": "劳动争议、欠薪", "level": "红 重大"}


def test_a_template_is_filled_once_and_runs_nothing():
    text = fill("${area}:${type}", {"area": "${type}{0.__class__}", "type": "%s $area"})
    assert text == "${type}{0.__class__}:%s $area"


def test_what_is_not_known_is_left_blank_and_missing_reasons_are_nothing():
    assert fill("${area}${reasons}请于${deadline}前", {}) == "____请于____前"


def test_the_shipped_texts_name_everything_of_an_alert(kinds):
    assert facts_of(alert(), **NAMES)["reasons"] == "近 4 周 19 件,前 4 周 <5 件。新增热点。"
    facts = facts_of(alert(), **NAMES) | deadline_facts(dt.date(2026, 12, 5), 10) | {"issuer": "甲", "receiver": "乙"}
    assert set(facts) == set(FACTS)
    for kind in kinds.kinds.values():
        said = [fill(text, facts) for text in (kind.title, kind.body, kind.demand)]
        assert "____" not in "".join(said)
        assert "雁南街道" in said[0]
        assert "劳动争议、欠薪" in said[1]
        assert "2026年12月5日" in said[2]


def test_a_number_names_sign_year_and_serial(kinds):
    pattern = kinds.kinds["supervision"].number
    assert number_text(pattern, sign="甘综治", year=2026, serial=12) == "甘综治督办〔2026〕12号"


def test_evidence_tells_no_count_that_the_alert_does_not():
    rows = dict(evidence_of(alert(), **NAMES))
    assert rows["上期 → 本期"] == "<5 → 19 件(数量少的不显示具体数)"
    assert rows["预警编号"] == "YJ-2026-0001"
    assert rows["研判依据"] == "近 4 周 19 件,前 4 周 <5 件。"
    assert rows["研判依据(2)"] == "新增热点。"
    hidden = dict(evidence_of(alert(dispute_type="D01", current=None), **NAMES))
    assert hidden["上期 → 本期"] == "<10 → <10 件(数量少的不显示具体数)"
    floor = dict(evidence_of(alert(current_is_floor=True, previous=12), **NAMES))
    assert floor["上期 → 本期"] == "12 → ≥19 件(数量少的不显示具体数)"
    several = alert(current=None, current_is_floor=True, previous_is_floor=True)
    assert dict(evidence_of(several, **NAMES))["上期 → 本期"] == "件数较少,按规定不显示"
    half = alert(previous=0, current=None, current_is_floor=True)
    assert dict(evidence_of(half, **NAMES))["上期 → 本期"] == "0 件 → 不显示(数量少的不显示具体数)"
    assert dict(evidence_of(alert(previous=8), **NAMES))["上期 → 本期"] == "8 → 19 件"
