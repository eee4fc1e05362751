"""The data page's own judgements against the demo's truth: suspected duplicates, and false marks on daily volumes."""

import datetime as dt
import time
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer
from sqlalchemy import select

from benchmarks.figures import peak_mb, show
from data.counting import Counting
from data.filter import IncidentFilter, Period, day_number
from data.quality import queries
from data.quality.duplicates import SHOWN_FROM, find_duplicates
from data.quality.volumes import FEW, HISTORY, MANY, UNKNOWN, judge_volumes
from data.settings import read_settings
from data.store import open_store, reading
from data.tables import incidents

app = typer.Typer()
THRESHOLDS = (SHOWN_FROM, 0.35, 0.5, 0.7)


@app.command()
def main(
    days: Annotated[int, typer.Option(help="Days of the simulation that are searched for duplicates")] = 365,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Score the suspected duplicates of the installation's demo, and count the marks on its ordinary days."""
    settings = read_settings()
    engine = open_store(settings)
    truth = pd.read_parquet(settings.feeds / "truth_incidents.parquet")
    end = truth["accepted_at"].max().date() + dt.timedelta(days=1)
    period = Period(end - dt.timedelta(days=days), end)
    asked = IncidentFilter(scope=settings.root_code, period=period, counting="reports")
    begin = time.perf_counter()
    found = find_duplicates(engine, asked, zone=str(settings.timezone), limit=10**7)
    figures: dict[str, Any] = {"reports_searched": _searched(truth, period), "seconds": time.perf_counter() - begin}
    with reading(engine) as connection:
        ids = pd.DataFrame(
            connection.execute(select(incidents.c.id, incidents.c.source, incidents.c.external_id)).all(),
            columns=["id", "source", "external_id"],
        )
    figures |= _scores(found, truth, ids, period)
    counting = Counting(engine, settings)
    whole = Period(truth["accepted_at"].min().date(), end)
    figures |= _marks(counting, IncidentFilter(scope=settings.root_code, period=whole, counting="reports"))
    counting.close()
    engine.dispose()
    show({name: _rounded(value) for name, value in figures.items()} | {"peak_mb": peak_mb()}, as_json=as_json)


def _rounded(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


def _inside(truth: pd.DataFrame, period: Period) -> np.ndarray:
    day = truth["occurred_at"].dt.date
    return np.asarray((day >= period.start) & (day < period.end))


def _searched(truth: pd.DataFrame, period: Period) -> int:
    return int(_inside(truth, period).sum())


def _scores(found: pd.DataFrame, truth: pd.DataFrame, ids: pd.DataFrame, period: Period) -> dict[str, Any]:
    """Precision and recall by threshold; `findable` pairs share their type and say where well enough."""
    row = {name: at for at, name in enumerate(zip(truth["source"], truth["external_id"], strict=True))}
    known = ids.set_index("id")
    row_of = {
        number: row.get(name, -1)
        for number, name in zip(known.index, zip(known["source"], known["external_id"], strict=True), strict=True)
    }
    inside, of = _inside(truth, period), truth["duplicate_of"].to_numpy()
    pairs = {(int(of[at]), at) for at in np.flatnonzero((of >= 0) & inside) if inside[of[at]]}
    kind, point = truth["dispute_type"].to_numpy(), truth["with_point"].to_numpy()
    deep = np.array([len(code.rstrip("0")) > 9 for code in truth["written_code"]])
    findable = {pair for pair in pairs if kind[pair[0]] == kind[pair[1]] and all(point[at] or deep[at] for at in pair)}
    suspected = [
        (tuple(sorted((row_of[one], row_of[other]))), score)
        for one, other, score in zip(found["first_id"], found["second_id"], found["score"], strict=True)
    ]
    true_pairs = {tuple(sorted(pair)) for pair in pairs}
    figures: dict[str, Any] = {"true_pairs": len(pairs), "findable_pairs": len(findable), "pairs": len(suspected)}
    figures["recall_any_score"] = len({pair for pair, _ in suspected} & true_pairs) / max(1, len(pairs))
    for threshold in THRESHOLDS:
        listed = {pair for pair, score in suspected if score >= threshold}
        hits = len(listed & true_pairs)
        figures |= {
            f"listed_{threshold}": len(listed),
            f"precision_{threshold}": hits / max(1, len(listed)),
            f"recall_{threshold}": hits / max(1, len(pairs)),
            f"recall_of_findable_{threshold}": len(listed & {tuple(sorted(pair)) for pair in findable})
            / max(1, len(findable)),
        }
    return figures


def _marks(counting: Counting, asked: IncidentFilter) -> dict[str, Any]:
    """Days judged of all sources, and marks on them: nothing was planted in the volumes, so each is a false one."""
    rows = counting.run(queries.volumes(asked))
    first, last = day_number(asked.period.start), day_number(asked.period.end) - 2
    tables = []
    for _, part in rows.groupby("source"):
        at = part["day"].to_numpy(dtype=np.int64) - first
        counts = np.bincount(at, weights=part["incident_count"], minlength=last - first + 2).astype(np.int64)
        tables.append(judge_volumes(counts[: last - first + 1], last_day=last, judged=last - first + 1 - HISTORY))
    table = pd.concat(tables)
    judged = table[table["mark"] != UNKNOWN]
    return {
        "days_judged": len(judged),
        "marked_few": int((judged["mark"] == FEW).sum()),
        "marked_many": int((judged["mark"] == MANY).sum()),
        "false_marks_per_1000_days": 1000 * float(judged["mark"].isin([FEW, MANY]).mean()),
    }


if __name__ == "__main__":
    app()
