"""The whole system on one machine: Redis, web, workers and sweeper, started, kept alive and ended."""

import contextlib
import http.client
import os
import secrets
import socket
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from app.bootstrap.environment import ROOT
from app.bootstrap.processes import Service
from app.bootstrap.redis_server import RedisServer
from app.bootstrap.shell import Stopped, last_lines, run_quietly

FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
READY_SECONDS = 90.0
WATCH_SECONDS = 0.1


class Stack:
    """The system running in `directory` on a database; a context manager.

    `environment` adds SALURAN_* settings. A process that dies is started again, unless `leave_dead` was
    told its name. Redis is a `RedisServer`, so that a crash can be tried with `redis.kill()`.
    """

    def __init__(
        self,
        directory: Path,
        database_url: str,
        environment: Mapping[str, str] | None = None,
        *,
        workers: int = 2,
        port: int | None = None,
    ) -> None:
        """Describe the system; entering the context starts it. Logs lie in `<directory>/logs`."""
        self.directory = directory.resolve()
        self.logs = self.directory / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.redis = RedisServer(self.directory / "redis")
        self._watch: threading.Thread | None = None
        self._ending = threading.Event()
        self._environment = self._settings(database_url, environment or {})
        self._services = [self._service(name, argv) for name, argv in self._commands(workers)]

    @property
    def processes(self) -> dict[str, int]:
        """The running processes: name to process id."""
        return {service.name: service.pid for service in self._services if service.pid}

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment in which the system's programs run."""
        return dict(self._environment)

    def flask(self, *arguments: str) -> str:
        """Run an operator's command on this system and return what it printed.

        Raises Stopped with the end of its output when it fails.
        """
        return run_quietly(
            [*FLASK, *arguments],
            f"The command `flask {' '.join(arguments)}` failed.",
            env=self._environment,
            cwd=ROOT,
        )

    def leave_dead(self, name: str) -> None:
        """Do not start this process again when it dies."""
        self._named(name).kept_alive = False

    def keep_alive(self, name: str) -> None:
        """Start this process again now and whenever it dies."""
        self._named(name).kept_alive = True

    def __enter__(self) -> Self:
        """Start everything and wait until the system says that it is ready. Raises Stopped."""
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        """End everything that was started, the last first."""
        self._stop()

    def _start(self) -> None:
        self.redis.start()
        self.flask("db", "upgrade")
        for service in self._services:
            service.start()
        self._watch = threading.Thread(target=self._keep_alive, name="watch", daemon=True)
        self._watch.start()
        self._wait_until_ready()

    def _stop(self) -> None:
        self._ending.set()
        if self._watch:
            self._watch.join()
        for service in reversed(self._services):
            service.ask_to_stop()
        for service in reversed(self._services):
            service.stop()
        self.redis.__exit__()

    def _keep_alive(self) -> None:
        while not self._ending.wait(WATCH_SECONDS):
            for service in self._services:
                service.revive()
            if self.redis.wanted and not self.redis.pid:
                # Tried again at the next round: a failure here is not the end of the watch.
                with contextlib.suppress(Stopped):
                    self.redis.start()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            for service in self._services:
                if service.restarts:
                    self._give_up(service, f"{service.name} ended while the system was starting")
            if is_ready(self.port) and len(self.processes) == len(self._services):
                return
            time.sleep(0.05)
        answer = f"GET /readyz: {readiness(self.port) or 'no answer'}"
        self._give_up(self._services[0], f"The system was not ready in time ({answer})")

    def _give_up(self, service: Service, sentence: str) -> None:
        end = last_lines(service.log.read_text(errors="replace"))
        raise Stopped(f"{end}\n{sentence}; see {service.log}.")

    def _named(self, name: str) -> Service:
        return next(service for service in self._services if service.name == name)

    def _service(self, name: str, argv: Sequence[str]) -> Service:
        return Service(name, argv, self._environment, self.logs, ROOT)

    def _commands(self, workers: int) -> list[tuple[str, list[str]]]:
        address = ["--bind", f"127.0.0.1:{self.port}", "--no-control-socket"]
        threads = ["--workers", "2", "--threads", "4", "--worker-class", "gthread"]
        web = [sys.executable, "-m", "gunicorn", *address, *threads, "wsgi:app"]
        work = [(f"worker-{number + 1}", [*FLASK, "worker"]) for number in range(workers)]
        return [("web", web), *work, ("sweeper", [*FLASK, "sweeper"])]

    def _settings(self, database_url: str, environment: Mapping[str, str]) -> dict[str, str]:
        # Not at the top: this module is also read before anything is installed.
        from app.checkpoints.compose import keep_new_key  # noqa: PLC0415

        key = self.directory / "log.key"
        keep_new_key(key, f"{socket.gethostname()}/saluran")
        return {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "SALURAN_DATABASE_URL": database_url,
            "SALURAN_REDIS_URL": self.redis.url,
            "SALURAN_SECRET_KEY": secrets.token_urlsafe(32),
            "SALURAN_STORAGE_DIR": str(self.directory / "files"),
            "SALURAN_LOG_KEY_FILE": str(key),
            **environment,
        }


def free_port() -> int:
    """Return a TCP port of the loopback interface that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def is_taken(port: int) -> bool:
    """Tell whether somebody listens on this port of the loopback interface."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_ready(port: int) -> bool:
    """Tell whether the web process on this port says that it can serve."""
    return readiness(port) == http.client.OK


def readiness(port: int) -> int | None:
    """Return the status with which GET /readyz is answered, None when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
