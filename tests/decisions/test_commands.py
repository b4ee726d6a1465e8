"""Deciding together: the matrix says who, votes say what, dissent and standing aside are facts of their own."""

from typing import Any

import pytest

from app.accounts.models import Person
from app.awards.queries import award, awarded
from app.db import db, transaction
from app.decisions.commands import Cast
from app.decisions.models import Ballot, Decision
from app.decisions.queries import decision, open_round
from app.errors import Missing
from app.trail.queries import events_of
from tests.answers import GRANT
from tests.factories import budget, do_the_work, last_event, refused, rows
from tests.interface import Interface
from tests.pages.browser import Browser
from tests.world import World
from workflows.machine import Refused

HIGH = {"amount": "180000.00", "project_cost": "360000.00"}
FOR, AGAINST = Cast("180000.00"), Cast(reasons=("PRJ-PLAN",), note="Too early.")
ASIDE = Cast(note="I sat on the board until May.")
ACTS = {"for": ("approve", FOR), "against": ("decline", AGAINST), "recuse": ("stand_aside", ASIDE)}


def waiting(world: World) -> str:
    """Return a case that three members decide together, two of whom must agree."""
    return world.at("decision", GRANT, **HIGH)


def vote(world: World, reference: str, name: str, kind: str) -> Any:
    act, cast = ACTS[kind]
    return world.vote(reference, act, cast, actor=getattr(world, name))


ROUNDS = [
    pytest.param(
        [("approver", "for"), ("member", "for")], "offered", "approve", [],
        id="two for: carried before the third has voted",
    ),
    pytest.param(
        [("approver", "against"), ("member", "against")], "declined", "decline", [],
        id="two against: it cannot be carried any more",
    ),
    pytest.param(
        [("approver", "for"), ("member", "against"), ("chair", "for")], "offered", "approve",
        ["member"], id="two for, one against: the dissent is told",
    ),
    pytest.param(
        [("approver", "recuse"), ("member", "for"), ("chair", "for")], "offered", "approve", [],
        id="one stands aside, the others agree",
    ),
    pytest.param(
        [("approver", "recuse"), ("member", "against"), ("chair", "for")], "offered", "approve",
        ["member"], id="one stands aside, a tie: the vote of the chair counts",
    ),
    pytest.param(
        [("approver", "recuse"), ("member", "for"), ("chair", "against")], "declined", "decline",
        ["member"], id="one stands aside, a tie: the chair is against",
    ),
    pytest.param(
        [("approver", "for"), ("member", "against")], "decision", None, [],
        id="one each: the third has still to vote",
    ),
    pytest.param([("approver", "for")], "decision", None, [], id="one vote decides nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("votes", "state", "outcome", "dissent"), ROUNDS)
def test_a_round_ends_as_its_votes_say(
    world: World, votes: list[tuple[str, str]], state: str, outcome: str | None, dissent: list[str]
) -> None:
    reference = waiting(world)
    for name, kind in votes:
        vote(world, reference, name, kind)
    case = world.case(reference)
    found = decision(case)
    assert (case.state, found.outcome if found else None) == (state, outcome)
    assert len(rows(Ballot, case)) == len(votes)
    detail = last_event(reference).record["detail"]
    assert detail.get("decided") == outcome
    assert detail.get("dissent", []) == [getattr(world, name).mark for name in dissent]
    given = 180_000_00 if outcome == "approve" else 0
    assert budget() == (given, 0)
    assert (award(case) is not None) == (outcome == "approve")


def test_the_letter_goes_out_with_the_vote_that_decides(world: World) -> None:
    reference = waiting(world)
    do_the_work()
    vote(world, reference, "approver", "against")
    assert do_the_work() == []
    vote(world, reference, "member", "against")
    assert do_the_work() == ["done"]


def test_every_vote_says_the_rule_and_the_count(world: World) -> None:
    reference = waiting(world)
    vote(world, reference, "approver", "for")
    quorum = last_event(reference).record["detail"]["quorum"]
    assert quorum == {
        "members": 3,
        "recused": 0,
        "needed": 2,
        "present": 1,
        "least_present": 2,
        "for": 1,
        "against": 0,
        "abstained": 0,
        "result": "open",
        "rule": "present",
    }


REFUSED = [
    pytest.param("small_approver", "for", Cast("180000.00"), {"authority_body", "within_authority"},
                 id="an approver who does not sit in the committee"),
    pytest.param("approver", "for", Cast("170000.00"), {"same_motion"},
                 id="another amount than the first vote for"),
    pytest.param("member", "for", Cast("180000.00"), {"one_vote"}, id="a second vote of one person"),
    pytest.param("approver", "against", Cast(note="No."), {"reasons_given"},
                 id="against, without a reason"),
    pytest.param("approver", "recuse", Cast(), {"note_given"}, id="standing aside without a word"),
    pytest.param("assessor", "for", Cast("180000.00"),
                 {"duty", "separate_hands", "authority_body", "within_authority"},
                 id="an assessor of the case"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "cast", "rules"), REFUSED)
def test_a_vote_is_refused_with_every_rule(
    world: World, name: str, kind: str, cast: Cast, rules: set[str]
) -> None:
    reference = waiting(world)
    vote(world, reference, "member", "for")
    before = len(events_of(reference))
    with refused(*rules):
        world.vote(reference, ACTS[kind][0], cast, actor=getattr(world, name))
    assert (len(events_of(reference)), len(rows(Ballot, world.case(reference)))) == (before, 1)


def test_who_stands_aside_does_not_see_the_case_any_more(world: World) -> None:
    reference = waiting(world)
    vote(world, reference, "approver", "recuse")
    with pytest.raises(Missing):
        vote(world, reference, "approver", "for")
    assert last_event(reference).disclosed == {"note": ASIDE.note}


def test_up_to_the_threshold_one_approver_decides_alone(world: World) -> None:
    reference = world.at("decision", GRANT, amount="150000.00", project_cost="300000.00")
    world.approve(reference)
    assert world.case(reference).state == "offered"
    assert last_event(reference).record["detail"]["quorum"]["members"] == 1


def test_the_band_is_that_of_the_amount_voted_for(world: World) -> None:
    """What was recommended is for the committee; what is approved is for one."""
    reference = waiting(world)
    world.vote(reference, "approve", Cast("150000.00"))
    assert (world.case(reference).state, awarded(world.case(reference)).amount_minor) == (
        "offered",
        150_000_00,
    )


def test_a_smaller_amount_does_not_take_the_decision_away_from_who_voted_against(
    world: World,
) -> None:
    reference = waiting(world)
    vote(world, reference, "member", "against")
    with refused("same_motion"):
        world.vote(reference, "approve", Cast("150000.00"))
    world.vote(reference, "approve", Cast("160000.00"))
    assert world.case(reference).state == "decision"


def test_a_chair_alone_is_no_quorum(world: World) -> None:
    reference = waiting(world)
    for name in ("approver", "member"):
        vote(world, reference, name, "recuse")
    vote(world, reference, "chair", "for")
    assert world.case(reference).state == "decision"
    quorum = last_event(reference).record["detail"]["quorum"]
    assert (quorum["members"], quorum["present"], quorum["least_present"]) == (2, 1, 2)


def test_the_database_holds_one_vote_for_a_person_and_a_round(world: World) -> None:
    reference = waiting(world)
    vote(world, reference, "approver", "for")
    number, found = open_round(world.case(reference), "award")
    assert [(row.round, row.person_id, row.vote) for row in found] == [
        (1, world.approver.id, "for")
    ]
    assert number == 1


def test_a_decision_names_who_gave_the_deciding_vote(world: World) -> None:
    reference = waiting(world)
    vote(world, reference, "approver", "for")
    vote(world, reference, "chair", "for")
    found = rows(Decision, world.case(reference))[0]
    assert (found.name, found.round, found.officer_id) == ("award", 1, world.chair.id)
    assert (found.amount_minor, found.outcome) == (180_000_00, "approve")


def _nobody(person: Person) -> None:
    person.duties = []


def test_a_member_who_lost_the_duty_has_no_vote(world: World) -> None:
    reference = waiting(world)
    with transaction():
        _nobody(world.member)
    db.session.expire_all()
    with pytest.raises(Refused) as caught:
        vote(world, reference, "member", "for")
    assert "duty" in {failure.rule for failure in caught.value.failures}


def test_the_page_of_a_case_says_who_decides_about_its_amount(world: World) -> None:
    reference = waiting(world)
    vote(world, reference, "approver", "for")
    page = Browser(world.app, "member.my").get(f"/cases/{reference}").text
    assert "Grants committee: 2 of 3 votes, at least 2 present" in page
    assert "1 for, 0 against, 0 abstained, 0 stood aside" in page
    told = Interface(world.app, "member.my").send("GET", f"/api/v1/applications/{reference}")
    found = told.get_json()["deciding"]
    assert (found["body"], found["needed"], found["for"]) == ("Grants committee", 2, 1)
