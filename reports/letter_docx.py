"""A letter as a Word file, set as official letters are (GB/T 9704-2012)."""

import io
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from reports.docx_parts import (
    BOLD_FONT,
    CONTENT_TYPES,
    DOCUMENT_RELATIONS,
    FONT_TABLE,
    LINE_PITCH,
    PAGE,
    RELATIONS,
    SETTINGS,
    STYLES,
    TEXT_FONT,
    TEXT_SIZE,
    TEXT_WIDTH,
    TITLE_FONT,
    XML,
    R,
    W,
    footer,
)
from reports.letter_paper import BLANK_DATE, COUNTS_NOTE, INTERNAL, LetterPaper
from reports.typography import full_width

RED = "FF0000"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Date of the file's parts: the same letter makes the same bytes."""
LABEL_WIDTH = 1900
RIGHT_FREE, LEAST_FREE = 4.0, 2.0
"""Characters free right of the date of a letter that is sealed, and right of what is longer, at least."""


@dataclass(frozen=True)
class Look:
    """How a paragraph looks: letters in points, spaces in lines of the grid, indents in characters.

    `on_grid` is off where smaller letters are set closer; `ruled` draws the red line 4 mm below.
    """

    size: float = TEXT_SIZE
    font: str = TEXT_FONT
    align: str = "both"
    bold: bool = False
    colour: str = ""
    first: float = 0
    right: float = 0
    above: float = 0
    on_grid: bool = True
    ruled: bool = False
    with_next: bool = False


LARGEST, SMALLEST = 36, 22
"""Points of the heading: as large as one line allows, but no smaller than the title."""
HEADING = Look(LARGEST, TITLE_FONT, "center", colour=RED, on_grid=False, above=1)
NUMBER = Look(align="center", above=2, ruled=True)
MARK = Look(14, align="center", bold=True)
TITLE = Look(22, TITLE_FONT, "center", above=2, on_grid=False)
PARAGRAPH = Look(first=2)
CAPTION = Look(12, BOLD_FONT, "center", on_grid=False, above=0.5, with_next=True)
CELL = Look(12, align="left", on_grid=False)
NOTE = Look(10.5, on_grid=False, above=0.3)


def letter_docx(paper: LetterPaper) -> bytes:
    """The whole file."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS,
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONS,
        "word/document.xml": _document(paper),
        "word/styles.xml": STYLES,
        "word/fontTable.xml": FONT_TABLE,
        "word/settings.xml": SETTINGS,
        "word/footer1.xml": footer(paper.watermark, even=False),
        "word/footer2.xml": footer(paper.watermark, even=True),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _document(paper: LetterPaper) -> str:
    date = paper.date or BLANK_DATE
    beside_issuer, beside_date = free_right(paper.issuer, date)
    body = [
        _line(INTERNAL, Look(font=BOLD_FONT, align="left")),
        _line(paper.heading, replace(HEADING, size=heading_size(paper.heading))),
        _line(paper.number, NUMBER),
        _line(full_width(f"({paper.mark},未签发)"), MARK) if paper.mark else "",
        _line(paper.title, TITLE),
        _line(f"{paper.receiver}\uff1a", Look(above=1)),
        *(_line(text, PARAGRAPH) for text in paper.body),
        _table("有关情况", paper.evidence),
        *(_line(text, PARAGRAPH) for text in paper.demand),
        _table("办理事项", paper.facts),
        _line(COUNTS_NOTE, NOTE) if paper.evidence else "",
        _line(paper.issuer, Look(align="right", right=beside_issuer, above=2, with_next=True)),
        _line(date, Look(align="right", right=beside_date)),
    ]
    return f'{XML}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{"".join(body)}{PAGE}</w:body></w:document>'


def heading_size(heading: str) -> float:
    """Points of the heading, which should stand on one line."""
    return float(min(LARGEST, max(SMALLEST, int(TEXT_WIDTH / 20 / max(1.0, _wide(heading))))))


def free_right(issuer: str, date: str) -> tuple[float, float]:
    """Characters free right of the issuer and right of the date.

    The issuer stands over the middle of the date, the date four characters from the edge; a longer issuer leaves two,
    and the date moves under its middle.
    """
    longer = (_wide(issuer) - _wide(date)) / 2
    beside_issuer = max(LEAST_FREE, RIGHT_FREE - longer)
    return beside_issuer, beside_issuer + longer


def _wide(text: str) -> float:
    """Width in characters; Latin letters and digits are half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def _line(text: str, look: Look) -> str:
    """One paragraph. What stands in it keeps to the order that the standard of the file demands."""
    fonts = f'<w:rFonts w:ascii="{look.font}" w:hAnsi="{look.font}" w:eastAsia="{look.font}"/>'
    run = fonts + ("<w:b/>" if look.bold else "") + (f'<w:color w:val="{look.colour}"/>' if look.colour else "")
    run += f'<w:sz w:val="{round(look.size * 2)}"/>'
    return (
        f"<w:p><w:pPr>{_placing(look)}</w:pPr>"
        f'<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def _placing(look: Look) -> str:
    """How a paragraph stands; characters count in hundredths, and again in twentieths of a point for other programs."""
    parts = ["<w:keepNext/>"] if look.with_next else []
    if look.ruled:
        parts.append(f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="11" w:color="{RED}"/></w:pBdr>')
    if not look.on_grid:
        parts.append('<w:snapToGrid w:val="0"/>')
    if look.above:
        lines = f'w:beforeLines="{round(100 * look.above)}" w:before="{round(look.above * LINE_PITCH)}"'
        parts.append(f"<w:spacing {lines}/>")
    indents = (("firstLine", look.first), ("right", look.right))
    told = [f'w:{side}Chars="{round(100 * by)}" w:{side}="{round(20 * TEXT_SIZE * by)}"' for side, by in indents if by]
    if told:
        parts.append(f"<w:ind {' '.join(told)}/>")
    return f'{"".join(parts)}<w:jc w:val="{look.align}"/>'


def _table(caption: str, rows: Iterable[tuple[str, str]]) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="555555"/>' for side in sides)
    widths = (LABEL_WIDTH, TEXT_WIDTH - LABEL_WIDTH)
    columns = "".join(f"<w:gridCol w:w='{width}'/>" for width in widths)
    drawn = "".join(f"<w:tr>{''.join(map(_cell, row, widths))}</w:tr>" for row in rows)
    if not drawn:
        return ""
    # Word wants a paragraph between two tables and after the last one; the next line is one.
    return (
        f"{_line(caption, CAPTION)}<w:tbl><w:tblPr><w:tblW w:w='{TEXT_WIDTH}' w:type='dxa'/>"
        f"<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type='fixed'/></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>{drawn}</w:tbl>"
    )


def _cell(text: str, width: int) -> str:
    return f"<w:tc><w:tcPr><w:tcW w:w='{width}' w:type='dxa'/></w:tcPr>{_line(text, CELL)}</w:tc>"
