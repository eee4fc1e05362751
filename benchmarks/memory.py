"""How much memory a process and all that it starts hold together."""

import os
import threading
from pathlib import Path
from types import TracebackType

from benchmarks.figures import peak_mb

INTERVAL = 0.1
"""Seconds between two looks."""


class MemoryWatch:
    """Watches while it is entered: this process at its largest, or with its children at the largest moment seen.

    Pages that processes share are counted for each of them.
    """

    def __init__(self) -> None:
        self._most = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "MemoryWatch":
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self._over.set()
        self._thread.join()
        self._most = max(self._most, peak_mb())

    @property
    def peak_mb(self) -> float:
        """What was held at most, in MB."""
        return round(self._most, 1)

    def _watch(self) -> None:
        while not self._over.wait(INTERVAL):
            self._most = max(self._most, _held_mb(os.getpid()))


def _held_mb(process: int) -> float:
    """Resident memory of a process and of all that it started, in MB."""
    folder = Path("/proc") / str(process)
    held = 0.0
    try:
        for line in (folder / "status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                held = int(line.split()[1]) / 1024
        started = [each for file in folder.glob("task/*/children") for each in file.read_text().split()]
    except OSError:  # it has ended meanwhile
        return held
    return held + sum(_held_mb(int(each)) for each in started)
