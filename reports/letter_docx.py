"""A letter as a Word file: the few parts of Office Open XML (ECMA-376) that a page of text and tables needs."""

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

from reports.letter_paper import BLANK_DATE, COUNTS_NOTE, INTERNAL, LetterPaper
from reports.typography import full_width

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
RED = "B3191F"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Date of the file's parts: the same letter makes the same bytes."""

CONTENT_TYPES = (
    f'{XML}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{OFFICE}.document.main+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{OFFICE}.footer+xml"/></Types>'
)
RELATIONS = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>'
)
DOCUMENT_RELATIONS = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{R}/footer" Target="footer1.xml"/></Relationships>'
)
# A4 with the margins of the printed form, in twentieths of a point.
PAGE = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1417" w:right="1361" w:bottom="1247" w:left="1474" w:header="600" w:footer="600" w:gutter="0"/>'
    "</w:sectPr>"
)


def letter_docx(paper: LetterPaper) -> bytes:
    """The whole file."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS,
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONS,
        "word/document.xml": _document(paper),
        "word/footer1.xml": f'{XML}<w:ftr xmlns:w="{W}">{_line(paper.watermark, size=9, align="center")}</w:ftr>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _document(paper: LetterPaper) -> str:
    body = [
        _line(paper.heading, size=24, align="center", bold=True, colour=RED),
        _line(f"{INTERNAL}    {paper.number}", size=12, align="center"),
        _line(full_width(f"({paper.mark},未签发)"), size=14, align="center", bold=True) if paper.mark else "",
        _line(paper.title, size=22, align="center", bold=True),
        _line(f"{paper.receiver}\uff1a"),
        *(_line(text, indent=True) for text in paper.body),
        _table("有关情况", paper.evidence),
        *(_line(text, indent=True) for text in paper.demand),
        _table("办理事项", paper.facts),
        _line(COUNTS_NOTE, size=10.5) if paper.evidence else "",
        _line(paper.issuer, align="right"),
        _line(paper.date or BLANK_DATE, align="right"),
    ]
    return f'{XML}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{"".join(body)}{PAGE}</w:body></w:document>'


def _line(
    text: str, *, size: float = 16, align: str = "both", bold: bool = False, indent: bool = False, colour: str = ""
) -> str:
    """One paragraph; `size` in points, which Word counts in halves."""
    look = '<w:rFonts w:ascii="FangSong" w:hAnsi="FangSong" w:eastAsia="仿宋"/>'
    look += ("<w:b/>" if bold else "") + (f'<w:color w:val="{colour}"/>' if colour else "")
    look += f'<w:sz w:val="{round(size * 2)}"/>'
    first = '<w:ind w:firstLineChars="200" w:firstLine="640"/>' if indent else ""
    return (
        f'<w:p><w:pPr>{first}<w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def _table(caption: str, rows: Iterable[tuple[str, str]]) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="555555"/>' for side in sides)
    drawn = "".join(f"<w:tr>{_cell(label, 1900)}{_cell(text, 7100)}</w:tr>" for label, text in rows)
    if not drawn:
        return ""
    # Word wants a paragraph between two tables and after the last one; the next line is one.
    return (
        f"{_line(caption, size=12, align='center', bold=True)}<w:tbl><w:tblPr><w:tblW w:w='9000' w:type='dxa'/>"
        f"<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type='fixed'/></w:tblPr>"
        f"<w:tblGrid><w:gridCol w:w='1900'/><w:gridCol w:w='7100'/></w:tblGrid>{drawn}</w:tbl>"
    )


def _cell(text: str, width: int) -> str:
    line = _line(text, size=12, align="left")
    return f"<w:tc><w:tcPr><w:tcW w:w='{width}' w:type='dxa'/></w:tcPr>{line}</w:tc>"
