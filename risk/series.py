"""Counts of one dispute type at places and in steps, without the zeros."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Series:
    """Counts of one dispute type that are not zero, in the order of `place`, then `step`.

    `place` and `step` are positions (int64), `count` is int64; all have the shape (n,).
    """

    place: np.ndarray
    step: np.ndarray
    count: np.ndarray

    def dense(self, places: int, steps: int) -> np.ndarray:
        """Counts with their zeros, int64, shape (places, steps)."""
        counts = np.zeros((places, steps), np.int64)
        counts[self.place, self.step] = self.count
        return counts
