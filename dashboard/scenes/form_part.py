"""The open scene's fields; every change goes into the draft at once."""

from collections.abc import Mapping

import streamlit as st

from dashboard.asked import CHOICES, WINDOWS
from dashboard.naming import EVERY_NAME
from dashboard.scenes.asked import wall_link
from dashboard.scenes.draft import change_scene
from dashboard.scenes.screen import ScenesScreen
from dashboard.wording import table_name
from data.scenes import LONGEST, MEASURES, PERIODS, SCENE_KINDS, SHORTEST, TITLE_LENGTH, Scene
from geo.divisions import PREFIX_LENGTH, level_of

FINEST = 4
"""Townships; a village may stand in a programme, but nobody chooses among hundreds of them here."""
ALL_SOURCES = "全部来源"


def show_scene_form(screen: ScenesScreen) -> None:
    """Show it, or say what to do."""
    index, scene = screen.index, screen.scene
    if index is None or scene is None:
        st.info("还没有画面。请先添加一个。", icon=":material/playlist_add:")
        return
    st.markdown(f"**第 {index + 1} 个画面**")
    left, right = st.columns(2, gap="small")
    with left:
        _choose(screen, "kind", "种类", SCENE_KINDS)
        _seconds(screen, index, scene)
    with right:
        _choose(screen, "period", "时段", {key: WINDOWS[key] for key in PERIODS})
        _choose(screen, "measure", "地图指标", {key: CHOICES["measure"][key] for key in MEASURES})
    _division(screen, index, scene)
    left, right = st.columns(2, gap="small")
    with left:
        _choose(screen, "dispute_type", "纠纷类型", {"": EVERY_NAME, **CHOICES["type"]})
    with right:
        _choose(screen, "source", "来源", {"": ALL_SOURCES, **CHOICES["source"]})
    _title(screen, index, scene)
    _preview(screen, index)


def _key(screen: ScenesScreen, field: str) -> str:
    return f"scene-{field}-{screen.index}"


def _choose(screen: ScenesScreen, field: str, label: str, words: Mapping[str, str]) -> None:
    key, now = _key(screen, field), getattr(screen.scene, field)
    st.session_state[key] = now

    def change() -> None:
        change_scene(screen.draft, screen.index or 0, **{field: st.session_state[key]})

    options = list(words) if now in words else [*words, now]
    st.selectbox(label, options, format_func=lambda value: words.get(value, value), key=key, on_change=change)


def _seconds(screen: ScenesScreen, index: int, scene: Scene) -> None:
    key = _key(screen, "seconds")
    st.session_state[key] = scene.seconds
    st.number_input(
        f"停留秒数({SHORTEST}–{LONGEST})",
        min_value=SHORTEST,
        max_value=LONGEST,
        step=5,
        key=key,
        on_change=lambda: change_scene(screen.draft, index, seconds=int(st.session_state[key])),
    )


def _title(screen: ScenesScreen, index: int, scene: Scene) -> None:
    key = _key(screen, "title")
    st.session_state[key] = scene.title
    st.text_input(
        f"标题(不填则自动生成,最多 {TITLE_LENGTH} 个字)",
        key=key,
        max_chars=TITLE_LENGTH,
        placeholder="自动生成,如:甘肃省矛盾纠纷态势",
        on_change=lambda: change_scene(screen.draft, index, title=" ".join(str(st.session_state[key]).split())),
    )


def _division(screen: ScenesScreen, index: int, scene: Scene) -> None:
    """One choice for each level, from the reader's own division down."""
    geography, root = screen.pool.geography, screen.scope
    if not geography.knows(scene.division) or not scene.division.startswith(root):
        st.warning(f"区划 {scene.division} 已不存在或不在您的范围内,放映时跳过。请重新选择。")
        name = table_name(geography.unit(root).name)
        st.button(
            f"改为{name}",
            key="scene-division-root",
            on_click=lambda: change_scene(screen.draft, index, division=root),
        )
        return
    columns = st.columns(max(1, FINEST - level_of(root)), gap="small")
    above = root
    for level, column in zip(range(level_of(root) + 1, FINEST + 1), columns, strict=False):
        with column:
            below = _one_level(screen, index, above, level)
        if not below:
            return
        above = below


def _one_level(screen: ScenesScreen, index: int, above: str, level: int) -> str:
    """Choice among the parts of a division; "" is the division as a whole."""
    geography, scene = screen.pool.geography, screen.draft.now.scenes[index]
    children = geography.children(above)
    counted = children[children["counted"].astype(bool)]
    whole = table_name(geography.unit(above).name)
    words = {"": f"全部({whole})"} | {
        code: table_name(name) for code, name in zip(counted["code"], counted["name"], strict=True)
    }
    length = PREFIX_LENGTH[level]
    now = scene.division[:length] if len(scene.division) >= length else ""
    key = f"scene-division-{index}-{level}"
    st.session_state[key] = now if now in words else ""
    st.selectbox(
        geography.hierarchy.level_name(level),
        list(words),
        format_func=words.__getitem__,
        key=key,
        on_change=lambda: change_scene(screen.draft, index, division=st.session_state[key] or above),
    )
    return now


def _preview(screen: ScenesScreen, index: int) -> None:
    draft = screen.draft
    kept = index < len(draft.kept.scenes) and draft.kept.scenes[index] == draft.now.scenes[index]
    if kept and not screen.overtaken:
        st.markdown(f"[预览这个画面 ↗]({wall_link(draft.now.name, index)})")
    else:
        st.caption("保存之后可以预览这个画面。")
