"""The charts in reading order, and how wide they are."""

from collections.abc import Callable

from dashboard.trends.chart import Chart
from dashboard.trends.hours_chart import hours_chart
from dashboard.trends.matrix_chart import matrix_chart
from dashboard.trends.progress_charts import sources_chart, statuses_chart
from dashboard.trends.screen import TrendsScreen
from dashboard.trends.settling_charts import channels_chart, durations_chart, levels_chart
from dashboard.trends.weeks_chart import weeks_chart

Made = Callable[[TrendsScreen], Chart]
ROWS: tuple[tuple[list[int], tuple[Made, ...]], ...] = (
    ([3, 2], (weeks_chart, hours_chart)),
    ([4, 3, 3], (matrix_chart, levels_chart, channels_chart)),
    ([4, 3, 3], (sources_chart, statuses_chart, durations_chart)),
)
"""Relative widths, and the charts of each row."""
