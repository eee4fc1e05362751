"""A letter from its draft to its end, on both stores."""

import datetime as dt
from dataclasses import replace

import pytest

from data.filter import OutOfScopeError
from data.letters.acts import Act, do_act
from data.letters.drafting import draft_letter, revise_letter
from data.letters.life import MOVES, STATES, IllegalActError
from data.letters.reading import LetterFilter, acts_of, find_letter, list_letters
from data.letters.rows import UnknownLetterError
from data.letters.wording import LetterRefusedError
from tests.data.letters.conftest import AS_OF, DRAFT, by


def test_a_letter_goes_from_draft_to_closed_and_every_act_is_kept(engine, kinds, written):
    letter_id = written("submit", "issue", "receive", "answer", "close")
    letter = find_letter(engine, "62", letter_id)
    assert letter.state == "closed"
    assert letter.number == "兰州市综治风提〔2026〕1号"
    assert (letter.issued, letter.answered) == (dt.date(2026, 11, 25), dt.date(2026, 11, 25))
    acts = acts_of(engine, "62", letter_id)
    assert list(acts["act"]) == ["draft", "submit", "issue", "receive", "answer", "close"]
    assert list(acts["from_state"]) == ["", "draft", "in_review", "issued", "received", "answered"]
    assert list(acts["to_state"]) == ["draft", "in_review", "issued", "received", "answered", "closed"]
    assert list(acts["person"]) == ["王敏", "王敏", *["李强"] * 4]
    assert acts["note"].iloc[-2] == "已了解情况"


def test_review_gives_it_back_with_a_reason_and_it_is_changed_and_issued(engine, kinds, written):
    letter_id = written("submit")
    with pytest.raises(LetterRefusedError, match="退回理由"):
        do_act(engine, kinds, letter_id, Act("return", by("李强"), "  "))
    do_act(engine, kinds, letter_id, Act("return", by("李强"), "请写明时限"))
    letter = find_letter(engine, "62", letter_id)
    better = replace(letter.draft, demand="请于 5 日内排查。", kind="supervision", division="620103")
    revise_letter(engine, kinds, letter_id, better, by("王敏"), version=letter.version)
    changed = find_letter(engine, "62", letter_id).draft
    assert (changed.demand, changed.kind, changed.division) == ("请于 5 日内排查。", "risk_notice", "620102")
    do_act(engine, kinds, letter_id, Act("submit", by("王敏")))
    assert do_act(engine, kinds, letter_id, Act("issue", by("李强"))).state == "issued"
    assert "请写明时限" in list(acts_of(engine, "62", letter_id)["note"])


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_draft_is_voided_with_a_reason_and_takes_no_number(engine, kinds, written):
    letter_id = written("void")
    assert find_letter(engine, "62", letter_id).state == "void"
    assert written("submit", "issue") > letter_id
    assert find_letter(engine, "62", letter_id + 1).number.endswith("1号")


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_an_answer_that_is_not_enough_is_sent_back(engine, kinds, written):
    letter_id = written("submit", "issue", "receive", "answer", "send_back")
    letter = find_letter(engine, "62", letter_id)
    assert (letter.state, letter.answered) == ("received", None)
    assert letter.days_over(dt.date(2026, 12, 8)) == 3


def test_every_illegal_act_is_refused_with_state_and_what_is_allowed(engine, kinds, written):
    for path in ((), ("submit",), ("submit", "issue"), ("submit", "issue", "receive", "answer"), ("void",)):
        letter_id = written(*path)
        before = find_letter(engine, "62", letter_id)
        for move in (move for move in MOVES.values() if move.start != before.state):
            with pytest.raises(IllegalActError) as refused:
                do_act(engine, kinds, letter_id, Act(move.act, by("李强"), "理由"))
            assert f"现在是“{STATES[before.state]}”,不能“{move.word}”" in str(refused.value)
            allowed = [other.word for other in MOVES.values() if other.start == before.state]
            assert all(word in str(refused.value) for word in allowed)
        assert find_letter(engine, "62", letter_id) == before
        assert len(acts_of(engine, "62", letter_id)) == len(path) + 1


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_who_wrote_it_does_not_issue_it_unless_the_office_says_so(engine, kinds, written):
    letter_id = written("submit")
    with pytest.raises(LetterRefusedError, match="王敏参与了拟稿,不能自己签发"):
        do_act(engine, kinds, letter_id, Act("issue", by(" 王 敏")))
    alone = replace(kinds, reviewer_must_differ=False)
    assert do_act(engine, alone, letter_id, Act("issue", by("王敏"))).state == "issued"


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_who_changed_a_draft_has_written_it_too(engine, kinds, written):
    letter_id = written()
    letter = find_letter(engine, "62", letter_id)
    revise_letter(engine, kinds, letter_id, letter.draft, by("李强"), version=1)
    do_act(engine, kinds, letter_id, Act("submit", by("王敏")))
    with pytest.raises(LetterRefusedError, match="李强参与了拟稿"):
        do_act(engine, kinds, letter_id, Act("issue", by("李强")))


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_nothing_incomplete_goes_out(engine, kinds, written):
    for changed, told in (
        ({"receiver": ""}, "缺少收函单位"),
        ({"due": None}, "缺少办理期限"),
        ({"demand": "请于____前反馈。"}, "要求里还有空着的"),
    ):
        with pytest.raises(LetterRefusedError, match=told):
            written("submit", **changed)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_deadline_that_has_passed_stops_a_letter(engine, kinds, written):
    with pytest.raises(LetterRefusedError, match="早于今天"):
        written(due=dt.date(2026, 11, 24))
    letter_id = written("submit")
    with pytest.raises(LetterRefusedError, match="办理期限 2026-12-05 已过"):
        do_act(engine, kinds, letter_id, Act("issue", by("李强", days=11)))


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_what_can_not_be_kept_is_refused_in_words(engine, written):
    for changed, told in (
        ({"title": "长" * 81}, "标题有 81 个字,至多 80 个字"),
        ({"body": "长" * 4001}, "正文有 4,001 个字"),
        ({"demand": "长" * 2001}, "要求有 2,001 个字"),
        ({"receiver": "长" * 61}, "收函单位有 61 个字"),
        ({"alert": "长" * 21}, "预警编号有 21 个字"),
        ({"body": "  \n "}, "标题和正文不能为空"),
        ({"kind": "greeting"}, "没有“greeting”这一类函"),
        ({"dispute_type": "D77"}, "没有“D77”这一纠纷类型"),
        ({"issuer": "620102", "division": "6201"}, "不在发函单位的区划之内"),
    ):
        with pytest.raises(LetterRefusedError, match=told):
            written(**changed)
    assert list_letters(engine, LetterFilter("62", AS_OF.date())).empty


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_nobody_acts_without_a_name_or_in_too_many_words(engine, kinds, written):
    letter_id = written()
    with pytest.raises(LetterRefusedError, match="填写您的姓名"):
        do_act(engine, kinds, letter_id, Act("submit", by(" ")))
    with pytest.raises(LetterRefusedError, match="作废理由有 1,001 个字"):
        do_act(engine, kinds, letter_id, Act("void", by("王敏"), "长" * 1001))
    with pytest.raises(ValueError, match="expected an act"):
        do_act(engine, kinds, letter_id, Act("burn", by("王敏")))


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_texts_keep_their_lines_and_lose_signs_that_can_not_be_printed(engine, written):
    letter = find_letter(engine, "62", written(body="第一行\x00\n\n第二行\t末\n", title="关于\n两行"))
    assert letter.draft.body == "第一行\n\n第二行 末"
    assert letter.draft.title == "关于 两行"


def test_two_who_change_a_draft_do_not_overwrite_each_other(engine, kinds, written):
    letter_id = written()
    draft = find_letter(engine, "62", letter_id).draft
    revise_letter(engine, kinds, letter_id, replace(draft, body="甲"), by("王敏"), version=1)
    with pytest.raises(LetterRefusedError, match="刚被别人改过"):
        revise_letter(engine, kinds, letter_id, replace(draft, body="乙"), by("李强"), version=1)
    assert find_letter(engine, "62", letter_id).draft.body == "甲"


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_only_a_draft_is_changed(engine, kinds, written):
    letter_id = written("submit")
    with pytest.raises(IllegalActError, match="现在是“审核”,不能“修改”"):
        revise_letter(engine, kinds, letter_id, DRAFT, by("王敏"), version=2)


def test_scope_decides_who_sees_and_does_what(engine, kinds, written):
    letter_id = written("submit")
    county, neighbour = "620102", "6202"
    # Before it goes out the county does not see what the city writes about it.
    assert find_letter(engine, county, letter_id) is None
    do_act(engine, kinds, letter_id, Act("issue", by("李强")))
    assert find_letter(engine, county, letter_id).state == "issued"
    assert find_letter(engine, neighbour, letter_id) is None
    assert acts_of(engine, neighbour, letter_id).empty
    with pytest.raises(UnknownLetterError):
        do_act(engine, kinds, letter_id, Act("receive", by("赵军", scope=neighbour)))
    do_act(engine, kinds, letter_id, Act("receive", by("赵军", scope=county)))
    do_act(engine, kinds, letter_id, Act("answer", by("赵军", scope=county), "已排查 12 户"))
    with pytest.raises(OutOfScopeError):
        do_act(engine, kinds, letter_id, Act("close", by("赵军", scope=county)))
    with pytest.raises(OutOfScopeError):
        draft_letter(engine, kinds, DRAFT, by("赵军", scope=county))
