"""From a hotspot to its alert, where there is one that is not settled."""

from dashboard.pool import Pool
from dashboard.ways import show_way
from data.alerts.reading import live_places


def show_alert_link(pool: Pool, dispute_type: str, layer: str, code: str) -> None:
    """A link to the alert of a place and type; nothing where there is none."""
    found = live_places(pool.engine, pool.settings.root_code)
    own = found[(found["dispute_type"] == dispute_type) & (found["layer"] == layer) & (found["code"] == code)]
    if len(own):
        number = str(own["number"].iloc[0])
        looks = {"icon": ":material/notifications:", "type": "tertiary"}
        show_way(f"预警 {number}", "alerts", {"alert": number}, key="to-alert", **looks)
