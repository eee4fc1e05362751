"""The briefing screen: scenes that follow the clock, in letters that a room reads from ten metres."""
