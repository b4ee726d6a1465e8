"""A form through the interface: what it refuses, the files it asks for, and a draft that follows the newest version."""

import io
from typing import Any

import pytest
from sqlalchemy import select

from app.db import db, transaction
from app.documents.models import Document
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.submissions import commands
from app.submissions.queries import attachments, submissions
from tests.answers import DOCUMENTS, GRANT
from tests.factories import refused
from tests.interface import CASES, Interface, problem
from tests.journeys.road import row
from tests.pages.browser import Browser
from tests.schemes.every_kind import ANSWERS, CALL, published
from tests.world import World, pdf

pytestmark = pytest.mark.one_database

DEEP: Any = "end"
for _ in range(60):
    DEEP = [DEEP]

HOSTILE = {
    "a typed amount where it is computed": ({"amount": "5000"}, ["amount"]),
    "a typed cost where it is computed": ({"budget": [{"cost": "1"}]}, ["budget.0.cost"]),
    "a document that was never sent": ({"plan": "1"}, ["plan"]),
    "a number that is no document's": ({"plan": 10**17}, ["plan"]),
    "ten thousand rows": ({"budget": [{"item": "a"}] * 10_000}, ["budget"]),
    "a row of a thousand columns": (
        {"budget": [{f"c{n}": "a" for n in range(1000)}]},
        ["budget.0"],
    ),
    "a table in a cell": ({"budget": [{"item": {"a": "b"}}]}, ["budget.0.item"]),
    "three wrong cells at once": (
        {"budget": [{"item": "\x00", "group": 1.5}, {"item": "\ud800"}]},
        ["budget.0.group", "budget.0.item", "budget.1.item"],
    ),
}


def drafted(world: World, *files: str) -> str:
    """Return the reference of a draft with every answer, document and some files."""
    with transaction():
        reference = commands.begin(CALL, actor=world.applicant).reference
        given = {key: value for key, value in ANSWERS.items() if key != "plan"}
        commands.answer(reference, given, version=None, actor=world.applicant)
    applicant = Interface(world.app, "applicant.my")
    for kind in (*DOCUMENTS[GRANT], *files):
        assert send(applicant, reference, kind).status_code == 201
    return reference


def send(who: Interface, reference: str, kind: str) -> Any:
    data = {"kind": kind, "file": (io.BytesIO(pdf(kind)), f"{kind}.pdf")}
    return who.send("POST", f"{CASES}/{reference}/documents", data=data)


@pytest.fixture
def reference(world: World) -> str:
    with transaction():
        published()
    return drafted(world, "plan")


@pytest.mark.parametrize(("sent", "places"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_no_form_can_send_is_named_and_not_saved(world, reference, sent, places) -> None:
    before = row(reference)
    answer = Interface(world.app, "applicant.my").answer(reference, sent)
    assert sorted(problem(answer, 422)["errors"]) == places
    assert len(answer.data) < 2000
    assert row(reference) == before


def test_a_body_without_a_bottom_is_refused(world, reference) -> None:
    before = row(reference)
    answer = Interface(world.app, "applicant.my").answer(reference, {"budget": DEEP})
    problem(answer, 400)
    assert row(reference) == before


def test_a_wrong_table_is_saved_and_its_cells_are_named(world, reference) -> None:
    applicant = Interface(world.app, "applicant.my")
    rows = [{"item": "Roaster", "value": "x"}] * 6
    answer = applicant.answer(reference, {"budget": rows})
    found = answer.get_json()["problems"]
    assert found["budget"] == ["Fill in at most 4 rows."]
    assert found["budget.5.value"] == ["Enter a number in digits, such as 12.5."]
    assert applicant.case(reference)["answers"]["budget"] == rows
    told = problem(applicant.act(reference, "submit"), 409)["reasons"]
    assert [
        one["sentence"].count("Budget") for one in told if one["rule"] == "answers_complete"
    ] == [1]


# Files


def test_the_number_of_a_document_answers_the_question_it_was_sent_for(world, reference) -> None:
    applicant = Interface(world.app, "applicant.my")
    held = applicant.case(reference)["answers"]["plan"]
    # Who sends back everything that was read changes nothing.
    assert applicant.answer(reference, {"plan": held}).status_code == 200
    others = [str(number) for number in db.session.scalars(select(Document.id))]
    for number in {*others} - {held}:
        assert list(problem(applicant.answer(reference, {"plan": number}), 422)["errors"]) == [
            "plan"
        ]
    assert applicant.answer(reference, {"plan": None}).status_code == 200
    assert "plan" not in {a.kind for a in attachments(world.case(reference))}
    with refused("answers_complete", "documents_present"):
        world.do(commands.submit, reference, actor=world.applicant)
    assert send(applicant, reference, "plan").status_code == 201
    (file,) = [a for a in attachments(world.case(reference)) if a.kind == "plan"]
    assert applicant.case(reference)["answers"]["plan"] == str(file.document.id)
    with transaction():
        commands.remove(reference, file.id, actor=world.applicant)
    assert world.case(reference).answers["plan"] == ""


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("letter", id="a file of a question that does not apply"),
        pytest.param("parent_accounts", id="a document that is not asked for"),
    ],
)
def test_what_is_not_asked_for_is_asked_for_once_it_applies(world, reference, kind) -> None:
    applicant = Interface(world.app, "applicant.my")
    assert list(problem(send(applicant, reference, kind), 422)["errors"]) == ["kind"]
    applicant.answer(reference, {"listed_parent": "yes", "parent": "Raya Bhd", "parent_share": "5"})
    told = problem(applicant.act(reference, "submit"), 409)["reasons"]
    missing = " ".join(one["sentence"] for one in told if one["rule"] == "documents_present")
    assert ("Letter of the parent" in missing, "Accounts of the parent" in missing) == (True, True)
    assert send(applicant, reference, kind).status_code == 201
    # It does not apply any more: what was sent for it stays, and is not part of what is handed in.
    applicant.answer(reference, {"listed_parent": "no"})
    world.do(commands.submit, reference, actor=world.applicant)
    (copy,) = (submission.frozen for submission in submissions(world.case(reference)))
    assert kind not in {document["kind"] for document in copy["documents"]}
    assert {"parent", "parent_share", "letter"} & set(copy["answers"]) == set()


# Versions

PROFIT = '    {key = "profit", label = "Profit, in thousands", kind = "number", minimum = -500, maximum = 500, required = false},\n'
BRANCH = '    {key = "branch", label = "Branch", kind = "text"},\n'


def republish() -> int:
    """Publish a second version that asks for the branch and no longer for the profit; return its number."""
    with transaction():
        return published(2, (PROFIT, BRANCH)).id


def version_of(world: World, reference: str) -> tuple[int, int]:
    """Return which version a case stands under, and which its newest submission was frozen under."""
    case = world.case(reference)
    copies = submissions(case)
    return case.scheme.version, copies[-1].frozen["scheme"]["version"] if copies else 0


def test_a_draft_follows_the_newest_version_until_it_is_handed_in(world, reference) -> None:
    newest = republish()
    with refused("answers_complete"):
        world.do(commands.submit, reference, actor=world.applicant)
    with transaction():
        commands.answer(reference, {"branch": "Ipoh"}, version=None, actor=world.applicant)
    assert world.case(reference).scheme_id == newest
    assert world.case(reference).workflow_digest == world.case(reference).scheme.workflow_digest
    world.do(commands.submit, reference, actor=world.applicant)
    assert version_of(world, reference) == (2, 2)
    answers = submissions(world.case(reference))[-1].frozen["answers"]
    # Nobody asks for the profit any more.
    assert ("profit" in answers, answers["branch"]) == (False, "Ipoh")


def test_what_was_handed_in_stays_under_its_version(world, reference) -> None:
    world.do(commands.submit, reference, actor=world.applicant)
    world.do(reviews.move, reference, Reasoned(), act="take_up", actor=world.desk)
    said = Reasoned(("INC-DOC",), "Once more.")
    world.do(reviews.return_for_information, reference, said, actor=world.desk)
    republish()
    with transaction():
        commands.answer(reference, {"profit": "7"}, version=None, actor=world.applicant)
    world.do(commands.resubmit, reference, "Here.", actor=world.applicant)
    assert version_of(world, reference) == (1, 1)
    assert submissions(world.case(reference))[-1].frozen["answers"]["profit"] == "7"


def test_what_the_newest_version_does_not_ask_is_refused_and_nothing_moves(
    world, reference
) -> None:
    republish()
    answer = Interface(world.app, "applicant.my").answer(reference, {"profit": "7"})
    assert problem(answer, 422)["errors"] == {"profit": ["The scheme does not ask this."]}
    assert version_of(world, reference) == (1, 0)


@pytest.mark.parametrize("page", ["", "/sections/firm", "/check", "/documents"])
def test_pages_show_the_form_that_will_be_decided_on(world, reference, page: str) -> None:
    republish()
    browser = Browser(world.app, "applicant.my")
    assert browser.get(f"/cases/{reference}{page}").status_code == 200
    assert version_of(world, reference) == (2, 0)
    asked = browser.get(f"/cases/{reference}/sections/firm").text
    assert ('name="branch"' in asked, 'name="profit"' in asked) == (True, False)
