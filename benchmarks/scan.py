"""The space-time scan on SaTScan's own files: clusters, and what they cost."""

import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import h3.api.numpy_int as h3
import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress

from benchmarks.figures import show
from geo.neighbours import EARTH_RADIUS_KM, on_sphere
from risk.scan import ScanResult, ScanSettings, Study, cut, longest_window, permutation_study, read_study, scan

app = typer.Typer()
CENTRE, FIRST_DAY = (36.06, 103.83), date(2024, 1, 1)
CURVE = ((500, 91), (1_000, 91), (2_000, 91), (4_000, 91), (1_000, 182), (1_000, 364))
"""Studies of the cost curve: places, then steps, each doubled."""
File = Annotated[Path | None, typer.Option(exists=True, dir_okay=False)]


@app.command()
def main(
    cases: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help=".cas: place, count, date, covariates")
    ] = None,
    places: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help=".geo: place, coordinates")] = None,
    population: File = None,
    controls: File = None,
    model: Annotated[str, typer.Option(help="poisson, permutation or bernoulli")] = "permutation",
    analysis: Annotated[str, typer.Option(help="spatial, retrospective or prospective")] = "retrospective",
    rates: Annotated[str, typer.Option(help="high, low or both")] = "high",
    start: Annotated[str | None, typer.Option(help="First day of the study; the first case if left out")] = None,
    end: Annotated[str | None, typer.Option(help="Last day of the study")] = None,
    step: Annotated[str, typer.Option(help="day, month or year")] = "day",
    step_length: Annotated[int, typer.Option(help="Days, months or years in a step")] = 1,
    max_share: Annotated[float, typer.Option(help="Largest share of the population at risk in a circle")] = 0.5,
    max_km: Annotated[float | None, typer.Option(help="Largest radius; cartesian files: in their unit")] = None,
    max_window: Annotated[str, typer.Option(help="Share (0.5) or length (28d, 4w, 6m, 2y)")] = "0.5",
    apart: Annotated[str, typer.Option(help="space or space-time: where clusters may not overlap")] = "space-time",
    min_cases: Annotated[int, typer.Option(help="Fewest cases of a high cluster")] = 2,
    replications: Annotated[int, typer.Option()] = 999,
    early_stop: Annotated[int, typer.Option(help="Stop after so many replications above the best; 0: never")] = 0,
    seed: Annotated[int, typer.Option()] = 1,
    threads: Annotated[int, typer.Option(help="0: one per processor")] = 0,
    coordinates: Annotated[str, typer.Option(help="auto, latlon or cartesian")] = "auto",
    case_dates: Annotated[str, typer.Option(help="auto, yes or no: is the third column a date?")] = "auto",
    warm: Annotated[bool, typer.Option(help="Load compiled kernels before the clock starts")] = True,
    curve: Annotated[bool, typer.Option("--curve", help="Cost against places and steps, without files")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Scan, and print `clusters`, `cpu_s`, `wall_s`: observed and replications, without reading the files."""
    if curve:
        show(cost_curve(seed), as_json=as_json)
        return
    if cases is None or places is None:
        raise typer.BadParameter("expected --cases and --places, or --curve")
    try:
        study = read_study(
            model,  # type: ignore[arg-type]
            cases,
            places,
            population_file=population,
            controls_file=controls,
            spatial=analysis == "spatial",
            start=start,
            end=end,
            unit=step,
            length=step_length,
            coordinates=coordinates,  # type: ignore[arg-type]
            dated={"auto": None, "yes": True, "no": False}[case_dates],
        )
        settings = ScanSettings(
            analysis=analysis,  # type: ignore[arg-type]
            rates=rates,  # type: ignore[arg-type]
            max_share=max_share,
            max_distance=max_km,
            max_steps=None if analysis == "spatial" else longest_window(max_window, study.period),
            apart=apart,  # type: ignore[arg-type]
            least_cases=min_cases,
            replications=replications,
            early_stop=early_stop,
            seed=seed,
        )
        if warm:
            scan(study, ScanSettings(**{**vars(settings), "replications": 1, "max_steps": 1}), threads=1)
        figures = timed(study, settings, threads)
    except ValueError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(2) from error
    show(figures, as_json=as_json)


def cost_curve(seed: int) -> dict[str, Any]:
    """Processor seconds of prospective and retrospective scans of growing studies, the least of three.

    Hexagons of resolution 7 with 0.05 cases a place and day, circles to 10 km, windows to 28 days; one thread.
    `exponent` is the slope of the logarithms over places × steps of a retrospective scan, over places of a
    prospective one, whose windows are always those of the last 28 days.
    """
    figures: dict[str, Any] = {}
    for analysis in ("prospective", "retrospective"):
        points = []
        for count, days in CURVE:
            study = made_up(count, days, seed)
            settings = ScanSettings(analysis=analysis, max_distance=10.0, max_steps=28, replications=32, seed=seed)
            spent = [timed(study, settings, 1)["cpu_s"] for _ in range(3)]
            points.append({"places": count, "steps": days, "cases": study.cases, "cpu_s": min(spent)})
        sizes = [point["places"] * (point["steps"] if analysis == "retrospective" else 1) for point in points]
        slope = np.polyfit(np.log(sizes), np.log([max(point["cpu_s"], 1e-3) for point in points]), 1)[0]
        figures[analysis] = {"curve": points, "exponent": round(float(slope), 3)}
    return figures


def made_up(places: int, days: int, seed: int) -> Study:
    """Hexagons side by side with a Poisson number of cases each day, uneven between places."""
    rings = int(np.ceil(np.sqrt(places / 3.0)))
    cells = np.sort(h3.grid_disk(h3.latlng_to_cell(*CENTRE, 7), rings).astype(np.int64))[:places]
    at = np.array([h3.cell_to_latlng(cell) for cell in cells.astype(np.uint64).tolist()])
    rng = np.random.default_rng(seed)
    counts = rng.poisson(0.05 * rng.gamma(1.0, 1.0, (places, 1)), (places, days)).astype(np.int64)
    period = cut(str(FIRST_DAY), str(FIRST_DAY + timedelta(days=days - 1)))
    points = EARTH_RADIUS_KM * on_sphere(at[:, 1], at[:, 0])
    return permutation_study([str(cell) for cell in cells.tolist()], points, period, counts)


def timed(study: Study, settings: ScanSettings, threads: int) -> dict[str, Any]:
    """Scan once and say what it took; replications are counted up where somebody looks on, Ctrl-C ends it."""
    watched = sys.stderr.isatty()
    with Progress(console=Console(stderr=True), transient=True, disable=not watched) as bars:
        task = bars.add_task("Replications", total=settings.replications)
        cpu, wall = time.process_time(), time.perf_counter()
        result: ScanResult = scan(
            study, settings, threads=threads, progress=lambda done, _wanted: bars.update(task, completed=done)
        )
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {
        "clusters": [vars(cluster) for cluster in result.clusters],
        "cases": study.cases,
        "places": len(study.names),
        "steps": study.period.steps,
        "replications": len(result.maxima),
        "cpu_s": round(cpu, 3),
        "wall_s": round(wall, 3),
    }
