"""Assessments: runs of the hotspot methods over the pool, kept so that they can be read and compared."""
