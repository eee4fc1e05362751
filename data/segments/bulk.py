"""A part of a large log, read and written as a segment by a process of its own: `python -m data.segments.bulk`.

Two of them keep two cores busy, their memory is given back, and SQLite's rows may be read through ADBC there.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.engine import make_url

from data.arrow_reading import Read, arrow_reading, lone_reading
from data.segments.files import Written, write_file
from data.segments.log import COLUMNS, between
from data.segments.schema import LOG_SCHEMA, segment_rows
from data.settings import ROOT, Settings
from data.unavailable import PoolUnavailableError

PROCESSES = 2


def write_parts(engine: Engine, settings: Settings, ranges: list[tuple[int, int]]) -> list[tuple[Written, int, int]]:
    """Segments of some ranges of positions (both ends included), each with its range; ranges without rows left out.

    Raises
    ------
    PoolUnavailableError
        A part could not be read or written; the files of all parts are removed.
    """
    url = engine.url.render_as_string(hide_password=False)
    work = {"url": url, "folder": str(settings.segments), "zone": str(settings.timezone)}
    with ThreadPoolExecutor(PROCESSES) as pool:
        answers = list(pool.map(lambda each: _ask(work | {"first": each[0], "last": each[1]}), ranges))
    parts = [
        (Written(**answer["written"] | {"path": Path(answer["written"]["path"])}), *each)
        for answer, each in zip(answers, ranges, strict=True)
        if "written" in answer
    ]
    failed = [answer["failed"] for answer in answers if "failed" in answer]
    if failed:
        for written, _, _ in parts:
            written.path.unlink(missing_ok=True)
        raise PoolUnavailableError(failed[0])
    return parts


def _ask(work: dict) -> dict:
    # The work goes through standard input: an address of a store may carry a password.
    command = [sys.executable, "-m", "data.segments.bulk"]
    done = subprocess.run(command, input=json.dumps(work), capture_output=True, text=True, cwd=ROOT, check=False)  # noqa: S603 - our own
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"code {done.returncode}"])[-1]
        return {"failed": f"发布进程中断：{said}"}
    answer: dict = json.loads(done.stdout)
    return answer


def _read_and_write(work: dict) -> dict:
    try:
        with _reading(work["url"]) as read:
            log = read(select(*COLUMNS).where(between(work["first"], work["last"])), LOG_SCHEMA)
        if not log.num_rows:
            return {}
        written = write_file(segment_rows(log, work["zone"]), Path(work["folder"]))
    except PoolUnavailableError as error:
        return {"failed": str(error)}
    return {"written": asdict(written) | {"path": str(written.path)}}


def _reading(address: str) -> AbstractContextManager[Read]:
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return lone_reading(Path(url.database or ""))
    return arrow_reading(create_engine(url))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_read_and_write(json.loads(sys.stdin.read()))))
