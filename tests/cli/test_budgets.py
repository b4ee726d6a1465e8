"""Operators list budgets and limit them from above."""

import pytest
from sqlalchemy import select

from app.budgets.commands import Place, allot
from app.budgets.models import Budget
from app.db import db, transaction
from app.trail.queries import events_of
from tests.cli.test_commands import run
from tests.world import World

pytestmark = pytest.mark.one_database

FACILITY = "SME financing facility of Malaysia"


def said(output: str) -> str:
    """Return what a command says, with plain blanks."""
    return output.replace("\u00a0", " ")


def test_budgets_are_listed_as_a_tree(world: World) -> None:
    agency = world.desk.agency
    assert agency is not None
    world.at("offered")
    with transaction():
        allot(Place(FACILITY, "MY-BAP", "MY-NEXT", "MYR", agency), {2027: 5_00})
    answer = run(world, "budgets", "list", "--agency", "MY-SMECORP")
    assert answer.exit_code == 0, answer.output
    lines = said(answer.output).splitlines()
    assert lines[0] == "MY-SMECORP: Agency MY"
    assert lines[1:] == [
        f"  {FACILITY}, whole life of its calls: no limit; MYR 450,000.00 allotted",
        "    MY-BAP, whole life of its calls: no limit; MYR 450,000.00 allotted",
        "      MY-BAP-2026, whole life of the call: MYR 450,000.00; MYR 80,000.00 reserved, "
        "MYR 0.00 committed, MYR 0.00 paid, MYR 370,000.00 left",
        f"  {FACILITY}, fiscal year 2027: no limit; MYR 5.00 allotted",
        "    MY-BAP, fiscal year 2027: no limit; MYR 5.00 allotted",
        "      MY-NEXT, fiscal year 2027: MYR 5.00; MYR 0.00 reserved, MYR 0.00 committed, "
        "MYR 0.00 paid, MYR 5.00 left",
    ]
    everybody = said(run(world, "budgets", "list").output)
    assert "VN-SMEDF: Agency VN" in everybody
    assert "MY-SMECORP: Agency MY" in everybody


def test_a_limit_is_set_and_taken_off(world: World) -> None:
    words = ("budgets", "limit", "scheme", "MY-BAP", "myr", "0")
    answer = run(world, *words, "MYR 500,000.00")
    assert (answer.exit_code, said(answer.output)) == (
        0,
        "The scheme MY-BAP may give away MYR 500,000.00; MYR 450,000.00 of it are allotted.\n",
    )
    listed = said(run(world, "budgets", "list", "--agency", "MY-SMECORP").output)
    assert (
        "MY-BAP, whole life of its calls: MYR 500,000.00; MYR 450,000.00 allotted, MYR 50,000.00 left"
        in listed
    )
    answer = run(world, *words, "none")
    assert said(answer.output) == (
        "The scheme MY-BAP has no limit; MYR 450,000.00 of it are allotted.\n"
    )
    told = [fact.record["detail"] for fact in events_of("agency:MY-SMECORP")[-2:]]
    assert [detail["limit"] for detail in told] == [500_000_00, "none"]


REFUSED = [
    pytest.param(
        ("scheme", "MY-NONE", "MYR", "0", "1.00"),
        ("Nothing is allotted to a scheme MY-NONE in MYR for that year.",),
        id="a scheme that is none",
    ),
    pytest.param(
        ("scheme", "MY-BAP", "MYR", "2031", "1.00"),
        ("Nothing is allotted to a scheme MY-BAP in MYR for that year.",),
        id="a year of which nothing is allotted",
    ),
    pytest.param(
        ("facility", FACILITY, "MYR", "0", "449,999.99"),
        (f"MYR 450,000.00 of the facility {FACILITY} are allotted to calls already.",),
        id="less than is allotted",
    ),
    pytest.param(
        ("call", "MY-BAP-2026", "MYR", "0", "1.00"), ("'call' is not one of",), id="a call"
    ),
    pytest.param(("scheme", "MY-BAP", "MYR", "soon", "1.00"), ("'soon'",), id="a year in words"),
    pytest.param(
        ("scheme", "MY-BAP", "MYR", "26", "a lot"),
        ("There is no fiscal year 26", "Enter an amount in MYR", '"none", to take the limit off'),
        id="a year and an amount, both told",
    ),
    pytest.param(
        ("scheme", "MY-BAP", "EUR", "1999", "1.00"),
        ("There is no fiscal year 1999", "There is no currency EUR here"),
        id="a currency that is not used here",
    ),
    pytest.param(
        ("scheme", "MY-BAP", "MYR", "0", "VND 5"),
        ("Amounts here are in MYR, not VND.",),
        id="an amount in another currency",
    ),
]


@pytest.mark.parametrize(("words", "sentences"), REFUSED)
def test_a_limit_that_cannot_be_set(
    world: World, words: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    answer = run(world, "budgets", "limit", *words)
    assert answer.exit_code == 2
    for sentence in sentences:
        assert sentence in said(answer.output)
    db.session.expire_all()
    limits = db.session.scalars(select(Budget.amount_minor).where(Budget.level != "call"))
    assert set(limits) == {None}


def test_budgets_of_an_agency_nobody_knows(world: World) -> None:
    answer = run(world, "budgets", "list", "--agency", "MY-NONE")
    assert answer.exit_code == 2
    assert "The agency MY-NONE is not registered." in answer.output
