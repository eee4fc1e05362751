"""Simulated incidents of a province: eight feeds that behave like the field, and the truth about them."""

from data.simulation.feeds import FEED_DATUM
from data.simulation.simulate import simulate
from data.simulation.truth import Truth, read_truth

__all__ = ["FEED_DATUM", "Truth", "read_truth", "simulate"]
