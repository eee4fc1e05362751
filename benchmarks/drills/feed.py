"""A feed without end whose counts are known after every file: the drills' answer book."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from data.places import Places, known_places

NEW, CORRECTED = 300, 150
"""Rows of a file that are new, and rows of the file before that are moved or given another type."""

COUNTIES = ("620102", "620103", "620104", "620105")
TYPES = ("D02", "D03", "D06")
AS_OF = pd.Timestamp("2026-11-25", tz="Asia/Shanghai")

Counts = dict[tuple[int, str], int]
"""Incidents by county (a place of 15 digits) and type; none where there are none."""


class _Nowhere:
    def locate(self, longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:  # noqa: ARG002 - as all locators
        return np.zeros(len(longitude), dtype="int64")


def places() -> Places:
    """Counties without polygons."""
    codes = pd.Series(["62", "6201", *COUNTIES])
    return known_places(codes, codes == codes, root="62", bounds=(92, 32, 109, 43), locator=_Nowhere())


def rows_of(number: int) -> pd.DataFrame:
    """Rows of a file, the same whenever they are asked for."""
    rng = np.random.default_rng(number)
    ids = np.arange(number * NEW, (number + 1) * NEW)
    if number:
        ids = np.concatenate([ids, rng.choice(NEW, CORRECTED, replace=False) + (number - 1) * NEW])
    days = pd.Timestamp("2025-01-01") + pd.to_timedelta(ids % 600, unit="D")
    return pd.DataFrame(
        {
            "编号": ids.astype(str),
            "纠纷类型": rng.choice(TYPES, len(ids)),
            "受理时间": days.strftime("%Y-%m-%d 10:00:00"),
            "区划代码": rng.choice(COUNTIES, len(ids)),
        }
    )


def write(number: int, folder: Path) -> Path:
    """The file as CSV."""
    file = folder / f"{number}.csv"
    rows_of(number).to_csv(file, index=False)
    return file


class Answers:
    """Counts after each file, by a plain loop over the rows."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[int, str]] = {}
        self._counts: Counter = Counter()
        self._after: list[Counts] = [{}]

    def after(self, files: int) -> Counts:
        """Counts after the first so many files."""
        while len(self._after) <= files:
            for row in rows_of(len(self._after) - 1).itertuples(index=False, name=None):
                name, dispute_type, _, county = row
                if name in self._held:
                    self._counts[self._held[name]] -= 1
                self._held[name] = (int(county.ljust(15, "0")), dispute_type)
                self._counts[self._held[name]] += 1
            self._after.append({key: count for key, count in self._counts.items() if count})
        return self._after[files]
