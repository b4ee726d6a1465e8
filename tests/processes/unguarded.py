"""Our worker without its guard, until the queue named on the command line is empty: what the guard is measured against."""

import sys

from rq import Queue
from rq.job import Job

from app import create_app
from app.worker import ForkingWorker, connect
from config import Settings


def main(name: str) -> None:
    """Work the queue off."""
    settings = Settings.from_environment()
    connection = connect(settings.redis_url, patient=True)
    queue = Queue(name, connection=connection, serializer="json")
    worker = ForkingWorker([queue], connection=connection, serializer="json", job_class=Job)
    worker.app = create_app(settings)
    worker.work(burst=True, logging_level="ERROR")


if __name__ == "__main__":
    main(sys.argv[1])
