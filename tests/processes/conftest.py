"""The system in real processes, started once for the tests of this folder."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.bootstrap.stack import Stack
from tests.processes.system import running


@pytest.fixture(scope="package")
def system(new_database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Flask]]:
    with running(tmp_path_factory.mktemp("system"), new_database("system")) as found:
        yield found


@pytest.fixture
def stack(system: tuple[Stack, Flask]) -> Stack:
    return system[0]


@pytest.fixture
def app(system: tuple[Stack, Flask]) -> Flask:
    return system[1]
