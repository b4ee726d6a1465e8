"""What the benchmarks stand on: a database with many cases that wait for a decision."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import update

from app import create_app
from app.accounts.commands import sign_in
from app.budgets.models import Budget
from app.db import db, transaction
from app.schemes.commands import publish_catalogue
from config import Settings
from tests.world import PASSWORD, World, settle

# More than any number of decisions reserves: the budget is locked and checked, and never the end of a run.
PLENTY = 10**14


def application(database_url: str, redis_url: str, store: Path) -> Flask:
    """Return the application on a new database with schemes and people."""
    app = create_app(Settings.for_tests(database_url, redis_url, store))
    with app.app_context():
        upgrade()
        with transaction():
            settle()
            publish_catalogue()
            db.session.execute(
                update(Budget).where(Budget.level == "call").values(amount_minor=PLENTY)
            )
        db.session.remove()
    return app


def waiting(app: Flask, number: int) -> list[tuple[str, int]]:
    """Return reference and version of so many new cases that wait for a decision."""
    with app.app_context():
        world = World(app)
        references = [world.at("decision") for _ in range(number)]
        found = [(reference, world.case(reference).version) for reference in references]
        db.session.remove()
    return found


@contextmanager
def token(app: Flask, email: str = "approver.my@world.example") -> Iterator[str]:
    """Give the token of a session of a person."""
    with app.app_context():
        with transaction():
            found, _ = sign_in(email, PASSWORD)
        db.session.remove()
    yield found
