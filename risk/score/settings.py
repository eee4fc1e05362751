"""What weighs how much in the score, and what its levels are called; configuration with these defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from risk.emerging import EmergingClass
from risk.incident import DISPUTE_TYPES

SEVERITY: dict[str, float] = {
    "D01": 1.5,
    "D03": 1.2,
    "D04": 1.3,
    "D05": 2.0,
    "D06": 1.6,
    "D11": 1.5,
    "D14": 1.2,
    "D15": 1.2,
    "D16": 1.5,
    "D17": 1.3,
    "D18": 1.5,
    "D19": 1.8,
}
"""Weight of one incident; 1 for the types not named. How much is at stake when it escalates, not how often it comes."""

CLASS_POINTS: dict[int, float] = {
    EmergingClass.INTENSIFYING_HOT: 1.0,
    EmergingClass.NEW_HOT: 0.9,
    EmergingClass.CONSECUTIVE_HOT: 0.8,
    EmergingClass.PERSISTENT_HOT: 0.6,
    EmergingClass.OSCILLATING_HOT: 0.6,
    EmergingClass.SPORADIC_HOT: 0.5,
    EmergingClass.DIMINISHING_HOT: 0.3,
    EmergingClass.HISTORICAL_HOT: 0.2,
}
"""Emergence of a place by its class, 0 to 1; 0 for classes not named."""


@dataclass(frozen=True)
class Level:
    """One of the levels of risk: `colour` is the word for it that stands beside the colour itself."""

    code: str
    name: str
    colour: str
    share: float
    """Share of the places and weeks of the reference year that reach it."""
    least: float = 0.0
    """Score that it takes in any case: the highest score of a type that hardly ever comes is not grave by that."""


LEVELS = (
    Level("grave", "重大", "红", 0.001, 30),
    Level("serious", "较大", "橙", 0.01, 20),
    Level("moderate", "一般", "黄", 0.05, 10),
    Level("low", "低", "蓝", 1.0),
)


@dataclass(frozen=True)
class ScoreSettings:
    """How the score is made.

    Parameters
    ----------
    severity
        Weight of one incident by dispute type.
    parts
        Weights of burden, surprise and emergence; they sum to 1.
    class_points
        Emergence by emerging class.
    false_discovery
        Rate at which a surprise is called one.
    levels
        Gravest first; shares rise, the last is 1.
    """

    severity: Mapping[str, float] = field(default_factory=lambda: SEVERITY)
    parts: Mapping[str, float] = field(default_factory=lambda: {"burden": 0.3, "surprise": 0.4, "emergence": 0.3})
    class_points: Mapping[int, float] = field(default_factory=lambda: CLASS_POINTS)
    false_discovery: float = 0.05
    levels: tuple[Level, ...] = LEVELS

    def __post_init__(self) -> None:
        """Refuse weights and levels that make no scale."""
        unknown = sorted(set(self.severity) - set(DISPUTE_TYPES))
        if unknown or any(weight <= 0 for weight in self.severity.values()):
            raise ValueError(f"expected a positive weight for known dispute types, found {unknown or self.severity}")
        if set(self.parts) != {"burden", "surprise", "emergence"} or abs(sum(self.parts.values()) - 1) > 1e-9:
            raise ValueError(f"expected weights of burden, surprise and emergence that sum to 1, found {self.parts}")
        if min(self.parts.values()) < 0 or not 0 < self.false_discovery < 1:
            raise ValueError("expected weights of at least 0 and a false-discovery rate between 0 and 1")
        shares = [level.share for level in self.levels]
        if len(shares) < 2 or shares != sorted(set(shares)) or shares[-1] != 1:
            raise ValueError(f"expected levels whose shares rise to 1, found {shares}")

    def weight(self, dispute_type: str) -> float:
        """Severity of one incident of a type."""
        return self.severity.get(dispute_type, 1.0)
