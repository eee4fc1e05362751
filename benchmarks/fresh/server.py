"""The real server, as `make run` starts it, on a pool of the benchmark."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.fresh.pool import Made
from data.settings import ROOT

PATIENCE = 180


@contextmanager
def running(made: Made) -> Iterator[int]:
    """Port of a server that is ready to take posts."""
    with started(made) as (port, _):
        yield port


@contextmanager
def started(made: Made) -> Iterator[tuple[int, int]]:
    """As `running`, with the number of its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = os.environ | {
        "PINGAN_VAR": str(made.settings.var),
        "DATABASE_URL": "",
        "PINGAN_API_REQUESTS_PER_SECOND": "1000",
    }
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - our own
        try:
            _wait(process, port)
            yield port, process.pid
        finally:
            process.terminate()


def _wait(process: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/health") as answer:
                if json.load(answer)["ready"]:
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.3)
    raise RuntimeError("the server did not become ready")
