"""Replications: what they keep, and that they are fair."""

import numpy as np
import pytest

from risk.scan.draws import (
    alias_table,
    draw_bernoulli,
    draw_permuted,
    draw_poisson,
    next_random,
    random_below,
    seeds_of,
)


def state(seed=1):
    return seeds_of(seed, 1).copy()


def test_the_generator_gives_the_published_numbers():
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    held = np.array([1234567], dtype=np.uint64)
    assert [int(next_random(held)) for _ in published] == published


def test_numbers_below_a_bound_are_even():
    held = state()
    drawn = np.bincount([random_below(held, 7) for _ in range(14000)], minlength=7)
    assert len(drawn) == 7
    assert np.abs(drawn - 2000).max() < 200


def test_permuting_keeps_the_cases_of_each_place_and_step():
    table = np.random.default_rng(2).integers(0, 5, (12, 8))
    place, step = np.nonzero(table)
    places = np.repeat(place, table[place, step]).astype(np.int32)
    steps = np.repeat(step, table[place, step]).astype(np.int32)
    counts = np.zeros((12, 8), dtype=np.int16)
    draw_permuted(counts, places, steps, len(steps), state())
    assert (counts.sum(axis=0) == table.sum(axis=0)).all()
    assert (counts.sum(axis=1) == table.sum(axis=1)).all()
    assert (counts != table).any()


def test_drawing_only_the_last_steps_has_the_same_distribution():
    places = np.repeat(np.arange(3), 4).astype(np.int32)
    steps = np.tile([3, 2, 1, 0], 3).astype(np.int32)
    steps.sort()
    steps = steps[::-1].copy()
    held, means = state(), []
    for drawn in (3, 12):
        sums = np.zeros((3, 4))
        for _ in range(4000):
            counts = np.zeros((3, 4), dtype=np.int16)
            draw_permuted(counts, places, steps, drawn, held)
            sums += counts
        means.append(sums[:, 3] / 4000)
    assert means[0] == pytest.approx([1, 1, 1], abs=0.06)
    assert means[1] == pytest.approx([1, 1, 1], abs=0.06)


def test_scattered_cases_follow_what_is_expected():
    expected = np.array([[5.0, 0.0], [15.0, 30.0]])
    threshold, alias = alias_table(expected)
    counts, sums, held = np.zeros((2, 2), dtype=np.int16), np.zeros((2, 2)), state()
    for _ in range(400):
        draw_poisson(counts, threshold, alias, 50, held)
        assert counts.sum() == 50
        sums += counts
    assert sums / 400 == pytest.approx(expected, abs=0.6)


def test_labelled_cases_never_exceed_the_people_of_a_cell():
    people = np.array([[1, 4], [0, 7]])
    cells = np.repeat(np.arange(4, dtype=np.int32), people.ravel())
    counts, sums, held = np.zeros((2, 2), dtype=np.int16), np.zeros((2, 2)), state()
    for _ in range(2000):
        draw_bernoulli(counts, cells, 6, held)
        assert (counts <= people).all()
        sums += counts
    assert sums / 2000 == pytest.approx(people * 6 / 12, abs=0.1)
