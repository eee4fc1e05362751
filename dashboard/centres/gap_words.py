"""Gaps in words, on the screen and in the file that is taken away."""

import math

import pandas as pd

from dashboard.naming import division_name, type_name
from data.centres.gaps import FAR, LACKING, NO_CENTRE, NO_POINT, NO_ROOM
from data.centres.settings import CentreSettings
from geo.geography import Geography

GAPS = {
    NO_CENTRE: "没有中心",
    NO_ROOM: "没有对口用房",
    FAR: "热点太远",
    LACKING: "用房不够级",
    NO_POINT: "没有坐标",
}
PLACE, KIND, WORDS = "区划", "缺口", "说明"


def km_text(km: float) -> str:
    """`12.3 公里`; below 1 km in metres, rounded to hundreds; `—` where it is not known or there is none."""
    if not math.isfinite(km):
        return "—"
    return f"{km:.1f} 公里" if km >= 1 else "不到 1 公里"


def room_names(kinds: CentreSettings, rooms: tuple[str, ...]) -> str:
    """`接待大厅、综合调解室`; a kind that the settings no longer name keeps its code."""
    return "、".join(kinds.rooms[room].name if room in kinds.rooms else room for room in rooms)


def gap_sentence(row: pd.Series, kinds: CentreSettings) -> str:
    """What is missing, in few words: they stand in a narrow column."""
    rooms, kind, number = room_names(kinds, row["rooms"]), str(row["dispute_type"]), float(row["number"])
    if row["gap"] == NO_CENTRE:
        return "应有综治中心,名册里没有"
    if row["gap"] == NO_ROOM:
        return f"全县没有{rooms},一年{type_name(kind)} {number:,.0f} 件"
    if row["gap"] == FAR and math.isinf(number):
        return f"{type_name(kind)}热点:没有一个中心有{rooms}"
    if row["gap"] == FAR:
        return f"{type_name(kind)}热点:到{rooms} {number:.1f} 公里({row['centre']})"
    if row["gap"] == LACKING:
        return f"按规模还缺:{rooms}"
    return f"{row['centre']}没有坐标,不能算距离"


def gap_table(gaps: pd.DataFrame, kinds: CentreSettings, geography: Geography) -> pd.DataFrame:
    """The rows of `list_gaps` as they are read: 区划, 缺口, 说明."""
    return pd.DataFrame(
        {
            PLACE: [division_name(geography, code) for code in gaps["division"]],
            KIND: [GAPS[gap] for gap in gaps["gap"]],
            WORDS: [gap_sentence(row, kinds) for _, row in gaps.iterrows()],
        },
        index=gaps.index,
    )


def gap_csv(gaps: pd.DataFrame, kinds: CentreSettings, geography: Geography) -> bytes:
    """The same as a file, with codes."""
    table = gap_table(gaps, kinds, geography)
    table.insert(0, "区划代码", gaps["division"])
    table.insert(3, "纠纷类型", [type_name(kind) if kind else "" for kind in gaps["dispute_type"]])
    return table.to_csv(index=False).encode("utf-8-sig")
