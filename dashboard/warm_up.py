"""What the first visitor should not wait for: modules, geography, counts and the province's map."""

import gc
import logging

from dashboard.asked import Asked
from dashboard.breaks import classes_of, read_breaks
from dashboard.deck import build, fit
from dashboard.map.screen import today_of
from dashboard.map.view import MapData, map_layers
from dashboard.measures import COUNT
from dashboard.palette import LIGHT
from dashboard.pool import GeographyMissingError, open_pool, reads_of
from dashboard.viewport import Viewport
from data.store import PoolUnavailableError
from geo.geography import Geography

log = logging.getLogger(__name__)


def warm_up() -> None:
    """Open everything and draw the topmost map once; what is missing is left for the page to say."""
    try:
        _draw_root()
    except (GeographyMissingError, PoolUnavailableError) as error:
        log.warning("Nothing to warm up: %s", error)
    # What was opened stays for good: the collector need not look through it again while somebody waits.
    gc.collect()
    gc.freeze()


def _open_every_level(geography: Geography, code: str) -> None:
    """Walk down once, so that the polygons of every level are at hand."""
    while len(children := geography.children(code)):
        drawn = children[children["geometry"].notna()]
        if drawn.empty:
            return
        code = str(drawn["code"].iloc[0])


def _draw_root() -> None:
    pool = open_pool()
    reads, now, root = reads_of(pool), pool.now(), pool.settings.root_code
    wanted = Asked(root).filter(scope=root, today=today_of(reads.latest(), now))
    unit, viewport = pool.geography.unit(root), Viewport()
    shown = MapData(
        unit=unit,
        children=reads.children(root),
        numbers=reads.by_child(wanted),
        cells=None,
        incidents=None,
        measure=COUNT,
        classes=classes_of(
            read_breaks(pool.settings), f"level{unit.level + 1}", COUNT, days=28, narrowed=False, below=None
        ),
        below=5,
    )
    view = fit(unit.geometry.bounds, viewport.map_width, viewport.map_height())
    build(map_layers(pool.geography, shown, view, LIGHT, selected=None), view, LIGHT)
    _open_every_level(pool.geography, root)
    reads.series(wanted, steps=26, days=7)
    reads.settled(wanted)
    reads.overdue(wanted)
    reads.is_simulated()
