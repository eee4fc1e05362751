"""Expected counts of the coming weeks: history in, tables out.

`counts` lays incidents out as place x week, `features` states what was known before each week, `regression` learns
from it, `forecaster` joins them, `coherence` makes the levels add up.
"""
