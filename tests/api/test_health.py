from dataclasses import replace

import pandas as pd
from starlette.applications import Starlette

from api.desk import Desk
from api.routes import routes
from data.segments import publish
from data.tables import metadata
from tests.api.asgi import HEALTH, Asked, incident, post, together

GET = Asked("GET", HEALTH)


def test_an_empty_pool_is_ready_and_has_no_age(send):
    answer = send(GET)
    assert answer.status == 200
    assert (answer.json["live"], answer.json["ready"]) == (True, True)
    assert (answer.json["data_age_seconds"], answer.json["data_version"]) == (None, 0)


def test_age_and_what_is_not_published_yet_follow_the_pool(send, key, desk, engine, settings, as_of):
    send(post([incident("1"), incident("2")], key))
    desk.now = lambda: as_of + pd.Timedelta(minutes=2)
    assert (send(GET).json["data_age_seconds"], send(GET).json["unpublished_changes"]) == (120, 2)
    publish(engine, settings)
    after = send(GET).json
    assert after["unpublished_changes"] == 0
    assert after["data_version"] > 0


def test_without_a_store_or_geography_the_server_lives_but_is_not_ready(send, engine, settings, as_of):
    bare = Desk(replace(settings), now=lambda: as_of)
    (answer,) = together(Starlette(routes=routes(bare)), [GET])
    assert (answer.status, answer.json["live"], answer.json["ready"]) == (503, True, False)
    bare.close()
    assert send(GET).status == 200
    metadata.drop_all(engine)
    gone = send(GET)
    assert (gone.status, gone.json["ready"]) == (503, False)
    assert str(settings.var) not in gone.body.decode()
