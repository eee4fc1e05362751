"""What one model, learnt before a week, says of the weeks after it: the product's own, on the past as of then."""

from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from data.backtests.order import BacktestOrder
from data.counting import Counting
from data.forecasts.history import History, read_history, weekly_history
from data.settings import Settings
from risk.forecast.counts import WeeklyCounts
from risk.forecast.pooled import HORIZONS, Expectation, PooledForecaster


@dataclass(frozen=True)
class Block:
    """Weeks `[origin, until)` as foretold by one model.

    Parameters
    ----------
    history
        All that was known at the beginning of the first of them.
    held
        What had been said of the last weeks before, by a regression that had not seen them: intervals are learnt there.
    said
        By horizon: totals foretold at the beginning of each week, shape (kinds, places, weeks).
    """

    origin: int
    until: int
    history: History
    held: Expectation
    said: dict[int, np.ndarray]


def read_block(counting: Counting, settings: Settings, order: BacktestOrder, *, origin: int, until: int) -> Block:
    """A block, learnt now or found as it was learnt before the back-test broke off.

    Raises
    ------
    PoolUnavailableError
        The pool can not be read.
    """
    history = read_history(counting, settings, order.before(origin))
    file = block_file(settings, order, origin)
    found = _load(file)
    if found is None:
        later, _ = weekly_history(counting, settings, order.before(until))
        found = _foretold(history, _at(later, history.weekly.places), order.seed)
        _keep(file, found)
    held, said = ({horizon: found[f"{name}_{horizon}"] for horizon in HORIZONS} for name in ("held", "said"))
    return Block(origin, until, history, Expectation({}, held), said)


def block_file(settings: Settings, order: BacktestOrder, origin: int) -> Path:
    """Where a block is kept until its back-test is whole."""
    return settings.backtests / f"{order.key[:16]}-{origin}.npz"


def _foretold(history: History, later: WeeklyCounts, seed: int) -> dict[str, np.ndarray]:
    past = history.weekly
    model = PooledForecaster(seed=seed).fit(past, history.surroundings)
    held = model.expect(past, history.surroundings).said
    said = model.foretell(later, history.surroundings, weeks=later.weeks - past.weeks)
    return {f"held_{horizon}": each for horizon, each in held.items()} | {
        f"said_{horizon}": each for horizon, each in said.items()
    }


def _at(weekly: WeeklyCounts, places: np.ndarray) -> WeeklyCounts:
    """The same counts at other places; what lies in none of them is left out, it was not known to exist."""
    counts = np.zeros((len(weekly.kinds), len(places), weekly.weeks))
    at = np.searchsorted(places, weekly.places).clip(max=len(places) - 1)
    same = places[at] == weekly.places
    counts[:, at[same]] = weekly.counts[:, same]
    return replace(weekly, counts=counts, places=places)


def _keep(file: Path, arrays: dict[str, np.ndarray]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".writing")
    with temporary.open("wb") as written:
        np.savez(written, **arrays)  # type: ignore[arg-type]
    temporary.rename(file)


def _load(file: Path) -> dict[str, np.ndarray] | None:
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, BadZipFile):
        return None
