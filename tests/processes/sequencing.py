"""A process that records events on a stream of its own and sequences, again and again; prints a line for each round."""

import sys

from app import create_app
from app.db import db
from app.publication.jobs import publish
from config import Settings
from tests.checkpoints.made import written

EACH = 3


def main(stream: str, rounds: int) -> None:
    """Write a few events and have the trail signed and published, so many times."""
    with create_app(Settings.from_environment()).app_context():
        last = ""
        for number in range(rounds):
            last = written(EACH, stream=stream, start=number * EACH, prev=last)
            publish()
            db.session.remove()
            sys.stdout.write("signed\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
