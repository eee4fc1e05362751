from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.freshness import late_feeds

NOW = datetime(2026, 11, 25, 9, 42, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_feed_is_late_when_it_falls_further_behind_the_newest_than_it_promised():
    latest = {"hotline": NOW - timedelta(hours=7), "police": NOW, "petition": NOW - timedelta(hours=90)}
    (late,) = late_feeds(latest, NOW)
    assert (late.source, late.silent_for, late.others) == ("12345 热线", timedelta(hours=7), 2)


def test_an_empty_pool_has_no_late_feed():
    assert late_feeds({}, NOW) == []
