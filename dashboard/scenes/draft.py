"""What an officer has changed and not saved yet: kept for the session, never in the store."""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from dashboard.scenes.asked import ScenesAsked, open_scene
from data.scenes import MOST_SCENES, Programme, Scene

_KEPT = "scenes-draft"


@dataclass(frozen=True)
class Draft:
    """`kept` is the programme as it was read, `now` as it was changed since."""

    kept: Programme
    now: Programme

    @property
    def is_changed(self) -> bool:
        """Whether anything is to be saved."""
        return self.kept.scenes != self.now.scenes


def draft_of(standing: Programme) -> Draft:
    """The draft of a programme; anew where another is open, or where nothing would be lost by it."""
    draft = st.session_state.get(_KEPT)
    same = draft is not None and (draft.kept.scope, draft.kept.name) == (standing.scope, standing.name)
    if draft is None or not same or (draft.kept != standing and not draft.is_changed):
        draft = begin_draft(standing)
    return draft


def begin_draft(standing: Programme) -> Draft:
    """Begin anew; what was changed is dropped."""
    draft = Draft(standing, standing)
    st.session_state[_KEPT] = draft
    return draft


def _change(draft: Draft, scenes: list[Scene]) -> None:
    st.session_state[_KEPT] = replace(draft, now=replace(draft.now, scenes=tuple(scenes)))


def change_scene(draft: Draft, index: int, **values: Any) -> None:
    """Change fields of a scene."""
    scenes = list(draft.now.scenes)
    scenes[index] = replace(scenes[index], **values)
    _change(draft, scenes)


def move_scene(asked: ScenesAsked, draft: Draft, index: int, by: int) -> None:
    """Move a scene up (-1) or down (1); it stays open."""
    scenes = list(draft.now.scenes)
    to = min(max(index + by, 0), len(scenes) - 1)
    scenes.insert(to, scenes.pop(index))
    _change(draft, scenes)
    open_scene(asked, to)


def remove_scene(asked: ScenesAsked, draft: Draft, index: int) -> None:
    """Take a scene out."""
    scenes = list(draft.now.scenes)
    scenes.pop(index)
    _change(draft, scenes)
    open_scene(asked, max(0, min(asked.index - (index < asked.index), len(scenes) - 1)))


def add_scene(asked: ScenesAsked, draft: Draft) -> None:
    """Add a scene like the open one behind it, and open it."""
    scenes = list(draft.now.scenes)
    if len(scenes) >= MOST_SCENES:
        return
    like = scenes[min(asked.index, len(scenes) - 1)] if scenes else Scene("map", 30, draft.now.scope)
    at = min(asked.index, len(scenes) - 1) + 1
    scenes.insert(at, replace(like, title=""))
    _change(draft, scenes)
    open_scene(asked, at)
