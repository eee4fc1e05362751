"""The space-time scan on SaTScan's own files: clusters, and what they cost."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.figures import show
from risk.scan import ScanResult, ScanSettings, Study, longest_window, read_study, scan

app = typer.Typer()
File = Annotated[Path | None, typer.Option(exists=True, dir_okay=False)]


@app.command()
def main(
    cases: Annotated[Path, typer.Option(exists=True, dir_okay=False, help=".cas: place, count, date, covariates")],
    places: Annotated[Path, typer.Option(exists=True, dir_okay=False, help=".geo: place and coordinates")],
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
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Scan, and print `clusters`, `cpu_s`, `wall_s`: observed and replications, without reading the files."""
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


def timed(study: Study, settings: ScanSettings, threads: int) -> dict[str, Any]:
    """Scan once and say what it took."""
    cpu, wall = time.process_time(), time.perf_counter()
    result: ScanResult = scan(study, settings, threads=threads)
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
