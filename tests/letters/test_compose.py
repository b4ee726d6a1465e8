"""What a letter says is what the event and the frozen submission say."""

from base64 import b64decode
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.applications.queries import by_id
from app.awards.commands import lapse
from app.checkpoints.commands import advance
from app.db import db, transaction
from app.letters.compose import compose
from app.letters.render import (
    Acknowledgement,
    Decline,
    DisbursementAdvice,
    InformationRequest,
    Lapse,
    Letter,
    Offer,
    Place,
)
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.submissions import commands as submissions
from app.trail.models import Event
from app.trail.queries import Fact, events_of
from tests.answers import LOAN
from tests.factories import Days
from tests.world import World

LOG = "log.test.example/trail"
REASONS = Reasoned(("INC-DOC", "OTH"), "The second page is blank.")


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    clock = Days(monkeypatch)
    clock.noon("2026-11-23")
    return clock


def written(world: World, reference: str, kind: str) -> tuple[Letter, Fact]:
    """Return the letter of the last event of a kind, and the event."""
    letters = {"submit": "acknowledgement", "return": "information_request", "approve": "offer",
               "screen_out": "decline", "lapse": "lapse", "confirm": "disbursement_advice"}  # fmt: skip
    fact = [fact for fact in events_of(reference) if fact.kind == kind][-1]
    with transaction():
        advance()
    return compose(letters[kind], by_id(world.case(reference).id), fact), fact


def test_every_letter_names_its_event_and_both_sides(world: World, days: Days) -> None:
    days.moment("2026-11-23T17:00:00", "UTC")
    letter, fact = written(world, world.at("submitted"), "submit")
    assert letter.event_digest == fact.hash
    # Schemes were published before: the event is the last of all that stand in the log.
    entries = db.session.scalar(select(func.count(Event.id)))
    assert entries is not None
    assert replace(letter.place, root="") == Place(entries - 1, entries, "", LOG)
    assert len(b64decode(letter.place.root)) == 32
    assert letter.issued_on == date(2026, 11, 24)
    assert letter.letterhead.agency == "Agency MY"
    assert letter.letterhead.address_lines == ("1 Example Street", "MY Town")
    assert letter.addressee.enterprise == "Kopi Contoh Sdn Bhd"
    assert letter.addressee.registry_number == "201901000005"


def test_an_acknowledgement_lists_what_was_received(world: World, days: Days) -> None:
    reference = world.at("submitted")
    letter, fact = written(world, reference, "submit")
    assert isinstance(letter.body, Acknowledgement)
    assert letter.body.submitted_on == date(2026, 11, 23)
    assert letter.body.target_days == 28
    received = [document["sha256"] for document in fact.record["detail"]["documents"]]
    assert [sha256 for _, sha256 in letter.body.documents] == received
    assert len(received) == 3


def test_a_request_for_information_gives_reasons_and_a_last_day(world: World, days: Days) -> None:
    reference = world.at("screening")
    world.do(reviews.return_for_information, reference, REASONS, actor=world.desk)
    letter, _ = written(world, reference, "return")
    assert isinstance(letter.body, InformationRequest)
    assert [reason.code for reason in letter.body.reasons] == ["INC-DOC", "OTH"]
    assert letter.body.note == "The second page is blank."
    assert letter.body.reply_by == date(2026, 12, 23) == world.case(reference).due_on


def test_an_offer_says_what_was_approved(world: World, days: Days) -> None:
    reference = world.at("decision")
    world.approve(reference, "75000.50")
    letter, fact = written(world, reference, "approve")
    assert isinstance(letter.body, Offer)
    assert (letter.body.amount, letter.body.currency) == (Decimal("75000.50"), "MYR")
    assert fact.record["detail"]["amount"] == 75_000_50
    assert letter.body.share_pct == Decimal(50)
    assert letter.body.accept_by == date(2026, 12, 23)
    assert [part for _, _, part in letter.body.tranches] == [
        Decimal("30000.20"), Decimal("45000.30"),
    ]  # fmt: skip
    assert len(letter.body.conditions) == 2
    assert (letter.body.loan, letter.body.schedule) == (None, ())


def test_an_offer_of_a_loan_shows_its_terms_and_schedule(world: World, days: Days) -> None:
    letter, _ = written(world, world.at("offered", LOAN), "approve")
    assert isinstance(letter.body, Offer)
    assert letter.body.loan is not None
    assert (letter.body.loan.rate_pct, letter.body.loan.instalments) == (Decimal("4.00"), 24)
    assert letter.body.decimals == 0
    assert sum(row.principal for row in letter.body.schedule) == 1_500_000_000


def test_a_decline_gives_each_reason_with_its_clause_and_the_note_once(
    world: World, days: Days
) -> None:
    reference = world.at("screening")
    world.do(reviews.move, reference, REASONS, act="screen_out", actor=world.desk)
    letter, _ = written(world, reference, "screen_out")
    assert isinstance(letter.body, Decline)
    first, last = letter.body.reasons
    assert (first.code, first.clause) == ("INC-DOC", "Scheme: documents to attach")
    assert (first.note, last.note) == ("", "The second page is blank.")


def test_a_lapse_names_the_offer_and_its_last_day(world: World, days: Days) -> None:
    reference = world.at("offered")
    days.noon("2026-12-28")
    with transaction():
        lapse(reference)
    letter, _ = written(world, reference, "lapse")
    assert letter.body == Lapse(date(2026, 11, 23), date(2026, 12, 23))


def test_an_advice_of_disbursement_says_what_was_paid_and_what_is_left(
    world: World, days: Days
) -> None:
    reference = world.at("disbursing")
    world.tranche_to(reference, 1, "paid")
    letter, fact = written(world, reference, "confirm")
    assert isinstance(letter.body, DisbursementAdvice)
    body = letter.body
    assert (body.tranche, body.amount, body.remaining) == (1, Decimal(32000), Decimal(48000))
    assert body.end_to_end_id == fact.record["detail"]["end_to_end_id"]
    assert (body.account_masked, body.bank_reference) == ("•••• 9876", "BANK-1")
    world.tranche_to(reference, 2, "paid")
    assert written(world, reference, "confirm")[0].body != body
    first = compose("disbursement_advice", by_id(world.case(reference).id), fact)
    assert first.body == body


def test_a_letter_rests_on_what_was_submitted(world: World, days: Days) -> None:
    reference = world.at("screening")
    world.do(reviews.return_for_information, reference, REASONS, actor=world.desk)
    with transaction():
        changed = {"project_title": "Something else"}
        submissions.answer(reference, changed, version=None, actor=world.applicant)
    world.do(submissions.resubmit, reference, "", actor=world.applicant)
    letter, _ = written(world, reference, "submit")
    assert isinstance(letter.body, Acknowledgement)
    assert len(letter.body.documents) == 3


def test_an_unknown_kind_of_letter_is_refused(world: World) -> None:
    reference = world.at("submitted")
    with transaction():
        advance()
    with pytest.raises(KeyError):
        compose("greeting", by_id(world.case(reference).id), events_of(reference)[-1])


def test_an_event_that_is_under_no_checkpoint_has_no_letter_yet(world: World) -> None:
    reference = world.at("submitted")
    with pytest.raises(LookupError, match=f"Event 1 of {reference} is under no checkpoint yet"):
        compose("acknowledgement", by_id(world.case(reference).id), events_of(reference)[0])
