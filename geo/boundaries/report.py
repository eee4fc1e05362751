"""What was found in boundaries that were handed in, row by row, for the screen and as CSV."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import pandas as pd

AREA_TOLERANCE_KM2 = 0.001
"""Overlaps, gaps and parts outside smaller than this (1,000 m²) are noise of digitising and not told."""
REPAIR_TOLERANCE = 0.01
"""A ring is repaired if that changes the area by no more than this share."""


class Kind(StrEnum):
    """Kinds of findings, in the words of the screen."""

    NO_CODE = "缺代码"
    DUPLICATE_CODE = "代码重复"
    WRONG_CODE = "代码形式不符"
    NO_NAME = "缺名称"
    NO_SHAPE = "缺边界"
    NOT_AREA = "不是面"
    INVALID_RING = "边界环无效"
    NO_PARENT = "没有上级"
    OVERLAP = "相互重叠"
    GAP = "上级范围内有空隙"
    OUTSIDE = "超出上级范围"


class Outcome(StrEnum):
    """What becomes of the unit."""

    REFUSED = "拒收"
    REPAIRED = "已修复"
    NOTED = "照收"


class Finding(NamedTuple):
    """One thing found. `line` is that of the file, 0 for a parent; areas are km², `share` is of the unit's own area."""

    kind: Kind
    outcome: Outcome
    line: int
    code: str
    name: str
    other_code: str = ""
    other_name: str = ""
    area_km2: float = float("nan")
    share: float = float("nan")
    detail: str = ""


COLUMNS = {
    "kind": "问题",
    "outcome": "处理",
    "line": "行",
    "code": "代码",
    "name": "名称",
    "other_code": "相关代码",
    "other_name": "相关名称",
    "area_km2": "面积(平方千米)",
    "share": "占比",
    "detail": "说明",
}
TOLERANCES = (
    f"面积小于 {AREA_TOLERANCE_KM2 * 1e6:,.0f} 平方米的重叠、空隙和超出部分视为数字化误差,不列出;"
    f"修复后面积变化超过 {REPAIR_TOLERANCE:.0%} 的边界不修复,予以拒收。"
)


@dataclass(frozen=True)
class Report:
    """Findings of one import. `read` rows are in the file, `accepted` of them can be taken over."""

    read: int
    accepted: int
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> int:
        """Rows that can not be taken over."""
        return self.read - self.accepted

    def counts(self) -> dict[tuple[Kind, Outcome], int]:
        """How many findings of each kind and outcome there are, in the order of kinds."""
        found = Counter((each.kind, each.outcome) for each in self.findings)
        return {(kind, outcome): found[kind, outcome] for kind in Kind for outcome in Outcome if found[kind, outcome]}

    def area(self, kind: Kind) -> float:
        """Sum of the areas of a kind, km²."""
        return float(sum(each.area_km2 for each in self.findings if each.kind == kind))

    def table(self) -> pd.DataFrame:
        """Findings with the columns of the screen."""
        return pd.DataFrame(list(self.findings), columns=list(COLUMNS)).rename(columns=COLUMNS)

    def csv(self) -> bytes:
        """Findings as CSV that spreadsheets open (UTF-8 with mark); no cell of it is taken for a formula."""
        table = self.table()
        for name in table.columns.drop([COLUMNS["line"], COLUMNS["area_km2"], COLUMNS["share"]]):
            words = table[name].astype("str")
            table[name] = words.where(~words.str.startswith(("=", "+", "-", "@")), "'" + words)
        return table.to_csv(index=False, float_format="%.6g").encode("utf-8-sig")
