"""Every address of a case, for everybody from whom it is hidden: there is nothing there, and no list shows it."""

from collections.abc import Callable

import pytest

from app.accounts.commands import relate
from app.applications.commands import declare
from app.awards.queries import awarded
from app.db import db, transaction
from app.letters.queries import letters
from app.submissions import queries as submissions
from tests.decisions.guaranteed import (
    accepted,
    approved,
    offered,
    recommended,
    refuse,
    settle_guarantor,
)
from tests.interface import API, CASES, Interface, headers, problem
from tests.journeys.road import do_all_work, row
from tests.pages.browser import Browser
from tests.world import World

EVERY_DUTY = [
    "approver", "assessor", "auditor", "desk_officer", "payment_officer", "releaser",
]  # fmt: skip

LISTS = {
    "the queue": "/queue",
    "the queue of late cases": "/queue?late=yes",
    "the queue in its state": "/queue?state={state}",
    "a search for the reference": "/queue?search={case}",
    "a search for half of it": "/queue?search=-00",
    "the audit": "/audit",
    "the cases auditors find": "/audit/find",
    "the cases that were decided": "/audit/find?outcome=approve",
    "the export in lines": "/audit/export.jsonl",
    "the export as a table": "/audit/export.csv",
    "the list of the interface": f"{API}/applications",
    "the cases auditors find through the interface": f"{API}/audit/find",
    "a search of the interface": f"{API}/applications?search={{case}}",
    "the trail of the interface": f"{API}/trail.jsonl",
    "the trail as a table": f"{API}/trail.csv",
    "the trail as a log of objects": f"{API}/trail.ocel",
    "the grants of the interface": f"{API}/trail.360giving",
}
PAGES = {
    "the case": "/cases/{case}",
    "a document": "/cases/{case}/documents/{document}.pdf",
    "a letter": "/cases/{case}/letters/{letter}.pdf",
    "the payment file": "/cases/{case}/tranches/1/payment-file",
    "its enterprise": "/enterprises/{enterprise}",
    "its enterprise through the interface": f"{API}/enterprises/{{enterprise}}",
    "the trail": "/audit/cases/{case}",
    "the proof of an event": "/audit/cases/{case}/events/1.tlog-proof",
    "the export of the case": "/audit/export.jsonl?case={case}",
    "the export of the case as a table": "/audit/export.csv?case={case}",
    "the case of the interface": f"{CASES}/{{case}}",
    "the proof of an event through the interface": f"{CASES}/{{case}}/events/1.tlog-proof",
    "the letters of the interface": f"{CASES}/{{case}}/letters",
    "a letter of the interface": f"{CASES}/{{case}}/letters/{{letter}}.pdf",
    "the trail of the interface": f"{API}/trail.jsonl?case={{case}}",
    "the trail of the interface as a table": f"{API}/trail.csv?case={{case}}",
    "the provenance of the case": f"{API}/trail.prov?case={{case}}",
}
FORMS = {
    "an act": "/cases/{case}/acts/cancel",
    "an act on a tranche": "/cases/{case}/tranches/2/acts/verify",
    "a document of an act": "/cases/{case}/acts/cancel/documents",
    "an interest": "/cases/{case}/interest",
    "a look at the registry": "/enterprises/{enterprise}/checks",
    "a certificate": "/enterprises/{enterprise}/certificates",
    "a look at the registry, of the interface": f"{API}/enterprises/{{enterprise}}/checks",
    "a certificate, of the interface": f"{API}/enterprises/{{enterprise}}/certificates",
    "a certificate revoked, of the interface": f"{API}/enterprises/{{enterprise}}/certificates/1/revoke",
    "a masked value": "/cases/{case}/reveal",
    "a masked value of the interface": f"{CASES}/{{case}}/reveal",
    "an act of the interface": f"{CASES}/{{case}}/acts/cancel",
    "an act on a tranche of the interface": f"{CASES}/{{case}}/tranches/2/acts/verify",
    "a document of an act of the interface": f"{CASES}/{{case}}/acts/cancel/documents",
}


def case_only(world: World, reference: str) -> None:
    declare(reference, "A cousin.", whole=False, actor=world.everything)


def whole_enterprise(world: World, reference: str) -> None:
    declare(reference, "A cousin.", whole=True, actor=world.everything)


def related_party(world: World, reference: str) -> None:
    relate(world.everything, world.case(reference).enterprise_id, "Owns a share.")


def nothing_at_all(_world: World, _reference: str) -> None:
    pass


PEOPLE: dict[str, tuple[str, Callable[[World, str], None]]] = {
    "another agency": ("everything.vn", nothing_at_all),
    "an interest in the case": ("everything.my", case_only),
    "an interest in the enterprise": ("everything.my", whole_enterprise),
    "a related party": ("everything.my", related_party),
}


def found(world: World, reference: str) -> dict[str, object]:
    """Return what the addresses of a case name."""
    case = world.case(reference)
    return {
        "case": reference,
        "state": case.state,
        "enterprise": case.enterprise_id,
        "document": submissions.attachments(case)[0].document.id,
        "letter": letters(case)[0].id,
    }


def got(world: World, name: str, address: str) -> tuple[int, str]:
    """Return status and text of an address for somebody, with the session or the token it asks for."""
    who = Interface(world.app, name) if address.startswith(API) else Browser(world.app, name)
    answer = who.get(address)
    return answer.status_code, answer.text if "pdf" not in str(answer.mimetype) else ""


def listed(text: str, reference: str) -> bool:
    """Tell whether a list shows a case, beside the field and the links that repeat what was searched for."""
    for searched in (f'value="{reference}"', f"search={reference}"):
        text = text.replace(searched, "")
    return reference in text


def paid(world: World) -> str:
    """Return a case with everything a case can have; everybody with every duty has them all."""
    reference = world.at("disbursing")
    world.tranche_to(reference, 1, "paid")
    world.tranche_to(reference, 2, "claimed")
    do_all_work()
    with transaction():
        for name in ("everything.my", "everything.vn", "chair.my"):
            world.person(name).duties = EVERY_DUTY
    return reference


@pytest.mark.parametrize("kind", PEOPLE)
def test_there_is_nothing_for_those_from_whom_a_case_is_hidden(world: World, kind: str) -> None:
    name, hide = PEOPLE[kind]
    reference = paid(world)
    names = found(world, reference)
    with transaction():
        hide(world, reference)
    before = row(reference)
    for said, pattern in LISTS.items():
        address = pattern.format(**names)
        status, text = got(world, "chair.my", address)
        assert status == 200, said
        assert listed(text, reference) is ("late" not in address), said
        status, text = got(world, name, address)
        assert (status, listed(text, reference)) == (200, False), said
    for said, pattern in PAGES.items():
        address = pattern.format(**names)
        assert got(world, "chair.my", address)[0] == 200, said
        assert got(world, name, address)[0] == 404, said
    browser, program = Browser(world.app, name), Interface(world.app, name)
    for said, pattern in FORMS.items():
        address = pattern.format(**names)
        if address.startswith(API):
            problem(program.send("POST", address, json={}, headers=headers(1)), 404)
        else:
            sent = {"version": 1, "reason": "A cousin.", "kind": "minute"}
            assert browser.post(address, sent).status_code in (303, 404), said
    assert row(reference) == before
    assert got(world, name, f"/cases/{reference}")[0] == 404


# An institution that takes part

GUARANTORS = ("guarantor", "guarantor_two", "guarantor.auditor", "guarantor.payer")


@pytest.fixture
def lenders(world: World) -> World:
    settle_guarantor(world)
    return world


@pytest.mark.parametrize("name", GUARANTORS)
def test_a_guarantor_sees_nothing_before_its_turn(lenders: World, name: str) -> None:
    reference = recommended(lenders)
    do_all_work()
    names = found(lenders, reference)
    for said, pattern in LISTS.items():
        status, text = got(lenders, name, pattern.format(**names))
        for_auditors = any(word in pattern for word in ("audit", "trail"))
        assert status == (403 if for_auditors and name != "guarantor.auditor" else 200), said
        assert not listed(text, reference), said
    for said, pattern in PAGES.items():
        assert got(lenders, name, pattern.format(**names))[0] in (403, 404), said


@pytest.mark.parametrize("name", GUARANTORS)
@pytest.mark.parametrize("turn", [approved, offered], ids=["its turn", "after it"])
def test_a_guarantor_sees_the_case_in_its_turn_and_after(
    lenders: World, turn: Callable[[World], str], name: str
) -> None:
    reference = turn(lenders)
    do_all_work()
    names = found(lenders, reference)
    for said in ("the case", "a document", "the case of the interface"):
        assert got(lenders, name, PAGES[said].format(**names))[0] == 200, said
    assert reference in got(lenders, name, "/queue")[1]
    assert reference not in got(lenders, "everything.my", "/queue")[1]


def test_a_guarantor_that_refused_still_sees_what_it_refused(lenders: World) -> None:
    reference = approved(lenders)
    refuse(lenders, reference)
    assert got(lenders, "guarantor", f"/cases/{reference}")[0] == 200
    assert awarded(lenders.case(reference)).ended_at is not None


def test_a_guarantor_with_an_interest_sees_nothing(lenders: World) -> None:
    reference = approved(lenders)
    with transaction():
        declare(reference, "A cousin.", whole=False, actor=lenders.person("guarantor"))
    db.session.expire_all()
    assert got(lenders, "guarantor", f"/cases/{reference}")[0] == 404
    assert got(lenders, "guarantor_two", f"/cases/{reference}")[0] == 200


def test_the_payment_file_is_for_the_agency_that_pays(lenders: World) -> None:
    reference = accepted(lenders)
    lenders.meet_conditions(reference)
    lenders.tranche_to(reference, 1, "prepared")
    address = f"/cases/{reference}/tranches/1/payment-file"
    assert got(lenders, "maker.vn", address)[0] == 200
    assert got(lenders, "guarantor.payer", address)[0] == 404
    assert got(lenders, "guarantor", address)[0] == 403
