"""Boundaries of divisions and grids: imported, listed, located by again, collected."""

import json
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from commands.shell import console, fail, now, progress
from data.settings import Settings, read_settings

app = typer.Typer()
boundaries = typer.Typer(help="Boundaries of divisions and grids.", no_args_is_help=True)
app.add_typer(boundaries, name="boundaries")

CodeColumn = Annotated[str, typer.Option(help="Column of the office's own codes")]
NameColumn = Annotated[str, typer.Option(help="Column of names")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as one JSON line")]


@boundaries.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="geojson, zip, gpkg, parquet")
    ],
    level: Annotated[int, typer.Option(help="1 province, 2 city, 3 county, 4 township, 5 village, 6 grid")],
    code_column: CodeColumn,
    name_column: NameColumn,
    parent_column: Annotated[str, typer.Option(help="Column of the parents' codes")] = "",
    population_column: Annotated[str, typer.Option(help="Column of the number of people")] = "",
    crs: Annotated[str, typer.Option(help="Coordinate system, such as EPSG:4490, instead of the file's")] = "",
    datum: Annotated[str, typer.Option(help="wgs84, gcj02 or bd09, for coordinates no file can name")] = "",
    layer: Annotated[str, typer.Option(help="Layer of a GeoPackage that has several")] = "",
    encoding: Annotated[str, typer.Option(help="Encoding of a Shapefile's table")] = "",
    name: Annotated[str, typer.Option(help="Name of the vintage, such as 2026版")] = "",
    valid_from: Annotated[str, typer.Option(help="Day from which it is valid, YYYY-MM-DD; today unless said")] = "",
    note: Annotated[str, typer.Option(help="Where the boundaries come from")] = "",
    level_name: Annotated[str, typer.Option(help="Word for the units of this level, such as 社区")] = "",
    within: Annotated[str, typer.Option(help="Replace only the units of this division")] = "",
    schematic: Annotated[bool, typer.Option("--schematic", help="The outlines are 示意, no boundaries")] = False,
    new: Annotated[bool, typer.Option("--new", help="Begin anew below the division that --root-… name")] = False,
    root_code: Annotated[str, typer.Option(help="With --new: code of the topmost division")] = "",
    root_name: Annotated[str, typer.Option(help="With --new: its name")] = "",
    partial: Annotated[bool, typer.Option("--partial", help="Take what is whole, though units are refused")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and report; keep nothing")] = False,
    report: Annotated[Path | None, typer.Option(help="Write what was found to this CSV")] = None,
    as_json: Json = False,
) -> None:
    """Check the units of a file and let them stand in place of a level's; then locate the incidents again."""
    from data.boundaries.importing import Handed, check_boundaries
    from data.store import PoolUnavailableError
    from geo.boundaries.errors import BoundaryFileError, BoundaryImportError
    from geo.boundaries.reading import Source
    from geo.boundaries.replacing import Order, Root

    settings = read_settings()
    if new and not (root_code and root_name):
        fail("新建区划需要同时给出顶级区划的代码(--root-code)和名称(--root-name)。")
    source = Source(
        file, code_column, name_column, parent_column, population_column, crs, _datum(datum), layer, encoding
    )
    order = Order(level, name or file.stem, level_name, within, schematic)
    root = Root(root_code, root_name) if new else None
    handed = Handed(source, order, root, _day(valid_from), note, partial)
    try:
        found = check_boundaries(settings, handed).report if dry_run or report else None
        if report and found:
            report.write_bytes(found.csv())
        if dry_run and found:
            _show({"report": _figures(found)}, as_json)
            return
        _show(_imported(_import(settings, handed)), as_json)
    except (BoundaryFileError, BoundaryImportError, PoolUnavailableError) as error:
        fail(f"{file.name}: {error}")


def _import(settings: Settings, handed):  # type: ignore[no-untyped-def]
    """Import the units and publish what moved, with progress."""
    from data.boundaries.importing import import_boundaries
    from data.segments import publish
    from data.store import open_store

    engine = open_store(settings)
    with progress(transient=True) as bars:
        task = bars.add_task("", total=1.0)
        done = import_boundaries(
            engine,
            settings,
            handed,
            at=now(settings),
            on_progress=lambda label, share: bars.update(task, description=label, completed=share),
        )
    publish(engine, read_settings())
    return done


@boundaries.command("list")
def list_(as_json: Json = False) -> None:
    """List the vintages, the newest first."""
    from data.boundaries.vintages import read_vintages
    from data.store import open_store

    settings = read_settings()
    table = read_vintages(open_store(settings), settings)
    days = pd.to_datetime(table.pop("valid_from"), unit="D").dt.strftime("%Y-%m-%d")
    table.insert(3, "valid_from", days)
    if as_json:
        typer.echo(json.dumps(table.astype("object").where(table.notna(), None).to_dict("records"), ensure_ascii=False))
        return
    shown = Table(*("版本", "名称", "层级", "启用日期", "单位数", "示意", "移动纠纷", "当前", "文件"))
    columns = ["id", "name", "level", "valid_from", "units", "schematic", "moved", "stands", "file_name"]
    for row in table[columns].astype("object").itertuples(index=False, name=None):
        shown.add_row(*(_word(value) for value in row))
    console.print(shown)


@boundaries.command()
def relocate(as_json: Json = False) -> None:
    """Locate all incidents by the boundaries that stand: after an import that was broken off, or to be sure."""
    from data.boundaries.importing import locate_again
    from data.segments import publish
    from data.store import PoolUnavailableError, open_store
    from geo.boundaries.errors import BoundaryImportError

    settings = read_settings()
    try:
        engine = open_store(settings)
        done = locate_again(engine, settings, at=now(settings))
        publish(engine, settings)
    except (BoundaryImportError, PoolUnavailableError) as error:
        fail(str(error))
    _show(_imported(done), as_json)


@boundaries.command()
def collect() -> None:
    """Remove the folders of vintages that were replaced at least a day ago."""
    from data.boundaries.vintages import collect as collect_vintages
    from data.store import open_store

    settings = read_settings()
    gone = collect_vintages(open_store(settings), settings, now=int(now(settings).timestamp()))
    console.print(f"{len(gone)} vintages removed.")


def _datum(text: str):  # type: ignore[no-untyped-def]
    from geo.datum import Datum

    try:
        return Datum(text) if text else None
    except ValueError:
        fail(f"坐标系(--datum)应为 wgs84、gcj02 或 bd09,现为“{text}”。")


def _day(text: str) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(text) if text else None
    except ValueError:
        fail(f"启用日期应写作 2026-01-31 的样子,现为“{text}”。")


def _figures(report) -> dict:  # type: ignore[no-untyped-def]
    counts = {f"{kind}({outcome})": number for (kind, outcome), number in report.counts().items()}
    return {"read": report.read, "accepted": report.accepted, "refused": report.refused, "findings": counts}


def _imported(done) -> dict:  # type: ignore[no-untyped-def]
    return {
        "vintage": done.vintage,
        "report": _figures(done.report),
        "looked_at": done.looked_at,
        "moved": done.moved,
        "settled": done.settled,
        "moves": done.moves.head(20).to_dict("records"),
    }


def _show(figures: dict, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    from geo.boundaries.report import TOLERANCES

    report = figures["report"]
    console.print(f"读入 {report['read']:,},可用 {report['accepted']:,},拒收 {report['refused']:,}")
    for what, number in report["findings"].items():
        console.print(f"  {what}:{number:,}")
    console.print(TOLERANCES)
    if "moved" in figures:
        console.print(f"查看纠纷 {figures['looked_at']:,} 件,移动 {figures['moved']:,} 件")
        for move in figures["moves"]:
            console.print(f"  {move['from']} → {move['to']}:{move['count']:,}")


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else ""
    return "" if value is None or pd.isna(value) else str(value)
