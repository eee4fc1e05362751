"""What an officer can do with the open alert; every key is printed on its button."""

import streamlit as st

from dashboard.acting import NOT_NAMED
from dashboard.alerts.said import say
from dashboard.alerts.screen import AlertsScreen
from dashboard.ways import MAP, show_way
from data.alerts.acting import LONGEST_NOTE, LONGEST_UNIT, act_on
from data.alerts.life import STEPS, IllegalStepError, allowed
from data.alerts.reading import Alert
from data.store import PoolUnavailableError

PERSONAL = "只记处置情况,不写当事人姓名、电话、证件号。"
ICONS = {
    "acknowledge": ":material/check:",
    "assign": ":material/send:",
    "close": ":material/task_alt:",
    "false_alarm": ":material/flag:",
    "note": ":material/edit_note:",
}
KEYS = {"acknowledge": "A", "assign": "S", "close": "E", "false_alarm": "F", "note": "N"}
LABELS = {"acknowledge": "确认预警", "assign": "派单", "close": "办结", "false_alarm": "标记误报", "note": "备注"}
DONE = {
    "acknowledge": "已确认 {number}。",
    "assign": "{number} 已派给{unit}。",
    "close": "{number} 已办结。",
    "false_alarm": "{number} 已标记为误报,会计入模型评估。",
    "note": "已为 {number} 记下备注。",
}
_OPEN = "alerts-form"


def show_actions(screen: AlertsScreen, alert: Alert) -> None:
    """Buttons, and the field of the one that needs words."""
    possible = allowed(alert.state)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for act in ("acknowledge", "assign", "close"):
            if act in possible:
                _show_button(screen, alert, act, is_first=act == _next(alert))
        _show_links(screen, alert)
        st.space("stretch")
        for act in ("false_alarm", "note"):
            if act in possible:
                _show_button(screen, alert, act)
    if not screen.person:
        st.caption(NOT_NAMED)
    opened = st.session_state.get(_OPEN)
    if opened and opened[0] == alert.number and opened[1] in possible and screen.person:
        _show_form(screen, alert, opened[1])


def _next(alert: Alert) -> str:
    """The act that leads on."""
    return {"new": "acknowledge", "acknowledged": "assign", "assigned": "close"}.get(alert.state, "")


def _show_button(screen: AlertsScreen, alert: Alert, act: str, *, is_first: bool = False) -> None:
    step = STEPS[act]
    needs_words = step.needs_note or step.needs_unit
    quiet = act in ("false_alarm", "note")
    st.button(
        LABELS[act] if not (act == "assign" and alert.state == "assigned") else "改派",
        key=f"alerts-{act}",
        icon=ICONS[act],
        type="primary" if is_first else "tertiary" if quiet else "secondary",
        shortcut=KEYS[act],
        disabled=not screen.person,
        help=None if screen.person else NOT_NAMED,
        on_click=_open_form if needs_words else _do,
        args=(alert.number, act) if needs_words else (screen, alert.number, act),
    )


def _show_links(screen: AlertsScreen, alert: Alert) -> None:
    """To the letter, the whistle and the map."""
    if alert.is_live:
        draft = {"draft_for": alert.number, "kind": "risk_notice"}
        show_way("拟风险提示函", "letters", draft, key="alerts-letter", icon=":material/mail:", shortcut="L")
        whistle = {"view": "whistles", "whistle_for": alert.number}
        show_way("吹哨", "letters", whistle, key="alerts-whistle", icon=":material/campaign:")
    code = alert.division if alert.division.startswith(screen.scope) else screen.scope
    place = {"code": code[:9], "type": alert.dispute_type}
    show_way("看地图", MAP, place, key="alerts-to-map", icon=":material/map:", type="tertiary")


def _open_form(number: str, act: str) -> None:
    st.session_state[_OPEN] = (number, act)


def _show_form(screen: AlertsScreen, alert: Alert, act: str) -> None:
    step = STEPS[act]
    with st.form(f"alerts-form-{act}-{alert.number}", border=True):
        st.markdown(f"**{LABELS[act]}** {alert.number}")
        if step.needs_unit:
            st.text_input(
                "派给哪个单位",
                key="alerts-to-unit",
                max_chars=LONGEST_UNIT,
                placeholder="如:雁南街道综治中心、区人社局",
            )
        title = {"close": "怎样化解的", "false_alarm": "为什么是误报", "assign": "要求(可不填)", "note": "备注"}[act]
        st.text_area(title, key="alerts-words", max_chars=LONGEST_NOTE, height=100, help=PERSONAL)
        st.caption(PERSONAL)
        with st.container(horizontal=True, gap="xsmall"):
            st.form_submit_button("提交", type="primary", on_click=_do, args=(screen, alert.number, act))
            st.form_submit_button("取消", on_click=_close_form)


def _do(screen: AlertsScreen, number: str, act: str) -> None:
    """Do it from a button's callback; what came of it is said at the page's next run."""
    step = STEPS[act]
    note = str(st.session_state.get("alerts-words") or "") if step.needs_note or step.needs_unit else ""
    unit = str(st.session_state.get("alerts-to-unit") or "") if step.needs_unit else ""
    try:
        act_on(screen.pool.engine, number, act, screen.by, note=note, unit=unit)
    except IllegalStepError as error:
        say("warning", str(error))
        return
    except PoolUnavailableError:
        say("error", "暂时不能保存。请刷新本页看是否已经生效,再决定是否重试。")
        return
    _close_form()
    say("success", DONE[act].format(number=number, unit=unit.strip()))


def _close_form() -> None:
    for key in (_OPEN, "alerts-words", "alerts-to-unit"):
        st.session_state.pop(key, None)
