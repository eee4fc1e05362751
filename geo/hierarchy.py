"""What an installation's divisions are called, where they begin, and whose codes they carry.

Inside, every unit has a code of 2, 4, 6, 9, 12 or 15 digits, by its level from 1 to 6 (`geo.divisions`). Where the
codes of an office have another form, its units are numbered so on import and keep the office's own codes beside.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FORMAT_VERSION = 1
FILE = "vintage.json"
"""Written last into the folder of an import, so that a folder without it counts as not written."""

LEVEL_NAMES = {1: "省", 2: "市州", 3: "县区", 4: "乡镇街道", 5: "村社区", 6: "网格"}
NATIONAL_ROOT = "62"


@dataclass(frozen=True)
class Hierarchy:
    """Shape of an installation's divisions.

    `root` is the code of the topmost unit; `national` whether codes are the national ones; `level_names` the word for
    the units of each level; `vintage` the name of the import, empty for the published files.
    """

    root: str = NATIONAL_ROOT
    national: bool = True
    level_names: Mapping[int, str] = field(default_factory=lambda: dict(LEVEL_NAMES))
    vintage: str = ""

    def level_name(self, level: int) -> str:
        """Word for the units of a level."""
        return self.level_names.get(level, "下级")


def is_imported(folder: Path) -> bool:
    """Whether a folder holds a whole import of boundaries."""
    return _read(folder) is not None


def read_hierarchy(folder: Path | None) -> Hierarchy:
    """Hierarchy of the divisions kept in a folder, that of the published files where nothing was imported."""
    kept = _read(folder) if folder else None
    if kept is None:
        return Hierarchy()
    names = LEVEL_NAMES | {int(level): name for level, name in kept["level_names"].items()}
    return Hierarchy(kept["root"], kept["national"], names, kept["vintage"])


def write_hierarchy(folder: Path, hierarchy: Hierarchy) -> None:
    """Keep a hierarchy in a folder."""
    kept = {
        "format_version": FORMAT_VERSION,
        "root": hierarchy.root,
        "national": hierarchy.national,
        "level_names": {str(level): name for level, name in hierarchy.level_names.items()},
        "vintage": hierarchy.vintage,
    }
    (folder / FILE).write_text(json.dumps(kept, ensure_ascii=False), "utf-8")


def _read(folder: Path) -> dict | None:
    try:
        kept = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) and kept.get("format_version") == FORMAT_VERSION else None
