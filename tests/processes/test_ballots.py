"""A committee votes over real HTTP, each member in another process of the system, again and again until it is answered."""

from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from app.audit import queries as audit
from app.awards.models import Award
from app.bootstrap.stack import Stack
from app.budgets.models import Budget
from app.db import db
from app.decisions.models import Ballot, Decision
from tests.answers import GRANT
from tests.factories import budget_of, leave
from tests.processes.client import Client, Unexpected
from tests.world import World

HIGH = {"amount": "180000.00", "project_cost": "360000.00"}
HIGH_MINOR = 180_000_00
MEMBERS = ("approver.my", "member.my", "chair.my")
CASES = 3


def vote(member: Client, reference: str, barrier: Barrier) -> HTTPStatus:
    """Vote for the amount on the newest version until the vote is taken or is not possible any more."""
    barrier.wait()
    while True:
        try:
            member.act(reference, "approve", {"amount": HIGH["amount"]}, member.version(reference))
        except Unexpected as error:
            if error.answer.status != HTTPStatus.PRECONDITION_FAILED:
                return HTTPStatus(error.answer.status)
        else:
            return HTTPStatus.OK


def test_three_vote_until_they_are_answered_and_two_votes_decide(stack: Stack, app: Flask) -> None:
    members = [Client(stack.port, name) for name in MEMBERS]
    with app.app_context(), ThreadPoolExecutor(len(members)) as pool:
        references = [World(app).at("decision", **HIGH) for _ in range(CASES)]
        leave(CASES * HIGH_MINOR + (budget_of().left_minor or 0))
        reserved = select(Budget.reserved_minor).where(Budget.level == "call", Budget.code == GRANT)
        before = db.session.scalar(reserved) or 0
        db.session.remove()
        for reference in references:
            barrier = Barrier(len(members), timeout=30)
            voting = [pool.submit(vote, member, reference, barrier) for member in members]
            answers = sorted(future.result(60) for future in voting)
            assert answers == [HTTPStatus.OK] * 2 + [HTTPStatus.CONFLICT]
            case = World(app).case(reference)
            found = [
                db.session.scalar(
                    select(func.count()).select_from(m).where(m.application_id == case.id)
                )
                for m in (Ballot, Decision, Award)
            ]
            assert (case.state, found) == ("offered", [2, 1, 1])
            db.session.remove()
        assert db.session.scalar(reserved) == before + CASES * HIGH_MINOR
        assert audit.verify() == []
        db.session.remove()
