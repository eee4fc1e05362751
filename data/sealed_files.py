"""Files that never change: whole under their name or not there at all, whatever happens meanwhile."""

import hashlib
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def seal(folder: Path, suffix: str, write: Callable[[Path], object]) -> tuple[Path, str]:
    """Let a file be written under a temporary name, sync it, and give it a name of its own.

    Parameters
    ----------
    suffix
        Of the name, with its dot.
    write
        Writes the content to the path that it is given.

    Returns
    -------
    The file and the SHA-256 of its content.

    Raises
    ------
    OSError
        It can not be written (disk full); nothing of it is left.
    """
    file = folder / f"{uuid.uuid4().hex}{suffix}"
    temporary = file.with_suffix(".writing")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write(temporary)
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        temporary.rename(file)
        _sync_folder(folder)
    except OSError:
        for left in (temporary, file):
            with suppress(OSError):
                left.unlink(missing_ok=True)
        raise
    return file, digest


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
