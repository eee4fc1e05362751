"""Legend classes: half-open, at most seven, with round fixed breaks, so that periods can be compared.

Breaks are computed once for a level and measure from a reference table (a year of all counts) and kept;
never from what is on the screen, because then a filter or the next week would recolour the map without
anything having changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from dashboard.measures import COUNT, Measure
from dashboard.palette import DARK, LIGHT, Palette

MOST = 7
QUANTILES = 1000
CHANGE_BREAKS = (-np.inf, -30.0, -15.0, -5.0, 5.0, 15.0, 30.0)
CHANGE_LABELS = ("降 30% 以上", "降 15–30%", "降 5–15%", "基本持平", "升 5–15%", "升 15–30%", "升 30% 以上")
_ROUND = np.array([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10])


@dataclass(frozen=True)
class Classes:
    """Classes `[breaks[i], breaks[i+1])`, the last open above; a colour for each theme, and words."""

    breaks: tuple[float, ...]
    colors_light: tuple[str, ...]
    colors_dark: tuple[str, ...]
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse classes that do not fit together."""
        sizes = {len(self.breaks), len(self.colors_light), len(self.colors_dark), len(self.labels)}
        if len(sizes) != 1 or not 1 <= len(self.breaks) <= MOST:
            raise ValueError(f"expected 1 to {MOST} classes with a colour and label each, found sizes {sorted(sizes)}")
        if any(high <= low for low, high in pairwise(self.breaks)):
            raise ValueError(f"expected rising breaks, found {self.breaks}")

    def colors(self, palette: Palette) -> tuple[str, ...]:
        """Colours for a theme, lowest class first."""
        return self.colors_dark if palette is DARK else self.colors_light

    def assign(self, values: "pd.Series | np.ndarray | Sequence[float]") -> np.ndarray:
        """Class of each value, int8; -1 where it is missing. Below the first break is class 0."""
        given = pd.Series(values).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        found = np.searchsorted(np.asarray(self.breaks), given, side="right") - 1
        return np.where(np.isnan(given), -1, np.maximum(found, 0)).astype(np.int8)


def _spread(ramp: tuple[str, ...], size: int) -> tuple[str, ...]:
    """`size` colours of a seven-colour ramp, ends kept, so that few classes still use the whole range."""
    if size == 1:
        return (ramp[len(ramp) // 2],)
    return tuple(ramp[round(at)] for at in np.linspace(0, len(ramp) - 1, size))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or float(value).is_integer() else f"{value:g}"


def _labels(breaks: Sequence[float], *, first_is_hidden: bool) -> tuple[str, ...]:
    if not breaks:
        return ()
    words = [f"{_number(low)}–{_number(high)}" for low, high in pairwise(breaks)]
    if first_is_hidden and words:
        words[0] = f"< {_number(breaks[1])}"
    return (*words, f"≥ {_number(breaks[-1])}")


def of_breaks(breaks: Sequence[float], measure: Measure, *, suppressed_below: int | None = None) -> Classes:
    """Classes of known breaks for count and rate (for change the breaks are given: ±5/15/30 %).

    Parameters
    ----------
    suppressed_below
        Smallest count that is shown at this level, None where all are. What is hidden becomes one class `<
        k`:
        breaks below k go, and one at k comes.

    Raises
    ------
    ValueError
        More than seven breaks, or breaks that do not rise.
    """
    if measure.is_change:
        return Classes(CHANGE_BREAKS, LIGHT.change, DARK.change, CHANGE_LABELS)
    kept = [float(value) for value in breaks]
    hides = suppressed_below is not None and measure is COUNT
    if hides:
        above = [value for value in kept if value > float(suppressed_below or 0)]
        kept = [0.0, float(suppressed_below or 0), *above[-(MOST - 2) :]]
    light, dark = (_spread(getattr(palette, measure.ramp), len(kept)) for palette in (LIGHT, DARK))
    return Classes(tuple(kept), light, dark, _labels(kept, first_is_hidden=hides))


def round_break(value: float) -> float:
    """The nearest number that reads well: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(round(_ROUND[np.abs(_ROUND - value / power).argmin()] * power, 10))


def fit_breaks(reference: pd.Series, measure: Measure) -> tuple[float, ...]:
    """Round breaks of a level and measure, from a reference table of the same level and length of period."""
    return fit_scaled(reference, measure, (1.0,))[0]


def fit_scaled(reference: pd.Series, measure: Measure, scales: Sequence[float]) -> list[tuple[float, ...]]:
    """Round breaks of the reference times each of `scales`, such as the share of a year that a period takes.

    Natural breaks (Fisher-Jenks over at most 1,000 quantiles of the values) of the values above zero, each
    rounded by `round_break`; counts get whole breaks. The first break is 0. Natural breaks of `c` times the values
    are `c` times their natural breaks, so they are sought once.

    Notes
    -----
    Loading mapclassify takes seconds. Call this where the demo is built or a model is run and keep the breaks
    (they are plain numbers); a page only calls `of_breaks`.
    """
    if measure.is_change:
        return [CHANGE_BREAKS] * len(scales)
    values = reference.dropna().to_numpy(dtype=float)
    values = np.sort(values[values > 0])
    if values.size == 0:
        return [(0.0, 1.0)] * len(scales)
    edges = _natural_edges(values)
    return [_rounded(edges * scale, measure) for scale in scales]


def _natural_edges(values: np.ndarray) -> np.ndarray:
    if values.size > QUANTILES:
        values = np.quantile(values, np.linspace(0, 1, QUANTILES))
    import mapclassify

    return np.asarray(mapclassify.FisherJenks(values, k=min(MOST, np.unique(values).size)).bins[:-1], dtype=float)


def _rounded(edges: np.ndarray, measure: Measure) -> tuple[float, ...]:
    rounded = [round_break(edge) for edge in edges]
    if measure is COUNT:
        rounded = [float(max(1, round(edge))) for edge in rounded]
    return (0.0, *sorted(set(rounded)))
