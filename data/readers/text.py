"""A column of text as it came, of which each distinct value is looked at once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from data.readers.plain import arrow


@dataclass(frozen=True)
class Text:
    """Distinct values, without surrounding blanks, and for each row which of them it has.

    A column whose values hardly repeat is kept as it is: `at` is None and the values are the rows.
    """

    values: pd.Series
    at: NDArray[np.int64] | None

    @classmethod
    def repeating(cls, raw: pd.DataFrame, field: str) -> "Text":
        """Column of few distinct values."""
        if field not in raw:
            return cls(pd.Series([""], dtype="str"), np.zeros(len(raw), np.int64))
        at, values = pd.factorize(raw[field])
        return cls(pd.Series(values, dtype="str").str.strip(), at)

    @classmethod
    def varying(cls, raw: pd.DataFrame, field: str) -> "Text":
        """Column of mostly distinct values."""
        if field not in raw:
            return cls(pd.Series("", index=raw.index, dtype="str"), None)
        return cls(raw[field].str.strip(), None)

    def rows(self, wanted: NDArray[np.int64]) -> pd.Series:
        """Values of some rows, by position."""
        found = self.values.iloc[wanted if self.at is None else self.at[wanted]]
        return found.set_axis(wanted, axis=0)

    def spread(self, each: ArrayLike) -> np.ndarray:
        """What holds for each distinct value, for each row."""
        found = np.asarray(each)
        return found if self.at is None else found[self.at]

    def spread_text(self, each: pd.Series, index: pd.Index) -> pd.Series:
        """The same for texts, missing ones included."""
        if self.at is None:
            return each
        texts = pa.array(each.astype("object").where(each.notna(), None), pa.large_string())
        return as_text(texts.take(pa.array(self.at)), index)

    @property
    def filled(self) -> np.ndarray:
        """Whether each row says anything."""
        return self.spread((self.values != "").to_numpy(bool))


def as_text(texts: pa.Array, index: pd.Index) -> pd.Series:
    """A column of text (`str`, NaN where missing) of an Arrow array, not copied."""
    return pd.Series(pd.array(texts, dtype="str"), index=index)


def chosen(texts: pd.Series, wanted: np.ndarray) -> pd.Series:
    """Texts where wanted, missing elsewhere."""
    return as_text(pc.if_else(pa.array(wanted), arrow(texts), None), texts.index)
