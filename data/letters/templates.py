"""Texts of letters made from templates: names are replaced by facts, once; nothing in them is run."""

import datetime as dt
from collections.abc import Mapping
from string import Template

BLANK = "____"
"""Stands for what is not known when the letter is drafted; nothing with a blank left is issued."""

FACTS = (
    "area", "type", "receiver", "issuer", "alert", "level", "reasons", "first_seen", "last_seen", "previous", "current",
    "deadline", "days",
)  # fmt: skip
"""What title, body and demand may name."""
NUMBER_FACTS = ("sign", "year", "serial")
"""What a number must name: one of them less, and two letters could have the same number."""


def fill(template: str, facts: Mapping[str, str]) -> str:
    """Text of a template; facts that are missing or empty leave a blank, reasons leave nothing.

    A fact that itself holds `${…}` stays as it is: a template is gone through once.
    """
    given = {name: facts.get(name) or ("" if name == "reasons" else BLANK) for name in FACTS}
    return Template(template).substitute(given)


def number_text(template: str, *, sign: str, year: int, serial: int) -> str:
    """Number of a letter: `甘肃省综治风提〔2026〕1号`."""
    return Template(template).substitute(sign=sign, year=str(year), serial=str(serial))


def day_text(day: dt.date) -> str:
    """A day as letters write it: `2026年12月5日`."""
    return f"{day.year}年{day.month}月{day.day}日"
