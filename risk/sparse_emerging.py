"""Emerging classes of a whole province: what `risk.emerging` says, computed only where anything happened.

Almost every place counts 0 of a given type in its whole neighbourhood all the time. Such quiet places all have one
of a handful of z-scores, so they are counted and not computed; mean, variance and the number of tests are those of
the full cube, and the result is the same.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betainc, ndtr, ndtri

from geo.neighbours import Neighbours
from risk.emerging import EmergingSettings, classify, last_run
from risk.local_statistic import neighbourhood_sums
from risk.series import Series
from risk.trend import trend

COLUMNS = (
    "position",
    "emerging_class",
    "hot_steps",
    "cold_steps",
    "first_hot",
    "last_run",
    "last_z",
    "trend_z",
    "trend_p",
    "evidence",
)
_MOST_EVIDENCE = 300.0


@dataclass(frozen=True)
class Pattern:
    """Places with a class: `table` (`COLUMNS`, one row each) and their `state`, int8, shape (rows, steps)."""

    table: pd.DataFrame
    state: np.ndarray


@dataclass(frozen=True)
class _Moments:
    """Of the whole cube: its size, mean and standard deviation."""

    size: int
    mean: float
    deviation: float

    def z(self, sums: np.ndarray, members: np.ndarray) -> np.ndarray:
        """Ord & Getis (1995), formula 14, as in `risk.local_statistic`; 0 where nothing can be compared."""
        inside = np.maximum(self.size * members - members**2, 0.0) / max(self.size - 1, 1)
        spread = self.deviation * np.sqrt(inside)
        z = np.zeros(np.broadcast(sums, spread).shape)
        np.divide(sums - self.mean * members, spread, out=z, where=spread > 0)
        return z


def emerging_places(
    series: Series,
    neighbours: Neighbours,
    *,
    steps: int,
    settings: EmergingSettings,
    least_cases: int = 0,
) -> Pattern:
    """Every place of a cube that has an emerging class.

    Parameters
    ----------
    series
        The counts that are not zero.
    neighbours
        Of all places of the study area.
    settings
        With `moments="cube"` and without permutations.
    least_cases
        A neighbourhood with fewer incidents is not called hot: in a sparse cube a single one passes any test that
        takes counts for normal. 0 leaves the classes as `risk.emerging` has them.

    Returns
    -------
    Sorted by position; `evidence` is −log₁₀ of how likely the last steps of the neighbourhood are after its own
    past (see `surprise`), whichever side the class is on.

    Raises
    ------
    ValueError
        Settings that this form does not know.
    """
    if settings.moments != "cube" or settings.permutations:
        raise ValueError("expected moments of the cube and no permutations")
    if not len(series.place) or not steps:
        return Pattern(_no_rows(), np.zeros((0, steps), np.int8))
    active, sums = _active_sums(series, neighbours, steps, settings.look_back)
    moments = _moments(series, neighbours.count * steps)
    depth = np.minimum(np.arange(steps), settings.look_back) + 1
    sizes = neighbours.degrees + 1
    z = moments.z(sums, (sizes[active][:, None] * depth).astype(np.float64))
    quiet = _quiet(active, sizes)
    quiet_z = moments.z(np.zeros((1, 1)), (quiet.index.to_numpy()[:, None] * depth).astype(np.float64))
    limit = _discovery_limit(z, quiet_z, quiet.to_numpy(), alpha=settings.alpha)
    state = _state(z, limit, settings.alpha)
    state[(state > 0) & (sums < least_cases)] = 0
    shown = np.nonzero((state != 0).any(axis=1))[0]
    found = _table(active[shown], z[shown], state[shown], settings)
    found["evidence"] = surprise(sums[shown], sizes[active[shown]], found, moments.mean, settings.look_back)
    silent = _quiet_places(sizes, active, quiet.index, quiet_z, limit, settings)
    return _sorted([Pattern(found, state[shown]), *silent])


def surprise(sums: np.ndarray, sizes: np.ndarray, found: pd.DataFrame, mean: float, look_back: int) -> np.ndarray:
    """−log₁₀ of the chance of the last neighbourhood sum, given the same neighbourhood's steps before it.

    Notes
    -----
    Counts are Poisson with a gamma-distributed rate: a prior worth one step at the mean of the cube, then the past.
    The sum to come is then negative binomial; its upper tail is the incomplete beta function.
    """
    steps = sums.shape[1]
    window = min(look_back + 1, steps)
    # Sums reach back over `window` steps, so every window-th of them, from the end, adds each earlier step once.
    past = sums[:, steps - 1 - window :: -window].sum(axis=1) if steps > window else np.zeros(len(sums))
    shape, exposure = past + mean * sizes, steps - window + 1.0
    share = window / (exposure + window)
    now = sums[:, -1]
    more = np.where(now > 0, betainc(np.maximum(now, 1e-300), shape, share), 1.0)
    fewer = 1.0 - betainc(now + 1.0, shape, share)
    tail = np.where(found["emerging_class"].to_numpy() > 0, more, fewer)
    return np.minimum(-np.log10(np.maximum(tail, 1e-308)), _MOST_EVIDENCE)


def _active_sums(series: Series, neighbours: Neighbours, steps: int, look_back: int) -> tuple[np.ndarray, np.ndarray]:
    """Places with a count in their neighbourhood, rising, and their neighbourhoods' sums, (places, steps)."""
    active, inner = _active(series.place, neighbours)
    dense = np.zeros((len(active), steps))
    dense[np.searchsorted(active, series.place), series.step] = series.count
    return active, neighbourhood_sums(dense, inner, look_back=look_back)


def _active(hit: np.ndarray, neighbours: Neighbours) -> tuple[np.ndarray, Neighbours]:
    """Places with a count in their neighbourhood, rising, and the neighbour lists among them."""
    mask = np.zeros(neighbours.count, bool)
    mask[hit] = True
    first = np.repeat(np.arange(neighbours.count), neighbours.degrees)
    reached = mask[first]
    mask[neighbours.members[reached]] = True
    active = np.nonzero(mask)[0]
    position = np.cumsum(mask) - 1
    kept = mask[first] & mask[neighbours.members]
    starts = np.zeros(len(active) + 1, np.int64)
    np.cumsum(np.bincount(position[first[kept]], minlength=len(active)), out=starts[1:])
    return active, Neighbours(starts, position[neighbours.members[kept]])


def _moments(series: Series, size: int) -> _Moments:
    counts = series.count.astype(np.float64)
    mean = counts.sum() / size
    squares = ((counts - mean) ** 2).sum() + (size - len(counts)) * mean**2
    return _Moments(size, float(mean), float(np.sqrt(squares / size)))


def _quiet(active: np.ndarray, sizes: np.ndarray) -> pd.Series:
    """How many places of each neighbourhood size have nothing in theirs."""
    number = np.bincount(sizes) - np.bincount(sizes[active], minlength=int(sizes.max()) + 1)
    return pd.Series(number, index=np.arange(len(number))).loc[lambda counts: counts > 0]


def _discovery_limit(z: np.ndarray, quiet_z: np.ndarray, repeats: np.ndarray, *, alpha: float) -> float:
    """`risk.local_statistic.discovery_limit` over all z-scores, those of quiet places standing for many each."""
    far = -ndtri(alpha / 2) - 1e-6
    strong = z[np.abs(z) >= far]
    p = 2.0 * ndtr(-np.abs(np.concatenate([strong, quiet_z.ravel()])))
    weights = np.concatenate([np.ones(len(strong), np.int64), np.repeat(repeats, quiet_z.shape[1])])
    order = np.argsort(p, kind="stable")
    order = order[p[order] <= alpha]
    ranks = np.cumsum(weights[order])
    tests = z.size + int(repeats.sum()) * quiet_z.shape[1]
    passed = np.nonzero(p[order] <= alpha * ranks / max(tests, 1))[0]
    return float(p[order][passed[-1]]) if len(passed) else -1.0


def _state(z: np.ndarray, limit: float, alpha: float) -> np.ndarray:
    """1 hot, −1 cold, 0 neither; int8."""
    state = np.zeros(z.shape, np.int8)
    # The tail of the normal law is costly: it is taken only where it can matter.
    strong = np.nonzero(np.abs(z) >= -ndtri(alpha / 2) - 1e-6)
    found = z[strong]
    state[strong] = np.where(2.0 * ndtr(-np.abs(found)) <= limit, np.sign(found), 0.0)
    return state


def _table(position: np.ndarray, z: np.ndarray, state: np.ndarray, settings: EmergingSettings) -> pd.DataFrame:
    movement = trend(z)
    classes = classify(state, movement.direction(alpha=settings.trend_alpha), sporadic=settings.sporadic)
    hot = state > 0
    return pd.DataFrame(
        {
            "position": position,
            "emerging_class": classes,
            "hot_steps": hot.sum(axis=1),
            "cold_steps": (state < 0).sum(axis=1),
            "first_hot": np.where(hot.any(axis=1), hot.argmax(axis=1), -1),
            "last_run": last_run(state),
            "last_z": z[:, -1],
            "trend_z": movement.z,
            "trend_p": movement.p,
        }
    )


def _quiet_places(
    sizes: np.ndarray,
    active: np.ndarray,
    quiet_sizes: pd.Index,
    quiet_z: np.ndarray,
    limit: float,
    settings: EmergingSettings,
) -> list[Pattern]:
    """Places that count 0 all around all the time: one computed for all of a neighbourhood size."""
    found = []
    for members, row in zip(quiet_sizes.tolist(), quiet_z, strict=True):
        state = _state(row[None], limit, settings.alpha)
        if state.any():
            silent = np.setdiff1d(np.nonzero(sizes == members)[0], active, assume_unique=True)
            one = _table(silent[:1], row[None], state, settings).assign(evidence=0.0)
            table = one.loc[one.index.repeat(len(silent))].assign(position=silent)
            found.append(Pattern(table, np.repeat(state, len(silent), axis=0)))
    return found


def _sorted(found: list[Pattern]) -> Pattern:
    """Places with a class only, by position."""
    table = pd.concat([each.table for each in found], ignore_index=True)
    state = np.concatenate([each.state for each in found])
    kept = np.nonzero(table["emerging_class"].to_numpy() != 0)[0]
    kept = kept[np.argsort(table["position"].to_numpy()[kept], kind="stable")]
    return Pattern(table.iloc[kept].reset_index(drop=True)[list(COLUMNS)], state[kept])


def _no_rows() -> pd.DataFrame:
    whole = {"position", "emerging_class", "hot_steps", "cold_steps", "first_hot", "last_run"}
    return pd.DataFrame({name: pd.Series(dtype="int64" if name in whole else "float64") for name in COLUMNS})
