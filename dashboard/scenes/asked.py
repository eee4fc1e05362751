"""State of 大屏设置 in its address: which programme, and which of its scenes is open."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from dashboard.url_state import checked, put
from dashboard.wall.asked import PAUSED, is_programme_name, is_scene_number
from data.scenes import DEFAULT_NAME


@dataclass(frozen=True)
class ScenesAsked:
    """`scene` counts from 1."""

    programme: str = DEFAULT_NAME
    scene: str = "1"

    @property
    def index(self) -> int:
        """Number of the open scene, from 0."""
        return int(self.scene) - 1


def read_scenes_asked(params: Mapping[str, str]) -> tuple[ScenesAsked, list[str]]:
    """State from the address, and what in it makes no sense."""
    found, wrong = checked(params, {"programme": is_programme_name, "scene": is_scene_number})
    return ScenesAsked(**found), wrong


def write_scenes_asked(asked: ScenesAsked) -> None:
    """Put the state into the address."""
    put(asked, ScenesAsked())


def open_scene(asked: ScenesAsked, index: int) -> None:
    """Open a scene."""
    write_scenes_asked(replace(asked, scene=str(index + 1)))


def wall_link(programme: str, index: int | None = None) -> str:
    """Address of the screen with a programme, turning or held at one scene."""
    held = {} if index is None else {"scene": str(index + 1), "paused": PAUSED}
    return f"wall?{urlencode({'programme': programme} | held)}"
