"""Drills: what may go wrong is made to go wrong, often, and what is left is counted."""
