"""The Word file of a letter against the standard of official letters (GB/T 9704-2012), read back from its parts."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from reports.docx_parts import W
from reports.letter_docx import free_right, heading_size, letter_docx
from tests.reports.test_letter import paper

MM = 1440 / 25.4
NS = {"w": W}
ORDER = {
    "pPr": ("keepNext", "pBdr", "snapToGrid", "spacing", "ind", "jc"),
    "rPr": ("rFonts", "b", "color", "sz", "lang"),
    "sectPr": ("footerReference", "pgSz", "pgMar", "docGrid"),
    "tblPr": ("tblW", "tblBorders", "tblLayout"),
}
"""Order in which ECMA-376 wants what stands in an element; Word calls a file damaged that has another."""


def q(name: str) -> str:
    return f"{{{W}}}{name}"


def number(element, name: str) -> int:
    return int(element.attrib[q(name)])


@pytest.fixture(scope="module")
def parts() -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(letter_docx(paper()))) as archive:
        return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}  # noqa: S314 - ours


@pytest.fixture(scope="module")
def document(parts):
    return parts["word/document.xml"]


def paragraph(document, words: str):
    return next(line for line in document.iter(q("p")) if "".join(line.itertext()) == words)


def size_and_font(line) -> tuple[float, str]:
    run = line.find("w:r/w:rPr", NS)
    return number(run.find("w:sz", NS), "val") / 2, run.find("w:rFonts", NS).attrib[q("eastAsia")]


def test_a_page_is_a4_with_the_margins_lines_and_characters_of_the_standard(document):
    page, margins, grid = (document.find(f".//w:sectPr/w:{name}", NS) for name in ("pgSz", "pgMar", "docGrid"))
    assert [round(number(page, side) / MM) for side in ("w", "h")] == [210, 297]
    assert [round(number(margins, side) / MM) for side in ("top", "bottom", "left", "right")] == [37, 35, 28, 26]
    high = number(page, "h") - number(margins, "top") - number(margins, "bottom")
    wide = number(page, "w") - number(margins, "left") - number(margins, "right")
    assert grid.attrib[q("type")] == "linesAndChars"
    assert high // number(grid, "linePitch") == 22
    assert int(wide / 20 / (16 + number(grid, "charSpace") / 4096) + 0.01) == 28


def test_title_text_and_number_have_their_sizes_and_fonts(document):
    title = paragraph(document, "关于城关区欠薪纠纷的风险提示函")
    assert size_and_font(title) == (22, "方正小标宋简体")
    text = paragraph(document, "第一段。")
    assert size_and_font(text) == (16, "仿宋_GB2312")
    assert number(text.find("w:pPr/w:ind", NS), "firstLineChars") == 200
    mark = paragraph(document, "兰州市综治风提〔2026〕1号")
    assert size_and_font(mark) == (16, "仿宋_GB2312")
    rule = mark.find("w:pPr/w:pBdr/w:bottom", NS)
    assert (rule.attrib[q("color")], number(rule, "space")) == ("FF0000", 11)  # points: 4 mm
    heading = paragraph(document, "兰州市综治中心风险提示函")
    assert size_and_font(heading) == (36, "方正小标宋简体")
    words = ["".join(line.itertext()) for line in document.iter(q("p"))]
    assert words.index("兰州市综治中心风险提示函") < words.index("兰州市综治风提〔2026〕1号")
    assert words.index("兰州市综治风提〔2026〕1号") < words.index("关于城关区欠薪纠纷的风险提示函")


def test_every_font_names_what_stands_in_for_it(parts):
    fonts = {each.attrib[q("name")]: each for each in parts["word/fontTable.xml"]}
    used = {each.attrib[q("eastAsia")] for part in parts.values() for each in part.iter(q("rFonts"))}
    assert used == set(fonts)
    stand_ins = {name: font.find("w:altName", NS).attrib[q("val")] for name, font in fonts.items()}
    assert "仿宋" in stand_ins["仿宋_GB2312"].split(",")
    assert "宋体" in stand_ins["方正小标宋简体"].split(",")


def test_the_issuer_stands_over_the_middle_of_the_date_four_characters_from_the_edge(document):
    issuer, date = list(document.iter(q("p")))[-2:]
    assert ["".join(line.itertext()) for line in (issuer, date)] == ["兰州市综治中心", "2026年11月25日"]
    places = [line.find("w:pPr", NS) for line in (issuer, date)]
    assert [place.find("w:jc", NS).attrib[q("val")] for place in places] == ["right", "right"]
    assert [number(place.find("w:ind", NS), "rightChars") for place in places] == [400, 400]
    assert free_right("某县综治中心", "2026年1月5日") == (4 - 0.0, 4.0)  # both six wide
    assert free_right("兰州新区社会治安综合治理中心", "2026年11月25日") == (2, 5.5)  # fourteen over seven


def test_a_long_heading_is_set_smaller_so_that_it_stays_on_one_line():
    assert heading_size("兰州市综治中心风险提示函") == 36
    assert 22 <= heading_size("兰州新区社会治安综合治理中心风险提示函") < 36
    assert heading_size("很" * 80) == 22


def test_pages_are_numbered_outside_on_both_sides_of_a_sheet(parts):
    sides = {}
    for name in ("footer1", "footer2"):
        line = parts[f"word/{name}.xml"].find("w:p", NS)
        assert "".join(line.itertext()) == "—  PAGE 1 —"
        assert size_and_font(line) == (14, "宋体")
        sides[name] = line.find("w:pPr/w:jc", NS).attrib[q("val")]
    assert sides == {"footer1": "right", "footer2": "left"}
    assert parts["word/settings.xml"].find("w:evenAndOddHeaders", NS) is not None


def test_every_part_is_declared_and_every_element_stands_in_its_order(parts):
    declared = {each.attrib.get("PartName", "").lstrip("/") for each in parts["[Content_Types].xml"]}
    assert {name for name in parts if name.startswith("word/") and "_rels" not in name} == declared - {""}
    targets = {f"word/{each.attrib['Target']}" for each in parts["word/_rels/document.xml.rels"]}
    assert targets == declared - {"", "word/document.xml"}
    for part in parts.values():
        for name, order in ORDER.items():
            for element in part.iter(q(name)):
                places = [order.index(re.sub(r"\{.*\}", "", child.tag)) for child in element]
                assert places == sorted(places)
