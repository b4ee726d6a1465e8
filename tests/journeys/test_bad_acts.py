"""Acts nobody can take in this way: other names, other workflows, smuggled fields, documents nobody asked for."""

import io
from typing import Any

import pytest

from app.applications.commands import declare
from app.db import db, transaction
from app.submissions.models import Attachment
from tests.answers import GRANT
from tests.interface import CASES, Interface, headers, problem
from tests.journeys.road import row
from tests.pages.browser import Browser
from tests.world import World, pdf

pytestmark = pytest.mark.one_database

HIGH = {"amount": "180000.00", "project_cost": "360000.00"}

NAMES = {
    "one folder up": "../x",
    "one folder up, written otherwise": "%2e%2e%2fx",
    "a slash written otherwise": "approve%2fdecline",
    "a slash written twice otherwise": "approve%252fdecline",
    "ten thousand letters": "a" * 10_000,
    "nothing": "",
    "a blank": "%20",
    "a line break": "approve%0a",
    "not UTF-8": "%ff%fe",
    "an attribute of an object": "__class__",
    "in capitals": "APPROVE",
    "with another script's letter": "\u0430pprove",
    "right to left": "%E2%80%AEapprove",
    "a question": "approve?act=decline&x",
    "an act of the system": "lapse",
    "another act of the system": "complete",
    "an act on a tranche": "verify",
    "another act on a tranche": "release",
    "an event that is no act": "migrate",
    "a switch": "switch:x",
}
ANSWERED = {"a question": (422,), "nothing": (404, 405)}


@pytest.mark.parametrize("name", NAMES)
def test_an_act_by_another_name(world: World, name: str) -> None:
    reference = world.at("decision")
    before = row(reference)
    who = Interface(world.app, "approver.my")
    sent = headers(before["version"])
    path = f"{CASES}/{reference}/acts/{NAMES[name]}"
    answer = who.send("POST", path, json={"reasons": ["XYZ"]}, headers=sent)
    assert answer.status_code in ANSWERED.get(name, (404,))
    problem(answer, answer.status_code)
    page = Browser(world.app, "approver.my").post(
        f"/cases/{reference}/acts/{NAMES[name]}", {"version": before["version"]}
    )
    assert page.status_code in (303, 404, 405)
    assert row(reference) == before


TRANCHES = {
    "an act of the case on a tranche": "tranches/1/acts/cancel",
    "another act of the case on a tranche": "tranches/1/acts/approve",
    "a vote on a tranche": "tranches/1/acts/decline",
    "an act on a tranche of the case": "acts/claim",
    "a tranche that is none": "tranches/3/acts/claim",
    "the tranche nought": "tranches/0/acts/claim",
    "a tranche below nothing": "tranches/-1/acts/claim",
    "a tranche in words": "tranches/one/acts/claim",
    "a tranche no database holds": f"tranches/{10**30}/acts/claim",
}


@pytest.mark.parametrize("path", TRANCHES.values(), ids=TRANCHES.keys())
@pytest.mark.parametrize("name", ["applicant.my", "everything.my"])
def test_acts_of_the_case_and_of_its_tranches_are_not_the_same(
    world: World, name: str, path: str
) -> None:
    reference = world.at("disbursing")
    before = row(reference)
    sent = headers(before["version"])
    answer = Interface(world.app, name).send(
        "POST", f"{CASES}/{reference}/{path}", json={}, headers=sent
    )
    problem(answer, 404)
    assert row(reference) == before


SMUGGLED = {
    "an outcome": {"outcome": "approve"},
    "for whom": {"on_behalf_of": "officer:1"},
    "a delegation": {"delegation": 1},
    "another's vote": {"votes": [{"person": "officer:1", "vote": "for"}]},
    "a person": {"actor": "officer:1"},
    "a state": {"state": "offered"},
    "a version": {"version": 99},
    "an authority": {"authority_limit": 10**12, "authority_body": "Grants committee"},
    "an institution": {"institution": "guarantor"},
    "an act": {"act": "approve"},
    "an attribute": {"__class__": "x"},
}
VOTES: dict[str, dict[str, Any]] = {
    "approve": {"amount": "180000.00"},
    "decline": {"reasons": ["PRJ-PLAN"]},
    "stand_aside": {"note": "I sat on the board."},
}


@pytest.mark.parametrize("act", VOTES)
@pytest.mark.parametrize("more", SMUGGLED.values(), ids=SMUGGLED.keys())
def test_a_vote_takes_no_field_that_is_not_its_own(
    world: World, act: str, more: dict[str, Any]
) -> None:
    reference = world.at("decision", GRANT, **HIGH)
    before = row(reference)
    answer = Interface(world.app, "member.my").act(reference, act, {**VOTES[act], **more})
    assert set(problem(answer, 422)["errors"]) == set(more)
    assert row(reference) == before


@pytest.mark.parametrize("act", ["decline", "stand_aside"])
def test_only_a_vote_for_has_an_amount(world: World, act: str) -> None:
    reference = world.at("decision", GRANT, **HIGH)
    before = row(reference)
    sent = {**VOTES[act], "amount": "1"}
    answer = Interface(world.app, "member.my").act(reference, act, sent)
    assert list(problem(answer, 422)["errors"]) == ["amount"]
    page = Browser(world.app, "member.my")
    form = {**VOTES[act], "amount": "1", "version": before["version"]}
    assert page.post(f"/cases/{reference}/acts/{act}", form).status_code == 303
    assert row(reference) == before


def test_reasons_by_the_thousand_are_named_within_bounds(world: World) -> None:
    reference = world.at("decision", GRANT, **HIGH)
    before = row(reference)
    sent = {"reasons": [f"R{number}" for number in range(20_000)]}
    answer = Interface(world.app, "member.my").act(reference, "decline", sent)
    problem(answer, answer.status_code)
    assert answer.status_code in (409, 422)
    assert row(reference) == before


# Documents of acts

PAPERS = {
    "no PDF": ("small_approver", "cancel", "minute", b"MZ", 422),
    "a page with a script": ("small_approver", "cancel", "minute", b"<html>", 422),
    "nothing": ("small_approver", "cancel", "minute", b"", 422),
    "of another kind": ("small_approver", "cancel", "quotation", pdf(), 422),
    "of no kind": ("small_approver", "cancel", "", pdf(), 422),
    "for an act that asks for none": ("desk", "meet_condition", "minute", pdf(), 422),
    "for an act that is none": ("desk", "fly", "minute", pdf(), 422),
    "for an act with a strange name": ("desk", "__class__", "minute", pdf(), 422),
    "by the applicant": ("applicant", "cancel", "minute", pdf(), 403),
    "by an assessor": ("assessor", "cancel", "minute", pdf(), 409),
    "by an auditor": ("auditor", "cancel", "minute", pdf(), 409),
}


def attach(world: World, name: str, reference: str, act: str, kind: str, content: bytes) -> Any:
    data = {"kind": kind, "file": (io.BytesIO(content), "minute.pdf")}
    path = f"{CASES}/{reference}/acts/{act}/documents"
    return Interface(world.app, name).send("POST", path, data=data)


def papers() -> int:
    db.session.expire_all()
    return db.session.query(Attachment).filter(Attachment.act != "").count()


@pytest.mark.parametrize(
    ("name", "act", "kind", "content", "status"), PAPERS.values(), ids=PAPERS.keys()
)
def test_a_document_of_an_act_that_is_not_taken(
    world: World, name: str, act: str, kind: str, content: bytes, status: int
) -> None:
    reference = world.at("accepted")
    before = row(reference)
    problem(attach(world, f"{name}.my", reference, act, kind, content), status)
    data = {"kind": kind, "file": (io.BytesIO(content), "minute.pdf")}
    page = Browser(world.app, f"{name}.my").post(f"/cases/{reference}/acts/{act}/documents", data)
    assert page.status_code == (403 if status == 403 else 303)
    assert (papers(), row(reference)) == (0, before)


def test_a_document_for_an_act_that_does_not_start_here(world: World) -> None:
    reference = world.at("decision")
    found = problem(attach(world, "approver.my", reference, "cancel", "minute", pdf()), 409)
    assert [reason["rule"] for reason in found["reasons"]] == ["possible_here"]
    assert papers() == 0


@pytest.mark.parametrize("name", ["approver.vn", "everything.vn", "auditor.vn", "member.my"])
def test_a_document_from_whom_the_case_is_hidden(world: World, name: str) -> None:
    reference = world.at("accepted")
    with transaction():
        declare(reference, "A cousin.", whole=False, actor=world.member)
    problem(attach(world, name, reference, "cancel", "minute", pdf()), 404)
    assert papers() == 0
