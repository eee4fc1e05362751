"""What places and dispute types are called on screen."""

from dashboard.wording import table_name
from geo.divisions import PREFIX_LENGTH
from geo.geography import Geography
from risk.incident import DISPUTE_TYPES

EVERY_NAME, TOTAL_NAME = "全部类型", "各类合计"
SHOWN_FROM = 2
"""Cities and below: the topmost division goes without saying."""


def type_name(dispute_type: str) -> str:
    """Name of a type as the tables have it; "" is all of them together."""
    return DISPUTE_TYPES[dispute_type].name if dispute_type in DISPUTE_TYPES else TOTAL_NAME


def division_name(geography: Geography, code: str) -> str:
    """`城关区 · 雁南街道`: a division and the one it lies in; the code where neither has a name."""
    lengths = [length for level, length in PREFIX_LENGTH.items() if level >= SHOWN_FROM and length <= len(code)]
    shown = [code[:length] for length in lengths][-2:] or [code]
    names = geography.names(shown)
    return " · ".join(table_name(names[each]) for each in shown if each in names) or code
