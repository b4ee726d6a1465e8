"""Verifying a claim: what is found on each line, what is kept back, and what an advance is accounted for."""

import pytest

from app.awards.queries import awarded, tranches
from app.claims import commands, queries
from app.claims.commands import Verified
from app.claims.compose import TypedFinding
from app.db import transaction
from app.errors import Conflict, Invalid
from tests.claims.claiming import (
    REIMBURSED,
    claim,
    claimed,
    disbursing,
    line,
    paid,
    places,
    plain,
    uploaded,
    verify,
)
from tests.factories import last_event, refused
from tests.world import World

pytestmark = pytest.mark.one_database

RETAINED = f'{REIMBURSED}\nretention_pct = "10"'
ADVANCED = 'mode = "advance"\nwindow_months = 12'


@pytest.fixture
def case(world: World) -> tuple[World, str]:
    """Return the world and a case in disbursement under reimbursement."""
    return world, disbursing(world)


# Verifying


def test_what_is_found_on_each_line_is_kept_with_its_reason(case: tuple[World, str]) -> None:
    world, reference = case
    claimed(world, reference, "20,000.00", "10,000.00", "6,000.00")
    verify(
        world,
        reference,
        TypedFinding(2, "reduced", "4,000.00", "Half of it was for another project."),
        TypedFinding(3, "refused", "", "Not part of the project."),
    )
    assert places(world, reference) == {"undrawn": 68_000, "verified": 12_000}
    (kept,) = queries.claims(world.case(reference))
    found = [(one.finding.outcome, one.finding.accepted_minor) for one in kept.lines if one.finding]
    assert found == [("accepted", 20_000_00), ("reduced", 4_000_00), ("refused", 0)]
    detail = last_event(reference).record["detail"]
    assert (detail["amount"], detail["claimed"]) == (12_000_00, 18_000_00)
    assert (detail["lines_reduced"], detail["lines_refused"]) == (1, 1)
    assert last_event(reference).disclosed["findings"].startswith("2. Half of it")


FINDINGS = [
    pytest.param([TypedFinding(1, "reduced", "4,000.00")], {"findings.0.reason": "Line 1: give the reason for accepting less than was claimed."}, id="reduced without a reason"),
    pytest.param([TypedFinding(1, "refused")], {"findings.0.reason": "Line 1: give the reason for accepting less than was claimed."}, id="refused without a reason"),
    pytest.param([TypedFinding(1, "reduced", "much", "Why.")], {"findings.0.accepted": "Enter an amount in MYR, such as 120,000.00."}, id="an amount that is none"),
    pytest.param([TypedFinding(1, "reduced", "20,000.01", "Why.")], {"findings.0.reason": "Line 1: MYR 20,000.01 is accepted of a cost of MYR 20,000.00."}, id="more than the cost"),
    pytest.param([TypedFinding(7, "refused", "", "Why.")], {"findings.0.reason": "Line 7: there is a finding, but no such line."}, id="no such line"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "errors"), FINDINGS)
def test_findings_that_do_not_hold_are_refused(
    case: tuple[World, str], found: list[TypedFinding], errors: dict[str, str]
) -> None:
    world, reference = case
    claimed(world, reference, "20,000.00")
    with pytest.raises(Invalid) as caught:
        verify(world, reference, *found)
    assert plain(caught.value.errors) == {name: [said] for name, said in errors.items()}


def test_a_claim_of_which_nothing_is_paid_is_sent_back(case: tuple[World, str]) -> None:
    world, reference = case
    claimed(world, reference, "20,000.00")
    with pytest.raises(Conflict, match="send it back with your reasons"):
        verify(world, reference, TypedFinding(1, "refused", "", "Not part of the project."))
    assert places(world, reference) == {"undrawn": 70_000, "claimed": 10_000}


# What is kept back


def test_what_is_kept_back_is_the_last_tranche_and_grows(world: World) -> None:
    reference = disbursing(world, RETAINED)
    claimed(world, reference, "64,000.00")
    verify(world, reference)
    assert places(world, reference) == {"undrawn": 51_200, "verified": 28_800}
    assert planned(world, reference) == [(1, 32_000), (2, 48_000), (3, 3_200)]
    paid(world, reference, 1)
    claimed(world, reference, "20,000.00", number=2)
    verify(world, reference, number=2)
    assert planned(world, reference)[-1] == (3, 4_200)
    with refused("earlier_tranches_paid"):
        claim(world, reference, number=3)
    paid(world, reference, 2)
    assert world.case(reference).state == "disbursing"
    claim(world, reference, number=3)
    verify(world, reference, number=3)
    assert places(world, reference) == {"undrawn": 38_000, "verified": 4_200, "paid": 37_800}
    paid(world, reference, 3)
    assert world.case(reference).state == "completed"
    assert places(world, reference) == {"paid": 42_000, "released": 38_000}


def test_no_more_is_paid_as_kept_back_than_was(world: World) -> None:
    """Whoever plans the last tranche anew gives it no money that needs no invoices."""
    reference = disbursing(world, RETAINED)
    for number in (1, 2):
        claimed(world, reference, "20,000.00", number=number)
        verify(world, reference, number=number)
        paid(world, reference, number)
    with transaction():
        tranches(awarded(world.case(reference)))[-1].amount_minor = 2_000_01
    with pytest.raises(Conflict, match=r"Only MYR.2,000\.00 was kept back"):
        claim(world, reference, number=3)
    with transaction():
        tranches(awarded(world.case(reference)))[-1].amount_minor = 2_000_00
    claim(world, reference, number=3)
    assert places(world, reference)["claimed"] == 2_000


def planned(world: World, reference: str) -> list[tuple[int, int]]:
    rows = tranches(awarded(world.case(reference)))
    return [(row.number, row.amount_minor // 100) for row in rows]


# What is paid in advance


def test_an_advance_is_accounted_for_before_more_is_paid(world: World) -> None:
    reference = disbursing(world, ADVANCED)
    claim(world, reference)
    verify(world, reference)
    paid(world, reference, 1)
    assert unspent(world, reference) == 32_000
    document = uploaded(world, reference, 2)
    with pytest.raises(Invalid) as caught:
        claim(world, reference, line(document, cost="64,000.00"), number=2)
    assert "open advance of MYR 32,000.00" in plain(caught.value.errors)[""][0]
    claim(world, reference, line(document, cost="100,000.00"), number=2)
    assert places(world, reference) == {"undrawn": 30_000, "claimed": 18_000, "paid": 32_000}
    verify(world, reference, TypedFinding(1, "reduced", "90,000.00", "As agreed."), number=2)
    assert places(world, reference) == {"undrawn": 35_000, "verified": 13_000, "paid": 32_000}
    assert last_event(reference).record["detail"]["advance_cleared"] == 32_000_00
    assert unspent(world, reference) == 0


def unspent(world: World, reference: str) -> int:
    found = world.case(reference)
    return queries.open_advance(found, awarded(found)) // 100


def test_what_is_paid_in_advance_takes_no_lines(world: World) -> None:
    reference = disbursing(world, ADVANCED)
    with pytest.raises(Invalid) as caught:
        claim(world, reference, line("1"))
    assert caught.value.errors == {"lines": ["This tranche is claimed without cost lines."]}
    with pytest.raises(Conflict, match="without cost lines"), transaction():
        commands.save(reference, 1, [], actor=world.applicant)


def test_findings_on_a_claim_without_lines_are_refused(world: World) -> None:
    reference = disbursing(world, ADVANCED)
    claim(world, reference)
    with pytest.raises(Invalid):
        world.do(commands.verify, reference, 1, Verified("", (TypedFinding(1),)), actor=world.desk)
