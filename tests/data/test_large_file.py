"""A file larger than memory should be: `make drill`, or `pytest -m drill`."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SIZE = int(os.environ.get("PINGAN_DRILL_BYTES", 2 * 10**9))
ALLOWED_MB = 2_000
IMPORT = """
import json, resource, sys
from pathlib import Path
import pandas as pd
from data.batch_import import Delivery, import_file
from data.places import open_places
from data.settings import Settings
from data.store import open_store
from geo.datum import Datum
settings = Settings(var=Path(sys.argv[1]))
places = open_places(settings)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
delivery = Delivery(Path(sys.argv[2]), "hotline", Datum.WGS84)
batch = import_file(open_store(settings), places, delivery, as_of=pd.Timestamp("2026-11-25 09:00", tz="Asia/Shanghai"))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps(batch.__dict__ | {"before_mb": before / 1024, "peak_mb": peak / 1024}))
"""


def write_feed(path: Path, size: int) -> int:
    """Write rows of some 200 bytes until the file has its size; return how many."""
    filler = "演示占位文字" * 8
    rows = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("编号,纠纷类型,状态,受理时间,区划代码,经度,纬度,详细描述\n")
        while file.tell() < size:
            part = [
                f"RX{number:012d},邻里,受理,2026-{number % 10 + 1:02d}-{number % 28 + 1:02d} {number % 24:02d}:00:00,"
                f"620102,{103.6 + number % 4000 / 10_000:.6f},{36.0 + number % 1000 / 10_000:.6f},{filler}\n"
                for number in range(rows, rows + 100_000)
            ]
            file.writelines(part)
            rows += len(part)
    return rows


@pytest.mark.drill
@pytest.mark.timeout(3600)
def test_a_file_of_two_gigabytes_comes_in_whole_within_bounded_memory(bare, tmp_path):
    path = tmp_path / "large.csv"
    rows = write_feed(path, SIZE)
    begun = time.perf_counter()
    command = [sys.executable, "-c", IMPORT, str(bare.var), str(path)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    batch = json.loads(done.stdout)
    figures = {"bytes": path.stat().st_size, "rows": rows, "peak_mb": batch["peak_mb"], "before_mb": batch["before_mb"]}
    print(json.dumps(figures | {"rows_per_s": round(rows / (time.perf_counter() - begun))}))  # noqa: T201 - a drill's figures
    assert (batch["rows_read"], batch["added"]) == (rows, rows)
    assert batch["peak_mb"] < ALLOWED_MB
    assert list(bare.var.glob("import-*")) == []
