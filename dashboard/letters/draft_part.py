"""Writing a letter: from an alert with its evidence filled in, about a place, or changing a draft."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard.acting import NOT_NAMED, acting_name
from dashboard.letters.acting_part import attempt
from dashboard.letters.area_choice import issuers_of, show_area, show_type
from dashboard.letters.asked import write_letters_asked
from dashboard.letters.detail_part import evidence_html
from dashboard.letters.draft_fields import Form, follow_deadline, refill, start_from
from dashboard.letters.screen import LettersScreen, level_name
from data.letters.drafting import draft_letter, revise_letter
from data.letters.evidence import evidence_of, facts_of
from data.letters.letter import Draft, Evidence, Letter
from data.letters.settings import Issuer
from data.letters.wording import NAME_LENGTH, TEXT_LENGTHS


def show_new_draft(screen: LettersScreen) -> None:
    """The form of a new letter."""
    form = Form(f"new-{screen.asked.draft_for or 'free'}")
    with st.container(border=True):
        st.markdown("**拟函**" + (f" :gray[由预警 {screen.alert.number} 拟成]" if screen.alert else " :gray[直接起草]"))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
            kind = _show_kind(screen, form)
            area, dispute_type = _show_about(screen, form)
        issuer = _show_issuer(screen, form, area)
        facts = _facts(screen, area, dispute_type) | {
            "issuer": issuer.name,
            "receiver": str(form.get("receiver") or ""),
        }
        refill(form, screen.settings.kinds[kind], facts, today=screen.now.date())
        _show_fields(form, today=screen.now.date())
        evidence = _evidence(screen)
        number = screen.asked.draft_for
        about = {"dispute_type": dispute_type, "alert": number, "evidence": evidence}
        draft = Draft(kind, issuer.code, issuer.name, area, title="", body="", demand="", **about)
        _show_foot(lambda: _save_new(screen, form, draft), lambda: _leave(screen, form))
        if evidence:
            st.markdown("**证据** :gray[随函附表,件数已按规定隐去]")
            st.html(evidence_html(screen, evidence))


def show_edit(screen: LettersScreen, letter: Letter) -> None:
    """The form of a draft that is changed."""
    form = Form(f"edit-{letter.id}-{letter.version}")
    start_from(form, letter)
    with st.container(border=True):
        st.markdown(f"**修改{screen.settings.kind_name(letter.draft.kind)}** :gray[函种、区域和证据不再改动]")
        follow_deadline(form)
        _show_fields(form, today=screen.now.date())
        _show_foot(lambda: _save_edit(screen, form, letter), lambda: _leave(screen, form, letter))
        if letter.draft.evidence:
            st.html(evidence_html(screen, letter.draft.evidence))


def _show_kind(screen: LettersScreen, form: Form) -> str:
    kinds = screen.settings.kinds
    form.start({"kind": screen.asked.kind or next(iter(kinds))})
    st.selectbox("函种", list(kinds), format_func=lambda code: kinds[code].name, key=form.name("kind"), width=150)
    return str(form.get("kind"))


def _show_about(screen: LettersScreen, form: Form) -> tuple[str, str]:
    """Area and dispute type: the alert's, or chosen."""
    if screen.alert is not None:
        words = f"{screen.area_name(screen.alert_area)} · {screen.letter_type(screen.alert.dispute_type)}"
        st.text_input("区域和类型", words, disabled=True, key=form.name("about"))
        return screen.alert_area, screen.alert.dispute_type
    return show_area(screen, form.name("area"), start=screen.asked.area), show_type(form.name("type"))


def _show_issuer(screen: LettersScreen, form: Form, area: str) -> Issuer:
    """The centre that issues it, and the unit that gets it."""
    issuers = issuers_of(screen, area)
    if form.get("issuer") not in issuers:
        form.put("issuer", next(iter(issuers)))
    left, right = st.columns(2, gap="small")
    left.selectbox("发函单位", list(issuers), format_func=lambda code: issuers[code].name, key=form.name("issuer"))
    form.start({"receiver": ""})
    right.text_input(
        "收函单位", key=form.name("receiver"), max_chars=NAME_LENGTH, placeholder="如:城关区人力资源和社会保障局"
    )
    return issuers[str(form.get("issuer"))]


def _show_fields(form: Form, *, today: dt.date) -> None:
    if form.get("issuer") is None:  # a draft that is changed keeps its issuer
        st.text_input("收函单位", key=form.name("receiver"), max_chars=NAME_LENGTH)
    left, right = st.columns([3, 1], gap="small")
    left.text_input("标题", key=form.name("title"), max_chars=TEXT_LENGTHS["title"])
    due = form.get("due")
    right.date_input("办理期限", key=form.name("due"), min_value=min(today, due) if due else today, format="YYYY-MM-DD")
    st.text_area("正文", key=form.name("body"), max_chars=TEXT_LENGTHS["body"], height=150)
    st.text_area("要求", key=form.name("demand"), max_chars=TEXT_LENGTHS["demand"], height=130)


def _show_foot(save: Callable[[], None], leave: Callable[[], None]) -> None:
    named = bool(acting_name())
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button(
            "保存拟稿", type="primary", icon=":material/save:", key="save-draft", disabled=not named, on_click=save
        )
        st.button("取消", key="leave-draft", on_click=leave)
        if not named:
            st.caption(NOT_NAMED, width="content")


def _facts(screen: LettersScreen, area: str, dispute_type: str) -> dict[str, str]:
    names = {"area": screen.letter_area(area), "dispute_type": screen.letter_type(dispute_type)}
    if screen.alert is not None:
        return facts_of(screen.alert, level=level_name(screen, screen.alert.level), **names)
    return {"area": names["area"], "type": names["dispute_type"]}


def _evidence(screen: LettersScreen) -> Evidence:
    if screen.alert is None:
        return ()
    alert = screen.alert
    return evidence_of(
        alert,
        area=screen.letter_area(screen.alert_area),
        dispute_type=screen.letter_type(alert.dispute_type),
        level=level_name(screen, alert.level),
    )


def _written(form: Form, draft: Draft) -> Draft:
    texts = {name: str(form.get(name) or "") for name in ("title", "body", "demand", "receiver")}
    return replace(draft, due=form.get("due"), **texts)


def _save_new(screen: LettersScreen, form: Form, draft: Draft) -> None:
    kept: list[int] = []
    engine, written = screen.pool.engine, _written(form, draft)
    save = lambda: kept.append(draft_letter(engine, screen.settings, written, screen.actor()))  # noqa: E731
    if attempt(save, "已保存拟稿,可以提交审核。"):
        form.close()
        write_letters_asked(replace(screen.asked.listing(), kind="", letter=str(kept[0])))


def _save_edit(screen: LettersScreen, form: Form, letter: Letter) -> None:
    written = _written(form, letter.draft)
    engine, settings = screen.pool.engine, screen.settings
    if attempt(
        lambda: revise_letter(engine, settings, letter.id, written, screen.actor(), version=letter.version),
        "已保存修改。",
    ):
        _leave(screen, form, letter)


def _leave(screen: LettersScreen, form: Form, letter: Letter | None = None) -> None:
    form.close()
    write_letters_asked(replace(screen.asked.listing(), letter=str(letter.id) if letter else ""))
