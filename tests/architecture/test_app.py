"""Rules that only the assembled application shows: who may change something, and that pages compile."""

from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from config import Settings

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return the application, on a database and a queue that nobody asks anything."""
    folder: Path = tmp_path_factory.mktemp("architecture")
    return create_app(
        Settings.for_tests(
            database_url=f"sqlite:///{folder / 'unused.db'}",
            redis_url=f"unix://{folder / 'unused.sock'}",
            storage_dir=folder,
        )
    )


def test_every_route_that_changes_something_names_who_may(application: Flask) -> None:
    changing = {
        rule.endpoint
        for rule in application.url_map.iter_rules()
        if CHANGING & (rule.methods or set())
    }
    assert changing, "the application has no route that changes anything"
    views = application.view_functions
    assert sorted(name for name in changing if not getattr(views[name], "permission", None)) == []


def test_every_template_compiles(application: Flask) -> None:
    pages = application.jinja_env.list_templates(filter_func=lambda name: name.endswith(".html"))
    assert pages, "the application has no templates"
    for page in pages:
        application.jinja_env.get_template(page)
