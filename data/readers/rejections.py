"""Why rows are rejected: the first reason found for each."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from data.readers.columns import label
from data.readers.text import Text

SHOWN = 40
"""Characters of a wrong value that are repeated in the reason."""


class Rejections:
    """Collects wrong rows; the first reason given for a row stays."""

    def __init__(self, index: pd.Index) -> None:
        self._index = index
        self._number = np.zeros(len(index), np.int16)
        self._tables: list[pd.DataFrame] = []

    def add(self, wrong: ArrayLike, field: str, reason: str, values: Text | None = None) -> None:
        """Reject the rows in the mask `wrong`; `values` are what stood there, to be repeated."""
        fresh = np.flatnonzero(np.asarray(wrong, bool) & (self._number == 0))
        if len(fresh) == 0:
            return
        self._number[fresh] = 1
        found = "" if values is None else ":“" + values.rows(fresh).astype("object").str.slice(0, SHOWN) + "”"
        told = {"line": self._index[fresh], "column": label(field), "reason": reason + found}
        self._tables.append(pd.DataFrame(told, index=fresh))

    @property
    def good(self) -> NDArray[np.bool_]:
        """Rows that nothing was found wrong with."""
        return self._number == 0

    def table(self) -> pd.DataFrame:
        """Rejected rows in order: `line`, `column`, `reason`."""
        if not self._tables:
            return pd.DataFrame({"line": self._index[:0], "column": [], "reason": []}).astype({"line": "int64"})
        return pd.concat(self._tables).sort_index().reset_index(drop=True)
