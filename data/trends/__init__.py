"""How disputes develop: counts over time, of types and places, of settling and handling, for readers.

`queries` are the counting queries, `counts` the door they leave through, `withholding` hides small counts of tables
with two sides, `references` are published figures that an office compares itself with.
"""
