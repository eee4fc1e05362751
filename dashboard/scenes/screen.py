"""What 大屏设置 shows, read once: the programmes, the one that is open, and what was changed in it."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from dashboard.pool import Pool
from dashboard.scenes.asked import ScenesAsked, read_scenes_asked
from dashboard.scenes.draft import Draft, draft_of
from data.scenes import DEFAULT_NAME, Programme, Scene, default_programme, list_programmes


@dataclass(frozen=True)
class ScenesScreen:
    """Everything the page shows. `standing` is the open programme as the store has it now."""

    pool: Pool
    asked: ScenesAsked
    programmes: list[Programme]
    standing: Programme
    draft: Draft
    now: datetime
    wrong: list[str]

    @property
    def scope(self) -> str:
        """The reader's own division."""
        return self.pool.settings.root_code

    @property
    def names(self) -> list[str]:
        """Names to choose from, the default first."""
        others = sorted(one.name for one in self.programmes if one.name != DEFAULT_NAME)
        return [DEFAULT_NAME, *others]

    @property
    def index(self) -> int | None:
        """Number of the open scene, from 0; None where there is none."""
        count = len(self.draft.now.scenes)
        return min(self.asked.index, count - 1) if count else None

    @property
    def scene(self) -> Scene | None:
        """The open scene."""
        return None if self.index is None else self.draft.now.scenes[self.index]

    @property
    def overtaken(self) -> bool:
        """Whether somebody else saved or removed the programme since it was read."""
        return self.draft.kept.version != self.standing.version


def read_scenes_screen(pool: Pool) -> ScenesScreen:
    """Read what the URL asks for."""
    scope = pool.settings.root_code
    asked, wrong = read_scenes_asked(st.query_params)
    programmes = list_programmes(pool.engine, scope)
    standing = next((one for one in programmes if one.name == asked.programme), None)
    if standing is None:
        if asked.programme != DEFAULT_NAME:
            wrong.append(f"programme={asked.programme}")
            asked = ScenesAsked(scene=asked.scene)
        standing = next((one for one in programmes if one.name == DEFAULT_NAME), default_programme(scope))
    return ScenesScreen(pool, asked, programmes, standing, draft_of(standing), pool.now(), wrong)
