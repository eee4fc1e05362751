"""The intake desk of a server: everything that posts need, opened once and let go of at the end."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from api.group_commit import GroupCommit
from api.limits import Rate, Room
from data.api_keys import ApiKey, find_key
from data.feeds.profile import FeedProfile
from data.feeds.profiles import read_profiles
from data.feeds.yaml_section import BadProfileError
from data.intake import KeyReusedError, Post, Taken, take_posts
from data.places import Places, open_places
from data.segments.publisher import Publisher
from data.settings import Settings
from data.store import open_store
from data.unavailable import PoolUnavailableError
from geo.schematic import is_built

log = logging.getLogger(__name__)


class Desk:
    """Store and places of an installation, limits, and the group commit.

    Nothing is opened before it is needed, so that the dashboard starts without a store and the desk answers 503 until
    there is one. Where it `publishes`, what was taken is counted soon after.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], pd.Timestamp],
        publishes: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings, self.now = settings, now
        self.rate = Rate(settings.api_requests_per_second, settings.api_burst, clock)
        self.room = Room(16 * settings.api_body_bytes)
        self.group = GroupCommit(self._take)
        self._publishes = publishes
        self._lock = threading.Lock()
        self._engine: Any = None
        self._publisher: Publisher | None = None
        self._places: Places | None = None
        self._profiles: dict[str, FeedProfile] = {}
        self._located_with: Path | None = None

    @property
    def engine(self) -> Any:
        """The record store, only to be handed to functions of `data`.

        Raises
        ------
        PoolUnavailableError
            It can not be opened.
        """
        with self._lock:
            if self._engine is None:
                self._engine = open_store(self.settings)
                if self._publishes:
                    self._publisher = Publisher(self._engine, self.settings)
                    self._publisher.start()
            return self._engine

    @property
    def places(self) -> Places:
        """The known places.

        Raises
        ------
        PoolUnavailableError
            There is no geography yet to place incidents in.
        """
        with self._lock:
            geography = self.settings.geography
            if self._places is None or geography != self._located_with:
                if not is_built(geography):
                    raise PoolUnavailableError("no geography has been built")
                self._places, self._located_with = open_places(self.settings), geography
            return self._places

    def key(self, text: str) -> ApiKey | None:
        """Return the valid key that a text is."""
        return find_key(self.engine, text, now=int(self.now().timestamp()))

    def profile(self, key: ApiKey) -> FeedProfile | None:
        """How the feed of a key writes; None where the shipped profile of each source holds.

        Raises
        ------
        PoolUnavailableError
            The profile is gone or wrong.
        """
        if not key.profile:
            return None
        with self._lock:
            if key.profile not in self._profiles:
                try:
                    self._profiles[key.profile] = read_profiles(self.settings)[key.profile]
                except (BadProfileError, KeyError) as error:
                    log.error("The profile %s of key %d can not be read: %s", key.profile, key.id, error)
                    raise PoolUnavailableError("a feed's profile can not be read") from error
            return self._profiles[key.profile]

    def _take(self, posts: Sequence[Post]) -> list[Taken | KeyReusedError]:
        taken = take_posts(self.engine, self.places, posts, as_of=self.now())
        if self._publisher is not None:
            self._publisher.call()
        return taken

    def warm_up(self) -> None:
        """Open store and places, so that the first post need not wait; what is missing is told by health."""
        try:
            _ = self.engine, self.places
        except PoolUnavailableError as error:
            log.warning("Nothing can be taken yet: %s", error)

    def close(self) -> None:
        """Take what waits, then let go of the store; what is not published yet is when somebody next publishes."""
        self.group.stop()
        if self._publisher is not None:
            self._publisher.stop()
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None
