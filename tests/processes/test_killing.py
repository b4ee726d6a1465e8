"""Processes that release payments or take in what the bank answers are killed at every statement: nothing is half done."""

import sys
from pathlib import Path

import pytest

from app.bootstrap.redis_server import RedisServer
from tests.processes.killing import kill_all
from tests.processes.moments import apart

# On both kinds it takes minutes: ``python3 -m app races`` does that.
pytestmark = pytest.mark.one_database


def test_wherever_it_is_killed_each_payment_is_made_once(
    new_database, redis_server: RedisServer, tmp_path: Path, capsys
) -> None:
    with apart(new_database("killing"), redis_server.url, tmp_path) as world:
        reports = kill_all(world)
    with capsys.disabled():
        for report in reports:
            sys.stdout.write(f"\n{report}\n")
    assert [fault for report in reports for fault in report.faults] == []
    release, answer = reports
    # The last boundary is after the commit.
    assert (release.before, release.whole) == (release.boundaries - 1, 1)
    assert answer.before + answer.part + answer.whole == answer.boundaries
    assert min(answer.before, answer.part, answer.whole) > 0
