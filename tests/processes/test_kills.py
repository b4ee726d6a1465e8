"""Processes are killed while people work: what was committed has exactly one effect."""

import secrets
import sys

from flask import Flask

from app.bootstrap.stack import Stack
from tests.processes.rage import rage

KILLS = 8


def test_whatever_is_killed_nothing_acknowledged_is_lost_and_nothing_happens_twice(
    stack: Stack, app: Flask, capsys
) -> None:
    report = rage(stack, app, kills=KILLS, seed=secrets.randbelow(10**6))
    with capsys.disabled():
        sys.stdout.write(f"\n{report}\n")
    assert report.faults == []
    assert report.lost == report.doubled == 0
    assert report.letters >= KILLS // 2
