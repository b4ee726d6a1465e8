"""Counting what the two test runs report."""

import pytest

from app.bootstrap.suite import Counts, counts_of

REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


@pytest.mark.parametrize(
    ("says", "numbers", "expected"),
    [
        ("all passed", (5, 0, 0, 0), Counts(5, 0)),
        ("a failure did not pass", (5, 2, 0, 0), Counts(3, 2)),
        ("an error in a fixture is a failure", (5, 0, 1, 0), Counts(4, 1)),
        ("what was skipped did not pass", (5, 0, 0, 2), Counts(3, 0)),
    ],
)
def test_reading_a_report(says: str, numbers: tuple[int, ...], expected: Counts) -> None:
    assert counts_of(REPORT.format(*numbers)) == expected


def test_two_runs_are_added() -> None:
    assert Counts(3, 1) + Counts(4, 0) == Counts(7, 1)
