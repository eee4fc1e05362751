"""What a letter's document says, whatever form it takes."""

import datetime as dt
from dataclasses import dataclass

from data.letters.letter import Evidence, Letter
from data.letters.life import OUTGOING, STATES
from data.letters.templates import day_text
from reports.typography import full_width

INTERNAL = full_width("内部资料,注意保管,不得外传")
COUNTS_NOTE = full_width("数量少的件数按规定不显示;“低”只表示上报少,不等于安全。")
BLANK_DATE = "\u3000\u3000年\u3000月\u3000日"
NO_NUMBER = full_width("(未编号)")


@dataclass(frozen=True)
class Export:
    """Who takes a document out, and when (local time)."""

    person: str
    at: dt.datetime

    @property
    def line(self) -> str:
        """The watermark: `导出人 王敏 · 2026-11-25 09:42 · 内部资料…`."""
        return f"导出人 {self.person} · {self.at:%Y-%m-%d %H:%M} · {INTERNAL}"


@dataclass(frozen=True)
class LetterPaper:
    """Texts of the document as they stand in it, punctuated for print, none of them escaped yet."""

    heading: str
    number: str
    title: str
    receiver: str
    body: tuple[str, ...]
    evidence: Evidence
    demand: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    issuer: str
    date: str
    mark: str
    watermark: str

    @property
    def file_name(self) -> str:
        """Name for a file, without its ending: number and title, no sign that a file system minds."""
        words = f"{self.number if self.number != NO_NUMBER else self.mark} {self.title}".strip()
        return "".join("_" if sign in '\\/:*?"<>|' else sign for sign in words)[:100]


def letter_paper(letter: Letter, *, kind: str, area: str, dispute_type: str, export: Export) -> LetterPaper:
    """The document of a letter; kind, area and dispute type by their names ("" for none).

    A letter that has not gone out has no number and date, and its state stands across it.
    """
    draft = letter.draft
    is_out = letter.state in OUTGOING
    facts = [("涉及区域", area), ("纠纷类型", dispute_type), ("预警编号", draft.alert)]
    facts.append(("办理期限", "" if draft.due is None else day_text(draft.due)))
    return LetterPaper(
        heading=f"{draft.issuer_name}{kind}",
        number=letter.number or NO_NUMBER,
        title=full_width(draft.title),
        receiver=draft.receiver or "____",
        body=_paragraphs(draft.body),
        evidence=tuple((full_width(label), full_width(text)) for label, text in draft.evidence),
        demand=_paragraphs(draft.demand),
        facts=tuple((label, text) for label, text in facts if text and label not in dict(draft.evidence)),
        issuer=draft.issuer_name,
        date="" if letter.issued is None else day_text(letter.issued),
        mark="" if is_out else STATES[letter.state],
        watermark=export.line,
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(full_width(line.strip()) for line in text.splitlines() if line.strip())
