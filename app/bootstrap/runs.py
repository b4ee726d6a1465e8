"""The two ways to run the system on one machine: `demo` from nothing to the end, `run` to stay."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

from app.bootstrap.environment import ROOT, VAR
from app.bootstrap.shell import Stopped, say
from app.bootstrap.stack import Stack, is_taken

PORT = 8000
PEOPLE = "demo/people"
RATES = "demo/rates.toml"


def demo() -> int:
    """Drive the demonstration's cases over HTTP on a fresh system, then verify the trail on its database.

    Returns the exit status of the drive. Raises Stopped when a chain of the trail does not hold.
    """
    folder = VAR / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # The rehearsal clock: the days by which the program runs ahead, so that deadlines can pass.
    clock = folder / "clock"
    clock.write_text("0\n")
    say("Starting the system (embedded Redis, SQLite) in var/demo ...")
    with Stack(folder, database(folder), {"SALURAN_CLOCK_FILE": str(clock)}) as stack:
        seed(stack)
        say(f"The system runs at {stack.base_url}.")
        arguments = [stack.base_url, str(folder / "out"), str(clock)]
        driver = [sys.executable, "-m", "demo", "drive", *arguments]
        driven = subprocess.run(driver, env=stack.environment, cwd=ROOT, check=False).returncode
        say(stack.flask("trail", "verify").strip())
        return driven


def run() -> int:
    """Serve the system on port 8000 with its data kept in var/run, until it is interrupted.

    Raises Stopped when the port is taken.
    """
    if is_taken(PORT):
        raise Stopped(f"Port {PORT} is taken: end the program that listens there, then try again.")
    folder = VAR / "run"
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"SALURAN_SECRET_KEY": kept_secret(folder / "secret")}
    say("Starting the system (embedded Redis, SQLite) in var/run ...")
    with Stack(folder, database(folder), settings, port=PORT) as stack:
        seeded = folder / "seeded"
        if not seeded.exists():
            seed(stack)
            say("Taking the sample cases a part of the way ...")
            filling = [sys.executable, "-m", "demo", "seed", stack.base_url]
            subprocess.run(filling, env=stack.environment, cwd=ROOT, check=True)
            seeded.touch()
        print(sign_in_names(people()), flush=True)
        say(f"Open {stack.base_url} in a browser. Stop with Ctrl-C.")
        wait_for_interrupt()
    return 0


def seed(stack: Stack) -> None:
    """Load the invented people, rates of exchange, and the schemes, whose agencies must be known, into an empty system."""
    stack.flask("people", "load", *(str(file) for file in people()))
    stack.flask("rates", "load", RATES)
    stack.flask("scheme", "load")
    # A programme of 2016, so that there is one case of financing by sale to look at.
    stack.flask("scheme", "reopen", "MY-SBF", "--note", "Illustrative: for the demonstration.")


def people() -> list[Path]:
    """Return the files of the invented people, one for each country."""
    return sorted((ROOT / PEOPLE).glob("*.toml"))


def sign_in_names(files: list[Path]) -> str:
    """Lay out the invented people of TOML files: address, password, duties and name of each."""
    lines = [
        f"  {one['email']:<36} {one['password']:<24} {', '.join(one['duties']):<32} {one['name']}"
        for file in files
        for one in tomllib.loads(file.read_text(encoding="utf-8"))["people"]
    ]
    return "\n".join(["Sign in as one of these (address, password, duties, name):", *lines])


def database(folder: Path) -> str:
    """Return the address of the SQLite database of a run."""
    return f"sqlite:///{folder / 'saluran.db'}"


def kept_secret(path: Path) -> str:
    """Return the secret of this installation, made once, so that a restart signs nobody out."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text()


def wait_for_interrupt() -> None:
    """Return when the person presses Ctrl-C or a service manager says to stop."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    asked.wait()
