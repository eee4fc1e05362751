import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from data.letters.letter import Draft, Letter
from reports.docx_parts import W
from reports.letter_docx import letter_docx
from reports.letter_html import letter_html
from reports.letter_paper import Export, letter_paper

EVIL = "<script>alert('1')</script>&\"'"
DRAFT = Draft(
    kind="risk_notice",
    issuer="6201",
    issuer_name="兰州市综治中心",
    division="620102",
    title="关于城关区欠薪纠纷的风险提示函",
    body="第一段。\n\n第二段。",
    demand="一、请排查。\n二、请反馈。",
    receiver="城关区人社局",
    due=dt.date(2026, 12, 5),
    dispute_type="D06",
    alert="YJ-2026-0001",
    evidence=(("涉及区域", "城关区"), ("上期 → 本期", "<5 → 19 件")),
)
LETTER = Letter(7, "issued", "兰州市综治风提〔2026〕1号", DRAFT, "王敏", 0, 0, 3, issued=dt.date(2026, 11, 25))
EXPORT = Export("李强", dt.datetime(2026, 11, 26, 8, 5))  # noqa: DTZ001 - local time is what it prints


def paper(letter: Letter = LETTER, *, person: str = "李强"):
    names = {"kind": "风险提示函", "area": "城关区", "dispute_type": "劳动争议、欠薪"}
    return letter_paper(letter, **names, export=replace(EXPORT, person=person))


class Texts(HTMLParser):
    """Words and elements of a page, checked to be closed in order."""

    VOID = ("meta", "br")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.elements, self.open = "", [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data + "\n"


def docx_words(file: bytes, part: str = "word/document.xml") -> list[str]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert archive.testzip() is None
        trees = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}  # noqa: S314 - ours
    return ["".join(line.itertext()) for line in trees[part].iter(f"{{{W}}}p")]


def test_both_forms_say_everything_that_a_letter_says():
    page, word = Texts(letter_html(paper())).words, "\n".join(docx_words(letter_docx(paper())))
    for said in (
        "兰州市综治中心风险提示函",
        "兰州市综治风提〔2026〕1号",
        "关于城关区欠薪纠纷的风险提示函",
        "城关区人社局\uff1a",
        "第一段。",
        "第二段。",
        "二、请反馈。",
        "上期 → 本期",
        "<5 → 19 件",
        "2026年12月5日",
        "2026年11月25日",
        "YJ-2026-0001",
        "内部资料",
        "不等于安全",
    ):
        assert said in page, said
        assert said in word, said


def test_both_forms_name_who_took_them_out_and_when():
    line = "导出人 李强 · 2026-11-26 08:05 · 内部资料\uff0c注意保管\uff0c不得外传"
    assert Texts(letter_html(paper())).words.count(line) == 2
    for foot in ("footer1", "footer2"):
        assert docx_words(letter_docx(paper()), f"word/{foot}.xml")[1] == line


def test_nothing_that_people_wrote_becomes_markup():
    wrote = dict.fromkeys(("title", "body", "demand", "receiver", "issuer_name", "alert"), EVIL)
    evil = replace(LETTER, number=EVIL, draft=replace(DRAFT, evidence=((EVIL, EVIL),), **wrote))
    page = Texts(letter_html(paper(evil, person=EVIL)))
    assert "script" not in [tag for tag, _ in page.elements]
    assert page.words.count(EVIL) >= 9
    assert sum(line.count(EVIL) for line in docx_words(letter_docx(paper(evil)))) >= 8


def test_the_page_fetches_nothing_and_prints_on_a4():
    page = letter_html(paper())
    assert not re.search(r"https?:|//|url\(|@import|<link|<img|src=", page)
    assert "@page { size: A4" in page
    assert [attrs["onclick"] for tag, attrs in Texts(page).elements if tag == "button"] == ["window.print()"]
    assert "@media print" in page


@pytest.mark.parametrize(("state", "mark"), [("draft", "拟稿"), ("in_review", "审核"), ("void", "作废")])
def test_what_has_not_gone_out_says_so_and_has_no_number(state, mark):
    unsent = replace(LETTER, state=state, number="", issued=None)
    page, word = letter_html(paper(unsent)), docx_words(letter_docx(paper(unsent)))
    assert f"<b>{mark}</b>" in page
    assert "\uff08未编号\uff09" in page
    assert f"\uff08{mark}\uff0c未签发\uff09" in word
    assert "2026年11月25日" not in page


def test_a_free_letter_has_no_evidence_but_its_area():
    free = replace(LETTER, draft=replace(DRAFT, evidence=(), alert="", dispute_type=""))
    names = {"kind": "风险提示函", "area": "城关区", "dispute_type": ""}
    said = letter_paper(free, **names, export=EXPORT)
    assert said.facts == (("涉及区域", "城关区"), ("办理期限", "2026年12月5日"))
    assert "有关情况" not in letter_html(said)
    assert "不等于安全" not in letter_html(said)


def test_the_file_is_named_after_number_and_title_without_signs_that_file_systems_mind():
    assert paper().file_name == "兰州市综治风提〔2026〕1号 关于城关区欠薪纠纷的风险提示函"
    odd = replace(LETTER, state="draft", number="", draft=replace(DRAFT, title='a/b:"c"?'))
    assert paper(odd).file_name == "拟稿 a_b__c__"


def test_the_same_letter_makes_the_same_word_file():
    assert letter_docx(paper()) == letter_docx(paper())
