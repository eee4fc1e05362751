"""Posts that wait at the same moment share one transaction: what syncing a disk costs, it costs once for all of them.

One thread writes; the event loop only waits. Each post is answered after the commit that holds it.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from data.intake import KeyReusedError, Post, Taken
from data.unavailable import PoolUnavailableError

log = logging.getLogger(__name__)

PACE = 0.4
"""Seconds from the start of one group to the next: parsing a hundred rows costs little more than parsing one, so a
steady stream of small posts is gathered; a post that comes after a pause is taken at once."""

MOST_ROWS = 20_000
"""Rows of a group; others wait for the next, and other writers for no longer than this takes."""

Take = Callable[[Sequence[Post]], list[Taken | KeyReusedError]]


class StoppedError(RuntimeError):
    """The server is going down; nothing of the post was kept."""


@dataclass(frozen=True)
class _Waiting:
    post: Post
    result: Future[Taken] = field(default_factory=Future)


class GroupCommit:
    """Takes posts in groups, in the order they came."""

    def __init__(self, take: Take, *, pace: float = PACE) -> None:
        self._take, self._pace = take, pace
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = False

    async def submit(self, post: Post) -> Taken:
        """Wait until a post is on disk.

        Raises
        ------
        KeyReusedError, PoolUnavailableError, StoppedError
            Nothing of it was kept.
        """
        waiting = _Waiting(post)
        with self._lock:
            if self._stopped:
                raise StoppedError
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
                self._thread.start()
            self._queue.put(waiting)
        # Shielded: a sender that goes away does not take back what is being written.
        return await asyncio.shield(asyncio.wrap_future(waiting.result))

    def stop(self) -> None:
        """Take what waits, then end; may be called from any thread, more than once."""
        with self._lock:
            self._stopped = True
            thread = self._thread
            self._queue.put(None)
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        begun = time.monotonic() - self._pace
        while (first := self._queue.get()) is not None:
            time.sleep(max(0.0, begun + self._pace - time.monotonic()))
            begun = time.monotonic()
            group, go_on = self._gather(first)
            self._take_group(group)
            if not go_on:
                return

    def _gather(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        group, rows = [first], first.post.read.count
        while rows < MOST_ROWS:
            try:
                each = self._queue.get_nowait()
            except queue.Empty:
                break
            if each is None:
                return group, False
            group.append(each)
            rows += each.post.read.count
        return group, True

    def _take_group(self, group: list[_Waiting]) -> None:
        try:
            taken = self._take([each.post for each in group])
        except PoolUnavailableError as error:
            for each in group:
                each.result.set_exception(error)
        except Exception as error:
            log.exception("A group of %d posts could not be taken", len(group))
            self._one_by_one(group, error)
        else:
            for each, result in zip(group, taken, strict=True):
                if isinstance(result, KeyReusedError):
                    each.result.set_exception(result)
                else:
                    each.result.set_result(result)

    def _one_by_one(self, group: list[_Waiting], error: Exception) -> None:
        """One post that can not be taken must not fail those it happened to share a transaction with."""
        if len(group) == 1:
            group[0].result.set_exception(error)
            return
        for each in group:
            self._take_group([each])
