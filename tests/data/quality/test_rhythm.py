from datetime import timedelta

from data.quality.rhythm import promised_rhythms
from risk.incident import SOURCES


def test_every_source_has_a_rhythm_and_a_wrong_profile_hides_none(settings):
    assert set(promised_rhythms(settings)) == set(SOURCES)
    assert promised_rhythms(settings)["hotline"] == timedelta(hours=6)
    folder = settings.var / "profiles"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text("source: [", encoding="utf-8")
    assert promised_rhythms(settings)["police"] == timedelta(hours=6)


def test_the_quickest_feed_of_a_source_sets_its_rhythm(settings):
    folder = settings.var / "profiles"
    folder.mkdir(parents=True)
    text = "title: 热线实时\nsource: hotline\ndatum: wgs84\nrhythm_minutes: 30\n"
    (folder / "hotline_live.yaml").write_text(text, encoding="utf-8")
    assert promised_rhythms(settings)["hotline"] == timedelta(minutes=30)
