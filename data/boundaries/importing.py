"""One import of boundaries from the file to the last incident that moved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine

from data.batch_import import file_hash
from data.boundaries.relocating import relocate, table_of_moves
from data.boundaries.vintages import add_vintage, folder_of, next_vintage, note_moved, stand
from data.locks import only_one
from data.places import read_places
from data.settings import Settings
from geo.boundaries.atlas import read_atlas, write_atlas
from geo.boundaries.errors import BoundaryImportError
from geo.boundaries.reading import Source, read_units
from geo.boundaries.replacing import Order, Replaced, Root, begin, replace_level
from geo.boundaries.report import Report
from geo.divisions import PLACE_DIGITS, PREFIX_LENGTH
from geo.geography import Geography, open_geography

EPOCH = pd.Timestamp("1970-01-01")
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Handed:
    """A file of boundaries as handed in.

    `root` begins an installation anew; `valid_from` is a local date; `partial` takes over what is whole of a file in
    which other units are refused.
    """

    source: Source
    order: Order
    root: Root | None = None
    valid_from: pd.Timestamp | None = None
    note: str = ""
    partial: bool = False


@dataclass(frozen=True)
class Imported:
    """What came of it: report, id of the vintage, incidents looked at, and moves by name (from, to, number)."""

    report: Report
    vintage: int
    looked_at: int
    settled: int
    moves: pd.DataFrame

    @property
    def moved(self) -> int:
        """Incidents that lie elsewhere now."""
        return int(self.moves["count"].sum())


def check_boundaries(settings: Settings, handed: Handed) -> Replaced:
    """Read and check a file against the divisions that stand; nothing is kept.

    Raises
    ------
    BoundaryFileError
        The file can not be read as asked.
    BoundaryImportError
        It does not fit the installation.
    """
    units = read_units(handed.source)
    atlas = begin(handed.root, units, handed.order) if handed.root else read_atlas(settings.geography)
    return replace_level(atlas, units, handed.order)


def import_boundaries(
    engine: Engine, settings: Settings, handed: Handed, *, at: pd.Timestamp, on_progress: Progress | None = None
) -> Imported:
    """Keep the units of a file as a new vintage, let it stand, and locate the incidents by it.

    The new folder is written whole before it is named; readers keep what they have opened. Should the process end
    while incidents are located, `locate_again` finishes the work.

    Raises
    ------
    BoundaryFileError, BoundaryImportError
        As `check_boundaries`; also when units were refused and `partial` was not asked for. Nothing was kept.
    """
    tell = on_progress or (lambda _label, _share: None)
    with only_one(engine, settings, "boundaries"):
        tell("检查边界", 0.0)
        replaced = check_boundaries(settings, handed)
        refused = replaced.report.refused
        if refused and not handed.partial:
            raise BoundaryImportError(
                f"{refused:,} 个要素被拒收,没有导入。请按检查报告改正文件;或确认缺少它们也可以,选择“只导入合格的”。"
            )
        vintage = next_vintage(engine, settings)
        before = open_geography(settings.geography)
        folder = folder_of(settings, vintage)
        _keep(replaced, folder, tell)
        add_vintage(engine, _record(vintage, handed, replaced, at))
        stand(settings, vintage)
        now = replace(settings, root_code="")
        return _locate(engine, now, vintage, replaced.report, replaced.renamed, before, at, tell)


def locate_again(
    engine: Engine, settings: Settings, *, at: pd.Timestamp, on_progress: Progress | None = None
) -> Imported:
    """Locate all incidents by the vintage that stands: after an import that was broken off, or to be sure.

    Raises
    ------
    BoundaryImportError
        No boundaries were imported yet.
    """
    tell = on_progress or (lambda _label, _share: None)
    with only_one(engine, settings, "boundaries"):
        name = settings.geography.name
        if settings.geography == settings.vintages:
            raise BoundaryImportError("还没有导入过边界,不需要重新定位。")
        geography = open_geography(settings.geography)
        nothing = Report(0, 0, ())
        return _locate(engine, settings, int(name.removeprefix("v")), nothing, {}, geography, at, tell)


def _keep(replaced: Replaced, folder: Path, tell: Progress) -> None:
    """Write the folder with its report, and index it, so that it is ready when it is named."""
    tell("写入新版区划", 0.0)
    write_atlas(replaced.atlas, folder)
    (folder / "report.csv").write_bytes(replaced.report.csv())
    tell("建立定位索引", 0.0)
    read_places(folder, root=replaced.atlas.hierarchy.root)


def _record(vintage: int, handed: Handed, replaced: Replaced, at: pd.Timestamp) -> dict:
    day = (handed.valid_from or at.tz_localize(None)).normalize()
    return {
        "id": vintage,
        "name": handed.order.vintage[:80],
        "level": handed.order.level,
        "valid_from": (day - EPOCH).days,
        "schematic": handed.order.schematic,
        "units": replaced.report.accepted,
        "refused": replaced.report.refused,
        "file_name": handed.source.path.name[:255],
        "file_hash": file_hash(handed.source.path),
        "source_note": handed.note[:200],
        "recorded_at": int(at.timestamp()),
    }


def _locate(
    engine: Engine,
    settings: Settings,
    vintage: int,
    report: Report,
    renamed: Mapping[str, str],
    before: Geography,
    at: pd.Timestamp,
    tell: Progress,
) -> Imported:
    tell("重新定位纠纷", 0.0)
    places = read_places(settings.geography, root=settings.root_code)
    found = relocate(engine, places, renamed=renamed, at=at, on_progress=lambda share: tell("重新定位纠纷", share))
    note_moved(engine, vintage, found.total)
    after = open_geography(settings.geography)
    named = table_of_moves(found, lambda place: place_name(place, after, before))
    moves = pd.DataFrame(list(named), columns=["from", "to", "count"]).astype({"count": "int64"})
    moves.to_csv(settings.geography / "moves.csv", index=False, encoding="utf-8-sig")
    return Imported(report, vintage, found.looked_at, found.settled, moves)


def place_name(place: int, *geographies: Geography) -> str:
    """Names of a place from below the root down, by the first geography that knows them; its digits where none does."""
    digits = str(place)
    own = next(n for n in PREFIX_LENGTH.values() if not int(digits[n:] or 0))
    names: list[str] = []
    for length in (n for n in PREFIX_LENGTH.values() if n <= own):
        code = digits[:length]
        known = next((each for each in geographies if each.knows(code)), None)
        if known is not None and (code != known.root or length == own):
            names.append(known.unit(code).name)
    return " · ".join(names) or digits.ljust(PLACE_DIGITS, "0")
