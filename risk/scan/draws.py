"""Random counts under the null hypothesis, one replication at a time, from a seed of its own."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def next_random(state):  # type: ignore[no-untyped-def]
    """Next 64 random bits; `state` holds one uint64. SplitMix64 (Steele, Lea & Flood 2014)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    bits = state[0]
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@njit(cache=True, nogil=True)
def random_below(state, bound):  # type: ignore[no-untyped-def]
    """Random integer in [0, bound), bound below 2³¹; its bias, bound / 2⁵³, is out of sight."""
    return np.int64(np.float64(next_random(state) >> np.uint64(11)) * (1.0 / 9007199254740992.0) * bound)


@njit(cache=True, nogil=True)
def draw_permuted(counts, place_of_case, step_of_case, drawn, state):  # type: ignore[no-untyped-def]
    """Shuffle the steps among the cases: rows and columns of the table keep their sums.

    Parameters
    ----------
    counts
        Shape (places, steps); the cases of the first `drawn` entries of `step_of_case` are added.
    place_of_case, step_of_case
        Place and step of every case, int32; the steps sorted so that the ones scanned come first.
    drawn
        How many cases lie in steps that are scanned; the others need no place.
    """
    places = place_of_case.copy()
    cases = len(places)
    for at in range(drawn):
        other = at + random_below(state, cases - at)
        places[at], places[other] = places[other], places[at]
        counts[places[at], step_of_case[at]] += 1


@njit(cache=True, nogil=True)
def draw_poisson(counts, threshold, alias, cases, state):  # type: ignore[no-untyped-def]
    """Drop the cases on places and steps in proportion to what is expected there, by the alias method."""
    counts[:] = 0
    steps = counts.shape[1]
    for _ in range(cases):
        column = random_below(state, len(alias))
        share = np.float64(next_random(state) >> np.uint64(11)) * (1.0 / 9007199254740992.0)
        cell = column if share < threshold[column] else alias[column]
        counts[cell // steps, cell % steps] += 1


@njit(cache=True, nogil=True)
def draw_bernoulli(counts, cell_of_person, cases, state):  # type: ignore[no-untyped-def]
    """Choose the cases among cases and controls, each equally likely."""
    counts[:] = 0
    steps = counts.shape[1]
    people = cell_of_person.copy()
    for at in range(cases):
        other = at + random_below(state, len(people) - at)
        people[at], people[other] = people[other], people[at]
        counts[people[at] // steps, people[at] % steps] += 1


def alias_table(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Thresholds and aliases for drawing an index in proportion to its weight. Vose (1991)."""
    scaled = weights.ravel() * (weights.size / weights.sum())
    threshold, alias = np.ones(len(scaled)), np.arange(len(scaled), dtype=np.int64)
    small, large = np.nonzero(scaled < 1)[0].tolist(), np.nonzero(scaled >= 1)[0].tolist()
    left = scaled.tolist()
    while small and large:
        less, more = small.pop(), large[-1]
        threshold[less], alias[less] = left[less], more
        left[more] -= 1.0 - left[less]
        if left[more] < 1:
            small.append(large.pop())
    return threshold, alias


def seeds_of(seed: int, replications: int) -> np.ndarray:
    """One starting state per replication, uint64: results do not depend on who computes which."""
    return np.random.SeedSequence(seed).generate_state(replications, np.uint64)
