"""A letter as one HTML file: nothing is fetched, everything from people is escaped, and it prints on A4."""

from collections.abc import Iterable
from html import escape

from reports.letter_paper import BLANK_DATE, COUNTS_NOTE, INTERNAL, LetterPaper

# Sizes of official letters (GB/T 9704): title 22 pt, text 16 pt, tables and notes 12 and 10.5 pt.
CSS = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm }
* { box-sizing: border-box }
body { margin: 0; background: #eceff2; color: #1b1b1b; font: 16pt/29pt 仿宋_GB2312, FangSong, 仿宋, STFangsong,
  'Noto Serif CJK SC', 'Noto Sans CJK SC', serif }
main { position: relative; width: 210mm; min-height: 297mm; margin: 0 auto; padding: 37mm 26mm 35mm 28mm;
  background: #fff; overflow: hidden }
.head { text-align: center; color: #b3191f; font: 700 24pt/1.4 方正小标宋简体, SimSun, 宋体, STSong,
  'Noto Serif CJK SC', serif; letter-spacing: .06em; border-bottom: 2.5pt solid #b3191f; padding-bottom: 6pt }
.number { display: flex; justify-content: space-between; font-size: 12pt; padding-top: 4pt }
h1 { font: 700 22pt/1.4 方正小标宋简体, SimSun, 宋体, STSong, 'Noto Serif CJK SC', serif;
  text-align: center; margin: 22pt 0 16pt; text-wrap: balance }
p { margin: 0; text-indent: 2em; text-align: justify; overflow-wrap: anywhere }
p.to { text-indent: 0 }
table { width: 100%; border-collapse: collapse; margin: 12pt 0; font-size: 12pt; line-height: 1.5 }
caption { font-weight: 700; padding-bottom: 4pt }
th, td { border: .75pt solid #555; padding: 4pt 7pt; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { width: 7.5em; font-weight: 700; background: #f3f4f5 }
tr, .sign { break-inside: avoid }
.sign { width: max-content; margin: 24pt 4em 0 auto; text-align: center }
.note { margin-top: 18pt; border-top: .75pt solid #777; padding-top: 4pt; font-size: 10.5pt; line-height: 1.5 }
.foot { color: #555; font-size: 9pt; line-height: 1.4; text-align: center; padding-top: 10pt }
.across { position: fixed; inset: 0; display: flex; align-items: center; justify-content: center;
  pointer-events: none; color: rgba(90, 100, 110, .13); font-size: 15pt; transform: rotate(-30deg);
  white-space: nowrap }
.across b { font-size: 90pt; letter-spacing: .2em; padding-left: .2em }
.bar { position: sticky; top: 0; z-index: 1; text-align: center; background: #eceff2; padding: 6pt }
.bar button { font: 14px/1.6 sans-serif; padding: 4px 18px; border: 1px solid #0f6e78; border-radius: 6px;
  background: #0f6e78; color: #fff; cursor: pointer }
@media print { body, main { background: #fff }
  main { width: auto; min-height: 0; margin: 0; padding: 0; overflow: visible }
  .bar { display: none } }
"""


def letter_html(paper: LetterPaper) -> str:
    """The whole file."""
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{escape(paper.file_name)}</title><style>{CSS}</style></head><body>"
        '<div class="bar"><button type="button" onclick="window.print()">打印</button></div>'
        f"<main>{_across(paper)}{_head(paper)}{_text(paper)}{_sign(paper)}{_foot(paper)}</main></body></html>"
    )


def _across(paper: LetterPaper) -> str:
    """Across each printed page: who took it out, and what state it is in where it has not gone out."""
    mark = f"<b>{escape(paper.mark)}</b>" if paper.mark else escape(paper.watermark)
    return f'<div class="across" aria-hidden="true">{mark}</div>'


def _head(paper: LetterPaper) -> str:
    return (
        f'<div class="head">{escape(paper.heading)}</div>'
        f'<div class="number"><span>{escape(INTERNAL)}</span><span>{escape(paper.number)}</span></div>'
        f"<h1>{escape(paper.title)}</h1>"
    )


def _text(paper: LetterPaper) -> str:
    evidence = _table("有关情况", paper.evidence)
    note = f'<p class="note">{escape(COUNTS_NOTE)}</p>' if paper.evidence else ""
    return (
        f'<p class="to">{escape(paper.receiver)}\uff1a</p>{_lines(paper.body)}{evidence}{_lines(paper.demand)}'
        f"{_table('办理事项', paper.facts)}{note}"
    )


def _table(caption: str, rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f'<tr><th scope="row">{escape(label)}</th><td>{escape(text)}</td></tr>' for label, text in rows)
    return f"<table><caption>{escape(caption)}</caption><tbody>{cells}</tbody></table>" if cells else ""


def _lines(paragraphs: Iterable[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in paragraphs)


def _sign(paper: LetterPaper) -> str:
    return f'<div class="sign">{escape(paper.issuer)}<br>{escape(paper.date or BLANK_DATE)}</div>'


def _foot(paper: LetterPaper) -> str:
    return f'<div class="foot">{escape(paper.watermark)}</div>'
