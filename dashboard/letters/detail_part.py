"""One letter: where it stands, what it says, its evidence and its history."""

from html import escape

import streamlit as st

from dashboard.letters.acting_part import plain
from dashboard.letters.actions_part import show_actions
from dashboard.letters.screen import LettersScreen
from dashboard.letters.words import due_colour, due_words, life_html, when
from dashboard.ways import show_way
from data.letters.letter import Letter
from data.letters.life import AWAITING, STATES, act_word
from data.letters.templates import BLANK


def show_letter(screen: LettersScreen, letter: Letter, *, height: int) -> None:
    """Show it; what it says scrolls within `height` pixels."""
    with st.container(border=True):
        st.html(_title(screen, letter))
        st.html(life_html(letter, screen.acts, screen.palette, now=screen.now))
        # Above the text, not below: what they open has room there, and they stay where they are.
        show_actions(screen, letter)
        with st.container(height=height, border=False):
            left, right = st.columns([11, 9], gap="small")
            with left:
                st.html(_text(screen, letter))
            with right:
                _show_evidence(screen, letter)
                _show_history(screen)


def _title(screen: LettersScreen, letter: Letter) -> str:
    """HTML: kind, title and number, and the line of who, to whom, about what and until when."""
    palette, draft, today = screen.palette, letter.draft, screen.now.date()
    due = due_words(draft.due, letter.days_over(today), today=today, awaited=letter.state in AWAITING)
    late = due_colour(due, palette)
    due_html = f'<b style="color:{late or palette.text}">{"▲ " if "逾期" in due else ""}{escape(due)}</b>'
    parts = [
        f"{draft.issuer_name} → {draft.receiver or BLANK}",
        screen.area_name(draft.division),
        *([screen.letter_type(draft.dispute_type)] if draft.dispute_type else []),
    ]
    line = f"{escape(' · '.join(parts))} · 办理期限 {due_html}"
    chip = (
        f"border:1px solid {palette.border};border-radius:4px;padding:1px 7px;font-size:12px;font-weight:400;"
        f"color:{palette.text};background:{palette.panel};white-space:nowrap"
    )
    number = letter.number or f"未编号({STATES[letter.state]})"
    return (
        f'<div style="color:{palette.text}"><div style="display:flex;justify-content:space-between;gap:12px;'
        f'align-items:baseline"><div style="font-size:15px;font-weight:600;overflow-wrap:anywhere">'
        f'<span style="{chip}">{escape(screen.settings.kind_name(draft.kind))}</span> {escape(draft.title)}</div>'
        f'<div style="font-size:13px;color:{palette.muted};white-space:nowrap">{escape(number)}</div></div>'
        f'<div style="font-size:13px;line-height:1.7;color:{palette.muted}">{line}</div></div>'
    )


def _text(screen: LettersScreen, letter: Letter) -> str:
    """HTML of body and demand."""
    palette = screen.palette
    paragraph = "margin:0 0 4px;overflow-wrap:anywhere;text-indent:2em"

    def part(name: str, text: str) -> str:
        lines = "".join(f'<p style="{paragraph}">{escape(line)}</p>' for line in text.splitlines() if line.strip())
        return f'<div style="font-weight:600;margin-top:6px">{name}</div>{lines}' if lines else ""

    body = part("正文", letter.draft.body) + part("要求", letter.draft.demand)
    return f'<div style="font-size:14px;line-height:1.75;color:{palette.text}">{body}</div>'


def evidence_html(screen: LettersScreen, rows: tuple[tuple[str, str], ...]) -> str:
    """HTML of the evidence table; the same in the detail and beside a draft."""
    palette = screen.palette
    cell = f"border:1px solid {palette.border};padding:3px 8px;text-align:left;vertical-align:top"
    head = f"{cell};width:92px;font-weight:400;color:{palette.muted};background:{palette.panel}"
    drawn = "".join(
        f'<tr><th scope="row" style="{head}">'
        f'{escape(label)}</th><td style="{cell};overflow-wrap:anywhere">{escape(text)}</td></tr>'
        for label, text in rows
    )
    return (
        f'<table style="width:100%;border-collapse:collapse;font-size:13px;line-height:1.5;color:{palette.text}">'
        f"<tbody>{drawn}</tbody></table>"
    )


def _show_evidence(screen: LettersScreen, letter: Letter) -> None:
    rows = letter.draft.evidence
    if not rows:
        st.caption("这份函不是由预警拟成的,没有证据表。")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("**证据** :gray[拟稿时的研判结果]", width="content")
        st.space("stretch")
        if letter.draft.alert:
            to = {"alert": letter.draft.alert}
            show_way("看预警", "alerts", to, key="letter-alert", icon=":material/notifications:", type="tertiary")
    st.html(evidence_html(screen, rows))


def _show_history(screen: LettersScreen) -> None:
    st.markdown("**经过**")
    palette = screen.palette
    lines = []
    for act in reversed(list(screen.acts.itertuples())):
        note = f'<div style="padding-left:1em;overflow-wrap:anywhere">{escape(act.note)}</div>' if act.note else ""
        lines.append(
            f'<div style="padding:2px 0"><span style="color:{palette.muted}">'
            f"{when(act.recorded_at, screen.now)}</span> "
            f"{escape(act.person)} <b>{escape(act_word(act.act))}</b>{note}</div>"
        )
    st.html(f'<div style="font-size:13px;line-height:1.6;color:{palette.text}">{"".join(lines)}</div>')


def wrong_words(wrong: list[str]) -> str:
    """The sentence about what a link asked for in vain."""
    return f"链接里有不认识的内容,或不在您的区划之内,已忽略:{plain('、'.join(wrong))}"
