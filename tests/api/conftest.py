"""An intake desk on the toy province, and a key that may post its hotline."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from starlette.applications import Starlette

from api.desk import Desk
from api.routes import routes
from data.api_keys import Grant, create_key
from data.settings import Settings
from geo.datum import Datum
from tests.api.asgi import Answer, Asked, ask


class Clock:
    """Seconds that pass when told to."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(settings: Settings, places, clock: Clock, engine, as_of) -> Iterator[Desk]:
    limited = replace(settings, api_body_bytes=20_000, api_rows=50, api_requests_per_second=2, api_burst=20)
    desk = Desk(limited, now=lambda: as_of, clock=clock)
    desk._places, desk._located_with = places, limited.geography
    desk.group._pace = 0.0
    yield desk
    desk.close()


@pytest.fixture
def app(desk: Desk) -> Starlette:
    return Starlette(routes=routes(desk))


@pytest.fixture
def key(engine) -> str:
    return create_key(engine, Grant("兰州热线", ("hotline",), "62", Datum.WGS84), now=0)[1]


@pytest.fixture
def send(app: Starlette) -> Callable[[Asked], Answer]:
    return lambda asked: asyncio.run(ask(app, asked))
