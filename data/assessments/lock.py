"""Only one assessment at a time: a lock on a file, let go of by the system when its holder dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from data.settings import Settings


class AssessmentRunningError(RuntimeError):
    """Another assessment is at work."""


@contextmanager
def only_assessment(settings: Settings) -> Iterator[None]:
    """Hold the lock.

    Raises
    ------
    AssessmentRunningError
        Somebody else holds it; nothing is waited for, because the other one does the same work.
    """
    settings.var.mkdir(parents=True, exist_ok=True)
    with (settings.var / "assess.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AssessmentRunningError("Another assessment is running.") from error
        yield
