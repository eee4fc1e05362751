"""Layers of places that counts and risk are stated for: levels of divisions, grids, and hexagons of a resolution."""

from dataclasses import dataclass

LEVEL_NAMES = {2: "city", 3: "county", 4: "township", 5: "village", 6: "grid"}
RESOLUTIONS = (5, 6, 7, 8, 9)


@dataclass(frozen=True)
class Layer:
    """One layer; exactly one of `level` (2-6) and `resolution` (5-9) is set."""

    name: str
    level: int | None = None
    resolution: int | None = None

    @property
    def is_cells(self) -> bool:
        """Whether its places are hexagons."""
        return self.resolution is not None


LAYERS: dict[str, Layer] = {name: Layer(name, level=level) for level, name in LEVEL_NAMES.items()} | {
    f"cell{resolution}": Layer(f"cell{resolution}", resolution=resolution) for resolution in RESOLUTIONS
}


def layer_of(name: str) -> Layer:
    """The layer of a name.

    Raises
    ------
    ValueError
        No such layer.
    """
    if name not in LAYERS:
        raise ValueError(f"expected one of {', '.join(LAYERS)}, found {name!r}")
    return LAYERS[name]
