"""Kinds of rooms, classes of sites and limits of gaps: as shipped, or from an office's own file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from data.settings import Settings
from risk.incident import DISPUTE_TYPES

FILE = "centres.yaml"
SHIPPED = Path(__file__).resolve().parent.parent / "files" / FILE
KEYS = ("rooms", "any_type", "classes", "levels", "many_disputes", "farthest_km", "busy_above")
MEASURES = ("population", "disputes", "visitors")
LONGEST_KIND, LONGEST_CLASS = 32, 16
SMALLEST_LIMIT = 10
"""Least limit of a class: one below the counts that are withheld would tell them."""


class BadCentreFileError(ValueError):
    """The office's file of rooms and classes can not be used; the message says why and what to do."""


@dataclass(frozen=True)
class RoomKind:
    """A kind of room; `types` are the dispute types that are settled in it."""

    code: str
    name: str
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class SiteClass:
    """A class of sites: reached where one of the measures is at its limit (None = no limit), and the rooms it needs."""

    name: str
    population: int | None
    disputes: int | None
    visitors: int | None
    rooms: tuple[str, ...]

    def reached(self, population: float, disputes: float, visitors: float) -> bool:
        """Whether one of the measures is at its limit; NaN stands for an unknown one and reaches nothing."""
        pairs = ((population, self.population), (disputes, self.disputes), (visitors, self.visitors))
        return any(limit is not None and value >= limit for value, limit in pairs)


@dataclass(frozen=True)
class CentreSettings:
    """All of it. `rooms` by code; `classes` largest first, the last without limits; `levels` that need a centre."""

    rooms: Mapping[str, RoomKind]
    any_type: str
    classes: tuple[SiteClass, ...]
    levels: tuple[int, ...]
    many_disputes: int
    farthest_km: float
    busy_above: float

    @cached_property
    def room_of_type(self) -> Mapping[str, str]:
        """Kind of room by dispute type; "" is all types together."""
        by_type = {kind: room.code for room in self.rooms.values() for kind in room.types}
        return {kind: by_type.get(kind, self.any_type) for kind in DISPUTE_TYPES} | {"": self.any_type}

    def class_of(self, population: float, disputes: float, visitors: float) -> SiteClass:
        """The class that a site must be of; measures that are unknown are NaN."""
        reached = (site for site in self.classes if site.reached(population, disputes, visitors))
        return next(reached, self.classes[-1])


def read_centre_settings(settings: Settings) -> CentreSettings:
    """Settings of `centres.yaml` under var, or the shipped ones without it.

    Raises
    ------
    BadCentreFileError
        Saying what was found, what was expected and what to do.
    """
    own = settings.var / FILE
    return read_file(own if own.exists() else SHIPPED)


def read_file(file: Path) -> CentreSettings:
    """Settings of a file; raises as `read_centre_settings`."""
    try:
        return _settings(_said(file))
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise BadCentreFileError(
            f"{file} 不能作为综治中心设置:{error}。请对照随产品的 data/files/{FILE} 改正,或删去该文件使用默认设置。"
        ) from error


def _said(file: Path) -> dict[str, Any]:
    try:
        said = yaml.safe_load(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ValueError(f"读不出来({type(error).__name__}),应为 UTF-8 的 YAML 文件") from error
    if not isinstance(said, dict) or set(said) != set(KEYS):
        found = "、".join(map(str, said)) if isinstance(said, dict) else type(said).__name__
        raise ValueError(f"应恰好有这些项:{'、'.join(KEYS)};现在是:{found}")
    return said


def _settings(said: dict[str, Any]) -> CentreSettings:
    rooms = {str(code): _room(str(code), given) for code, given in said["rooms"].items()}
    _check_rooms(rooms, str(said["any_type"]))
    classes = tuple(_site_class(given, rooms) for given in said["classes"])
    last = classes[-1]
    if any(getattr(last, name) is not None for name in MEASURES):
        raise ValueError(f"最后一级“{last.name}”应没有界限,其余中心都归它")
    levels = tuple(int(level) for level in said["levels"])
    if not set(levels) <= {1, 2, 3, 4, 5}:
        raise ValueError(f"levels 应为 1 至 5,现在是 {levels}")
    numbers = [_positive(said, name) for name in ("many_disputes", "farthest_km", "busy_above")]
    return CentreSettings(rooms, str(said["any_type"]), classes, levels, int(numbers[0]), numbers[1], numbers[2])


def _room(code: str, given: dict[str, Any]) -> RoomKind:
    room = RoomKind(code, str(given["name"]).strip(), tuple(given.get("types", ())))
    unknown = [kind for kind in room.types if kind not in DISPUTE_TYPES]
    if unknown or not room.name or max(len(code), len(room.name)) > LONGEST_KIND:
        raise ValueError(f"用房“{code}”应有不超过 {LONGEST_KIND} 字的 name,types 只含纠纷类型代码,现在是 {given}")
    return room


def _check_rooms(rooms: Mapping[str, RoomKind], any_type: str) -> None:
    names = [room.name for room in rooms.values()]
    types = [kind for room in rooms.values() for kind in room.types]
    if len(set(names)) < len(names) or len(set(types)) < len(types):
        raise ValueError("两种用房不能同名,一种纠纷类型只能归一种用房")
    if any_type not in rooms:
        raise ValueError(f"any_type 应为用房之一,现在是“{any_type}”")


def _site_class(given: dict[str, Any], rooms: Mapping[str, RoomKind]) -> SiteClass:
    name, needed = str(given["name"]), tuple(given["rooms"])
    limits = {measure: None if given.get(measure) is None else int(given[measure]) for measure in MEASURES}
    small = [limit for limit in limits.values() if limit is not None and limit < SMALLEST_LIMIT]
    if small or not 0 < len(name) <= LONGEST_CLASS or not set(needed) <= set(rooms):
        raise ValueError(f"分级“{name}”的界限应不小于 {SMALLEST_LIMIT},rooms 只含上面列出的用房,现在是 {given}")
    return SiteClass(name, limits["population"], limits["disputes"], limits["visitors"], needed)


def _positive(said: dict[str, Any], name: str) -> float:
    value = float(said[name])
    if not value > 0:
        raise ValueError(f"{name} 应大于 0,现在是 {value}")
    return value
