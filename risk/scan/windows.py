"""Windows of a scan in time."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Windows:
    """Windows of a scan: steps [first, last) of each; `ending_last` if all end with the last step."""

    first: np.ndarray
    last: np.ndarray
    ending_last: bool

    @property
    def longest(self) -> int:
        """Steps of the longest window."""
        return int((self.last - self.first).max())


def windows_of(steps: int, *, longest: int, ending_last: bool) -> Windows:
    """Windows of up to `longest` steps, short ones first."""
    lengths = range(1, min(longest, steps) + 1)
    pairs = [(end - length, end) for length in lengths for end in range(length, steps + 1)]
    if ending_last:
        pairs = [(first, last) for first, last in pairs if last == steps]
    first, last = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Windows(first.copy(), last.copy(), ending_last)


def edges_of(table: np.ndarray) -> np.ndarray:
    """What lies before each step, and in all: shape (places, steps + 1)."""
    return np.concatenate([np.zeros((len(table), 1), dtype=table.dtype), table.cumsum(axis=1)], axis=1)
