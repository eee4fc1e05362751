"""A publisher in the background: what is taken in is counted soon after, by every process that reads."""

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from data.locks import HeldElsewhereError, only_one
from data.segments.compaction import tidy
from data.segments.garbage import collect_locked
from data.segments.manifest import SwappedElsewhereError
from data.segments.publication import LOCK, is_behind, publish_locked
from data.settings import Settings
from data.unavailable import PoolUnavailableError

INTERVAL = 0.1
"""Seconds between two looks at the log."""

COLLECT_EVERY = 600.0
PATIENCE = 30.0
"""Longest pause after a failure, in seconds."""

_log = logging.getLogger(__name__)


class Publisher:
    """Publishes as the log grows, puts small segments together and removes what nobody names, until it is stopped.

    Several servers may each run one: whoever holds the lock does the work, and the others look again a little later.
    A failure (disk full, store silent) is logged and tried again; `failure` says the last one until a turn succeeds.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        *,
        interval: float = INTERVAL,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._interval = interval
        self._clock = clock
        self._collected: float | None = None
        self._failures = 0
        self._called = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self.failure = ""

    def start(self) -> None:
        """Begin in a thread of its own; a second start changes nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
            self._thread.start()

    def call(self) -> None:
        """Say that something was taken in, so that it is published at once."""
        self._called.set()

    def stop(self) -> None:
        """End after the turn that is under way."""
        self._stopped.set()
        self._called.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self.turn()
            self._called.wait(self.pause)
            self._called.clear()

    @property
    def pause(self) -> float:
        """Seconds until the next turn unless somebody calls: longer after every failure."""
        return min(self._interval * 2**self._failures, max(PATIENCE, self._interval))

    def turn(self) -> int:
        """Publish and tidy up once; return the rows published, 0 as well where it failed or somebody else is at it."""
        rows = 0
        try:
            if is_behind(self._engine):
                rows = self._publish()
            if self._collected is None or self._clock() - self._collected >= COLLECT_EVERY:
                self._collected = self._clock()
                self._locked(lambda: collect_locked(self._engine, self._settings)[0])
        except (PoolUnavailableError, SQLAlchemyError, OSError, SwappedElsewhereError) as error:
            self._failures += 1
            self.failure = str(error)
            _log.warning("not published: %s", type(error).__name__, exc_info=error)
            return rows
        self._failures, self.failure = 0, ""
        return rows

    def _publish(self) -> int:
        def work() -> int:
            rows = publish_locked(self._engine, self._settings)
            tidy(self._engine, self._settings)
            return rows

        return self._locked(work)

    def _locked(self, work: Callable[[], int]) -> int:
        try:
            with only_one(self._engine, self._settings, LOCK, wait=False):
                return work()
        except HeldElsewhereError:
            return 0
