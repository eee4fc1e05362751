"""Forecast and score of a study area, stored run by run.

`units` splits the area into the smallest parts that every level is a sum of, `levels` sums them up, `scored` makes the
table of a layer, `run` does a whole run, `storage` keeps it, `models` keeps the regressions, `reading` lets it out.
"""
