"""Small counts of a table with two sides are withheld so that neither side's sums give them away."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd


def withhold_table(table: pd.DataFrame, k: Sequence[int]) -> pd.DataFrame:
    """Counts of a table whose sums by row and by column may be known, withheld ones NA (Int64).

    As `data.disclosure.withhold` for each row and each column: what is hidden of any of them are two counts or more
    that sum to its k or more, as far as there are others to hide.

    Parameters
    ----------
    table
        Counts, not negative.
    k
        Of each row: counts in [1, k) are withheld. For a column the largest of its hidden rows holds.
    """
    values = table.to_numpy(dtype="int64")
    least = np.asarray(k, dtype="int64")
    if len(least) != len(values):
        raise ValueError(f"expected one k for each of {len(values)} rows, found {len(least)}")
    hidden = (values > 0) & (values < least[:, None])
    changed = bool(hidden.any())
    while changed:
        changed = False
        for line, seen, smallest in _lines(values, hidden, least):
            changed |= _hide_more(line, seen, smallest)
    shown = pd.DataFrame(values, index=table.index, columns=table.columns).astype("Int64")
    return shown.mask(hidden)


def _lines(values: np.ndarray, hidden: np.ndarray, k: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """Rows and columns: counts, a view of what is hidden of them, and k."""
    for at in range(len(values)):
        yield values[at], hidden[at], int(k[at])
    for at in range(values.shape[1]):
        yield values[:, at], hidden[:, at], int(k[hidden[:, at]].max(initial=0))


def _hide_more(line: np.ndarray, hidden: np.ndarray, k: int) -> bool:
    """Hide the next smallest of a line until what is hidden tells nothing; whether any had to be."""
    if not hidden.any():
        return False
    order = np.argsort(line, kind="stable")
    candidates = [at for at in order.tolist() if line[at] > 0 and not hidden[at]]
    taken = 0
    while (hidden.sum() < 2 or line[hidden].sum() < k) and taken < len(candidates):
        hidden[candidates[taken]] = True
        taken += 1
    return taken > 0
