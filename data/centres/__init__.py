"""Governance centres: taken in from files, measured by the load of their divisions, checked for gaps."""
