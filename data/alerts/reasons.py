"""Why there is an alert, in sentences; every number in them is one that its reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass

from data.assessments.shown_counts import RECENT, smallest_of
from data.layers import layer_of

UNITS = {"day": "天", "week": "周", "month": "个月"}
GRADES = ("弱", "较弱", "较强", "强")
LEVELS = {2: "个市州", 3: "个县区", 4: "个乡镇街道", 5: "个村社区", 6: "个网格"}
RARE_DAYS = 365


@dataclass(frozen=True)
class Evidence:
    """What the sentences are made of.

    Parameters
    ----------
    unit
        Of the steps: day, week or month.
    hot
        What `risk.emerging_reason` says of its strongest place.
    layers
        How many places of each layer were hot when it was last seen.
    is_whole
        Whether all of it lies in the reader's scope.
    current, previous
        Of the last steps and of as many before; None = withheld, with `…_is_floor` at least so many.
    grade
        Of the evidence, 0-3.
    recurrence_days
        How often chance alone brings a cluster like the one that covers it; 0 without one.
    score
        0-100, None without one.
    """

    dispute_type: str
    unit: str
    hot: str
    layers: Mapping[str, int]
    is_whole: bool
    current: int | None
    previous: int | None
    current_is_floor: bool
    previous_is_floor: bool
    grade: int
    recurrence_days: int
    score: int | None


def count_words(count: int | None, *, dispute_type: str, is_floor: bool) -> str:
    """`19`, `≥19` where more may have come, `<5` where it is withheld, `不显示` where several are."""
    if count is None:
        return "不显示" if is_floor else f"<{smallest_of(dispute_type)}"
    return f"≥{count:,}" if is_floor else f"{count:,}"


def reasons(found: Evidence) -> tuple[str, ...]:
    """The sentences, the most telling first."""
    sentences = [_counts(found), f"{found.hot}。", _extent(found)]
    if found.recurrence_days >= RARE_DAYS:
        years = found.recurrence_days / 365.25
        sentences.append(f"被一个时空聚集圈覆盖,像这样的聚集单凭偶然约 {years:.1f} 年才出现一次。")
    sentences.append(f"依据{GRADES[found.grade]}{'' if found.score is None else f',风险分 {found.score}'}。")
    return tuple(each for each in sentences if each)


def _counts(found: Evidence) -> str:
    if not found.is_whole:
        return "范围超出您的辖区,合计件数不显示。"
    if found.current is None and found.current_is_floor:
        return "所在各乡镇街道近期件数较少,按规定不显示。"
    spans = f"{RECENT} {UNITS[found.unit]}"
    kind = found.dispute_type
    now = count_words(found.current, dispute_type=kind, is_floor=found.current_is_floor)
    before = count_words(found.previous, dispute_type=kind, is_floor=found.previous_is_floor)
    return f"所在乡镇街道近 {spans} {now} 件,前 {spans} {before} 件。"


def _extent(found: Evidence) -> str:
    parts = [f"{number} {_unit(name)}" for name, number in found.layers.items() if number]
    return f"同时显著偏高:{'、'.join(parts)}。" if parts else ""


def _unit(name: str) -> str:
    layer = layer_of(name)
    return f"个 {layer.resolution} 级六边形" if layer.is_cells else LEVELS[layer.level or 0]
