"""What the page of letters shows, read once: the URL, the letters and whistles of the scope, and the chosen one."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from dashboard.acting import acting_name
from dashboard.letters.asked import OVERDUE, TABS, LettersAsked, read_letters_asked
from dashboard.naming import division_name, type_name
from dashboard.palette import Palette, of_theme
from dashboard.pool import Pool
from data.alerts.reading import Alert, find_alert
from data.forecasts.score_settings import read_score_settings
from data.letters.letter import Actor, Letter
from data.letters.reading import LetterFilter, acts_of, count_letters, find_letter, list_letters
from data.letters.settings import LetterSettings, read_letter_settings
from data.letters.whistle_reading import WhistleFilter, list_whistles


@dataclass(frozen=True)
class LettersScreen:
    """Everything the page shows.

    `counted` is as `count_letters` gives it for all letters of the scope, `listed` as `list_letters` for the chosen
    tab; `letter` and `acts` are those of the chosen letter, `alert` the one that a draft or whistle is about.
    """

    pool: Pool
    settings: LetterSettings
    asked: LettersAsked
    counted: pd.DataFrame
    listed: pd.DataFrame
    letter: Letter | None
    acts: pd.DataFrame
    whistles: pd.DataFrame
    alert: Alert | None
    palette: Palette
    now: datetime
    wrong: list[str]

    @property
    def scope(self) -> str:
        """The officer's own division."""
        return self.pool.settings.root_code

    @property
    def position(self) -> int | None:
        """Row of the open letter in the list; None where it is not among them."""
        numbers = self.listed["id"].tolist()
        return numbers.index(self.letter.id) if self.letter is not None and self.letter.id in numbers else None

    def actor(self) -> Actor:
        """Who acts, now: of the moment of the act, not of the page."""
        return Actor(acting_name(), pd.Timestamp(self.pool.now()), self.scope)

    def area_name(self, code: str) -> str:
        """`城关区 · 雁南街道`."""
        return division_name(self.pool.geography, code)

    def letter_area(self, code: str) -> str:
        """`城关区雁南街道`: as a letter writes it."""
        return self.area_name(code).replace(" · ", "")

    @property
    def alert_area(self) -> str:
        """Where the alert lies; the officer's own division where its strongest place lies outside."""
        division = self.alert.division if self.alert else ""
        return division if division.startswith(self.scope) else self.scope

    def letter_type(self, dispute_type: str) -> str:
        """A dispute type as a letter writes it; of all types together, that."""
        return type_name(dispute_type) if dispute_type else "各类"


def read_letters_screen(pool: Pool) -> LettersScreen:
    """Read what the URL asks for.

    Raises
    ------
    data.letters.settings.BadLetterFileError
        The office's own file can not be used.
    """
    settings, scope = read_letter_settings(pool.settings), pool.settings.root_code
    asked, wrong = read_letters_asked(st.query_params, root=scope, kinds=settings.kinds, known=pool.geography.knows)
    now = pool.now()
    kind = "" if asked.is_drafting else asked.kind  # then it is the draft's, and the list stays whole
    wanted = LetterFilter(scope, now.date(), TABS[asked.state], kind, asked.state == OVERDUE)
    listed = list_letters(pool.engine, wanted)
    letter = _chosen(pool, asked, listed)
    if asked.letter and letter is None:
        wrong.append(f"letter={asked.letter}")
    number = asked.draft_for or asked.whistle_for
    alert = find_alert(pool.engine, scope, number) if number else None
    if number and alert is None:
        wrong.append(f"{'draft_for' if asked.draft_for else 'whistle_for'}={number}")
    return LettersScreen(
        pool,
        settings,
        asked,
        count_letters(pool.engine, LetterFilter(scope, now.date())),
        listed,
        letter,
        acts_of(pool.engine, scope, letter.id) if letter else pd.DataFrame(),
        list_whistles(pool.engine, WhistleFilter(scope)),
        alert,
        of_theme(st.context.theme.type),
        now,
        wrong,
    )


def _chosen(pool: Pool, asked: LettersAsked, listed: pd.DataFrame) -> Letter | None:
    """The letter that the URL names; the first of the list where it names none and none is being written."""
    if asked.letter:
        return find_letter(pool.engine, pool.settings.root_code, int(asked.letter))
    if asked.is_drafting or listed.empty:
        return None
    return find_letter(pool.engine, pool.settings.root_code, int(listed["id"].iloc[0]))


def level_name(screen: LettersScreen, level: int) -> str:
    """`红 重大`: word and name of an alert's level, 0 the gravest."""
    levels = read_score_settings(screen.pool.settings).levels
    found = levels[min(level, len(levels) - 1)]
    return f"{found.colour} {found.name}"
