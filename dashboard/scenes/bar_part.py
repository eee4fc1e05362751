"""Top of the page: which programme, who acts, save, drop, play; and what was done by whom."""

import streamlit as st

from dashboard.acting import NOT_NAMED, acting_name, show_acting
from dashboard.scenes.asked import ScenesAsked, wall_link, write_scenes_asked
from dashboard.scenes.draft import begin_draft
from dashboard.scenes.list_part import plain
from dashboard.scenes.screen import ScenesScreen
from dashboard.wording import table_moment_text
from data.scenes import (
    DEFAULT_NAME,
    NAME_LENGTH,
    BadProgrammeError,
    Programme,
    ProgrammeChangedError,
    check_programme,
    programme_history,
    remove_programme,
    save_programme,
)

_TOLD = "scenes-told"


def show_bar(screen: ScenesScreen) -> None:
    """Show it, and below it what came of the last act."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _show_choice(screen)
        person = acting_name()
        _show_acts(screen, person)
        _show_new(screen, person)
        _show_remove(screen, person)
        st.space("stretch")
        show_acting()
        st.markdown(f"[放映 ↗]({wall_link(screen.draft.now.name)})", width="content")
    if not person:
        st.caption(NOT_NAMED)
    _show_told(screen)


def _show_choice(screen: ScenesScreen) -> None:
    st.session_state["scenes-programme"] = screen.draft.now.name
    st.selectbox(
        "节目单",
        screen.names,
        key="scenes-programme",
        label_visibility="collapsed",
        width=220,
        on_change=lambda: write_scenes_asked(ScenesAsked(st.session_state["scenes-programme"])),
        disabled=screen.draft.is_changed,
        help="有未保存的改动,请先保存或放弃,再换节目单。" if screen.draft.is_changed else None,
    )


def _show_acts(screen: ScenesScreen, person: str) -> None:
    draft = screen.draft
    can_save = bool(person) and (draft.is_changed or draft.kept.version == 0)
    label = "保存" if draft.is_changed or draft.kept.version == 0 else "已保存"
    st.button(
        label,
        key="scenes-save",
        type="primary",
        icon=":material/save:",
        disabled=not can_save,
        on_click=_save,
        args=(screen, draft.now, person),
    )
    if draft.is_changed:
        st.button("放弃改动", key="scenes-drop", on_click=begin_draft, args=(screen.standing,))


def _show_new(screen: ScenesScreen, person: str) -> None:
    with st.popover("另存为新节目单", type="tertiary", width="content", disabled=not person):
        name = st.text_input("名称", key="scenes-new-name", max_chars=NAME_LENGTH, placeholder="如:周一例会")
        st.caption("新节目单从现在这些画面开始。")
        st.button(
            "建立", key="scenes-new", disabled=not name.strip(), on_click=_create, args=(screen, name.strip(), person)
        )


def _show_remove(screen: ScenesScreen, person: str) -> None:
    if screen.draft.kept.version == 0:
        return
    with st.popover("删除节目单", type="tertiary", width="content", disabled=not person):
        st.caption("删除之后,正在放映它的大屏改放默认节目单。")
        st.button("确认删除", key="scenes-remove", on_click=_remove, args=(screen, person))


def _save(screen: ScenesScreen, programme: Programme, person: str) -> None:
    try:
        check_programme(programme, knows=screen.pool.geography.knows)
        saved = save_programme(screen.pool.engine, programme, person=person, now=int(screen.pool.now().timestamp()))
    except (BadProgrammeError, ProgrammeChangedError) as error:
        _tell("error", getattr(error, "problems", (str(error),)))
        return
    begin_draft(saved)
    write_scenes_asked(ScenesAsked(saved.name))
    _tell("success", (f"已保存“{saved.name}”第 {saved.version} 版,大屏几秒内换用。",))


def _create(screen: ScenesScreen, name: str, person: str) -> None:
    _save(screen, Programme(screen.scope, name, screen.draft.now.scenes), person)


def _remove(screen: ScenesScreen, person: str) -> None:
    try:
        remove_programme(screen.pool.engine, screen.draft.kept, person=person, now=int(screen.pool.now().timestamp()))
    except ProgrammeChangedError as error:
        _tell("error", (str(error),))
        return
    write_scenes_asked(ScenesAsked(DEFAULT_NAME))
    _tell("success", (f"已删除节目单“{screen.draft.kept.name}”。",))


def _tell(kind: str, sentences: tuple[str, ...]) -> None:
    st.session_state[_TOLD] = (kind, sentences)


def _show_told(screen: ScenesScreen) -> None:
    kind, sentences = st.session_state.pop(_TOLD, ("", ()))
    if kind == "success":
        st.success(plain("".join(sentences)), icon=":material/check:")
    elif kind == "error":
        st.error("  \n".join(map(plain, sentences)), icon=":material/error:")
    if screen.overtaken and screen.draft.is_changed:
        who = screen.standing.person or "别人"
        version = f"保存了第 {screen.standing.version} 版" if screen.standing.version else "删除了这个节目单"
        st.warning(plain(f"{who}{version},您的改动基于第 {screen.draft.kept.version} 版,直接保存会被拒绝。"))
        st.button("载入新版,放弃我的改动", key="scenes-reload", on_click=begin_draft, args=(screen.standing,))


def show_history(screen: ScenesScreen) -> None:
    """Who saved which version when."""
    kept = screen.draft.kept
    history = programme_history(screen.pool.engine, screen.scope, kept.name)
    if history.empty:
        st.caption("这是内置的默认节目单,还没有人改过。")
        return
    with st.expander(f"修改记录({len(history)} 版)"):
        zone = screen.pool.settings.timezone
        moments = [screen.now.fromtimestamp(moment, zone) for moment in history["recorded_at"].tolist()]
        table = history.assign(
            版本=history["version"],
            修改人=history["person"],
            时间=[table_moment_text(moment) for moment in moments],
            内容=["删除" if gone else f"{count} 个画面" for gone, count in history[["removed", "scenes"]].to_numpy()],
        )
        st.dataframe(table[["版本", "修改人", "时间", "内容"]], hide_index=True, alt=f"{kept.name}的修改记录")
