"""How far each hotspot is from the nearest centre that has the room for its type."""

import numpy as np
import pandas as pd

from data.centres.settings import CentreSettings
from geo.great_circle import nearest_of


def with_distances(hotspots: pd.DataFrame, centres: pd.DataFrame, kinds: CentreSettings) -> pd.DataFrame:
    """The hotspots with their nearest centre.

    Parameters
    ----------
    hotspots
        `dispute_type`, and `longitude`, `latitude` of the middle in WGS 84 degrees (NaN without one).
    centres
        As from `data.centres.reading.list_centres`; those without coordinates are passed over.

    Returns
    -------
    The rows with `room` (kind of room for the type), `centre` (its code, "" where none has the room), `centre_name` and
    `km` along the great circle (inf where none has the room, NaN where the hotspot has no middle).
    """
    placed = centres[centres["longitude"].notna()].reset_index(drop=True)
    room = hotspots["dispute_type"].map(dict(kinds.room_of_type)).to_numpy(object)
    centre, km = np.full(len(hotspots), -1), np.full(len(hotspots), np.nan)
    x, y = (hotspots[name].to_numpy(float) for name in ("longitude", "latitude"))
    for kind in set(room):
        rows = np.flatnonzero((room == kind) & ~np.isnan(x))
        having = np.flatnonzero([kind in rooms for rooms in placed["rooms"]])
        targets = placed.loc[having, ["longitude", "latitude"]].to_numpy(float).T
        found = nearest_of((x[rows], y[rows]), (targets[0], targets[1]))
        km[rows] = found.km
        centre[rows] = having[found.target] if len(having) else -1
    names = {name: [*placed[name], ""] for name in ("code", "name")}
    return hotspots.assign(
        room=room,
        centre=[names["code"][at] for at in centre],
        centre_name=[names["name"][at] for at in centre],
        km=km,
    )
