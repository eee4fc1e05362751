"""What stands around the text of a Word file of an official letter: package, fonts, styles, page (GB/T 9704-2012).

Parts of Office Open XML (ECMA-376). Lengths are twentieths of a point, sizes of letters half points.
"""

from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

TITLE_FONT, TEXT_FONT, BOLD_FONT, NUMBER_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
STAND_INS = {
    TITLE_FONT: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,小标宋,华文中宋,宋体,SimSun",
    TEXT_FONT: "仿宋,FangSong,方正仿宋_GBK,华文仿宋,STFangsong",
    BOLD_FONT: "SimHei,方正黑体_GBK,华文黑体",
    NUMBER_FONT: "SimSun,方正书宋_GBK,华文宋体",
}
"""What is taken where a PC has not the font itself."""

TEXT_SIZE = 16
"""Points of the third size (三号), in which the text is set."""
MM = 1440 / 25.4
WIDTH, HEIGHT = 11906, 16838
TOP, BOTTOM, LEFT, RIGHT = (round(length * MM) for length in (37, 35, 28, 26))
"""A4 with the margins of the standard, which leave 156 by 225 mm."""
LINES, CHARACTERS = 22, 28
TEXT_WIDTH = WIDTH - LEFT - RIGHT
LINE_PITCH = (HEIGHT - TOP - BOTTOM) // LINES
CHARACTER_SPACE = round((TEXT_WIDTH / CHARACTERS / 20 - TEXT_SIZE) * 4096)
"""What a character is wider than its size, in 4096ths of a point; below 0, for 28 are set closer than they are wide."""
FOOT = round(12 * MM)
"""From the paper's edge to the foot, so that page numbers stand 7 mm below the text."""

PARTS = {
    "document": ("document.main", "officeDocument"),
    "styles": ("styles", "styles"),
    "fontTable": ("fontTable", "fontTable"),
    "settings": ("settings", "settings"),
    "footer1": ("footer", "footer"),
    "footer2": ("footer", "footer"),
}
"""Content type and kind of relation by part; the first is the file's main one, the others belong to it."""

CONTENT_TYPES = (
    f'{XML}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{OFFICE}.{kind}+xml"/>'
        for name, (kind, _) in PARTS.items()
    )
    + "</Types>"
)
RELATIONS = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="document" Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>'
)
DOCUMENT_RELATIONS = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="{name}" Type="{R}/{relation}" Target="{name}.xml"/>'
        for name, (_, relation) in list(PARTS.items())[1:]
    )
    + "</Relationships>"
)
SETTINGS = f'{XML}<w:settings xmlns:w="{W}"><w:evenAndOddHeaders/></w:settings>'
FONT_TABLE = (
    f'{XML}<w:fonts xmlns:w="{W}">'
    + "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, others in STAND_INS.items()
    )
    + "</w:fonts>"
)
# The grid of lines and characters counts from the size of the normal style.
STYLES = (
    f'{XML}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
    f'<w:rFonts w:ascii="{TEXT_FONT}" w:hAnsi="{TEXT_FONT}" w:eastAsia="{TEXT_FONT}"/><w:sz w:val="{2 * TEXT_SIZE}"/>'
    '<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:rPr>'
    f'<w:sz w:val="{2 * TEXT_SIZE}"/></w:rPr></w:style></w:styles>'
)
PAGE = (
    '<w:sectPr><w:footerReference w:type="default" r:id="footer1"/><w:footerReference w:type="even" r:id="footer2"/>'
    f'<w:pgSz w:w="{WIDTH}" w:h="{HEIGHT}"/>'
    f'<w:pgMar w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}" w:header="720" w:footer="{FOOT}" '
    'w:gutter="0"/>'
    f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE_PITCH}" w:charSpace="{CHARACTER_SPACE}"/></w:sectPr>'
)


def footer(words: str, *, even: bool) -> str:
    """A foot: the number of the page between dashes, outside with one character free, and a line of words below."""
    number = f'<w:rFonts w:ascii="{NUMBER_FONT}" w:hAnsi="{NUMBER_FONT}" w:eastAsia="{NUMBER_FONT}"/><w:sz w:val="28"/>'
    side = "left" if even else "right"
    page = "".join(
        f"<w:r><w:rPr>{number}</w:rPr>{part}</w:r>"
        for part in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    small = f'<w:rFonts w:ascii="{TEXT_FONT}" w:hAnsi="{TEXT_FONT}" w:eastAsia="{TEXT_FONT}"/><w:sz w:val="18"/>'
    return (
        f'{XML}<w:ftr xmlns:w="{W}">'
        f'<w:p><w:pPr><w:snapToGrid w:val="0"/><w:ind w:{side}Chars="100" w:{side}="280"/>'
        f'<w:jc w:val="{side}"/></w:pPr>{page}</w:p>'
        '<w:p><w:pPr><w:snapToGrid w:val="0"/><w:jc w:val="center"/></w:pPr>'
        f'<w:r><w:rPr>{small}</w:rPr><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p></w:ftr>'
    )
