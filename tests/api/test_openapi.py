import asyncio
import json

import pandas as pd
import schemathesis
from hypothesis import HealthCheck, seed
from hypothesis import settings as examples
from starlette.applications import Starlette

from api.desk import Desk
from api.routes import routes
from data.settings import Settings
from tests.api.asgi import HEALTH, INCIDENTS, Asked, ask
from tests.examples import few

OPENAPI = "/api/v1/openapi.json"


# Only the document of this application is asked for; the cases go to the one of each test.
document = Starlette(routes=routes(Desk(Settings(api_body_bytes=20_000, api_rows=50), now=pd.Timestamp.now)))
schema = schemathesis.openapi.from_asgi(OPENAPI, document)


@schemathesis.serializer("application/x-ndjson")
def as_lines(_context, rows) -> bytes:
    # What is no array has no lines; an object sent by itself would be a line like any other.
    return "\n".join(json.dumps(row) for row in (rows if isinstance(rows, list) else [])).encode()


@schema.parametrize()
@seed(20261125)
@examples(max_examples=few(15), deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_the_api_does_as_its_document_says(case, app, key, clock):
    clock.seconds += 10  # the limit of requests a second is not what is tried here
    headers = {"authorization": f"Bearer {key}"}
    # That check takes the good key for one that it made up itself; keys are tried in test_incidents.
    case.call_and_validate(app=app, headers=headers, excluded_checks=[schemathesis.checks.ignored_auth])


def test_the_document_is_served_and_names_the_path_it_is_served_under(send, desk):
    served = send(Asked("GET", OPENAPI)).json
    assert served["openapi"] == "3.1.0"
    assert set(served["paths"]) == {INCIDENTS, HEALTH, OPENAPI}
    below = Starlette(routes=routes(desk, base_path="/city/map/"))
    assert asyncio.run(ask(below, Asked("GET", f"/city/map{OPENAPI}"))).json["servers"] == [{"url": "/city/map"}]
    assert asyncio.run(ask(below, Asked("GET", OPENAPI))).status == 404
