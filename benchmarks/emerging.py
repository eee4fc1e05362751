"""Cube to emerging class, against PySAL: analytic, and with 999 permutations on every step."""

import time
import warnings
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.figures import peak_mb, show
from geo.neighbours import Neighbours, of_cells
from risk.emerging import EmergingSettings, emerging
from risk.local_statistic import local_statistic
from risk.permutation import permutation_p

app = typer.Typer()
CENTRE = (36.06, 103.83)
CURVE = ((3_750, 52), (7_500, 52), (15_000, 52), (30_000, 52), (60_000, 52), (30_000, 26), (30_000, 104))
"""Studies of the cost curve: places, then steps, each doubled."""


@app.command()
def main(
    cells: Annotated[int, typer.Option(help="Hexagons of the study area")] = 30_000,
    steps: Annotated[int, typer.Option(help="Steps of the cube")] = 52,
    permutations: Annotated[int, typer.Option(help="Draws per chance distribution")] = 999,
    peer_steps: Annotated[int, typer.Option(help="Steps the peer is timed on; its time is per step")] = 3,
    seed: Annotated[int, typer.Option()] = 1,
    curve: Annotated[bool, typer.Option("--curve", help="Cost against places × steps instead")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Time 30,000 cells × 52 steps from cube to class; compare permutations and values with PySAL."""
    if curve:
        show(cost_curve(seed), as_json=as_json)
        return
    hexagons, counts = make_cube(cells, steps, seed)
    small = of_cells(hexagons[:50])
    emerging(counts[:50], small)  # numba loads its cached kernels before the clock starts
    permutation_p(counts[:50, :2], small, seed=seed, permutations=9)
    begin = time.perf_counter()
    neighbours = of_cells(hexagons)
    neighbours_seconds = time.perf_counter() - begin
    begin = time.perf_counter()
    run = emerging(counts, neighbours, places=hexagons)
    seconds = time.perf_counter() - begin
    begin = time.process_time()
    permutation_p(counts, neighbours, seed=seed, permutations=permutations, look_back=0, moments="step")
    own_cpu = time.process_time() - begin
    begin = time.perf_counter()
    emerging(counts, neighbours, settings=EmergingSettings(permutations=permutations, seed=seed))
    permuted_seconds = time.perf_counter() - begin
    peer_cpu, difference = time_peer(counts, neighbours, permutations, min(peer_steps, steps), seed)
    figures: dict[str, Any] = {
        "seconds": round(seconds, 3),
        "permutation_ratio": round(peer_cpu * steps / own_cpu, 1),
        "max_abs_difference_from_esda": difference,
        "neighbours_seconds": round(neighbours_seconds, 3),
        "seconds_with_permutations": round(permuted_seconds, 3),
        "permutations_cpu_s": round(own_cpu, 3),
        "esda_cpu_s_per_step": round(peer_cpu, 3),
        "cells": len(hexagons),
        "steps": steps,
        "patterns": int((run.table["emerging_class"] != 0).sum()),
        "peak_mb": peak_mb(),
    }
    show(figures, as_json=as_json)


def cost_curve(seed: int) -> dict[str, Any]:
    """Processor seconds from cube to class for growing studies, the least of three, and how they grow.

    `exponent` is the slope of the logarithms: 1 where cost is in proportion to places × steps.
    """
    points = []
    for cells, steps in CURVE:
        hexagons, counts = make_cube(cells, steps, seed)
        neighbours = of_cells(hexagons)
        emerging(counts[:50], of_cells(hexagons[:50]))
        spent = []
        for _ in range(3):
            begin = time.process_time()
            emerging(counts, neighbours)
            spent.append(time.process_time() - begin)
        points.append({"cells": cells, "steps": steps, "cpu_s": round(min(spent), 4)})
    sizes = np.log([point["cells"] * point["steps"] for point in points])
    seconds = np.log([max(point["cpu_s"], 1e-4) for point in points])
    return {"curve": points, "exponent": round(float(np.polyfit(sizes, seconds, 1)[0]), 3)}


def make_cube(cells: int, steps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A patch of H3 cells of resolution 9 with uneven rates, a trend in places and sudden clusters."""
    import h3.api.numpy_int as h3

    rings = int(np.ceil(np.sqrt(cells / 3.0)))
    disk = h3.grid_disk(h3.latlng_to_cell(*CENTRE, 9), rings)
    hexagons = np.sort(disk.astype(np.int64))[:cells]
    rng = np.random.default_rng(seed)
    rate = rng.gamma(0.4, 1.5, len(hexagons))
    growth = np.where(rng.random(len(hexagons)) < 0.1, rng.normal(0, 0.03, len(hexagons)), 0.0)
    counts = rng.poisson(rate[:, None] * np.exp(growth[:, None] * np.arange(steps)))
    for place in rng.integers(0, len(hexagons) - 12, 40):
        begin = rng.integers(0, steps)
        counts[place : place + 12, begin:] += rng.poisson(3.0, (12, steps - begin))
    return hexagons, counts.astype(np.float64)


def time_peer(
    counts: np.ndarray, neighbours: Neighbours, permutations: int, steps: int, seed: int
) -> tuple[float, float]:
    """CPU seconds of PySAL per step with permutations, and the largest difference of its z from ours."""
    warnings.simplefilter("ignore")
    from esda import G_Local
    from libpysal.weights import W

    weights = W({place: neighbours.of(place).tolist() for place in range(neighbours.count)}, silence_warnings=True)
    own = local_statistic(counts, neighbours, look_back=0, moments="step")
    options = {"transform": "B", "star": True, "seed": seed, "n_jobs": 1}
    G_Local(counts[:, 0], weights, permutations=9, **options)  # compiles before the clock starts
    begin = time.process_time()
    peers = [G_Local(counts[:, step], weights, permutations=permutations, **options) for step in range(steps)]
    cpu = (time.process_time() - begin) / steps
    return cpu, float(max(np.abs(own[:, step] - peer.Zs).max() for step, peer in enumerate(peers)))
