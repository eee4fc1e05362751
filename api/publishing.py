"""Publish what was taken, right after it is on disk and beside the next group, so that readers count it at once."""

import logging
import threading
from typing import Any

from data.segments import is_behind, publish
from data.settings import Settings
from data.store import open_store
from data.unavailable import PoolUnavailableError

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds after which the log is looked at without being told: other processes may have written to it."""


class Publishing:
    """A thread that publishes whenever it is woken and the log has grown."""

    def __init__(self, settings: Settings, *, every: float = EVERY) -> None:
        self._settings, self._every = settings, every
        self._woken, self._ending = threading.Event(), threading.Event()
        self._engine: Any = None
        self._thread = threading.Thread(target=self._run, name="publish", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Something was committed."""
        self._woken.set()

    def stop(self) -> None:
        """Publish what there is, then end."""
        self._ending.set()
        self._woken.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            self._woken.wait(self._every)
            self._woken.clear()
            self._publish()
        if self._engine is not None:
            self._engine.dispose()

    def _publish(self) -> None:
        try:
            if self._engine is None:
                self._engine = open_store(self._settings)
            if is_behind(self._engine):
                publish(self._engine, self._settings)
        except PoolUnavailableError as error:
            log.warning("Not published yet, will be tried again: %s", error)
        except Exception:
            log.exception("Not published yet, will be tried again")
