"""Arranging what the briefing screen shows."""
