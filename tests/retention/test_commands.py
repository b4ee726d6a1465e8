"""Erasing what a case holds of people: who may, when, and what is gone; and that all of it can still be proved."""

from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.accounts import commands as accounts
from app.accounts.models import Enterprise, Person
from app.applications.commands import declare
from app.audit.queries import verify
from app.awards.models import Tranche
from app.awards.queries import awarded
from app.db import db, transaction
from app.disbursements.models import PaymentBatch, PaymentInstruction
from app.documents.models import Document
from app.errors import Conflict, Forbidden, Missing, NotSignedIn
from app.letters.models import IssuedLetter
from app.retention import commands
from app.retention.models import Erasure, ErasureProposal, LegalHold
from app.reviews.models import Assessment, Recommendation
from app.submissions.models import Attachment, Submission
from app.trail.models import DisclosureKey
from app.trail.queries import disclosures_of, events_of
from tests.factories import Days, refused, rows
from tests.retention.kept import (
    BY_TIME,
    ON_REQUEST,
    declined,
    erase,
    files,
    paid,
    remove_files,
    years_later,
)
from tests.world import PASSWORD, World


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    return Days(monkeypatch)


def place(world: World, reference: str) -> None:
    with transaction():
        commands.place_hold(reference, "Example Act 2", "A claim.", actor=world.records)


def propose(world: World, reference: str, asked: Any = ON_REQUEST) -> None:
    with transaction():
        commands.propose(reference, asked, actor=world.records)


def carry_out(world: World, reference: str, name: str = "records_two") -> None:
    with transaction():
        commands.erase(reference, actor=getattr(world, name))


def held(world: World, reference: str) -> dict[str, list[Any]]:
    """Return what the tables hold of people."""
    case = world.case(reference)
    tranches = select(Tranche.id).where(Tranche.award_id == awarded(case).id)
    payments = (
        select(PaymentBatch.file)
        .join(PaymentInstruction, PaymentInstruction.batch_id == PaymentBatch.id)
        .where(PaymentInstruction.tranche_id.in_(tranches))
    )
    names = select(Document.filename).join(Attachment, Attachment.document_id == Document.id)
    return {
        "answers": [case.answers],
        "submissions": [row.frozen for row in rows(Submission, case)],
        "letters": [row.pdf for row in rows(IssuedLetter, case)],
        "comments": [row.comment for row in rows(Assessment, case)],
        "notes": [row.note for row in rows(Recommendation, case)],
        "documents": list(db.session.scalars(names.where(Attachment.application_id == case.id))),
        "payments": list(db.session.scalars(payments)),
        "disclosed": list(disclosures_of([reference])),
        "keys": list(db.session.scalars(select(DisclosureKey.key).where(DisclosureKey.stream == reference))),
    }  # fmt: skip


def test_erasing_leaves_the_proof_and_nothing_of_people(world: World) -> None:
    reference, other = paid(world), world.draft()
    with transaction():
        declare(reference, "A cousin.", actor=world.auditor)
    before, lying = held(world, reference), files(world, reference)
    assert all(any(values) for name, values in before.items() if name != "notes"), before
    hashes = [(fact.hash, fact.entry) for fact in events_of(reference)]
    erase(world, reference)
    after = held(world, reference)
    assert not any(value for values in after.values() for value in values), after
    assert {
        name: len(values) for name, values in after.items() if name not in ("disclosed", "keys")
    } == {name: len(values) for name, values in before.items() if name not in ("disclosed", "keys")}
    facts = events_of(reference)
    assert [(fact.hash, fact.entry) for fact in facts[:-1]] == hashes
    assert verify() == []
    detail = facts[-1].record["detail"]
    assert (facts[-1].kind, detail["law"], detail["ground"]) == ("erase", ON_REQUEST.law, "request")
    assert detail["proposed_by"] == world.records.mark
    assert detail["fields"]["documents"] == len(lying)
    assert {"applicant", "enterprise_address"}.isdisjoint(detail["fields"])
    assert world.case(reference).erased_under == ON_REQUEST.law
    assert awarded(world.case(reference)).disbursed_minor > 0
    # The draft has the same documents: the bytes stay, and so does its owner.
    remove_files()
    assert all(path.exists() for path in lying)
    assert world.case(other).answers
    assert world.applicant.active


def test_the_last_case_takes_the_applicant_and_the_files_along(world: World) -> None:
    reference = declined(world)
    applicant, enterprise = world.applicant.id, world.case(reference).enterprise_id
    with transaction():
        accounts.sign_in("applicant.my@world.example", PASSWORD)
    lying = files(world, reference)
    erase(world, reference)
    person = db.session.get_one(Person, applicant)
    assert (person.name, person.email) == ("Erased", f"erased-{applicant}@erased.invalid")
    assert person.erased_at is not None
    assert not person.active
    assert db.session.get_one(Enterprise, enterprise).address == ""
    for email in ("applicant.my@world.example", person.email):
        with pytest.raises(NotSignedIn):
            accounts.verify(email, PASSWORD)
    assert all(path.exists() for path in lying)
    remove_files()
    assert not any(path.exists() for path in lying)


def test_an_account_in_use_stays_when_only_time_is_over(world: World, days: Days) -> None:
    reference = declined(world)
    years_later(days, 8)
    with transaction():
        accounts.sign_in("applicant.my@world.example", PASSWORD)
    erase(world, reference, BY_TIME)
    assert world.applicant.active


# Refusals


def test_every_reason_against_an_erasure_is_named_at_once(world: World, days: Days) -> None:
    reference = world.at("screening")
    with refused("ended", "work_done"):
        propose(world, reference)
    place(world, reference)
    with refused("ended", "not_held", "work_done"):
        propose(world, reference, BY_TIME)


def test_time_is_counted_in_the_country_of_the_case(world: World, days: Days) -> None:
    days.moment("2026-11-23T23:30:00")
    reference = declined(world)
    for moment in ("2026-12-01T12:00:00", "2033-11-23T23:59:00"):
        days.moment(moment)
        with refused("time_over"):
            propose(world, reference, BY_TIME)
    days.moment("2033-11-24T00:01:00")
    propose(world, reference, BY_TIME)
    assert "illustrative" in db.session.scalars(select(ErasureProposal.law)).one()


def test_who_proposed_does_not_carry_out(world: World) -> None:
    reference = declined(world)
    with refused("proposed"):
        carry_out(world, reference)
    propose(world, reference)
    with refused("four_eyes"):
        carry_out(world, reference, "records")
    with refused("proposed_once"):
        propose(world, reference)
    with transaction():
        commands.withdraw(reference, actor=world.records_two)
    with refused("proposed"):
        carry_out(world, reference)
    with transaction(), pytest.raises(Conflict):
        commands.withdraw(reference, actor=world.records_two)


def test_erasing_twice_is_once(world: World) -> None:
    reference = declined(world)
    erase(world, reference)
    before = len(events_of(reference))
    with refused("not_erased", "proposed"):
        carry_out(world, reference)
    with refused("not_erased"):
        propose(world, reference)
    with transaction(), pytest.raises(Conflict):
        commands.place_hold(reference, "Act", "Late.", actor=world.records)
    assert len(events_of(reference)) == before
    assert len(db.session.scalars(select(Erasure)).all()) == 1


def test_nothing_is_erased_under_a_hold_that_came_between(world: World) -> None:
    reference = declined(world)
    propose(world, reference)
    place(world, reference)
    with transaction(), pytest.raises(Conflict):
        commands.place_hold(reference, "Example Act 2", "Again.", actor=world.records)
    with refused("not_held"):
        carry_out(world, reference)
    with transaction():
        commands.lift_hold(reference, "Settled.", actor=world.records_two)
    with transaction(), pytest.raises(Conflict):
        commands.lift_hold(reference, "Settled.", actor=world.records_two)
    kinds = [(fact.kind, fact.disclosed) for fact in events_of(reference)[-2:]]
    assert kinds == [("place_hold", {"reason": "A claim."}), ("lift_hold", {"reason": "Settled."})]
    carry_out(world, reference)
    assert [hold.reason for hold in db.session.scalars(select(LegalHold))] == [""]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        pytest.param("desk.my", Forbidden, id="an officer without the duty"),
        pytest.param("auditor.my", Forbidden, id="an auditor"),
        pytest.param("applicant.my", Forbidden, id="the applicant"),
        pytest.param("records.vn", Missing, id="a records officer of another agency"),
    ],
)
def test_it_is_for_records_officers_of_the_agency(world: World, name: str, error: type) -> None:
    reference = declined(world)
    actor = world.person(name)
    for attempt in (
        lambda: commands.propose(reference, ON_REQUEST, actor=actor),
        lambda: commands.erase(reference, actor=actor),
        lambda: commands.withdraw(reference, actor=actor),
        lambda: commands.place_hold(reference, "Act", "Why.", actor=actor),
        lambda: commands.lift_hold(reference, "Why.", actor=actor),
    ):
        with pytest.raises(error), transaction():
            attempt()


def test_a_records_officer_with_an_interest_sees_no_such_case(world: World) -> None:
    reference = declined(world)
    with transaction():
        declare(reference, "A cousin.", actor=world.records)
    with pytest.raises(Missing), transaction():
        commands.propose(reference, ON_REQUEST, actor=world.records)


def test_a_draft_nobody_handed_in_can_be_erased(world: World, days: Days) -> None:
    days.noon("2026-11-23")
    reference = world.draft()
    days.noon("2027-11-24")
    erase(world, reference, BY_TIME)
    assert (world.case(reference).answers, world.case(reference).state) == ({}, "draft")
    assert [fact.kind for fact in events_of(reference)] == ["erase"]
    assert clock.now().year == 2027
