"""Outlines of divisions and grids as offices hand them in: read, checked, numbered and kept. Geometry only, no SQL."""
