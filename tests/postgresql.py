"""A PostgreSQL that the tests start, stop and throw away: no password, one folder, its own socket, nothing synced."""

import os
import pwd
import shutil
import subprocess
import tempfile
from functools import cached_property
from itertools import count
from pathlib import Path

import psycopg

TEMPLATE = "prepared"
NO_BINARIES = "no PostgreSQL: no initdb on the PATH or in /usr/lib/postgresql (Debian: apt-get install postgresql)"


def find_binaries() -> Path | None:
    """Folder of initdb and postgres, those of the newest version where there are several."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres"):
        return Path(on_path).parent
    found = [file.parent for file in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


class Server:
    """One cluster in a folder of its own. PostgreSQL refuses to run as root, so root hands it to somebody else."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._numbers = count(1)
        # Not below pytest's folder: that is closed to others, and too long a path for a socket.
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))
        if self._owner:
            shutil.chown(self.folder, self._owner)
        arguments = ("--auth=trust", "--username=owner", "--encoding=UTF8", "--locale=C", "--no-sync")
        self._run("initdb", "-D", str(self._data), *arguments)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @cached_property
    def version(self) -> int:
        """Number of the major version."""
        with psycopg.connect(self.url("postgres")) as connection:
            return connection.info.server_version // 10_000

    @cached_property
    def _owner(self) -> str | None:
        if os.geteuid() != 0:
            return None
        names = {user.pw_name for user in pwd.getpwall()}
        return "postgres" if "postgres" in names else "nobody"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(self.folder)}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, user=self._owner, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")

    def start(self) -> None:
        """Start, and return when it takes connections; only the socket in the folder leads to it."""
        fast = "-c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off"
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60 {fast}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self._data), "-l", log, "-o", options, "--wait", "--silent", "start")

    def stop(self, *, mode: str = "fast") -> None:
        """Stop; `fast` breaks connections off, `immediate` is as if the machine had gone down."""
        self._run("pg_ctl", "-D", str(self._data), "-m", mode, "--wait", "--silent", "stop")

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder)

    def url(self, database: str, *, user: str = "owner") -> str:
        """URL of a database."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement outside a transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)

    def new_database(self, template: str = TEMPLATE) -> str:
        """Name of a new database with what the template holds; "template0" holds nothing."""
        name = f"test_{next(self._numbers)}"
        # Copying files costs a third of writing every block to the log, which is what PostgreSQL does since 15.
        strategy = "STRATEGY file_copy" if self.version >= 15 else ""
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} {strategy}")
        return name

    def drop(self, database: str) -> None:
        """Drop a database, whoever is connected to it."""
        self.execute(f"DROP DATABASE {database} WITH (FORCE)")
