"""An offer until it is accepted: by whom, lowered, undone, sent back signed on paper; and conditions that are waived."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.audit import queries as audit
from app.awards import commands
from app.awards.models import AwardVersion
from app.awards.queries import award, awarded, conditions, tranches
from app.db import db, transaction
from app.decisions import commands as decisions
from app.decisions.queries import decision
from app.disbursements import commands as disbursements
from app.reviews.commands import Reasoned
from app.schemes.compose.terms import Precedent
from app.schemes.queries import terms
from tests.factories import Days, budget, do_the_work, invalid, last_event, refused
from tests.world import World

pytestmark = pytest.mark.one_database
WHY = Reasoned(note="The price of the line fell.")


def versions(world: World, reference: str) -> list[tuple[int, int]]:
    """Return number and size of each version of the award of a case."""
    found = awarded(world.case(reference))
    every = db.session.query(AwardVersion).filter_by(award_id=found.id).order_by(AwardVersion.id)
    return [(row.number, row.size_minor) for row in every]


# Who accepts


def test_only_who_may_sign_accepts(world: World) -> None:
    reference = world.at("offered")
    with transaction():
        world.applicant.signs = False
    with refused("signatory"):
        world.do(commands.accept, reference, actor=world.applicant)
    assert budget() == (80_000_00, 0)


def signed(world: World) -> str:
    """Return a case whose offer came back signed on paper."""
    reference = world.at("offered")
    world.paper(reference, "send_signed", "signed_offer", world.applicant)
    with transaction():
        world.applicant.signs = False
    world.do(commands.send_signed, reference, Reasoned(), act="send_signed", actor=world.applicant)
    assert world.case(reference).state == "signed"
    return reference


def test_a_signed_copy_needs_the_copy(world: World) -> None:
    reference = world.at("offered")
    with refused("attachments_given"):
        world.do(
            commands.send_signed, reference, Reasoned(), act="send_signed", actor=world.applicant
        )


def test_a_signed_copy_is_accepted_once_an_officer_has_confirmed_it(world: World) -> None:
    reference = signed(world)
    act: dict[str, Any] = {"act": "confirm_signature", "actor": world.desk}
    with refused("note_given"):
        world.do(commands.accept_signed, reference, Reasoned(), **act)
    said = Reasoned(note="Signed by the director named in the register.")
    world.do(commands.accept_signed, reference, said, **act)
    found = awarded(world.case(reference))
    assert (world.case(reference).state, found.undrawn_minor) == ("accepted", 80_000_00)
    assert found.accepted_at is not None


def test_a_copy_that_is_sent_back_leaves_the_period_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(monkeypatch)
    days.noon("2026-11-23")
    reference = signed(world)
    days.noon("2026-11-25")
    act: dict[str, Any] = {"act": "return_signature", "actor": world.desk}
    world.do(commands.return_signature, reference, Reasoned(note="Page 2 is missing."), **act)
    case = world.case(reference)
    assert (case.state, str(case.due_on)) == ("offered", "2026-12-23")
    assert str(awarded(case).expires_on) == "2026-12-23"


# Lowered


@pytest.mark.parametrize(
    ("amount", "rules"),
    [
        pytest.param("80000", {"revised_downwards"}, id="as much as is offered"),
        pytest.param("80000.01", {"revised_downwards"}, id="more than is offered"),
        pytest.param("0", {"revised_downwards"}, id="nothing"),
    ],
)
def test_an_offer_is_not_lowered_to(world: World, amount: str, rules: set[str]) -> None:
    reference = world.at("offered")
    with refused(*rules):
        revise(world, reference, amount)
    assert (versions(world, reference), budget()) == ([(1, 80_000_00)], (80_000_00, 0))


def test_an_offer_keeps_something_for_each_tranche(world: World) -> None:
    reference = world.at("offered")
    with invalid("amount"):
        revise(world, reference, "0.01")
    assert (versions(world, reference), budget()) == ([(1, 80_000_00)], (80_000_00, 0))


def revise(world: World, reference: str, amount: str, actor: Any = None) -> Any:
    by = actor or world.member
    return world.do(commands.revise, reference, amount, WHY, act="revise", actor=by)


def test_a_lower_offer_gives_the_rest_back_and_goes_out_anew(world: World) -> None:
    reference = world.at("offered")
    do_the_work()
    revise(world, reference, "60000")
    found = awarded(world.case(reference))
    assert (found.reserved_minor, found.released_minor) == (60_000_00, 20_000_00)
    assert [row.amount_minor for row in tranches(found)] == [24_000_00, 36_000_00]
    assert (versions(world, reference), budget()) == (
        [(1, 80_000_00), (2, 60_000_00)],
        (60_000_00, 0),
    )
    assert do_the_work() == ["done"]
    world.do(commands.accept, reference, actor=world.applicant)
    assert awarded(world.case(reference)).undrawn_minor == 60_000_00
    assert audit.verify() == []


def test_who_approved_does_not_lower(world: World) -> None:
    reference = world.at("offered")
    with refused("separate_hands"):
        revise(world, reference, "60000", world.approver)


# Undone


def test_an_approval_is_undone_and_decided_again(world: World) -> None:
    reference = world.at("offered")
    said = Reasoned(note="The wrong quotation was read.")
    act: dict[str, Any] = {"act": "undo_approval", "actor": world.member}
    with refused("separate_hands"):
        world.do(decisions.undo, reference, said, **{**act, "actor": world.approver})
    world.do(decisions.undo, reference, said, **act)
    case = world.case(reference)
    found = award(case)
    assert (case.state, budget(), decision(case)) == ("decision", (0, 0), None)
    assert found is not None
    assert (found.ended_at is not None, found.released_minor) == (True, 80_000_00)
    world.approve(reference, "70000")
    assert budget() == (70_000_00, 0)
    assert world.case(reference).state == "offered"
    assert audit.verify() == []


# Conditions


@pytest.fixture
def later(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give an accepted case with conditions before the first money, before tranche 2, and after the first money."""
    reference = world.at("decision")
    scheme = world.case(reference).scheme
    before = terms(scheme)
    more = (
        Precedent("insurance", "The line is insured.", "subsequent", 0, 6),
        Precedent("permit", "The permit for the second phase is there.", "precedent", 2),
    )
    changed = replace(before, conditions=(*before.conditions, *more))
    monkeypatch.setattr("app.schemes.queries._terms", {scheme.digest: changed})
    Days(monkeypatch).noon("2026-11-23")
    world.approve(reference)
    world.do(commands.accept, reference, actor=world.applicant)
    return reference


def test_only_what_is_asked_before_the_first_money_keeps_it_back(world: World, later: str) -> None:
    world.meet_conditions(later)
    assert world.case(later).state == "disbursing"
    left = [row.key for row in conditions(awarded(world.case(later))) if row.met_at is None]
    assert left == ["insurance", "permit"]
    meet: dict[str, Any] = {"actor": world.desk}
    world.do(commands.meet_condition, later, "insurance", "Policy 7.", **meet)
    assert world.case(later).state == "disbursing"


def test_a_condition_after_the_first_money_has_a_last_day(world: World, later: str) -> None:
    found = {row.key: row for row in conditions(awarded(world.case(later)))}
    assert str(found["insurance"].due_on) == "2027-05-23"
    assert (found["permit"].tranche, found["permit"].due_on) == (2, None)


def test_a_tranche_waits_for_its_own_condition(world: World, later: str) -> None:
    world.meet_conditions(later)
    world.tranche_to(later, 1, "paid")
    world.tranche_to(later, 2, "verified")
    with refused("conditions_of_tranche_met"):
        world.do(disbursements.prepare, later, 2, actor=world.maker)
    world.do(commands.meet_condition, later, "permit", "Permit 12.", actor=world.desk)
    world.do(disbursements.prepare, later, 2, actor=world.maker)


def test_a_condition_past_its_day_keeps_later_money_back(
    world: World, later: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.meet_conditions(later)
    world.tranche_to(later, 1, "verified")
    Days(monkeypatch).noon("2027-05-24")
    with refused("conditions_of_tranche_met"):
        world.do(disbursements.prepare, later, 1, actor=world.maker)
    waive(world, later, "insurance")
    world.do(disbursements.prepare, later, 1, actor=world.maker)


def waive(world: World, reference: str, key: str, note: str = "The bank holds it.", **more: Any):
    by = more.get("actor") or world.approver
    return world.do(commands.waive_condition, reference, key, note, act="waive_condition", actor=by)


def test_a_condition_is_waived_by_name_and_authority(world: World) -> None:
    reference = world.at("accepted")
    first, last = (row.key for row in conditions(awarded(world.case(reference))))
    with refused("note_given"):
        waive(world, reference, first, "")
    with refused("within_authority"):
        waive(world, reference, first, actor=world.small_approver)
    with refused("duty", "separate_hands", "within_authority"):
        waive(world, reference, first, actor=world.desk)
    waive(world, reference, first)
    told = last_event(reference).record["detail"]
    assert told["condition"] == first
    assert told["authority"]["instrument"] == "Example instrument 1/2026"
    with refused("condition_open"):
        waive(world, reference, first)
    waive(world, reference, last)
    assert world.case(reference).state == "disbursing"
    found = conditions(awarded(world.case(reference)))
    assert {row.waived_by for row in found} == {world.approver.id}
    assert all(row.authority_id for row in found)


def test_the_database_knows_no_waiver_without_its_day(world: World) -> None:
    found = conditions(awarded(world.case(world.at("accepted"))))[0]
    found.waived_by = world.approver.id
    with pytest.raises(IntegrityError, match="waived"):
        db.session.flush()
