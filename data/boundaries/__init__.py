"""Boundaries replaced: a new vintage of the divisions kept, made the one that stands, and incidents located by it."""
