"""One layer put to the test: what was foretold of its places, type by type, beside what came."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from data.backtests.blocks import Block
from data.backtests.order import BacktestOrder
from data.backtests.outcomes import LayerCounts
from data.cube import TOTAL
from data.forecasts.calibration import learn_dispersions
from data.forecasts.levels import layer_forecast
from risk.backtest.baselines import Ring, baselines
from risk.backtest.measures import randomised_pit
from risk.backtest.rolling import BackTest, best_peek
from risk.forecast.dispersion import Dispersion
from risk.forecast.memory import coming
from risk.forecast.pooled import HORIZONS
from risk.forecast.regression import Blend
from risk.incident import DISPUTE_TYPES


@dataclass(frozen=True)
class Tested:
    """One dispute type (or `TOTAL`) and horizon at a layer.

    Parameters
    ----------
    test
        Forecasts and outcomes of the places that had had any of the type before the test; its dispersion is that of
        the last model.
    places
        Those places.
    peek
        What a smoother that sees the future says; None beyond one week.
    transform
        Randomised probability integral transform under the model of each week, shape (places, origins).
    low, high
        Bounds of the 90 % interval, same shape.
    """

    dispute_type: str
    test: BackTest
    places: np.ndarray
    peek: np.ndarray | None
    transform: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class _Said:
    """A block at a layer: share of each forecast place in each tested place, by kind, and the dispersions."""

    block: Block
    shares: list[csr_array]
    dispersions: dict[tuple[bool, int], Dispersion]


def tested_kinds(order: BacktestOrder, counts: LayerCounts, blocks: list[Block]) -> Iterator[Tested]:
    """Every dispute type, then all together, at each horizon; types that no place had had before are left out."""
    said = [_said(block, counts) for block in blocks]
    weeks = (len(counts.places), order.origins)
    model_sum = {horizon: np.zeros(weeks) for horizon in HORIZONS}
    came_sum, ring_sum = np.zeros((len(counts.places), order.weeks)), np.zeros((len(counts.places), order.weeks))
    degree = np.zeros(len(counts.places))
    for number, kind in enumerate(DISPUTE_TYPES):
        came, ring = counts.of(number)
        came_sum += came
        ring_sum += ring.counts
        degree = ring.degree
        model = {horizon: _foretold(said, number, horizon) for horizon in HORIZONS}
        for horizon in HORIZONS:
            model_sum[horizon] += model[horizon]
        yield from _each_horizon(order, counts, kind, came, ring, model, said)
    yield from _each_horizon(order, counts, TOTAL, came_sum, Ring(ring_sum, degree), model_sum, said)


def _said(block: Block, counts: LayerCounts) -> _Said:
    units = block.history.units
    layer = layer_forecast(counts.layer, units, block.held)
    at = np.searchsorted(layer.places, counts.places).clip(max=max(len(layer.places) - 1, 0))
    there = layer.places[at] == counts.places
    belongs = layer.belongs[at[there]]
    # A place that no unit belonged to yet is expected to have nothing.
    row = csr_array(
        (np.ones(there.sum()), (np.flatnonzero(there), np.arange(there.sum()))), shape=(len(there), there.sum())
    )
    base, places = units.base, block.history.weekly.places
    shares = []
    for of_kind in units.shares:
        of_base = csr_array((of_kind, (np.arange(len(base)), base)), shape=(len(base), len(places)))
        shares.append(csr_array(row @ (belongs @ of_base)))
    return _Said(block, shares, learn_dispersions(list(layer.held(at[there]))))


def _foretold(said: list[_Said], number: int, horizon: int) -> np.ndarray:
    """What was said of one kind at the beginning of each tested week, shape (places, weeks)."""
    return np.concatenate([each.shares[number] @ each.block.said[horizon][number] for each in said], axis=1)


def _each_horizon(
    order: BacktestOrder,
    counts: LayerCounts,
    kind: str,
    came: np.ndarray,
    ring: Ring,
    model: dict[int, np.ndarray],
    said: list[_Said],
) -> Iterator[Tested]:
    kept = came[:, : order.start].sum(axis=1) > 0
    if not kept.any():
        return
    own, around = came[kept], Ring(ring.counts[kept], ring.degree[kept])
    for horizon in HORIZONS:
        dispersions = [each.dispersions[kind == TOTAL, horizon] for each in said]
        test = _test(order, own, around, model[horizon][kept], horizon, dispersions[-1])
        peek = best_peek(own, test) if horizon == 1 else None
        yield Tested(kind, test, counts.places[kept], peek, *_intervals(order, test, dispersions, said))


def _test(
    order: BacktestOrder, came: np.ndarray, ring: Ring, model: np.ndarray, horizon: int, dispersion: Dispersion
) -> BackTest:
    origins = range(order.start, order.weeks - horizon + 1)
    chosen = slice(origins.start, origins.stop)
    simple = {name: each[:, chosen] for name, each in baselines(came, ring, horizon=horizon).items()}
    observed = coming(came, horizon)[:, chosen]
    return BackTest(horizon, origins, observed, model[:, : len(origins)], simple, dispersion, Blend(rounds=0))


def _intervals(
    order: BacktestOrder, test: BackTest, dispersions: list[Dispersion], said: list[_Said]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Transform and bounds, each week under the dispersion of the model that foretold it."""
    parts = []
    for each, dispersion in zip(said, dispersions, strict=True):
        weeks = slice(each.block.origin - order.start, min(each.block.until, test.origins.stop) - order.start)
        came, expected = test.observed[:, weeks], np.maximum(test.model[:, weeks], 1e-9)
        transform = randomised_pit(came, expected, dispersion, seed=order.seed)
        parts.append((transform, dispersion.quantile(expected, 0.05), dispersion.quantile(expected, 0.95)))
    transform, low, high = (np.concatenate(each, axis=1) for each in zip(*parts, strict=True))
    return transform, low, high
