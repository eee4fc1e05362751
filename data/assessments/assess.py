"""One run over the pool: study areas and cubes counted, parts computed or recognised, all of it kept."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from threading import Event

import pandas as pd
from sqlalchemy import Engine

from data.assessments.classes import class_rows
from data.assessments.lock import only_assessment
from data.assessments.parameters import Parameters
from data.assessments.parts import CLASSES, SCAN, Part, known_part, link_part, write_part
from data.assessments.runs import KEPT, begin_run, finish_run, finished_run, forget_runs
from data.assessments.scanning import cluster_rows
from data.counting import Counting
from data.cube import count_cube
from data.filter import IncidentFilter
from data.layers import layer_of
from data.places import PlaceLocator
from data.settings import Settings
from data.store import writing
from data.study_area import StudyArea, area_of_cells, area_of_divisions
from geo.locate import open_locator

Progress = Callable[[str, int, int], None]
"""Called with what is at work on, how many parts are done and how many there are."""

ATTEMPTS = 3


class MovingDataError(RuntimeError):
    """New data were published each time the pool was being counted."""


@dataclass(frozen=True)
class Outcome:
    """What became of a run: `new` is False where the same was assessed before; numbers of parts."""

    run_id: int
    new: bool
    computed: int = 0
    reused: int = 0


class Assessor:
    """Makes runs over one pool."""

    def __init__(
        self, engine: Engine, counting: Counting, settings: Settings, *, locator: PlaceLocator | None = None
    ) -> None:
        self._engine = engine
        self._counting = counting
        self._settings = settings
        self._given = locator

    @cached_property
    def _locator(self) -> PlaceLocator:
        return self._given or open_locator(self._settings.geography)

    def assess(
        self,
        parameters: Parameters,
        *,
        keep: int = KEPT,
        on_progress: Progress = lambda _label, _done, _all: None,
        moment: Callable[[], float] = time.time,
    ) -> Outcome:
        """Assess the pool as it is published now, unless that has been done.

        Parts whose counts, places and method are those of an earlier run are not computed again: a run that was
        broken off goes on where it stopped, and new data cost only the layers and types that they touch. Classes
        compare every place with all others, so within a layer and type nothing less than all is exact.

        Raises
        ------
        AssessmentRunningError
            Another one is at work.
        MovingDataError
            Data were published faster than they could be counted.
        """
        with only_assessment(self._engine, self._settings):
            version = self._counting.version()
            known = finished_run(self._engine, parameters, data_version=version)
            if known is not None:
                return Outcome(known, new=False)
            version, parts = self._count(parameters, on_progress)
            run_id = begin_run(self._engine, parameters, data_version=version, moment=int(moment()))
            computed = self._compute(run_id, parts, parameters, on_progress, int(moment()))
            finish_run(self._engine, run_id, moment=int(moment()))
            forget_runs(self._engine, scope=parameters.scope, sources=parameters.sources, keep=keep)
            return Outcome(run_id, new=True, computed=computed, reused=len(parts) - computed)

    def _count(self, parameters: Parameters, on_progress: Progress) -> tuple[int, list[Part]]:
        """All parts, counted over one version of the data."""
        for _ in range(ATTEMPTS):
            version = self._counting.version()
            parts = list(self._parts(parameters, on_progress))
            if self._counting.version() == version:
                return version, parts
        raise MovingDataError(f"New data were published during each of {ATTEMPTS} counts.")

    def _parts(self, parameters: Parameters, on_progress: Progress) -> Iterator[Part]:
        steps = parameters.cut
        asked = IncidentFilter(parameters.scope, steps.period, sources=parameters.sources)
        for done, name in enumerate(parameters.layers):
            on_progress(f"count {name}", done, len(parameters.layers))
            area = self._area(parameters.scope, name)
            cube = count_cube(self._counting, asked, layer=area.layer, places=area.places, steps=steps)
            for kind in parameters.dispute_types:
                yield Part(CLASSES, kind, area, cube, cube.series(kind))
        if parameters.scan.layer:
            yield from self._scan_parts(parameters)

    def _scan_parts(self, parameters: Parameters) -> Iterator[Part]:
        days = parameters.scan_cut
        area = self._area(parameters.scope, parameters.scan.layer)
        asked = IncidentFilter(parameters.scope, days.period, sources=parameters.sources)
        cube = count_cube(self._counting, asked, layer=area.layer, places=area.places, steps=days)
        for kind in parameters.dispute_types:
            yield Part(SCAN, kind, area, cube, cube.series(kind))

    def _area(self, scope: str, name: str) -> StudyArea:
        layer = layer_of(name)
        if layer.is_cells:
            return area_of_cells(self._counting, scope, layer, self._locator)
        return area_of_divisions(scope, layer, self._settings.geography)

    def _compute(
        self, run_id: int, parts: list[Part], parameters: Parameters, on_progress: Progress, moment: int
    ) -> int:
        """Compute and keep the parts that are not known yet; return how many."""
        missing = []
        with writing(self._engine) as connection:
            for part in parts:
                fingerprint = part.fingerprint(parameters)
                part_id = known_part(connection, fingerprint)
                if part_id is None:
                    missing.append((part, fingerprint))
                else:
                    link_part(connection, run_id, part_id)
        stopped = Event()
        # The kernels hold no interpreter lock; two at a time also bounds the memory.
        with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
            running = {pool.submit(_rows, part, parameters, stopped): (part, name) for part, name in missing}
            try:
                for done, future in enumerate(as_completed(running), start=1):
                    part, fingerprint = running.pop(future)
                    write_part(self._engine, run_id, part, fingerprint, future.result(), moment=moment)
                    on_progress(f"assess {part.area.layer.name}", done, len(missing))
            except BaseException:
                # Also where somebody presses Ctrl-C: what waits is not begun, and a scan ends with its batch.
                stopped.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return len(missing)


def _rows(part: Part, parameters: Parameters, stopped: Event) -> dict[str, pd.DataFrame]:
    """Rows of a part by the table they are kept in."""
    if part.kind == SCAN:
        return {"scan_clusters": cluster_rows(part, parameters, cancelled=stopped.is_set)}
    return {"hotspots": class_rows(part, parameters)}
