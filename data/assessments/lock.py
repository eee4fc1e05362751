"""Only one assessment at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from data.locks import HeldElsewhereError, only_one
from data.settings import Settings


class AssessmentRunningError(RuntimeError):
    """Another assessment is at work."""


@contextmanager
def only_assessment(engine: Engine, settings: Settings) -> Iterator[None]:
    """Hold the lock.

    Raises
    ------
    AssessmentRunningError
        Somebody else holds it; nothing is waited for, because the other one does the same work.
    """
    try:
        with only_one(engine, settings, "assess", wait=False):
            yield
    except HeldElsewhereError as error:
        raise AssessmentRunningError("Another assessment is running.") from error
