"""Feeds that post on schedule, whether or not the server keeps up."""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from benchmarks.fresh.pool import FIRST, Made
from benchmarks.query import _ground

SENDERS = 16
"""Connections; enough that one is free whenever a post is due."""


@dataclass
class Posted:
    """When each incident was answered (monotonic seconds), and how long each post took."""

    answered: dict[int, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)


def post_all(made: Made, port: int, *, count: int, rows: int, per_second: int) -> tuple[dict[int, float], list[float]]:
    """Post incidents 0 to `count`, `rows` in each request, at a steady pace."""
    bodies = _bodies(made, count, rows)
    posted, lock = Posted(), threading.Lock()
    turn = iter(range(len(bodies)))
    begun = time.monotonic() + 0.5
    failures: list[BaseException] = []

    def send() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        headers = {"authorization": f"Bearer {made.key}", "content-type": "application/json"}
        try:
            while True:
                with lock:
                    number = next(turn, None)
                if number is None or failures:
                    return
                due = begun + number * rows / per_second
                time.sleep(max(0.0, due - time.monotonic()))
                sent = time.monotonic()
                connection.request("POST", "/api/v1/incidents", bodies[number], headers)
                response = connection.getresponse()
                answer = json.loads(response.read())
                moment = time.monotonic()
                if response.status != 200 or answer["added"] != answer["rows_read"]:
                    raise RuntimeError(f"post {number} was answered {response.status}: {str(answer)[:300]}")
                with lock:
                    posted.took.append(moment - sent)
                    posted.answered |= dict.fromkeys(range(number * rows, min(count, (number + 1) * rows)), moment)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=send) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return posted.answered, posted.took


def _bodies(made: Made, count: int, rows: int) -> list[bytes]:
    ground, rng = _ground(made.settings), np.random.default_rng(1)
    at = rng.choice(len(ground.places), count, p=ground.share)
    west, south, east, north = ground.boxes[at].T
    accepted = pd.Series(FIRST + pd.to_timedelta(np.arange(count), unit="s"))
    run = f"{time.time_ns():x}"
    table = pd.DataFrame(
        {
            "external_id": [f"{run}-{number}" for number in range(count)],
            "dispute_type": rng.choice(["D01", "D02", "D06", "D10"], count),
            "status": "accepted",
            "occurred_at": FIRST.strftime("%Y-%m-%d %H:%M:%S"),
            "accepted_at": accepted.dt.strftime("%Y-%m-%d %H:%M:%S"),
            "division_code": ground.places[at].astype(str),
            "longitude": rng.uniform(west, east),
            "latitude": rng.uniform(south, north),
        }
    )
    records = table.to_dict("records")
    return [json.dumps(records[start : start + rows]).encode() for start in range(0, count, rows)]
