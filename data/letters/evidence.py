"""What an alert gives to a letter: rows of its evidence table, and facts for its template.

The alert comes out of `data.alerts.reading.find_alert`, so its counts are withheld already; nothing is counted here.
"""

import datetime as dt

from data.alerts.reading import Alert
from data.alerts.reasons import count_words
from data.letters.letter import Evidence
from data.letters.templates import day_text

FEW, HIDDEN = "(数量少的不显示具体数)", "件数较少,按规定不显示"


def evidence_of(alert: Alert, *, area: str, dispute_type: str, level: str) -> Evidence:
    """Rows of the table; area, type and level by their names."""
    rows = [
        ("预警编号", alert.number),
        ("涉及区域", area),
        ("纠纷类型", dispute_type),
        ("预警等级", level),
        ("首次出现", f"{alert.first_seen:%Y-%m-%d}"),
        ("数据截至", f"{alert.last_seen:%Y-%m-%d}"),
        ("上期 → 本期", counts_of(alert)),
    ]
    numbered = (("研判依据" if at == 1 else f"研判依据({at})", text) for at, text in enumerate(alert.reasons, start=1))
    return (*rows, *numbered)


def facts_of(alert: Alert, *, area: str, dispute_type: str, level: str) -> dict[str, str]:
    """Facts that a template may name (`data.letters.templates.FACTS`), as far as the alert knows them."""
    return {
        "area": area,
        "type": dispute_type,
        "alert": alert.number,
        "level": level,
        "reasons": "".join(alert.reasons),
        "first_seen": day_text(alert.first_seen),
        "last_seen": day_text(alert.last_seen),
        "previous": _count(alert, current=False),
        "current": _count(alert, current=True),
    }


def deadline_facts(due: dt.date | None, days: int) -> dict[str, str]:
    """The facts of the deadline."""
    return {"deadline": "" if due is None else day_text(due), "days": str(days)}


def counts_of(alert: Alert) -> str:
    """Both counts as they may be told: `8 → 19 件`, or with a hint where one of them is withheld or only a floor."""
    before, now = _count(alert, current=False), _count(alert, current=True)
    if not any(sign.isdigit() for sign in before + now):
        return HIDDEN
    counts = f"{before} → {now} 件" if any(sign.isdigit() for sign in now) else f"{before} 件 → {now}"
    is_exact = all(words.replace(",", "").isdigit() for words in (before, now))
    return counts if is_exact else f"{counts}{FEW}"


def _count(alert: Alert, *, current: bool) -> str:
    count, is_floor = (alert.current, alert.current_is_floor) if current else (alert.previous, alert.previous_is_floor)
    return count_words(count, dispute_type=alert.dispute_type, is_floor=is_floor)
