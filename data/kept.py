"""Results kept for whoever asks next: as many as a limit says, the one asked for longest ago goes first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Kept(Generic[_Key, _Value]):
    """At most `most` results by key. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[_Key, _Value] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: _Key, make: Callable[[], _Value]) -> _Value:
        """What is kept for a key, made where there is nothing yet; two who ask at once may both make it."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        with self._lock:
            self._found[key] = made
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return made
