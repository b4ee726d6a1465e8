"""People act at the same moment, each in a process of their own: one wins, the other learns what changed."""

import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from app import create_app
from app.accounts.models import Person
from app.applications.models import Application
from app.awards.models import Award, Tranche
from app.bootstrap.redis_server import RedisServer
from app.bootstrap.stack import Stack
from app.db import db, transaction
from app.decisions.models import Decision
from app.disbursements.models import Disbursement, PaymentBatch
from app.reviews.models import Assessment
from app.schemes.commands import publish
from app.schemes.models import Call
from app.submissions.commands import begin
from app.trail.models import Event
from config import Settings
from tests.answers import GRANT
from tests.factories import budget, budget_of
from tests.processes import ledger
from tests.processes.client import Client
from tests.processes.races import Races, run_all
from tests.processes.releasing import CONTESTS, RELEASERS, Release, prepare
from tests.processes.rivals import Contender
from tests.schemes.texts import OTHER, changed, in_two_calls
from tests.shelf import stock
from tests.world import World, settle

# Each kind of race: how often at least, and one of the rules that the loser must be told.
KINDS = {
    "withdraw or pass": (16, {"unchanged"}),
    "two assessors": (60, {"unchanged"}),
    "approve or decline": (16, {"unchanged", "possible_here"}),
    "one budget": (15, {"within_budget"}),
    "accept or cancel": (7, {"unchanged"}),
    "claim twice": (32, {"unchanged", "possible_here"}),
    "release twice": (32, {"unchanged", "possible_here"}),
    "confirm twice": (32, {"unchanged", "possible_here"}),
}
RACES = 200


@pytest.fixture(scope="module")
def races(
    new_database, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Races]:
    """Return every race, run on a database of their own."""
    folder: Path = tmp_path_factory.mktemp("races")
    app: Flask = create_app(Settings.for_tests(new_database("races"), redis_server.url, folder))
    with app.app_context():
        upgrade()
        with transaction():
            settle()
            stock()
        db.session.remove()
        with Races(app, len(RELEASERS)) as races:
            run_all(races)
            yield races
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_one_wins_and_the_other_is_told_what_changed(races: Races, kind: str) -> None:
    least, rules = KINDS[kind]
    outcomes = races.outcomes[kind]
    assert len(outcomes) >= least
    assert [outcome for outcome in outcomes if outcome.errors or outcome.told] == []
    assert {len(outcome.won) for outcome in outcomes} == {1}
    assert [outcome.rules for outcome in outcomes if not outcome.rules[0] & rules] == []


def test_there_were_two_hundred_races_and_nobody_always_won(races: Races) -> None:
    assert sum(map(len, races.outcomes.values())) >= RACES
    winners = Counter(outcome.won for outcome in races.outcomes["two assessors"])
    assert len(winners) > 1


def test_budget_and_payments_add_up_after_all_races(races: Races) -> None:
    call = db.session.scalars(select(Call).where(Call.applications > 0)).one()
    awards = list(db.session.scalars(select(Award)))
    paid = dict(
        db.session.execute(
            select(Tranche.award_id, func.sum(Disbursement.amount_minor))
            .join(Disbursement, Disbursement.tranche_id == Tranche.id)
            .group_by(Tranche.award_id)
        ).all()
    )
    assert {award.id: award.disbursed_minor for award in awards if award.disbursed_minor} == paid
    open_awards = [award for award in awards if award.ended_at is None]
    reserved = sum(award.left_minor for award in open_awards)
    assert budget(call.code) == (reserved, sum(paid.values()))
    left = budget_of(call.code).left_minor
    assert left is not None
    assert left >= 0
    released = select(func.count(PaymentBatch.id)).where(PaymentBatch.released_at.is_not(None))
    assert db.session.scalar(released) == db.session.scalar(select(func.count(Disbursement.id)))


def test_every_unit_of_money_is_where_its_movements_brought_it(races: Races) -> None:
    assert ledger.faults() == []


def test_states_and_events_agree_after_all_races(races: Races) -> None:
    events = db.session.execute(select(Event.stream, Event.kind))
    kinds = Counter((stream, kind) for stream, kind in events)
    once = {"pass", "approve", "decline", "withdraw", "accept", "cancel", "complete"}
    assert {key: n for key, n in kinds.items() if key[1] in once and n > 1} == {}
    assert {n for (_, kind), n in kinds.items() if kind == "assess"} == {2}
    per_case = select(Assessment.application_id, func.count()).group_by(Assessment.application_id)
    assert {count for _, count in db.session.execute(per_case)} == {2}
    ended = {"withdrawn": "withdraw", "declined": "decline", "cancelled": "cancel"}
    for found in db.session.scalars(select(Application)):
        acts = {kind for stream, kind in kinds if stream == found.reference}
        assert (
            acts & set(ended.values()) == {ended[found.state]} & set(ended.values())
            if (found.state in ended)
            else not acts & set(ended.values())
        )
    decisions = db.session.scalar(select(func.count(Decision.id)))
    assert decisions == sum(n for (_, kind), n in kinds.items() if kind in ("approve", "decline"))


def test_a_payment_that_needs_two_releasers_is_sent_off_once_by_two_of_three(races: Races) -> None:
    prepare(races.world, 450_000_00)
    wrong = []
    for _ in range(2 * len(CONTESTS)):
        release = Release(races)
        wrong += release.wrong(release.run())
    assert wrong == []
    assert ledger.faults() == []


def test_of_two_applications_begun_at_once_where_one_is_allowed_one_is_the_first(
    races: Races,
) -> None:
    with transaction():
        publish(changed(in_two_calls("scheme"), ("version = 5\n", "version = 6\n")))
    for _ in range(6):
        calls = [Contender("applicant", _begin, call) for call in (GRANT, OTHER)]
        outcome = races.race("begin twice", *calls)
        db.session.remove()
        with transaction():
            first = db.session.scalars(
                select(Application).where(Application.exclusive.is_not(None))
            ).one()
            assert len(outcome.won) == 1
            assert f"at a time; yours is {first.reference}." in outcome.told[0]
            first.exclusive = None


def _begin(call: str, *, version: None, actor: Person) -> Application:
    assert version is None
    return begin(call, actor=actor)


def test_a_request_sent_twice_at_once_under_one_key_has_one_effect_and_one_answer(
    stack: Stack, app: Flask
) -> None:
    applicant = Client(stack.port, "applicant.my")
    with app.app_context(), ThreadPoolExecutor(2) as pool:
        references = [World(app).draft(amount="6000.00") for _ in range(6)]
        db.session.remove()
        for reference in references:
            headers = {
                **applicant.headers,
                "Content-Type": "application/json",
                "Idempotency-Key": secrets.token_hex(8),
                "If-Match": f'"v{applicant.version(reference)}"',
            }
            barrier = Barrier(2, timeout=30)

            def send(path: str, headers: dict[str, str], barrier: Barrier):
                barrier.wait()
                return applicant.once("POST", path, b"{}", headers)

            path = f"/applications/{reference}/acts/submit"
            both = [pool.submit(send, path, headers, barrier) for _ in range(2)]
            answers = [future.result() for future in both]
            good = [answer for answer in answers if answer.status == 200]
            assert {answer.status for answer in answers} <= {200, 409}
            assert good
            assert all(answer == good[0] for answer in good)
            count = select(func.count(Event.id)).where(Event.stream == reference)
            assert db.session.scalar(count) == 1
            db.session.remove()
