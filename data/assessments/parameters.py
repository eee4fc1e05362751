"""What a run is asked for; its text names the run, so equal parameters over equal data are one run."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, field

from data.cube import TOTAL
from data.filter import day_number
from data.layers import layer_of
from data.steps import Steps, Unit, steps_until
from risk.emerging import EmergingSettings
from risk.incident import DISPUTE_TYPES, OTHER_TYPE, SOURCES

FORMAT = 2
"""Goes up when the same counts would give other results, so that nothing older is taken for them."""
DEFAULT_LAYERS = ("city", "county", "township", "village", "cell5", "cell6", "cell7", "cell8")
DEFAULT_TYPES = (TOTAL, *(code for code in DISPUTE_TYPES if code != OTHER_TYPE))


@dataclass(frozen=True)
class ScanSettings:
    """Of the prospective space-time permutation scan.

    Parameters
    ----------
    layer
        Whose places are the centres; empty: no scan.
    days
        Length of the study period, in steps of one day, up to the last complete day.
    max_days
        Longest window.
    max_km, max_share
        Largest radius, and largest share of the incidents inside.
    replications, seed
        Of the Monte Carlo.
    most_p
        Clusters less sure than this are not kept.
    """

    layer: str = "township"
    days: int = 182
    max_days: int = 28
    max_km: float = 50.0
    max_share: float = 0.5
    replications: int = 999
    seed: int = 1
    most_p: float = 0.05


@dataclass(frozen=True)
class Parameters:
    """Of one run.

    Parameters
    ----------
    scope
        Study area, a division code.
    as_of
        Last day counted; it is complete.
    layers, dispute_types
        What classes are found for; "" stands for all types together.
    unit, steps
        Of the classes.
    emerging, least_cases
        See `risk.sparse_emerging.emerging_places`.
    scan
        The scan.
    sources
        Only what came from these; empty: from all.
    """

    scope: str
    as_of: dt.date
    layers: tuple[str, ...] = DEFAULT_LAYERS
    dispute_types: tuple[str, ...] = DEFAULT_TYPES
    unit: Unit = "week"
    steps: int = 104
    emerging: EmergingSettings = field(default_factory=EmergingSettings)
    least_cases: int = 3
    scan: ScanSettings = field(default_factory=ScanSettings)
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse layers, types and sources that do not exist."""
        for name in (*self.layers, *([self.scan.layer] if self.scan.layer else [])):
            layer_of(name)
        unknown = [kind for kind in self.dispute_types if kind != TOTAL and kind not in DISPUTE_TYPES]
        if unknown or not self.dispute_types:
            raise ValueError(f"expected dispute types, found {unknown or 'none'}")
        strange = [source for source in self.sources if source not in SOURCES]
        if strange:
            raise ValueError(f"expected sources ({', '.join(SOURCES)}), found {', '.join(strange)}")

    @property
    def cut(self) -> Steps:
        """The steps of the classes."""
        return steps_until(self.as_of, unit=self.unit, count=self.steps)

    @property
    def scan_cut(self) -> Steps:
        """The steps of the scan."""
        return steps_until(self.as_of, unit="day", count=self.scan.days)

    @property
    def last_day(self) -> int:
        """Day number of `as_of`."""
        return day_number(self.as_of)

    def text(self) -> str:
        """All of it as JSON with sorted keys; sources stand there only where some were chosen."""
        said = {"format": FORMAT, **asdict(self), "as_of": self.as_of.isoformat()}
        if not self.sources:
            del said["sources"]
        return json.dumps(said, sort_keys=True)

    def key(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text().encode()).hexdigest()
