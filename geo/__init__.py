"""Places: datum, hexagons, divisions, point in polygon, schematic grids. No incidents, no risk, no SQL."""
