"""Layers of centres and of the way from hotspots to them, for the page and for the main map."""

import numpy as np
import pandas as pd
import pydeck as pdk

from dashboard.centres.gap_words import km_text, room_names
from dashboard.labels import FONT
from dashboard.naming import type_name
from dashboard.palette import Palette, rgb
from dashboard.tips import plain, tip
from dashboard.wording import count_text
from data.centres.settings import CentreSettings

CENTRES, HOTSPOTS, WAYS = "centres", "centre-hotspots", "centre-ways"
WHOLE, LACKING = "■", "□"
"""Sign of a centre that has the rooms its class needs, and of one that lacks some: the form says it, not the colour."""
SIZES = {1: 20, 2: 18, 3: 14, 4: 9, 5: 7}
"""Height of the sign in pixels by level."""


LEVELS_BELOW = 2
"""Centres this many levels below a division are drawn."""


def load_text(row: pd.Series) -> str:
    """`在办 530 件,常驻 247 人,每人 2.1 件`, each as far as it is known."""
    parts = [f"在办 {count_text(row['open_count'])} 件"]
    if not pd.isna(row["staff"]):
        parts.append(f"常驻 {int(row['staff']):,} 人")
    if not pd.isna(row["per_mediator"]):
        parts.append(f"每人 {row['per_mediator']:.1f} 件")
    return ",".join(parts)


def centre_signs(centres: pd.DataFrame, kinds: CentreSettings, palette: Palette) -> pdk.Layer:
    """Centres as squares, larger ones above; pickable, `picked(event, CENTRES, "code")` gives the division served.

    Parameters
    ----------
    centres
        As from `data.centres.standing.standing`; those without coordinates are left out.
    """
    placed = centres[centres["longitude"].notna()].sort_values("level", ascending=False)
    rows = [
        {
            "p": [round(row["longitude"], 5), round(row["latitude"], 5)],
            "s": LACKING if row["missing"] else WHOLE,
            "z": SIZES[int(row["level"])],
            "f": rgb(palette.late if row["missing"] else palette.accent),
            "code": row["division"],
            **tip(row["name"], plain(load_text(row)), plain(_rooms(row, kinds))),
        }
        for _, row in placed.iterrows()
    ]
    return pdk.Layer(
        "TextLayer",
        rows,
        id=CENTRES,
        get_position="p",
        get_text="s",
        get_size="z",
        get_color="f",
        font_family=pdk.types.String(FONT),
        font_weight=700,
        font_settings={"fontSize": 40, "buffer": 4},
        character_set=pdk.types.String("auto"),
        background=True,
        get_background_color=[*rgb(palette.page), 190],
        background_padding=[-1, -3],
        pickable=True,
    )


def _rooms(row: pd.Series, kinds: CentreSettings) -> str:
    if row["missing"]:
        return f"缺:{room_names(kinds, row['missing'])}"
    return f"用房:{room_names(kinds, tuple(row['rooms']))}"


def hotspot_rings(hotspots: pd.DataFrame, kinds: CentreSettings, palette: Palette) -> pdk.Layer:
    """Hotspots as rings, those too far as filled discs; of one place the farthest only."""
    shown = hotspots.dropna(subset=["longitude"]).drop_duplicates("code")[::-1]
    far = (shown["km"] > kinds.farthest_km).to_numpy(bool)
    rows = [
        {
            "p": [round(row["longitude"], 5), round(row["latitude"], 5)],
            "r": 6 if beyond else 5,
            "f": [*rgb(palette.worse), 220] if beyond else [*rgb(palette.page), 0],
            "l": rgb(palette.page if beyond else palette.text),
            **tip(f"{type_name(row['dispute_type'])}热点", plain(distance_text(row)), plain(row["centre_name"])),
        }
        for (_, row), beyond in zip(shown.iterrows(), far, strict=True)
    ]
    return pdk.Layer(
        "ScatterplotLayer",
        rows,
        id=HOTSPOTS,
        get_position="p",
        get_radius="r",
        radius_units=pdk.types.String("pixels"),
        get_fill_color="f",
        get_line_color="l",
        get_line_width=1.5,
        line_width_units=pdk.types.String("pixels"),
        stroked=True,
        pickable=True,
    )


def distance_text(row: pd.Series) -> str:
    """How far a hotspot is from the nearest room for its type, in words."""
    if np.isinf(row["km"]):
        return "没有对口用房"
    return f"到对口用房 {km_text(float(row['km']))}"


def ways(far: pd.DataFrame, centres: pd.DataFrame, palette: Palette) -> pdk.Layer:
    """Lines from the hotspots that are too far to the nearest centre with the room."""
    points = centres.set_index("code")[["longitude", "latitude"]]
    known = far[far["centre"].isin(points.index)].drop_duplicates("code")
    rows = [
        {
            "a": [round(row["longitude"], 5), round(row["latitude"], 5)],
            "b": [round(float(value), 5) for value in points.loc[row["centre"]]],
        }
        for _, row in known.iterrows()
    ]
    return pdk.Layer(
        "LineLayer",
        rows,
        id=WAYS,
        get_source_position="a",
        get_target_position="b",
        get_color=[*rgb(palette.worse), 150],
        get_width=1.5,
        width_units=pdk.types.String("pixels"),
        pickable=False,
    )
