"""The long form of the kill test: ``python3 -m app soak [KILLS] [SEED]``, on each kind of database.

Prints a line for each; ends with status 1 when anything was lost or done twice.
"""

import secrets
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from app.bootstrap.postgres import PrivatePostgres
from tests.processes.proof import Report
from tests.processes.rage import rage
from tests.processes.system import running

KILLS = 100
DATABASES = ("sqlite", "postgresql")


def soak(kind: str, kills: int, seed: int) -> Report:
    """Kill the processes of a fresh system on a kind of database, and prove what is left."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="saluran-soak-")))
        url = f"sqlite:///{folder / 'saluran.db'}"
        if kind == "postgresql":
            url = stack.enter_context(PrivatePostgres()).create_database("soak")
        system, app = stack.enter_context(running(folder, url))
        return rage(system, app, kills=kills, seed=seed)


def main(arguments: list[str]) -> int:
    """Run on each kind of database and return the exit status."""
    kills = int(arguments[0]) if arguments else KILLS
    seed = int(arguments[1]) if len(arguments) > 1 else secrets.randbelow(10**6)
    status = 0
    for kind in DATABASES:
        report = soak(kind, kills, seed)
        sys.stdout.write(f"{kind}: {report}\n")
        for fault in report.faults:
            sys.stdout.write(f"  {fault}\n")
        sys.stdout.flush()
        status = status or int(bool(report.faults))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
