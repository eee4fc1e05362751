"""What an installation may set, read from the environment once and passed down."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Settings of one installation.

    Each field is read from the environment variable of its name in capitals with `PINGAN_` before it;
    `DATABASE_URL` alone goes without.
    """

    var: Path = ROOT / "var"
    database_url: str = field(default="", repr=False)
    root_code: str = "62"
    map_approval: str = "未设置"
    """审图号 printed under every map."""
    duckdb_memory: str = "1GB"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))

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
        """Folder of the schematic polygons."""
        return self.var / "geography"

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
        root_code=env.get("PINGAN_ROOT_CODE", default.root_code),
        map_approval=env.get("PINGAN_MAP_APPROVAL", default.map_approval),
        duckdb_memory=env.get("PINGAN_DUCKDB_MEMORY", default.duckdb_memory),
        timezone=ZoneInfo(env.get("PINGAN_TIMEZONE", str(default.timezone))),
    )
