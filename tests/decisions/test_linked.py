"""A loan under a guarantee: two institutions decide one after the other, and a later refusal voids the earlier yes."""

from decimal import Decimal

import pytest

from app.accounts import commands as accounts
from app.accounts.models import Person
from app.applications import queries as applications
from app.awards import commands as awards
from app.awards.queries import awarded
from app.checkpoints.commands import advance
from app.db import db, transaction
from app.decisions import commands
from app.decisions.commands import Cast
from app.decisions.models import Decision, Voiding
from app.decisions.queries import decision, open_round
from app.errors import Missing
from app.letters.compose import compose
from app.letters.render.letter import Offer
from app.reviews import commands as reviews
from app.reviews.commands import Advice, Reasoned
from app.submissions.commands import submit
from tests.decisions.guaranteed import CALL, SCORES, settle_guarantor
from tests.factories import budget, last_event, refused, rows
from tests.people import authorities
from tests.world import World

LARGE = {"amount": "16000000000", "project_cost": "20000000000", "own_equity": "5000000000"}


@pytest.fixture
def guaranteed(world: World) -> World:
    """Give a world with a scheme whose loans a second agency guarantees."""
    settle_guarantor(world)
    return world


def parallel(world: World, **changed: str) -> str:
    """Return a case whose two assessments run side by side."""
    reference = world.draft(CALL, **changed)
    world.do(submit, reference, actor=world.applicant)
    for act in ("take_up", "pass"):
        world.do(reviews.move, reference, Reasoned(), act=act, actor=world.desk)
    return reference


def visit(world: World, reference: str, actor: Person) -> None:
    said = Reasoned(note="Seen on the spot.")
    world.do(reviews.move, reference, said, act="visit", actor=actor)


def assess(world: World, reference: str, strand: str, actor: Person) -> None:
    world.do(reviews.assess, reference, SCORES, act=f"assess_{strand}", actor=actor)


def recommended(world: World, reference: str, amount: str) -> None:
    """Let both strands be done and the amount be recommended."""
    assess(world, reference, "credit", world.assessor)
    visit(world, reference, world.assessor_two)
    assess(world, reference, "technical", world.assessor_two)
    advice = Advice("approve", amount, (("All", Decimal(100)),), "")
    world.do(reviews.recommend, reference, advice, actor=world.desk)


def approved(world: World) -> str:
    """Return a case that the lender approved and the guarantor has on its list."""
    reference = parallel(world)
    recommended(world, reference, "1500000000")
    world.vote(reference, "approve", Cast("1500000000"))
    return reference


# Work side by side


def strands(world: World, reference: str) -> dict[str, str]:
    return world.case(reference).strands


def test_both_strands_begin_with_the_state_and_the_last_one_goes_on(guaranteed: World) -> None:
    reference = parallel(guaranteed)
    assert strands(guaranteed, reference) == {"credit": "to_do", "technical": "to_visit"}
    visit(guaranteed, reference, guaranteed.assessor)
    assert strands(guaranteed, reference) == {"credit": "to_do", "technical": "visited"}
    assess(guaranteed, reference, "technical", guaranteed.assessor)
    assert guaranteed.case(reference).state == "assessment"
    assess(guaranteed, reference, "credit", guaranteed.assessor_two)
    assert (guaranteed.case(reference).state, strands(guaranteed, reference)) == (
        "recommendation",
        {},
    )


def test_a_strand_goes_step_by_step(guaranteed: World) -> None:
    reference = parallel(guaranteed)
    with refused("strand_step"):
        assess(guaranteed, reference, "technical", guaranteed.assessor)
    visit(guaranteed, reference, guaranteed.assessor)
    with refused("strand_step"):
        visit(guaranteed, reference, guaranteed.assessor)


def test_nobody_works_on_both_strands(guaranteed: World) -> None:
    reference = parallel(guaranteed)
    visit(guaranteed, reference, guaranteed.assessor)
    with refused("separate_hands"):
        assess(guaranteed, reference, "credit", guaranteed.assessor)


def test_withdrawing_ends_both_strands(guaranteed: World) -> None:
    reference = parallel(guaranteed)
    actor = guaranteed.applicant
    guaranteed.do(awards.end, reference, Reasoned(), act="withdraw", actor=actor)
    assert (guaranteed.case(reference).state, strands(guaranteed, reference)) == ("withdrawn", {})


# Two institutions


def test_the_guarantor_sees_the_case_from_when_it_has_a_part(guaranteed: World) -> None:
    reference = parallel(guaranteed)
    guarantor = guaranteed.person("guarantor")
    with pytest.raises(Missing):
        applications.find(reference, actor=guarantor)
    other = approved(guaranteed)
    assert applications.find(other, actor=guarantor).reference == other
    with pytest.raises(Missing):
        applications.find(other, actor=_of_another_agency(guaranteed))


def _of_another_agency(world: World) -> Person:
    return world.person("approver.my")


def test_the_offer_is_made_with_the_guarantee(guaranteed: World) -> None:
    reference = approved(guaranteed)
    assert guaranteed.case(reference).state == "guarantee"
    assert budget(CALL) == (1_500_000_000, 0)
    said = Cast(note="Within our limits.")
    guarantor = guaranteed.person("guarantor")
    guaranteed.do(commands.vote, reference, said, act="guarantee", actor=guarantor)
    assert guaranteed.case(reference).state == "offered"
    event = last_event(reference)
    assert event.record["institution"] == "guarantor"
    with transaction():
        advance()
    body = compose("offer", guaranteed.case(reference), event).body
    assert isinstance(body, Offer)
    assert (str(body.amount), body.loan is not None) == ("1500000000", True)


def test_each_institution_decides_its_own(guaranteed: World) -> None:
    reference = approved(guaranteed)
    said = Cast(note="Within our limits.")
    with refused("institution", "separate_hands"):
        guaranteed.do(commands.vote, reference, said, act="guarantee", actor=guaranteed.approver)
    with refused("institution", "within_authority"):
        guaranteed.do(commands.vote, reference, said, act="guarantee", actor=guaranteed.chair)


def test_a_refusal_of_the_guarantor_voids_the_approval(guaranteed: World) -> None:
    reference = approved(guaranteed)
    said = Cast(reasons=("COL-INS",), note="The kiln is pledged already.")
    guarantor = guaranteed.person("guarantor")
    guaranteed.do(commands.vote, reference, said, act="refuse_guarantee", actor=guarantor)
    case = guaranteed.case(reference)
    assert (case.state, budget(CALL), decision(case)) == ("decision", (0, 0), None)
    first = rows(Decision, case)[0]
    assert db.session.get_one(Voiding, first.id).event_id == last_event(reference).id
    assert awarded(case).ended_at is not None


def test_after_a_refusal_the_lender_decides_again(guaranteed: World) -> None:
    reference = approved(guaranteed)
    said = Cast(reasons=("COL-INS",), note="The kiln is pledged already.")
    guarantor = guaranteed.person("guarantor")
    guaranteed.do(commands.vote, reference, said, act="refuse_guarantee", actor=guarantor)
    guaranteed.vote(reference, "approve", Cast("900000000"))
    case = guaranteed.case(reference)
    assert (case.state, budget(CALL)) == ("guarantee", (900_000_000, 0))
    assert [(row.name, row.round, row.outcome) for row in rows(Decision, case)] == [
        ("award", 1, "approve"),
        ("guarantee", 1, "decline"),
        ("award", 2, "approve"),
    ]
    assert awarded(case).amount_minor == 900_000_000


def test_a_refusal_needs_its_reasons(guaranteed: World) -> None:
    reference = approved(guaranteed)
    guarantor = guaranteed.person("guarantor")
    with refused("reasons_given", "note_given"):
        guaranteed.do(commands.vote, reference, Cast(), act="refuse_guarantee", actor=guarantor)


def test_who_stood_aside_before_the_refusal_stands_aside_after_it(guaranteed: World) -> None:
    with transaction():
        for name in ("approver", "member", "chair"):
            held = authorities("approver", "VN-GUAR", "VND")[1]
            accounts.authorise(getattr(guaranteed, name), held)
    reference = parallel(guaranteed, **LARGE)
    high = Cast("16000000000")
    recommended(guaranteed, reference, "16000000000")
    guaranteed.vote(reference, "stand_aside", Cast(note="My brother."), actor=guaranteed.approver)
    for person in (guaranteed.member, guaranteed.chair):
        guaranteed.vote(reference, "approve", high, actor=person)
    said = Cast(reasons=("COL-INS",), note="The kiln is pledged already.")
    guarantor = guaranteed.person("guarantor")
    guaranteed.do(commands.vote, reference, said, act="refuse_guarantee", actor=guarantor)
    number, before = open_round(guaranteed.case(reference), "award")
    assert (number, [ballot.vote for ballot in before]) == (2, ["recuse"])
    declined = Cast(reasons=("FIN-CAP",))
    guaranteed.vote(reference, "decline", declined, actor=guaranteed.member)
    guaranteed.vote(reference, "decline", declined, actor=guaranteed.chair)
    assert guaranteed.case(reference).state == "declined"
