"""A feed's folder: which files in it are complete, and where they go when they have been taken.

A file is complete when nothing about it has changed since an earlier look, under whatever name it had then, and
nobody has it open for writing. What was seen is kept in the folder, so that looks may be made by one process each.
"""

import fcntl
import json
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

DONE, FAILED = "done", "failed"
LOOKS = ".looks.json"
UNFINISHED = (".part", ".tmp", ".temp", ".filepart", ".partial", ".crdownload", ".uploading")
"""Endings by which programs name a file that they are still writing."""
LONGEST_NAME = 120
_ODD = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]|[\ud800-\udfff]|^[-~.\s]|[\s.]$")


@dataclass(frozen=True)
class Found:
    """A file as it was seen: where, and what would change if anybody wrote to it."""

    path: Path
    inode: int
    size: int
    changed_at: int
    """Nanoseconds since 1970."""

    @classmethod
    def at(cls, path: Path) -> "Found":
        """The file as it is now; a symbolic link is seen itself and not what it points to."""
        seen = path.lstat()
        return cls(path, seen.st_ino, seen.st_size, seen.st_mtime_ns)

    @property
    def print(self) -> str:
        """What is the same for as long as nobody writes to it, whatever it is called."""
        return f"{self.inode} {self.size} {self.changed_at}"


@dataclass(frozen=True)
class Inbox:
    """The folder of one feed."""

    folder: Path

    def make(self) -> None:
        """Make the folder and those that files go to.

        Raises
        ------
        OSError
            They can not be made, or one of them is a symbolic link.
        """
        for folder in (self.folder, self.folder / DONE, self.folder / FAILED):
            folder.mkdir(parents=True, exist_ok=True)
            if folder.is_symlink():
                raise OSError(f"{folder} 是符号链接,不使用。请换成真正的目录。")

    def complete(self, *, now: int, settle: int) -> list[Found]:
        """Return the files that are complete, oldest first, and remember what was seen.

        Parameters
        ----------
        now
            Seconds since 1970.
        settle
            How many seconds a file must have stayed as it is since it was first seen so.
        """
        seen = self._seen()
        found = [Found.at(path) for path in self.folder.iterdir() if _is_meant(path)]
        since = {each.print: min(seen.get(each.print, now), now) for each in found}
        self._remember(since)
        ready = [each for each in found if each.print in seen and now - since[each.print] >= settle]
        return sorted(
            (each for each in ready if not is_written(each.path)), key=lambda each: (each.changed_at, each.path)
        )

    def put_away(self, found: Found, folder: str, reports: dict[str, bytes]) -> Path:
        """Write reports beside where a file goes (by ending), then move it there; never onto another one.

        The file goes last: whoever is stopped before that begins again with the same file, which adds nothing twice.
        """
        target = _free(self.folder / folder / safe_name(found.path.name))
        for ending, content in reports.items():
            (target.parent / (target.name + ending)).write_bytes(content)
        os.rename(found.path, target)
        return target

    def _seen(self) -> dict[str, int]:
        try:
            kept = json.loads((self.folder / LOOKS).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {key: value for key, value in kept.items() if type(value) is int} if isinstance(kept, dict) else {}

    def _remember(self, since: dict[str, int]) -> None:
        new = self.folder / f"{LOOKS}.new"
        new.write_text(json.dumps(since), "utf-8")
        os.replace(new, self.folder / LOOKS)


def refusal(path: Path) -> str:
    """Why a name in a feed's folder is not taken whatever it holds; "" where it may be."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "是符号链接。请放入文件本身。"
    if not stat.S_ISREG(mode):
        return "不是普通文件。请放入 CSV、XLSX 或 Parquet 文件。"
    if _ODD.search(path.name) or len(os.fsencode(path.name)) > LONGEST_NAME:
        return f"文件名含有特殊字符,或超过 {LONGEST_NAME} 字节。请改名后重新放入。"
    return ""


def safe_name(name: str) -> str:
    """Name without anything odd, for where a refused file goes."""
    if not _ODD.search(name) and len(os.fsencode(name)) <= LONGEST_NAME:
        return name
    stem, ending = os.path.splitext(_ODD.sub("_", name))
    return (stem[:30] or "_") + ending[:10]


def is_written(path: Path) -> bool:
    """Whether somebody has a file open for writing, as far as the system tells (it does for a file of one's own)."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False  # what can not be opened is told when it is read
    try:
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def _is_meant(path: Path) -> bool:
    """Whether it is something to take: no folder, not hidden, and not named as unfinished."""
    return not (
        path.name.startswith(".") or path.name.lower().endswith(UNFINISHED) or (path.is_dir() and not path.is_symlink())
    )


def _free(path: Path) -> Path:
    number, target = 2, path
    while os.path.lexists(target):
        target = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return target
