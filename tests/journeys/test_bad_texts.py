"""Workflow texts meant to break the reader: each is refused with a clear and bounded answer, soon, and nothing is stored."""

import json
import secrets
from collections.abc import Callable

import pytest

from app.db import db
from app.schemes.models import WorkflowProposal
from tests.interface import API, Interface, problem
from tests.pages.browser import Browser
from tests.workflows_of_agencies import text
from tests.world import World

LONGEST_ANSWER = 200_000
SPLIT = (
    'to = [{state = "recommendation", when = "last_assessment"}, {state = "assessment"}]',
    'to = [{state = "recommendation", when = "strands_done"}, {state = "assessment"}]',
)


def strands(number: int, steps: int) -> str:
    """Return the grant with so many strands of so many steps beside the assessment."""
    made = [text(1, SPLIT)]
    for n in range(number):
        names = [f"s{step}" for step in range(steps)]
        made.append(f'[strands.t{n}]\nlabel = "T"\nstate = "assessment"\nsteps = {names}')
        made += [
            f'[acts.a{n}_{step}]\nlabel = "A"\nevent = "E"\nfrom = ["assessment"]\n'
            'to = [{state = "recommendation", when = "strands_done"}, {state = "stay"}]\n'
            f'by = "assessor"\nstrand = "t{n}"\n'
            f'step = {{from = ["s{step}"], to = "s{step + 1}"}}'
            for step in range(steps - 1)
        ]
    return "\n".join(made)


def states(number: int) -> str:
    """Return the grant with so many states nobody reaches."""
    return text() + "".join(
        f'\n[states.x{n}]\nofficer = "X"\napplicant = "X"\nholder = "agency"\nclock = "none"\n'
        for n in range(number)
    )


def replaced(old: str, new: str) -> Callable[[], str]:
    return lambda: text(1, (old, new))


TEXTS: dict[str, Callable[[], str]] = {
    "two megabytes": lambda: text() + "#" * 2_000_000,
    "a key of fifty thousand parts": lambda: "a" + ".a" * 50_000 + " = 1",
    "a table of fifty thousand parts": lambda: "[" + "a." * 50_000 + "a]",
    "a quoted key of fifty thousand parts": lambda: '"a"' + ' . "a"' * 50_000 + " = 1",
    "six hundred tables of three hundred parts": lambda: "\n".join(
        f"[{'a.' * 300}a{n}]" for n in range(600)
    ),
    "lists in lists": lambda: "a = " + "[" * 100_000 + "]" * 100_000,
    "tables in tables": lambda: "a = " + "{a=" * 50_000 + "1" + "}" * 50_000,
    "a list of fifty thousand": lambda: "a = [" + "1," * 50_000 + "]",
    "a table of ten thousand": lambda: "a = {" + ",".join(f"b{n}=1" for n in range(10_000)) + "}",
    "a number of three hundred thousand digits": lambda: "a = " + "9" * 300_000,
    "a NUL": replaced("Submit the", "Sub\0mit the"),
    "a NUL written otherwise": replaced("Submit the", "Sub\\u0000mit the"),
    "half a surrogate pair": replaced("Submit the", "\\ud800 the"),
    "a key twice": lambda: text() + "\n[states.draft]\n",
    "a name from right to left": replaced('name = "agency_grant"', 'name = "\u202egrant"'),
    "a name of a picture": replaced('name = "agency_grant"', 'name = "\U0001f600"'),
    "an endless name": replaced('name = "agency_grant"', f'name = "{"a" * 5000}"'),
    "an endless label": replaced("Submit the application", "A" * 300_000),
    "a version of thirty digits": replaced("\nversion = 1\n", f"\nversion = {'9' * 30}\n"),
    "an infinite version": replaced("\nversion = 1\n", "\nversion = 1e400\n"),
    "an amount of forty digits": replaced('"150000.00"', f'"{"9" * 40}"'),
    "an amount of a hundred thousand digits": replaced('"150000.00"', f'"{"9" * 100_000}"'),
    "an amount in words of a program": replaced('"150000.00"', '"1e999999999"'),
    "a body of a billion": replaced("of = 3", "of = 1000000000"),
    "days without end": replaced("days = 5", "days = 999999999999"),
    "thousands of mistakes": lambda: text() + "".join(f"\n[acts.m{n}]" for n in range(6_000)),
    "a thousand states nobody reaches": lambda: states(1000),
    "twenty strands of ten steps": lambda: strands(20, 10),
    "six strands of ten steps": lambda: strands(6, 10),
}


def proposals() -> int:
    db.session.expire_all()
    return db.session.query(WorkflowProposal).count()


@pytest.mark.parametrize("name", TEXTS)
def test_the_interface_refuses_the_text(world: World, name: str) -> None:
    source, who = TEXTS[name](), Interface(world.app, "designer.my")
    body = json.dumps({"source": source})
    sent = {"Idempotency-Key": secrets.token_hex(8)}
    answer = who.send(
        "POST",
        f"{API}/workflows/proposals",
        data=body,
        content_type="application/json",
        headers=sent,
    )
    found = problem(answer, 422)
    assert list(found["errors"]) == ["source"]
    assert len(answer.data) < LONGEST_ANSWER
    assert proposals() == 0


@pytest.mark.parametrize(
    "name",
    [
        "two megabytes",
        "a key of fifty thousand parts",
        "thousands of mistakes",
        "twenty strands of ten steps",
        "a NUL",
        "a name from right to left",
    ],
)
def test_the_form_comes_back_with_the_text(world: World, name: str) -> None:
    source, browser = TEXTS[name](), Browser(world.app, "designer.my")
    answer = browser.post("/workflows/proposals", {"source": source})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert len(answer.data) < len(source) * 2 + LONGEST_ANSWER
    assert proposals() == 0


def test_a_text_that_is_long_and_sound_is_shown_soon(world: World) -> None:
    """Six hundred states in a row: a picture nobody could read is not drawn."""
    began = ('to = "screening"\nby = "desk_officer"\n', 'to = "x0"\nby = "desk_officer"\n')
    source = states(600)
    assert source.count(began[0]) >= 1
    source = source.replace(*began, 1) + "".join(
        f'\n[acts.go{n}]\nlabel = "G"\nevent = "E"\nfrom = ["x{n}"]\nby = "desk_officer"\n'
        f'to = "{f"x{n + 1}" if n < 599 else "screening"}"\n'
        for n in range(600)
    )
    browser = Browser(world.app, "designer.my")
    made = browser.post("/workflows/proposals", {"source": source})
    assert made.status_code == 303, made.text[:2000]
    for ending in ("", ".svg", ".toml"):
        answer = browser.get(f"{made.location}{ending}")
        assert answer.status_code == 200
