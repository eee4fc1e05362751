"""Why a place has its emerging class, in words for the duty officer."""

from collections.abc import Sequence

import numpy as np

NOTHING = "各期均无显著聚集"
NO_PATTERN = "本期不显著,未构成模式"
TREND_WORDS = {1: "趋势显著上升", 0: "无显著趋势", -1: "趋势显著下降"}


def reasons(
    state: np.ndarray, classes: np.ndarray, direction: np.ndarray, *, step_names: Sequence[str] | None = None
) -> list[str]:
    """One sentence per place: which steps were hot or cold, which trend, since when.

    Parameters
    ----------
    state
        Shape (places, steps): 1 hot, −1 cold, 0 neither.
    classes
        Values of `risk.emerging.EmergingClass`, shape (places,).
    direction
        Significant trend of each place: 1, 0, −1.
    step_names
        Name of each step, e.g. "2025-12-01"; numbers from 1 if left out.
    """
    steps = state.shape[1]
    names = list(step_names) if step_names is not None else [f"第{step}期" for step in range(1, steps + 1)]
    if len(names) != steps:
        raise ValueError(f"{steps} steps but {len(names)} step names")
    sentences = [NOTHING] * len(state)
    for place in np.nonzero((state != 0).any(axis=1))[0].tolist() if steps else []:
        sentences[place] = _sentence(state[place], int(classes[place]), int(direction[place]), names)
    return sentences


def _sentence(row: np.ndarray, kind: int, direction: int, names: list[str]) -> str:
    """The sentence of one place that was hot or cold at least once."""
    if kind == 0:
        return ";".join(part for part in (_share(row, 1, names), _share(row, -1, names), NO_PATTERN) if part)
    side = 1 if kind > 0 else -1
    parts = [
        _end(row, side, names),
        _share(row, side, names),
        _share(row, -side, names),
    ]
    if abs(kind) in (3, 4, 5):
        parts.append(TREND_WORDS[direction])
    return ";".join(part for part in parts if part)


def _end(row: np.ndarray, side: int, names: list[str]) -> str:
    """What the last steps say about the side (1 hot, −1 cold) of the class."""
    word = "偏高" if side > 0 else "偏低"
    at = np.nonzero(row == side)[0]
    if row[-1] != side:
        return f"本期({names[-1]})不再显著{word},最近一次为{names[at[-1]]}"
    others = np.nonzero(row != side)[0]
    begin = int(others[-1]) + 1 if len(others) else 0
    run = len(row) - begin
    before = "" if begin == 0 else ",此前从未" if at[0] == begin else ",此前时有"
    return f"自{names[begin]}起连续{run}期显著{word}{before}" if run > 1 else f"本期({names[-1]})显著{word}{before}"


def _share(row: np.ndarray, side: int, names: list[str]) -> str:
    """How many steps were on this side, and the first of them; empty if none was."""
    at = np.nonzero(row == side)[0]
    if not len(at):
        return ""
    word = "偏高" if side > 0 else "偏低"
    return f"共{len(row)}期中{len(at)}期显著{word},首次为{names[at[0]]}"
