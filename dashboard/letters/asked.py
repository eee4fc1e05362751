"""What the page of letters is asked for: all of it stands in the URL."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dashboard.url_state import Checks, checked, is_code, put
from data.letters.life import AWAITING, STATES

LETTERS, WHISTLES, WHOLE = "", "whistles", "whole"
LIVE, OVERDUE, DONE, EVERY = "", "overdue", "done", "all"
TABS: dict[str, tuple[str, ...]] = {
    LIVE: ("draft", "in_review", "issued", "received", "answered"),
    OVERDUE: AWAITING,
    "draft": ("draft",),
    "in_review": ("in_review",),
    "issued": ("issued",),
    "received": ("received",),
    "answered": ("answered",),
    DONE: ("closed", "void"),
    EVERY: tuple(STATES),
}
"""States by tab; of `OVERDUE` only those past their deadline."""
TAB_WORDS = {LIVE: "在办", OVERDUE: "逾期", DONE: "已了结", EVERY: "全部"}
ALERT_NUMBER = r"[A-Za-z]{1,4}-\d{4}-\d{1,8}"


@dataclass(frozen=True)
class LettersAsked:
    """State of the page.

    `kind` narrows the list, and is the kind of a letter that is being drafted. `draft_for` is the number of the alert
    that a new letter is about; `new` is "1" for a letter about none, `area` its area. `edit` is "1" while the chosen
    draft is being changed. `whistle_for` is the alert that a whistle is about. With `show` "whole" the chosen letter
    takes the page to itself.
    """

    view: str = LETTERS
    state: str = LIVE
    kind: str = ""
    letter: str = ""
    edit: str = ""
    draft_for: str = ""
    new: str = ""
    area: str = ""
    whistle_for: str = ""
    show: str = ""

    @property
    def is_drafting(self) -> bool:
        """Whether a new letter is being written."""
        return bool(self.draft_for or self.new)

    def listing(self) -> "LettersAsked":
        """The list without a letter or draft chosen."""
        return replace(self, letter="", edit="", draft_for="", new="", area="", show="")


def read_letters_asked(
    params: Mapping[str, str], *, root: str, kinds: Mapping[str, object], known: Callable[[str], bool]
) -> tuple[LettersAsked, list[str]]:
    """Read the URL's parameters; what makes no sense is left at its default and named."""
    checks: Checks = {
        "view": lambda value: value == WHISTLES,
        "state": TABS.__contains__,
        "kind": kinds.__contains__,
        "letter": lambda value: value.isascii() and value.isdigit() and len(value) < 12,
        "edit": lambda value: value == "1",
        "draft_for": _is_alert,
        "new": lambda value: value == "1",
        "area": is_code(root, known),
        "whistle_for": _is_alert,
        "show": lambda value: value == WHOLE,
    }
    found, wrong = checked(params, checks)
    asked = LettersAsked(**found)
    return (replace(asked, view=WHISTLES) if asked.whistle_for else asked), wrong


def write_letters_asked(asked: LettersAsked) -> None:
    """Put the state into the URL; what is at its default stays out of it."""
    put(asked, LettersAsked())


def _is_alert(value: str) -> bool:
    return re.fullmatch(ALERT_NUMBER, value) is not None and len(value) <= 20
