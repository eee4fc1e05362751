"""The scenes in their order, one row each: open, move, take out."""

import streamlit as st

from dashboard.asked import CHOICES, WINDOWS
from dashboard.naming import EVERY_NAME, type_name
from dashboard.scenes.asked import open_scene
from dashboard.scenes.draft import add_scene, move_scene, remove_scene
from dashboard.scenes.screen import ScenesScreen
from dashboard.wording import table_name
from data.scenes import MOST_SCENES, SCENE_KINDS, Scene
from risk.incident import SOURCES


def show_scene_list(screen: ScenesScreen) -> None:
    """Show it, with the button that adds one."""
    scenes = screen.draft.now.scenes
    total = sum(scene.seconds for scene in scenes)
    st.markdown(f"**画面** :gray[{len(scenes)} 个 · 一轮 {round_text(total)}]")
    for index, scene in enumerate(scenes):
        _show_row(screen, index, scene)
    st.button(
        "添加画面",
        key="scene-add",
        icon=":material/add:",
        on_click=add_scene,
        args=(screen.asked, screen.draft),
        disabled=len(scenes) >= MOST_SCENES,
        help=f"最多 {MOST_SCENES} 个。" if len(scenes) >= MOST_SCENES else None,
    )


def _show_row(screen: ScenesScreen, index: int, scene: Scene) -> None:
    is_open, last = index == screen.index, len(screen.draft.now.scenes) - 1
    # Tenths of a second at night: the row says all of its scene, so that nothing needs opening to be checked.
    with (
        st.container(border=True, key=f"scene-row-{index}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        st.button(
            f"{index + 1} · {SCENE_KINDS.get(scene.kind, scene.kind)} · {scene.seconds} 秒",
            key=f"scene-open-{index}",
            type="primary" if is_open else "secondary",
            on_click=open_scene,
            args=(screen.asked, index),
            width=250,
        )
        st.caption(scene_words(screen, scene), width="stretch")
        move = {"type": "tertiary", "on_click": move_scene}
        up, down = (screen.asked, screen.draft, index, -1), (screen.asked, screen.draft, index, 1)
        st.button("上移", key=f"scene-up-{index}", args=up, disabled=index == 0, **move)
        st.button("下移", key=f"scene-down-{index}", args=down, disabled=index == last, **move)
        st.button(
            "移除",
            key=f"scene-out-{index}",
            type="tertiary",
            on_click=remove_scene,
            args=(screen.asked, screen.draft, index),
            disabled=last == 0,
        )


def scene_words(screen: ScenesScreen, scene: Scene) -> str:
    """`兰州市 · 近 7 天 · 全部类型 · 件数`, as plain text for a caption."""
    geography = screen.pool.geography
    name = table_name(geography.unit(scene.division).name) if geography.knows(scene.division) else scene.division
    parts = [name, WINDOWS.get(scene.period, scene.period)]
    parts.append(type_name(scene.dispute_type) if scene.dispute_type else EVERY_NAME)
    if scene.source in SOURCES:
        parts.append(SOURCES[scene.source].name)
    parts.append(CHOICES["measure"].get(scene.measure, scene.measure))
    if scene.title:
        parts.append(f"标题“{scene.title}”")
    return plain(" · ".join(parts))


def plain(text: str) -> str:
    """Text where Markdown is read: its signs stand as they are."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+|$:~&" else sign for sign in text)


def round_text(seconds: int) -> str:
    """`1 分 50 秒`."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} 分 {rest} 秒" if minutes and rest else f"{minutes} 分钟" if minutes else f"{rest} 秒"
