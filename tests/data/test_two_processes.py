"""A dashboard counts while another process imports and publishes."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

from data.counting import Counting
from data.counts import Counts
from data.filter import IncidentFilter, Period
from data.store import open_store

EVER = IncidentFilter(scope="62", period=Period(dt.date(2020, 1, 1), dt.date(2030, 1, 1)))
FILES, ROWS = 6, 400
IMPORT = """
import sys
from pathlib import Path
import numpy as np, pandas as pd
from data.batch_import import Delivery, import_file
from data.places import known_places
from data.segments import publish
from data.settings import Settings
from data.store import open_store
from geo.datum import Datum

class Nowhere:
    def locate(self, longitude, latitude):
        return np.zeros(len(longitude), dtype="int64")

settings = Settings(var=Path(sys.argv[1]))
engine = open_store(settings)
codes, drawn = pd.Series(["62", "620102"]), pd.Series([True, True])
places = known_places(codes, drawn, root="62", bounds=(92, 32, 109, 43), locator=Nowhere())
now = pd.Timestamp("2026-11-25", tz="Asia/Shanghai")
for path in sys.argv[2:]:
    import_file(engine, places, Delivery(Path(path), "hotline", Datum.WGS84), as_of=now)
    publish(engine, settings)
"""


def test_a_reader_sees_only_whole_files_and_never_fewer_than_before(settings, tmp_path):
    engine = open_store(settings)
    counting = Counting(engine, settings)
    counts = Counts(engine, counting)
    files = []
    for number in range(FILES):
        rows = [f"{number}-{row},邻里,2026-01-02 03:04:05,620102" for row in range(ROWS)]
        files.append(tmp_path / f"{number}.csv")
        files[-1].write_text("\n".join(["编号,纠纷类型,受理时间,区划代码", *rows]), encoding="utf-8")
    command = [sys.executable, "-c", IMPORT, str(settings.var), *map(str, files)]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, cwd=root) as process:
        seen = [0]
        while process.poll() is None:
            seen.append(counts.totals(EVER).current)
    seen.append(counts.totals(EVER).current)
    assert process.returncode == 0
    assert seen == sorted(seen)
    assert set(seen) <= {ROWS * done for done in range(FILES + 1)}
    assert seen[-1] == FILES * ROWS
    counting.close()
    engine.dispose()
