"""When hot places raise an alert; configuration with these defaults."""

from dataclasses import dataclass

from risk.emerging import EmergingClass

CURRENT = (
    EmergingClass.NEW_HOT,
    EmergingClass.CONSECUTIVE_HOT,
    EmergingClass.INTENSIFYING_HOT,
    EmergingClass.SPORADIC_HOT,
    EmergingClass.OSCILLATING_HOT,
)
"""Classes of what is going on now and has not always been."""


@dataclass(frozen=True)
class AlertRules:
    """Rules of alerts.

    Parameters
    ----------
    layers
        Names of layers whose places are looked at, the coarser as context of the finer.
    classes
        Values of `EmergingClass` that count; the place must be hot in the last step.
    least_grade
        Of the evidence, 0-3; places with less are no part of an alert.
    least_level
        Number of the level (0 the gravest) that one place must reach for a new alert.
    grade_levels
        Level by grade where there is no score, gravest level allowed for grades 0, 1, 2, 3.
    cluster_days
        A place inside a cluster that chance brings this rarely or more is one level graver.
    quiet_days
        A settled place raises anew only when it was quiet for so long before it became hot again.
    settled_share
        A finding of whose places at least this share belongs to a settled alert is that alert's.
    graver_again
        A finding so many levels graver than the settled alert it belongs to is a new one all the same; 0: never.
    """

    layers: tuple[str, ...] = ("cell8", "cell7", "township")
    classes: tuple[int, ...] = tuple(int(kind) for kind in CURRENT)
    least_grade: int = 2
    least_level: int = 1
    grade_levels: tuple[int, int, int, int] = (3, 3, 2, 1)
    cluster_days: int = 365
    quiet_days: int = 28
    settled_share: float = 0.5
    graver_again: int = 2

    def __post_init__(self) -> None:
        """Refuse rules that would raise nothing or everything."""
        if not self.layers:
            raise ValueError("expected at least one layer, found none")
        cold = [kind for kind in self.classes if kind <= 0 or kind not in {int(each) for each in EmergingClass}]
        if cold or not self.classes:
            raise ValueError(f"expected classes of hot places, found {cold or 'none'}")
        if not 0 <= self.least_grade <= 3:
            raise ValueError(f"expected a grade from 0 to 3, found {self.least_grade}")
        if self.least_level < 0 or len(self.grade_levels) != 4 or min(self.grade_levels) < 0:
            raise ValueError(f"expected a level of at least 0 for each of 4 grades, found {self.grade_levels}")
        if self.quiet_days < 1 or self.cluster_days < 1 or self.graver_again < 0:
            raise ValueError("expected at least 1 quiet day, 1 day between clusters and 0 levels")
        if not 0 < self.settled_share <= 1:
            raise ValueError(f"expected a share above 0 and up to 1, found {self.settled_share}")
