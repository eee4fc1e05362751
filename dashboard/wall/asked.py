"""State of the briefing screen in its address: which programme, and the scene it is held at."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from dashboard.url_state import checked, put
from dashboard.wall.rotation import stepped
from data.scenes import MOST_SCENES, NAME_LENGTH

PAUSED = "1"


@dataclass(frozen=True)
class WallAsked:
    """`scene` counts from 1 and means something only while `paused` is "1"; otherwise the clock decides.

    While scenes turn nothing is written into the address: each turn would be a step of the browser's history, and a
    screen runs for months.
    """

    programme: str = ""
    scene: str = ""
    paused: str = ""

    @property
    def held(self) -> int | None:
        """Number of the scene that is kept, from 0; None while scenes turn."""
        return int(self.scene or 1) - 1 if self.paused == PAUSED else None

    def holding(self, index: int) -> "WallAsked":
        """The same, held at a scene."""
        return replace(self, scene=str(index + 1), paused=PAUSED)

    def turning(self) -> "WallAsked":
        """The same, with scenes that turn."""
        return replace(self, scene="", paused="")


def read_wall_asked(params: Mapping[str, str]) -> tuple[WallAsked, list[str]]:
    """State from the address, and what in it makes no sense."""
    checks = {"programme": is_programme_name, "scene": is_scene_number, "paused": {"0", PAUSED}.__contains__}
    found, wrong = checked(params, checks)
    return WallAsked(**found), wrong


def write_wall_asked(asked: WallAsked) -> None:
    """Put the state into the address."""
    put(asked, WallAsked())


def hold(index: int) -> None:
    """Stay at a scene."""
    write_wall_asked(_standing().holding(index))


def step(index: int, by: int, count: int) -> None:
    """Go to the next scene or the one before, and stay there; `index` is the one that the clock shows.

    Where a scene is held, the step is taken from that of the address: keys that are pressed faster than the screen is
    drawn would otherwise all start at the same scene.
    """
    asked = _standing()
    held = asked.held
    write_wall_asked(asked.holding(stepped(index if held is None else held, by, count)))


def resume() -> None:
    """Let the clock decide again."""
    write_wall_asked(_standing().turning())


def _standing() -> WallAsked:
    """What the address says now, which may be newer than what is drawn."""
    return read_wall_asked(st.query_params)[0]


def is_programme_name(value: str) -> bool:
    """Whether a text may be a programme's name."""
    return len(value) <= NAME_LENGTH and value.isprintable()


def is_scene_number(value: str) -> bool:
    """Whether a text may be the number of a scene, from 1."""
    return value.isascii() and value.isdigit() and 1 <= int(value) <= MOST_SCENES
