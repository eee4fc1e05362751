"""Random choices for many rows at once."""

import numpy as np


def draw_rows(probabilities: np.ndarray, row: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One column for each wanted row of a table.

    Parameters
    ----------
    probabilities
        Shape (rows, columns); each row sums to 1.
    row
        Which row each draw takes, shape (draws,).

    Returns
    -------
    Column positions, int64, shape (draws,).
    """
    # One sorted axis for all rows: row k owns the numbers between k and k + 1.
    axis = (probabilities.cumsum(axis=1) + np.arange(len(probabilities))[:, None]).ravel()
    width = probabilities.shape[1]
    at = np.searchsorted(axis, row + rng.random(len(row)), side="right")
    return np.asarray((at - row * width).clip(0, width - 1), dtype=np.int64)


def draw_one(probabilities: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` columns of one distribution."""
    return draw_rows(probabilities[None, :], np.zeros(count, dtype=np.int64), rng)
