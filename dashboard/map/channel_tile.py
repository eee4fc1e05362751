"""The tile of mediation success: one line a channel, because the channels are never pooled."""

from collections.abc import Mapping
from html import escape

from dashboard.palette import Palette
from dashboard.tile import HEIGHT
from dashboard.wording import share_counts, share_text
from data.counts import Settlement
from risk.incident import CHANNEL_SUCCESS_2024, CHANNELS


def channels_html(label: str, settled: Mapping[str, Settlement], palette: Palette) -> str:
    """HTML of the tile; channels with a published reference, in its order."""
    rows = []
    for channel in CHANNEL_SUCCESS_2024:
        part = settled.get(channel, Settlement(0, 0))
        rows.append(
            '<div style="display:flex;gap:8px;align-items:baseline;font-size:12px;line-height:17px;white-space:nowrap">'
            f'<span style="color:{palette.muted};width:2.2em">{escape(CHANNELS[channel])}</span>'
            f'<b style="font-size:14px;font-weight:600;min-width:3.6em">{share_text(part.successes, part.closed)}</b>'
            f'<span style="color:{palette.muted};margin-left:auto">'
            f"{escape(share_counts(part.successes, part.closed))}</span></div>"
        )
    return (
        f'<div style="border:1px solid {palette.border};border-radius:6px;padding:7px 12px 6px;height:{HEIGHT}px;'
        f'box-sizing:border-box;overflow:hidden;color:{palette.text}">'
        f'<div style="font-size:13px;line-height:19px;color:{palette.muted}">{escape(label)}</div>{"".join(rows)}</div>'
    )
