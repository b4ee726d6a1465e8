"""Interests declared and delegations ended while the same people act: what is over is over."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Event as Signal
from typing import Any

import pytest
from sqlalchemy import func, select

from app import clock
from app.accounts.models import Interest
from app.applications import commands as applications
from app.bootstrap.redis_server import RedisServer
from app.db import db, transaction
from app.decisions import commands as decisions
from app.decisions.commands import Cast
from app.decisions.models import Ballot
from app.delegations.commands import Handing, delegate, end_delegation
from app.trail.models import Event
from tests.answers import GRANT
from tests.factories import rows
from tests.processes.moments import PATIENCE_SECONDS, Deed, adds_up, apart, at_once, attempt
from tests.world import World
from workflows.machine import fire

HIGH = {"amount": "180000.00", "project_cost": "360000.00"}
HIGH_MINOR = 180_000_00
SMALL = "6000.00"
AGAIN = range(4)
HESITATION_SECONDS = 0.7
MOVED_ON = {"unchanged", "possible_here", "not-found"}


@pytest.fixture(scope="module")
def office(
    new_database, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("office")
    with apart(new_database("office"), redis_server.url, folder) as world:
        yield world


@pytest.fixture(autouse=True)
def whole(office: World) -> Iterator[None]:
    yield
    assert adds_up()


def ballots(world: World, reference: str) -> int:
    """Count the votes of a case."""
    found = len(rows(Ballot, world.case(reference)))
    db.session.remove()
    return found


def voting_for(reference: str, name: str, amount: str = SMALL, version: int | None = None) -> Deed:
    """Return a vote for an amount, on the version that was seen or without looking."""

    def deed(world: World) -> None:
        actor = getattr(world, name)
        decisions.vote(reference, Cast(amount), act="approve", version=version, actor=actor)

    return deed


def declare(reference: str, name: str, *, whole: bool) -> Deed:
    """Return the declaration of an interest."""

    def deed(world: World) -> None:
        applications.declare(reference, "A cousin.", whole=whole, actor=getattr(world, name))

    return deed


@pytest.mark.parametrize("_again", AGAIN)
def test_who_stands_aside_while_voting_does_one_or_both_but_never_a_vote_after(
    office: World, _again: int
) -> None:
    reference = office.at("decision", GRANT, **HIGH)
    version = office.case(reference).version
    deeds = {
        "vote": voting_for(reference, "member", HIGH["amount"], version),
        "interest": declare(reference, "member", whole=False),
    }
    moment = at_once(office.app, deeds)
    assert (moment.errors, "interest" in moment.won) == ([], True)
    assert all(rules & MOVED_ON for rules in moment.rules)
    kinds = select(Event.kind).where(Event.stream == reference).order_by(Event.seq.desc())
    assert db.session.scalars(kinds).first() == "declare_interest"
    assert ballots(office, reference) == len(moment.won) - 1


@pytest.mark.parametrize("_again", AGAIN)
def test_an_interest_declared_twice_at_once_is_declared_once(office: World, _again: int) -> None:
    reference = office.at("screening", GRANT)
    deed = declare(reference, "desk_two", whole=False)
    moment = at_once(office.app, {"here": deed, "there": deed})
    assert (len(moment.won), moment.errors) == (1, [])
    found = select(func.count()).select_from(Interest).where(Interest.case == reference)
    assert db.session.scalar(found) == 1


def test_an_interest_in_one_enterprise_declared_in_two_cases_at_once(office: World) -> None:
    references = [office.at("screening", GRANT) for _ in range(2)]
    deeds = {one: declare(one, "maker", whole=True) for one in references}
    moment = at_once(office.app, deeds)
    assert (moment.errors, len(moment.won) > 0) == ([], True)
    found = select(Interest.case).where(Interest.person_id == office.maker.id)
    assert list(db.session.scalars(found)) == [""]


# Delegations


def handed(world: World, giver: str, taker: str) -> int:
    """Hand the duty of an approver over for a week, for a scheme and up to an amount."""
    today = clock.today("Asia/Kuala_Lumpur")
    handing = Handing(
        taker=getattr(world, taker).email,
        duty="approver",
        valid_from=today,
        valid_to=today + timedelta(days=7),
        reason="On leave.",
        scheme="MY-BAP",
        currency="MYR",
        limit=HIGH_MINOR,
    )
    with transaction():
        found = delegate(handing, actor=getattr(world, giver)).id
    db.session.remove()
    return found


@pytest.mark.parametrize("taker", ["desk_two", "small_approver"])
@pytest.mark.parametrize("_again", AGAIN)
def test_a_vote_under_a_delegation_that_ends_at_that_moment(
    office: World, taker: str, _again: int
) -> None:
    number = handed(office, "approver", taker)
    reference = office.at("decision", GRANT, amount=SMALL)

    def ending(world: World) -> None:
        end_delegation(number, actor=world.approver)

    moment = at_once(office.app, {"vote": voting_for(reference, taker), "end": ending})
    assert (moment.errors, "end" in moment.won) == ([], True)
    voted = "vote" in moment.won
    assert voted or moment.rules[0] & {"delegation_in_force", "conflict"}
    assert ballots(office, reference) == voted


def test_no_vote_is_recorded_after_the_end_of_its_delegation(
    office: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The giver ends it when the vote has been found in order and is not yet recorded."""
    number = handed(office, "approver", "desk_two")
    reference = office.at("decision", GRANT, amount=SMALL)
    db.session.remove()
    found, over = Signal(), Signal()

    def slowly(*args: Any) -> Any:
        step = fire(*args)
        found.set()
        over.wait(HESITATION_SECONDS)
        return step

    monkeypatch.setattr(decisions, "fire", slowly)
    voting, ending = voting_for(reference, "desk_two"), partial(end_delegation, number)
    with ThreadPoolExecutor(2) as pool:
        vote_ = pool.submit(attempt, office.app, "vote", voting)
        assert found.wait(PATIENCE_SECONDS)
        end = pool.submit(attempt, office.app, "end", lambda world: ending(actor=world.approver))
        end.add_done_callback(lambda _: over.set())
        ends = vote_.result(PATIENCE_SECONDS), end.result(PATIENCE_SECONDS)
    assert ([one.error for one in ends], ends[1].done) == (["", ""], True)
    assert ends[0].done or ends[0].rules == {"conflict"}
    kinds = select(Event.kind).where(Event.kind.in_(("approve", "end_delegation")))
    newest = kinds.order_by(Event.at.desc()).limit(1)
    assert db.session.scalar(newest) == "end_delegation"
