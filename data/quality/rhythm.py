"""How often each source promised to deliver, from the profiles of its feeds."""

from datetime import timedelta

from data.feeds.profiles import read_profiles, shipped_profiles
from data.feeds.yaml_section import BadProfileError
from data.settings import Settings
from risk.incident import SOURCES


def promised_rhythms(settings: Settings) -> dict[str, timedelta]:
    """Rhythm of each source: that of the quickest of its feeds.

    A profile of the office's own that can not be read leaves the shipped ones: a wrong file must not hide how fresh
    the others are, and its feed says so itself when it delivers.
    """
    try:
        profiles = read_profiles(settings)
    except BadProfileError:
        profiles = shipped_profiles()
    found = {code: timedelta(hours=source.promised_hours) for code, source in SOURCES.items()}
    for code in SOURCES:
        minutes = [profile.rhythm_minutes for profile in profiles.values() if profile.source == code]
        if minutes:
            found[code] = timedelta(minutes=min(minutes))
    return found
