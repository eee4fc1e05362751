"""What screens and feeds ask the server over HTTP, and how much memory it holds."""

import http.client
import json
import os
import time
from pathlib import Path

import pandas as pd

ZONE = "Asia/Shanghai"


def version_of(port: int) -> int:
    """Version of the data, from the open health address, as the page's component asks for it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/api/v1/health")
        return int(json.loads(connection.getresponse().read())["data_version"])
    finally:
        connection.close()


def post_one(port: int, key: str, code: str) -> float:
    """Post an incident of this minute in a division; the moment of the answer in monotonic seconds.

    Raises
    ------
    RuntimeError
        The server did not take it.
    """
    now = f"{pd.Timestamp.now(ZONE) - pd.Timedelta(minutes=1):%Y-%m-%d %H:%M:%S}"
    row = {"external_id": f"live-{time.time_ns()}", "dispute_type": "D02", "status": "accepted", "division_code": code}
    body = json.dumps([row | {"occurred_at": now, "accepted_at": now}])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        connection.request("POST", "/api/v1/incidents", body, headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
    finally:
        connection.close()
    if response.status != 200 or answer["added"] != 1:
        raise RuntimeError(f"the post was answered {response.status}: {str(answer)[:300]}")
    return time.monotonic()


def resident_mb(process: int) -> float:
    """Memory that a process holds now, in MB (Linux)."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {process} does not say how much memory it holds")


def processor_s(process: int) -> float:
    """Processor time that a process has used so far, in seconds (Linux)."""
    said = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")
