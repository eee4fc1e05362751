"""What is fixed with a model: how widely counts scatter around what was said, and the scale of the score."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from data.cube import TOTAL
from data.forecasts.levels import HeldKind, LayerForecast
from risk.backtest.rolling import BackTest
from risk.backtest.verdict import LAST_MONTH, Verdict, verdict
from risk.forecast.dispersion import Dispersion, learn_dispersion
from risk.forecast.pooled import HORIZONS
from risk.forecast.regression import Blend
from risk.score.reference import Scale, full_burden, limits_of
from risk.score.score import Parts, score
from risk.score.settings import ScoreSettings
from risk.score.surprise import either, tail

MONTH = 4
PLACES = 4000
"""A layer with more places is judged by so many of them, drawn evenly."""
ROWS = 10_000
"""Rows that a dispersion is learnt from; more would change its third digit."""
REFERENCE_STEP = 2
"""Every second of the held weeks enters the reference scores."""
UNLEARNT = Dispersion((-1.0, 0.0, 0.0), 0.0, 0.0)


@dataclass(frozen=True)
class Emergence:
    """What the hotspot engine found for one dispute type at one layer, shape (places,) each."""

    emerging_class: np.ndarray
    recurrence_days: np.ndarray

    def only(self, chosen: np.ndarray) -> "Emergence":
        """At some places (positions)."""
        return Emergence(self.emerging_class[chosen], self.recurrence_days[chosen])


@dataclass(frozen=True)
class Calibration:
    """Of one layer.

    Parameters
    ----------
    dispersions
        By (whether all dispute types together, horizon in weeks).
    scales, verdicts
        By dispute type. The verdict is on the weeks held back: whether the forecast beats last month's counts; types
        of which nothing came in them have none.
    """

    dispersions: Mapping[tuple[bool, int], Dispersion]
    scales: Mapping[str, Scale]
    verdicts: Mapping[str, Verdict]

    def of(self, dispute_type: str) -> dict[int, Dispersion]:
        """Dispersions of a type by horizon."""
        return {horizon: self.dispersions[dispute_type == TOTAL, horizon] for horizon in HORIZONS}

    def text(self) -> dict[str, Any]:
        """As JSON would hold it."""
        return {
            "dispersions": [
                [together, horizon, asdict(each)] for (together, horizon), each in self.dispersions.items()
            ],
            "scales": {kind: scale.text() for kind, scale in self.scales.items()},
            "verdicts": {kind: asdict(verdict) for kind, verdict in self.verdicts.items()},
        }


def read_calibration(text: Mapping[str, Any]) -> Calibration:
    """What `Calibration.text` gave."""
    dispersions = {
        (bool(together), int(horizon)): Dispersion(tuple(each["coefficients"]), each["lowest"], each["highest"])
        for together, horizon, each in text["dispersions"]
    }
    judged: dict[str, dict[str, Any]] = text["verdicts"]
    scales = {kind: Scale(each["full_burden"], tuple(each["limits"])) for kind, each in text["scales"].items()}
    # Earlier releases wrote 1 for an interval, or a whole verdict, that there was nothing for.
    said = {kind: each | {"upper": None if each["upper"] == 1.0 else each["upper"]} for kind, each in judged.items()}
    verdicts = {kind: Verdict(**each) for kind, each in said.items() if each["ratio"] != 1.0}
    return Calibration(dispersions, scales, verdicts)


def calibrate(
    layer: LayerForecast, emergence: Mapping[str, Emergence], settings: ScoreSettings, *, seed: int
) -> Calibration:
    """Learn a layer's dispersions and scales from the weeks held back, the emergence of its places as it is now."""
    rng = np.random.default_rng(seed)
    count = len(layer.places)
    chosen = np.sort(rng.choice(count, min(count, PLACES), replace=False))
    kinds = list(layer.held(chosen))
    dispersions = learn_dispersions(kinds)
    calibration = Calibration(dispersions, {}, {})
    nothing = Emergence(np.zeros(count, np.int64), np.zeros(count))
    scales = {}
    for kind, (said, came) in zip(kinds, _burdens(kinds, settings), strict=True):
        full = full_burden(came[~np.isnan(came)])
        found = emergence.get(kind.dispute_type, nothing).only(chosen)
        scores = _past_scores(kind, calibration.of(kind.dispute_type), said, full, found, settings)
        scales[kind.dispute_type] = Scale(full, limits_of(scores, settings))
    return Calibration(dispersions, scales, _judged(kinds))


def learn_dispersions(kinds: list[HeldKind]) -> dict[tuple[bool, int], Dispersion]:
    """By (whether all dispute types together, horizon): how widely counts scattered around what had been said."""
    pairs: dict[tuple[bool, int], list[np.ndarray]] = {}
    for kind in kinds:
        for horizon in HORIZONS:
            whole = ~np.isnan(kind.came[horizon])
            pair = np.stack([kind.came[horizon][whole], kind.said[horizon][whole]])
            pairs.setdefault((kind.dispute_type == TOTAL, horizon), []).append(pair)
    return {key: _learnt(np.concatenate(found, axis=1)) for key, found in pairs.items()}


def _judged(kinds: list[HeldKind]) -> dict[str, Verdict]:
    """By dispute type; types of which nothing came in the held weeks are left out."""
    found = {}
    for kind in kinds:
        simple = {LAST_MONTH: kind.last_month}
        weeks = range(kind.said[1].shape[1])
        judged = verdict(BackTest(1, weeks, kind.came[1], kind.said[1], simple, UNLEARNT, Blend()))
        if judged is not None:
            found[kind.dispute_type] = judged
    return found


def _learnt(pair: np.ndarray) -> Dispersion:
    came, said = pair
    return learn_dispersion(came, said, most_rows=ROWS) if said.size and came.any() else UNLEARNT


def _burdens(kinds: list[HeldKind], settings: ScoreSettings) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Severity x incidents of four weeks, as said and as came; for all types together their sum."""
    said_sum, came_sum = np.zeros_like(kinds[0].said[MONTH]), np.zeros_like(kinds[0].came[MONTH])
    for kind in kinds:
        if kind.dispute_type == TOTAL:
            yield said_sum, came_sum
            continue
        weight = settings.weight(kind.dispute_type)
        said, came = weight * kind.said[MONTH], weight * kind.came[MONTH]
        said_sum, came_sum = said_sum + said, came_sum + came
        yield said, came


def _past_scores(
    kind: HeldKind,
    dispersions: Mapping[int, Dispersion],
    burden: np.ndarray,
    full: float,
    emergence: Emergence,
    settings: ScoreSettings,
) -> np.ndarray:
    """Scores that the places would have had at the beginning of held weeks."""
    scores = []
    for week in range(MONTH, burden.shape[1], REFERENCE_STEP):
        windows = [
            surprise(kind.came[horizon][:, week - horizon], kind.said[horizon][:, week - horizon], dispersions[horizon])
            for horizon in HORIZONS
        ]
        parts = Parts(burden[:, week], either(*windows), emergence.emerging_class, emergence.recurrence_days)
        scores.append(score(parts, full_burden=full, settings=settings)["score"].to_numpy())
    return np.concatenate(scores) if scores else np.zeros(0)


def surprise(came: np.ndarray, said: np.ndarray, dispersion: Dispersion) -> np.ndarray:
    """Tail probability of each count; 1 at once for the many that are zero."""
    found = np.ones(len(came))
    some = came > 0
    found[some] = tail(came[some], said[some], dispersion.alpha(said[some]))
    return found
