"""Replications of a study under its null hypothesis."""

from dataclasses import dataclass

import numpy as np

from risk.scan.draws import alias_table, draw_bernoulli, draw_permuted, draw_poisson
from risk.scan.study import Study


@dataclass(frozen=True)
class Permuted:
    """Steps shuffled among the cases of each stratum.

    `segments` holds, per stratum, the place and the step of each case, scanned steps first, and how many of the
    cases lie in them.
    """

    segments: list[tuple[np.ndarray, np.ndarray, int]]

    def draw(self, counts: np.ndarray, state: np.ndarray) -> None:
        """Fill `counts` (places × steps) with one replication."""
        counts[:] = 0
        for places, steps, drawn in self.segments:
            draw_permuted(counts, places, steps, drawn, state)


@dataclass(frozen=True)
class Scattered:
    """Cases dropped in proportion to what is expected."""

    threshold: np.ndarray
    alias: np.ndarray
    cases: int

    def draw(self, counts: np.ndarray, state: np.ndarray) -> None:
        """Fill `counts` (places × steps) with one replication."""
        draw_poisson(counts, self.threshold, self.alias, self.cases, state)


@dataclass(frozen=True)
class Labelled:
    """Cases chosen among cases and controls."""

    cell_of_person: np.ndarray
    cases: int

    def draw(self, counts: np.ndarray, state: np.ndarray) -> None:
        """Fill `counts` (places × steps) with one replication."""
        draw_bernoulli(counts, self.cell_of_person, self.cases, state)


Null = Permuted | Scattered | Labelled


def null_of(study: Study, *, first_step: int = 0) -> Null:
    """How replications of a study are drawn; of the permutation model only steps from `first_step` are needed."""
    if study.model == "poisson":
        return Scattered(*alias_table(study.measures), study.cases)
    if study.model == "bernoulli":
        people = study.measures.ravel().astype(np.int64)
        return Labelled(np.repeat(np.arange(people.size, dtype=np.int32), people), study.cases)
    segments = []
    for layer in study.strata:
        place, step = np.nonzero(layer)
        times = layer[place, step]
        places, steps = np.repeat(place, times).astype(np.int32), np.repeat(step, times).astype(np.int32)
        steps = np.sort(steps)[::-1].copy()
        segments.append((places, steps, int((steps >= first_step).sum())))
    return Permuted(segments)
