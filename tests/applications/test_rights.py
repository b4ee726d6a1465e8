"""Who sees and edits what of a case in which state: what the definition says holds on pages and at the interface."""

from typing import Any

import pytest

from app.db import db, transaction
from app.errors import Conflict
from app.schemes.models import WorkflowVersion
from app.submissions.commands import answer
from app.submissions.queries import attachments
from tests.interface import Interface
from tests.pages.browser import Browser
from tests.world import World
from workflows.format.loading import load, shipped

EDITS = 'edit = {answers = ["applicant"], documents = ["applicant"]}'


def under(world: World, reference: str, *changes: tuple[str, str]) -> None:
    """Let a case be under a version with other rights."""
    text = shipped("grant").source
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    found = load(text)
    with transaction():
        row = {"name": "rights", "version": 1, "source": text}
        db.session.add(WorkflowVersion(digest=found.digest, **row))
        db.session.flush()
        world.case(reference).workflow_digest = found.digest


RIGHTS: list[Any] = [
    pytest.param('recommendation = ["officers"]', 'recommendation = ["desk_officer"]', "Recommended",
                 id="a recommendation is read by desk officers only"),
    pytest.param('documents = ["applicant", "officers"]', 'documents = ["applicant", "desk_officer"]',
                 "quotation.pdf", id="documents are read by the applicant and desk officers only"),
    pytest.param('answers = ["applicant", "officers"]', 'answers = ["applicant", "desk_officer"]',
                 "Roasting line", id="answers are read by the applicant and desk officers only"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), RIGHTS)
def test_what_a_duty_does_not_see_is_not_on_its_page(
    world: World, old: str, new: str, words: str
) -> None:
    reference = world.at("decision")
    under(world, reference, (old, new))
    path = f"/cases/{reference}"
    desk, approver = (Browser(world.app, name).get(path) for name in ("desk.my", "approver.my"))
    assert (desk.status_code, approver.status_code) == (200, 200)
    assert words in desk.text
    shown = approver.text.split('id="acts"', maxsplit=1)[0]
    assert words not in shown


def test_a_document_that_is_not_seen_is_not_downloaded(world: World) -> None:
    reference = world.at("decision")
    number = attachments(world.case(reference))[0].document_id
    under(world, reference, ('documents = ["applicant", "officers"]', 'documents = ["applicant"]'))
    path = f"/cases/{reference}/documents/{number}.pdf"
    assert Browser(world.app, "approver.my").get(path).status_code == 404
    assert Browser(world.app, "applicant.my").get(path).status_code == 200


def test_what_may_not_be_edited_in_a_state_is_not_edited(world: World) -> None:
    reference = world.draft()
    under(world, reference, (EDITS, 'edit = {documents = ["applicant"]}'))
    with pytest.raises(Conflict), transaction():
        answer(reference, {"employees": "9"}, version=None, actor=world.applicant)


def test_answers_that_are_not_seen_are_not_told_by_the_interface(world: World) -> None:
    reference = world.at("decision")
    under(world, reference, ('answers = ["applicant", "officers"]', 'answers = ["applicant"]'))
    assert Interface(world.app, "approver.my").case(reference)["answers"] == {}
