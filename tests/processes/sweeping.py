"""A process that sweeps over the clocks again and again until it is told to stop; prints how often it did what."""

import json
import signal
import sys
from collections import Counter
from typing import Any

from app import create_app
from app.db import db
from app.notices.jobs import sweep
from config import Settings


def main() -> None:
    """Sweep; a line "ready" says that it has begun."""
    enough: list[Any] = []
    signal.signal(signal.SIGTERM, lambda *_: enough.append(True))
    done: Counter[str] = Counter()
    with create_app(Settings.from_environment()).app_context():
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while not enough:
            done.update(sweep())
            db.session.remove()
    sys.stdout.write(json.dumps(done) + "\n")


if __name__ == "__main__":
    main()
