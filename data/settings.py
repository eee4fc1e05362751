"""What an installation may set, read from the environment once and passed down."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from geo.hierarchy import read_hierarchy

CURRENT = "current"
"""File that names the vintage of boundaries that stands."""

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Settings of one installation.

    Each field is read from the environment variable of its name in capitals with `PINGAN_` before it;
    `DATABASE_URL` alone goes without.
    """

    var: Path = ROOT / "var"
    database_url: str = field(default="", repr=False)
    root_code: str = ""
    """Code of the topmost division shown; that of the installation's divisions unless set."""
    map_approval: str = "未设置"
    """审图号 printed under every map."""
    duckdb_memory: str = "1GB"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    api_body_bytes: int = 4_000_000
    """Longest body of a post."""
    api_rows: int = 10_000
    """Most incidents of a post."""
    api_requests_per_second: float = 50
    """Posts a second that a key may send for long; `api_burst` at once."""
    api_burst: int = 100

    def __post_init__(self) -> None:
        """Take the root from the divisions that stand at present unless it is set."""
        if not self.root_code:
            object.__setattr__(self, "root_code", read_hierarchy(self.geography).root)

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the record store; SQLite under `var` unless set."""
        return self.database_url or f"sqlite:///{self.var / 'store.sqlite'}"

    @property
    def segments(self) -> Path:
        """Folder of the Parquet segments."""
        return self.var / "segments"

    @property
    def geography(self) -> Path:
        """Folder of the divisions and outlines that stand at present: those drawn here, or the vintage named last."""
        try:
            return self.vintages / (self.vintages / CURRENT).read_text("utf-8").strip()
        except OSError:
            return self.vintages

    @property
    def vintages(self) -> Path:
        """Folder of the schematic polygons, and of one folder for each vintage of boundaries imported."""
        return self.var / "geography"

    @property
    def forecasts(self) -> Path:
        """Folder of the forecast runs' rows."""
        return self.var / "forecasts"

    @property
    def backtests(self) -> Path:
        """Folder of the back-tests' rows, and of what an unfinished one has learnt."""
        return self.var / "backtests"

    @property
    def models(self) -> Path:
        """Folder of the learnt models."""
        return self.var / "models"

    @property
    def inbox(self) -> Path:
        """Folder of one folder for each feed, whose files are taken in as they come."""
        return self.var / "inbox"

    @property
    def feeds(self) -> Path:
        """Folder of the simulated feeds' CSV files."""
        return self.var / "feeds"


def read_settings() -> Settings:
    """Settings from the environment, defaults where nothing is set."""
    env = os.environ
    default = Settings()
    return Settings(
        var=Path(env.get("PINGAN_VAR", default.var)),
        database_url=env.get("DATABASE_URL", ""),
        root_code=env.get("PINGAN_ROOT_CODE", ""),
        map_approval=env.get("PINGAN_MAP_APPROVAL", default.map_approval),
        duckdb_memory=env.get("PINGAN_DUCKDB_MEMORY", default.duckdb_memory),
        timezone=ZoneInfo(env.get("PINGAN_TIMEZONE", str(default.timezone))),
        api_body_bytes=int(env.get("PINGAN_API_BODY_BYTES", default.api_body_bytes)),
        api_rows=int(env.get("PINGAN_API_ROWS", default.api_rows)),
        api_requests_per_second=float(env.get("PINGAN_API_REQUESTS_PER_SECOND", default.api_requests_per_second)),
        api_burst=int(env.get("PINGAN_API_BURST", default.api_burst)),
    )
