"""Risk on the map: score, expected counts, surprise, and for a past week what was said beside what came.

`read` fetches, `paint` gives every place a class and words, `picture` draws, `panel` says why.
"""
