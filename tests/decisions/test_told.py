"""What is told of a vote: to the applicant only what was decided, in the letter the reasons of all."""

from app.checkpoints.commands import advance
from app.db import transaction
from app.decisions.commands import Cast
from app.letters.compose import compose
from app.letters.render.letter import Decline, Offer
from tests.answers import GRANT
from tests.factories import last_event
from tests.pages.browser import Browser
from tests.world import World

HIGH = {"amount": "180000.00", "project_cost": "360000.00"}
FOR = Cast(HIGH["amount"])
SECRET = Cast(note="My brother owns a third of it.")


def applicants_page(world: World, reference: str) -> str:
    return Browser(world.app, "applicant.my").get(f"/cases/{reference}").text


def test_an_applicant_does_not_read_how_members_vote(world: World) -> None:
    reference = world.at("decision", GRANT, **HIGH)
    world.vote(reference, "decline", Cast(reasons=("PRJ-PLAN",), note="Too early."))
    page = applicants_page(world, reference)
    assert "Vote to" not in page
    assert "Too early." not in page
    world.vote(reference, "approve", FOR, actor=world.member)
    world.vote(reference, "approve", FOR, actor=world.chair)
    page = applicants_page(world, reference)
    assert "Approved" in page
    assert "Vote to" not in page
    assert "Too early." not in page


def test_who_stands_aside_last_says_nothing_to_the_applicant(world: World) -> None:
    """One against, one for, the third stands aside: the vote of the chair, who was against, counts."""
    reference = world.at("decision", GRANT, **HIGH)
    against = Cast(reasons=("PRJ-PLAN",), note="Too early.")
    world.vote(reference, "decline", against, actor=world.chair)
    world.vote(reference, "approve", FOR, actor=world.member)
    world.vote(reference, "stand_aside", SECRET)
    assert world.case(reference).state == "declined"
    page = applicants_page(world, reference)
    assert "Declined" in page
    assert "brother" not in page
    event = last_event(reference)
    assert event.record["detail"]["reasons_given"] == ["PRJ-PLAN"]
    with transaction():
        advance()
    body = compose("decline", world.case(reference), event).body
    assert isinstance(body, Decline)
    assert [(reason.code, reason.note) for reason in body.reasons] == [("PRJ-PLAN", "")]


def test_an_offer_made_by_a_vote_that_is_not_for_it_names_its_amount(world: World) -> None:
    reference = world.at("decision", GRANT, **HIGH)
    world.vote(reference, "approve", FOR, actor=world.chair)
    world.vote(reference, "decline", Cast(reasons=("PRJ-PLAN",)), actor=world.member)
    world.vote(reference, "stand_aside", SECRET)
    assert world.case(reference).state == "offered"
    event = last_event(reference)
    assert event.record["detail"]["amount"] == 180_000_00
    with transaction():
        advance()
    body = compose("offer", world.case(reference), event).body
    assert isinstance(body, Offer)
    assert str(body.amount) == "180000.00"
