"""Limits that protect everybody else: requests a second of each key, and bytes of bodies held at once."""

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.answers import Refused


class Rate:
    """A bucket of tokens for each key: it fills by `per_second` up to `burst`, a request takes one.

    Kept in memory, so each process of an installation counts for itself and a restart begins anew.
    """

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float]) -> None:
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._buckets: dict[int, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def check(self, key_id: int) -> None:
        """Take one token.

        Raises
        ------
        Refused
            429 with `Retry-After` (whole seconds) when there is none.
        """
        with self._lock:
            now = self._clock()
            tokens, since = self._buckets.get(key_id, (float(self._burst), now))
            tokens = min(self._burst, tokens + (now - since) * self._per_second)
            allowed = tokens >= 1
            self._buckets[key_id] = (tokens - allowed, now)
        if not allowed:
            wait = max(1, math.ceil((1 - tokens) / self._per_second))
            raise Refused(429, "too_many_requests", f"请求过于频繁,请在 {wait} 秒后重试。", {"retry-after": str(wait)})


class Room:
    """Bytes that may be held in bodies at once, over all requests."""

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0

    @contextmanager
    def hold(self, size: int) -> Iterator[None]:
        """Hold room for a body; only ever called on the event loop, hence without a lock.

        Raises
        ------
        Refused
            503 with `Retry-After` when too much is held already.
        """
        if self._held + size > self._most:
            raise Refused(503, "busy", "正在接收的数据过多,请稍后重试。", {"retry-after": "1"})
        self._held += size
        try:
            yield
        finally:
            self._held -= size
