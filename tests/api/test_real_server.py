import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from sqlalchemy import select

from data.api_keys import Grant, create_key
from data.store import open_store
from data.tables import changes, incidents
from geo.datum import Datum
from tests.api.asgi import HEALTH, INCIDENTS, incident

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def call(address: str, rows=None, key: str = "") -> dict:
    body = None if rows is None else json.dumps(rows).encode()
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    asked = urllib.request.Request(address, body, headers)  # noqa: S310 - our own server
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
        return json.load(answer)


def wait_until(check) -> None:
    """Give a process of its own time to do something."""
    deadline, pause = time.monotonic() + PATIENCE, threading.Event()
    while time.monotonic() < deadline:
        try:
            if check():
                return
        except (urllib.error.URLError, ConnectionError):
            pass
        pause.wait(0.2)
    raise AssertionError("it did not come about")


def test_what_was_answered_is_there_after_a_kill_and_is_counted_below_the_base_path(bare):
    engine = open_store(bare)
    key = create_key(engine, Grant("热线", ("hotline",), "62", Datum.WGS84), now=0)[1]
    base = f"http://127.0.0.1:{(port := free_port())}/city/map"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = os.environ | {
        "PINGAN_VAR": str(bare.var),
        "DATABASE_URL": "",
        "STREAMLIT_SERVER_BASE_URL_PATH": "city/map",
    }
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            wait_until(lambda: call(base + HEALTH)["ready"])
            first = [incident(f"a{number}", accepted_at="2026-01-02") for number in range(20)]
            assert call(base + INCIDENTS, first, key)["added"] == 20
            wait_until(lambda: call(base + HEALTH)["unpublished_changes"] == 0)
            assert call(base + HEALTH)["data_version"] > 0
            answer = call(base + INCIDENTS, [incident("last", accepted_at="2026-01-02")], key)
        finally:
            server.kill()  # in the moment of the answer, with no time to put anything away
    assert answer["added"] == 1
    with engine.connect() as connection:
        kept = connection.execute(select(incidents.c.external_id).order_by(incidents.c.id)).scalars().all()
        logged = len(connection.execute(select(changes.c.position)).all())
    assert kept == [*(f"a{number}" for number in range(20)), "last"]
    assert logged == 21
    engine.dispose()
