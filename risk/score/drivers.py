"""Where a score comes from, in the words of the duty officer."""

from dataclasses import dataclass

from risk.emerging import CLASS_NAMES, EmergingClass

DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Facts:
    """What is known about one place and type; counts are None where they are withheld.

    Parameters
    ----------
    kind
        Name of the dispute type.
    month_count, month_said
        Incidents of the last four weeks, and what had been expected of them before.
    week_count, week_said
        The same of the last week.
    expected, low, high
        Of the next four weeks, with the 90 % bounds.
    surprising
        Whether the last windows were a discovery.
    emerging_class
        Value of `EmergingClass`.
    recurrence_days
        Of the scan cluster that holds the place, 0 without one.
    severity
        Weight of one incident.
    """

    kind: str
    month_count: int | None
    month_said: float
    week_count: int | None
    week_said: float
    expected: float
    low: int
    high: int
    surprising: bool
    emerging_class: int
    recurrence_days: float
    severity: float


def drivers(facts: Facts, *, below: int) -> list[str]:
    """Sentences, the most telling first; `below` is what stands in for a withheld count, as in `<5`."""
    found = []
    if facts.surprising:
        found.append(f"近 4 周{facts.kind} {_count(facts.month_count, below)} 起,此前预计 {facts.month_said:.1f} 起")
        if facts.week_count is None or facts.week_count > facts.week_said:
            found.append(f"近 7 天 {_count(facts.week_count, below)} 起,此前预计 {facts.week_said:.1f} 起")
    if facts.emerging_class > 0:
        found.append(f"时空聚集:{CLASS_NAMES[EmergingClass(facts.emerging_class)]}")
    if facts.recurrence_days > 0:
        found.append(f"扫描聚集区,{_interval(facts.recurrence_days)}才会偶然出现一次")
    found.append(f"未来 4 周预计 {facts.expected:.1f} 起(90% 区间 {facts.low}–{facts.high})")
    if facts.severity > 1:
        found.append(f"{facts.kind}按每起 {facts.severity:g} 计权")
    return found


def _count(count: int | None, below: int) -> str:
    return f"<{below}" if count is None else f"{count}"


def _interval(days: float) -> str:
    return f"约 {days / DAYS_A_YEAR:.1f} 年" if days >= DAYS_A_YEAR else f"约 {days:.0f} 天"
