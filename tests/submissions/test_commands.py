"""Drafting and submitting: what was decided on is what was submitted."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from app.applications.queries import find
from app.db import db, transaction
from app.documents.models import Document
from app.errors import Conflict, Missing
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.submissions import commands
from app.submissions.models import Submission
from app.submissions.queries import attachments, submissions
from app.trail.queries import events_of
from tests.answers import GRANT, GRANT_ANSWERS, LOAN
from tests.factories import close, invalid, last_event, refused
from tests.world import World
from workflows.evidence.chain import canonical


def answer(world: World, reference: str, version: int | None = None, **answers: Any) -> None:
    with transaction():
        commands.answer(reference, answers, version=version, actor=world.applicant)


def returned(world: World) -> str:
    reference = world.at("screening")
    said = Reasoned(("INC-DOC",), "Please send it again.")
    world.do(reviews.return_for_information, reference, said, actor=world.desk)
    return reference


def frozen(world: World, reference: str) -> list[Submission]:
    return submissions(world.case(reference))


# Beginning


def test_a_draft_has_a_reference_of_its_call(world: World) -> None:
    first, second = world.draft(), world.draft()
    numbers = [int(reference.removeprefix(f"{GRANT}-")) for reference in (first, second)]
    assert numbers[1] == numbers[0] + 1
    assert (world.case(first).state, world.case(first).trail_seq) == ("draft", 0)


def test_a_call_that_does_not_exist_takes_nothing(world: World) -> None:
    with pytest.raises(Missing):
        commands.begin("MY-NONE-2026", actor=world.applicant)


def test_a_closed_call_takes_nothing(world: World) -> None:
    close(GRANT, "2026-11-01T17:00:00+08:00")
    with pytest.raises(Conflict, match="Standing call 2026 closed at"):
        commands.begin(GRANT, actor=world.applicant)


@pytest.mark.parametrize("name", ["applicant.vn", "desk.my"])
def test_a_scheme_is_for_enterprises_of_its_own_country(world: World, name: str) -> None:
    with pytest.raises(Conflict, match="registered in Malaysia"):
        commands.begin(GRANT, actor=world.person(name))


# Filling in


def test_answers_are_saved_as_typed_right_or_wrong(world: World) -> None:
    reference = world.draft()
    answer(world, reference, employees="many", amount="lots", purpose="")
    case = world.case(reference)
    assert (case.answers["employees"], case.answers["amount"]) == ("many", "lots")
    assert case.answers["sector"] == GRANT_ANSWERS["sector"]
    assert case.requested_minor is None


@pytest.mark.parametrize(
    ("call", "typed", "minor"),
    [
        pytest.param(GRANT, "80,000.50", 80_000_50, id="ringgit and sen"),
        pytest.param(LOAN, "1.500.000.000", 1_500_000_000, id="dong have no minor unit"),
        pytest.param(GRANT, "0", None, id="nothing is no amount"),
        pytest.param(GRANT, "-5", None, id="a negative amount is none"),
        pytest.param(GRANT, "1_000", None, id="an amount that cannot be read"),
    ],
)
def test_the_amount_requested_is_kept_in_minor_units(
    world: World, call: str, typed: str, minor: int | None
) -> None:
    reference = world.draft(call)
    answer(world, reference, amount=typed)
    assert world.case(reference).requested_minor == minor


def test_an_old_version_is_not_written_over(world: World) -> None:
    reference = world.draft()
    version = world.case(reference).version
    answer(world, reference, version, purpose="First.")
    with pytest.raises(Conflict, match="Somebody changed this application"):
        answer(world, reference, version, purpose="Second.")
    assert world.case(reference).answers["purpose"] == "First."


def test_what_was_submitted_is_not_edited(world: World) -> None:
    reference = world.at("submitted")
    with pytest.raises(Conflict, match="cannot be edited in the state “Submitted”"):
        answer(world, reference, purpose="Something else.")
    with pytest.raises(Conflict):
        commands.remove(reference, 1, actor=world.applicant)


def test_nobody_else_edits_a_draft(world: World) -> None:
    reference = world.draft()
    for name in ("rival.my", "desk.my", "applicant.vn"):
        with pytest.raises(Missing):
            commands.answer(reference, {}, version=None, actor=world.person(name))
    handed_back = returned(world)
    with pytest.raises(Conflict):
        commands.answer(handed_back, {}, version=None, actor=world.desk)


def test_a_document_is_attached_as_a_kind_the_scheme_asks_for(world: World) -> None:
    reference = world.draft()
    document = db.session.scalars(select(Document)).first()
    assert document is not None
    with invalid("kind") as errors:
        commands.attach(reference, "selfie", document, actor=world.applicant)
    assert errors["kind"] == ["Choose what the document is: quotation, specification."]


def test_a_document_is_taken_off(world: World) -> None:
    reference = world.draft()
    first, *rest = attachments(world.case(reference))
    with transaction():
        commands.remove(reference, first.id, actor=world.applicant)
    assert [one.id for one in attachments(world.case(reference))] == [one.id for one in rest]
    with pytest.raises(Missing):
        commands.remove(reference, first.id, actor=world.applicant)


# Submitting


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        pytest.param({"sector": ""}, {"answers_complete"}, id="an answer is missing"),
        pytest.param({"amount": "200000.01"}, {"answers_complete", "eligible"}, id="too much"),
        pytest.param({"listed_parent": "yes"}, {"eligible"}, id="not independent"),
        pytest.param({"amount": "80000.01"}, {"eligible"}, id="a sen over the matching share"),
        pytest.param(
            {"truth": "", "started": "yes", "employees": "many"}, {"answers_complete", "eligible"},
            id="several things at once",
        ),
    ],
)  # fmt: skip
def test_a_draft_that_is_not_in_order_is_not_submitted(
    world: World, changed: dict[str, str], rules: set[str]
) -> None:
    reference = world.draft(**changed)
    with refused(*rules):
        world.do(commands.submit, reference, actor=world.applicant)
    assert (world.case(reference).state, events_of(reference)) == ("draft", [])
    assert frozen(world, reference) == []


def test_a_missing_document_is_named(world: World) -> None:
    reference = world.draft()
    with transaction():
        commands.remove(reference, attachments(world.case(reference))[0].id, actor=world.applicant)
    with refused("documents_present"):
        world.do(commands.submit, reference, actor=world.applicant)


def test_after_the_call_has_closed_nothing_is_submitted(world: World) -> None:
    reference = world.draft()
    close(GRANT, "2026-11-01T17:00:00+08:00")
    with refused("call_open"):
        world.do(commands.submit, reference, actor=world.applicant)


def test_an_application_is_submitted_once(world: World) -> None:
    reference = world.at("submitted")
    with refused("possible_here"):
        world.do(commands.submit, reference, actor=world.applicant)
    assert len(frozen(world, reference)) == 1


def test_whoever_looked_at_an_old_draft_is_told(world: World) -> None:
    reference = world.draft()
    seen = world.case(reference).version
    answer(world, reference, purpose="Changed by a colleague.")
    with refused("unchanged"):
        world.do(commands.submit, reference, actor=world.applicant, version=seen)


def test_a_submission_freezes_everything_by_digest(world: World) -> None:
    reference = world.at("submitted")
    case, (submission,) = world.case(reference), frozen(world, reference)
    copy = submission.frozen
    assert copy["answers"]["amount"] == "80000.00"
    assert copy["answers"]["bank_account"] == "98765432109876"
    assert copy["workflow"] == case.workflow_digest
    assert copy["scheme"]["sha256"] == find(reference, actor=world.desk).scheme.digest
    assert copy["enterprise"]["registry_number"] == "201901000005"
    assert [one["kind"] for one in copy["documents"]] == ["quotation", "quotation", "specification"]
    assert {rule["holds"] for rule in copy["eligibility"]} == {"true"}
    assert submission.digest == hashlib.sha256(canonical(copy).encode()).hexdigest()
    detail = last_event(reference).record["detail"]
    assert (detail["submission"], detail["submission_sha256"]) == (1, submission.digest)
    assert (detail["requested"], detail["currency"]) == (80_000_00, "MYR")


def test_edits_while_returned_make_a_new_submission_and_keep_the_old(world: World) -> None:
    reference = returned(world)
    (first,) = frozen(world, reference)
    before, digest = dict(first.frozen), first.digest
    answer(world, reference, amount="60000.00", bank_account="11112222333344")
    with transaction():
        commands.remove(reference, attachments(world.case(reference))[-1].id, actor=world.applicant)
    with refused("documents_present"):
        world.do(commands.resubmit, reference, "Here.", actor=world.applicant)
    document = db.session.scalars(select(Document)).first()
    assert document is not None
    with transaction():
        commands.attach(reference, "specification", document, actor=world.applicant)
    world.do(commands.resubmit, reference, "Here it is.", actor=world.applicant)
    old, new = frozen(world, reference)
    assert (old.frozen, old.digest, old.number) == (before, digest, 1)
    assert (new.number, new.frozen["answers"]["bank_account"]) == (2, "11112222333344")
    assert new.frozen["answers"]["amount"] == "60000.00"
    assert world.case(reference).requested_minor == 60_000_00
    assert last_event(reference).disclosed == {"note": "Here it is."}
    assert last_event(reference).record["detail"]["submission"] == 2


def test_information_may_be_supplied_after_the_call_has_closed(world: World) -> None:
    reference = returned(world)
    close(GRANT, "2026-11-01T17:00:00+08:00")
    world.do(commands.resubmit, reference, "Here it is.", actor=world.applicant)
    assert world.case(reference).state == "screening"


# Interests
