"""What a run of 态势分析 costs the server: CPU of the whole process, the engine's threads included.

Streamlit's own test runner runs the page as a server would, without a browser. Each run asks for a filter that nobody
asked for before, so that every figure is counted; runs of a filter that is known show what is left then.
"""

import time
from itertools import product
from typing import Annotated

import typer
from streamlit.testing.v1 import AppTest

from benchmarks.figures import median_ms, peak_mb, percentile_ms, show
from dashboard.pool import open_pool

app = typer.Typer()
WARM_UP = 3
"""Runs that open the pool and import what is imported once."""


def _script() -> None:
    from dashboard.viewport import Viewport
    from pages import trends_page

    trends_page.show(Viewport(known=True))


def _cpu_of_run(page: AppTest, code: str, kind: str) -> float:
    page.query_params["code"], page.query_params["type"] = code, kind
    begin = time.process_time()
    page.run(timeout=120)
    spent = time.process_time() - begin
    if page.exception or len(page.get("vega_lite_chart")) == 0:
        raise RuntimeError(f"expected a page with charts, found {page.exception or 'none'}")
    return spent


@app.command()
def main(
    runs: Annotated[int, typer.Option(min=5, help="Filters that are asked for")] = 20,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure full runs of the page over the installation's pool, from the province down to counties."""
    pool = open_pool()
    root = pool.settings.root_code
    cities = [code for code in pool.geography.children(root)["code"].tolist() if pool.geography.unit(code).counted][:3]
    counties = pool.geography.children(cities[0])["code"].tolist()[:2]
    filters = list(product([root, *cities, *counties], ["D02", "D06", "D07", "D10", "D03"]))[: WARM_UP + runs]
    page = AppTest.from_function(_script, default_timeout=120)
    first = [_cpu_of_run(page, code, kind) for code, kind in filters]
    again = [_cpu_of_run(page, code, kind) for code, kind in filters[WARM_UP:]]
    figures = {
        "runs": len(filters) - WARM_UP,
        "full_run_cpu_p50_ms": median_ms(first[WARM_UP:]),
        "full_run_cpu_p95_ms": percentile_ms(first[WARM_UP:], 0.95),
        "known_filter_cpu_p50_ms": median_ms(again),
        "peak_mb": peak_mb(),
    }
    show(figures, as_json=as_json)
