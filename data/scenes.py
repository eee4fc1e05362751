"""Programmes of the briefing screen: which scenes it shows, for how long, of which places and incidents.

A programme is never changed in place: whoever saves it adds a version, and whoever saves an older one than is there
is told so. What was shown in the past, and by whom it was arranged, is so kept as well.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd
from sqlalchemy import Connection, Engine, RowMapping, func, insert, select

from data.store import next_id, reading, writing
from data.tables import scene_programmes, scenes
from geo.divisions import level_of
from risk.incident import DISPUTE_TYPES, SOURCES

SCENE_KINDS = {"map": "地图", "ranking": "排名", "alerts": "新兴热点与预警", "series": "态势", "channels": "三调"}
PERIODS = ("7d", "28d", "ytd")
MEASURES = ("count", "rate", "previous", "last_year")
SHORTEST, LONGEST = 5, 600
"""Seconds that a scene may stay."""
MOST_SCENES, NAME_LENGTH, TITLE_LENGTH = 24, 20, 16
FINEST = 5
"""Villages: a grid has no parts that a map could show."""
DEFAULT_NAME = "默认"


class BadProgrammeError(ValueError):
    """A programme can not be shown as it is; `problems` are sentences that say what to change."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("".join(problems))
        self.problems = tuple(problems)


class ProgrammeChangedError(ValueError):
    """Somebody else has saved or removed the programme meanwhile."""


@dataclass(frozen=True)
class Scene:
    """One scene. Empty `title` means the usual one, empty `dispute_type` and `source` all of them."""

    kind: str
    seconds: int
    division: str
    title: str = ""
    dispute_type: str = ""
    source: str = ""
    period: str = "7d"
    measure: str = "count"


@dataclass(frozen=True)
class Programme:
    """Scenes in the order they are shown.

    `version` is 0 for one that was never saved; `person` saved it at `recorded_at` (UTC seconds).
    """

    scope: str
    name: str
    scenes: tuple[Scene, ...] = field(default=())
    version: int = 0
    person: str = ""
    recorded_at: int = 0


def default_programme(scope: str) -> Programme:
    """What is shown where nobody has arranged anything: every kind of scene, of the whole scope."""
    return Programme(
        scope,
        DEFAULT_NAME,
        (
            Scene("map", 30, scope),
            Scene("ranking", 20, scope, period="28d", measure="previous"),
            Scene("alerts", 20, scope),
            Scene("series", 20, scope, period="28d"),
            Scene("channels", 20, scope, period="ytd"),
        ),
    )


def check_programme(programme: Programme, *, knows: Callable[[str], bool]) -> None:
    """Raise `BadProgrammeError` if a programme can not be shown; `knows` says whether a division exists."""
    problems = []
    if not 1 <= len(programme.name) <= NAME_LENGTH or not programme.name.isprintable() or not programme.name.strip():
        problems.append(f"节目单的名称应为 1 至 {NAME_LENGTH} 个字,现在是“{programme.name[:NAME_LENGTH]}”。")
    if not 1 <= len(programme.scenes) <= MOST_SCENES:
        problems.append(f"节目单应有 1 至 {MOST_SCENES} 个画面,现在有 {len(programme.scenes)} 个。")
    for position, scene in enumerate(programme.scenes, start=1):
        problems += [f"第 {position} 个画面:{problem}" for problem in _problems(scene, programme.scope, knows)]
    if problems:
        raise BadProgrammeError(problems)


def _problems(scene: Scene, scope: str, knows: Callable[[str], bool]) -> list[str]:
    found = []
    choices = (
        ("种类", scene.kind, SCENE_KINDS),
        ("纠纷类型", scene.dispute_type, {"", *DISPUTE_TYPES}),
        ("来源", scene.source, {"", *SOURCES}),
        ("时段", scene.period, PERIODS),
        ("指标", scene.measure, MEASURES),
    )
    found += [f"{label}“{value}”不认识,请重新选择。" for label, value, known in choices if value not in known]
    if not SHORTEST <= scene.seconds <= LONGEST:
        found.append(f"停留时间应为 {SHORTEST} 至 {LONGEST} 秒,现在是 {scene.seconds} 秒。")
    if len(scene.title) > TITLE_LENGTH or not scene.title.isprintable():
        found.append(f"标题最多 {TITLE_LENGTH} 个字,现在有 {len(scene.title)} 个。")
    if not scene.division.startswith(scope):
        found.append(f"区划 {scene.division} 不在 {scope} 以内,请选本级或下级区划。")
    elif not knows(scene.division):
        found.append(f"没有代码为 {scene.division} 的区划,请重新选择。")
    elif level_of(scene.division) > FINEST:
        found.append("画面最细到村、社区,请不要选网格。")
    return found


def list_programmes(engine: Engine, scope: str) -> list[Programme]:
    """Programmes of a scope as they are now, by name; empty where nobody has arranged anything."""
    newest = (
        select(scene_programmes.c.name, func.max(scene_programmes.c.version).label("version"))
        .where(scene_programmes.c.scope == scope)
        .group_by(scene_programmes.c.name)
        .subquery()
    )
    query = (
        select(scene_programmes)
        .join(newest, (newest.c.name == scene_programmes.c.name) & (newest.c.version == scene_programmes.c.version))
        .where(scene_programmes.c.scope == scope, ~scene_programmes.c.removed)
        .order_by(scene_programmes.c.name)
    )
    with reading(engine) as connection:
        return [_programme(connection, row) for row in connection.execute(query).mappings().all()]


def find_programme(engine: Engine, scope: str, name: str = "") -> Programme | None:
    """A programme by its name, without one the default, built in until somebody saves it; None for an unknown name."""
    wanted = name or DEFAULT_NAME
    found = next((one for one in list_programmes(engine, scope) if one.name == wanted), None)
    return default_programme(scope) if found is None and wanted == DEFAULT_NAME else found


def _programme(connection: Connection, row: RowMapping) -> Programme:
    query = select(scenes).where(scenes.c.programme_id == row["id"]).order_by(scenes.c.position)
    shown = tuple(
        Scene(**{name: one[name] for name in Scene.__dataclass_fields__})
        for one in connection.execute(query).mappings()
    )
    return Programme(row["scope"], row["name"], shown, row["version"], row["person"], row["recorded_at"])


def save_programme(engine: Engine, programme: Programme, *, person: str, now: int) -> Programme:
    """Keep a checked programme as its next version, and return it so.

    Raises
    ------
    ProgrammeChangedError
        `programme.version` is not the one that holds; nothing was kept.
    """
    return _add_version(engine, programme, person=person, now=now)


def remove_programme(engine: Engine, programme: Programme, *, person: str, now: int) -> None:
    """Let a programme no longer be shown; what it was stays readable in its history.

    Raises
    ------
    ProgrammeChangedError
        `programme.version` is not the one that holds; nothing was kept.
    """
    _add_version(engine, replace(programme, scenes=()), person=person, now=now, removed=True)


def _add_version(engine: Engine, programme: Programme, *, person: str, now: int, removed: bool = False) -> Programme:
    if not person:
        raise ValueError("expected who saves the programme, found no name")
    own = (scene_programmes.c.scope == programme.scope) & (scene_programmes.c.name == programme.name)
    with writing(engine) as connection:
        newest = select(scene_programmes).where(own).order_by(scene_programmes.c.version.desc()).limit(1)
        held = connection.execute(newest).mappings().first()
        standing = 0 if held is None or held["removed"] else int(held["version"])
        if programme.version != standing:
            raise ProgrammeChangedError(_changed(programme, held, standing))
        number = next_id(connection, scene_programmes)
        version = (0 if held is None else int(held["version"])) + 1
        row = {"id": number, "scope": programme.scope, "name": programme.name, "version": version}
        said = {"removed": removed, "person": person, "recorded_at": now}
        connection.execute(insert(scene_programmes).values(row | said))
        shown = [
            {"programme_id": number, "position": position} | {name: getattr(scene, name) for name in _FIELDS}
            for position, scene in enumerate(programme.scenes, start=1)
        ]
        if shown:
            connection.execute(insert(scenes), shown)
    return replace(programme, version=version, person=person, recorded_at=now)


_FIELDS = tuple(Scene.__dataclass_fields__)


def _changed(programme: Programme, held: RowMapping | None, standing: int) -> str:
    if held is None:
        return f"节目单“{programme.name}”不存在,可能属于另一个区划。请刷新后再改。"
    if programme.version == 0:
        return f"已经有名为“{programme.name}”的节目单,请换一个名称。"
    if held["removed"]:
        return f"节目单“{programme.name}”已被{held['person']}删除,您的改动没有保存。请用另一个名称新建。"
    return (
        f"{held['person']}刚刚保存了节目单“{programme.name}”(第 {standing} 版),您改的是第 {programme.version} 版,"
        "没有覆盖。请先载入新版,再作改动。"
    )


def programme_history(engine: Engine, scope: str, name: str) -> pd.DataFrame:
    """Versions of a programme, newest first: `version`, `person`, `recorded_at` (UTC seconds), `removed`, `scenes`."""
    shown = select(func.count()).where(scenes.c.programme_id == scene_programmes.c.id).scalar_subquery()
    query = (
        select(
            scene_programmes.c.version,
            scene_programmes.c.person,
            scene_programmes.c.recorded_at,
            scene_programmes.c.removed,
            shown.label("scenes"),
        )
        .where(scene_programmes.c.scope == scope, scene_programmes.c.name == name)
        .order_by(scene_programmes.c.version.desc())
    )
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return pd.DataFrame(rows, columns=["version", "person", "recorded_at", "removed", "scenes"])
