"""A case of the regional fund proved offline: who was asked, each agency's answer, silence, the board, the facility."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.db import db, transaction
from app.notices.jobs import sweep
from app.schemes import queries as schemes
from app.trail.queries import events_of
from tests.audit.bundles import made
from tests.factories import Days
from tests.people import newcomer
from tests.regional import Fund
from workflows.evidence.cases import Case, Told
from workflows.evidence.definitions import read_definition
from workflows.evidence.legality import stepped
from workflows.evidence.report import BROKEN, Report


def auditor(fund: Fund) -> str:
    """Let the fund have an auditor."""
    with transaction():
        person = newcomer("auditor.fund", ("auditor",), fund.person("final").password)
        person.agency = fund.person("final").agency
        db.session.add(person)
    return "auditor.fund"


def silent(fund: Fund, days: Days) -> str:
    """Return a case with an objection, then an answer of one state and the silence of another."""
    days.noon("2026-11-23", "Asia/Jakarta")
    reference = fund.at("consultation", pay_through="facility")
    fund.vote(reference, "object", "endorser.vn", "AMS-OBJ")
    fund.again(reference)
    fund.vote(reference, "no_objection", "endorser.vn")
    days.noon("2026-12-09", "Asia/Jakarta")
    db.session.rollback()
    assert sweep()["expired"] == 1
    return reference


def long(fund: Fund, days: Days) -> str:
    """Return such a case with a member aside, a sitting, and money through the facility."""
    reference = silent(fund, days)
    fund.vote(reference, "stand_aside", "member.1")
    fund.on(reference, "board")
    fund.paper(reference, "concur_at_sitting", "minute", "board.1")
    for number in (1, 2):
        fund.vote(reference, "concur_at_sitting", f"board.{number}")
    fund.on(reference, "disbursing")
    for number in (1, 2):
        fund.pay(reference, number)
        fund.forward(reference, number)
    fund.on(reference, "closed")
    return reference


@pytest.mark.slow
@pytest.mark.one_database
def test_the_bundle_of_such_a_case_is_proved(
    fund: Fund, days: Days, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = silent(fund, days)
    found = made(fund.world, tmp_path, auditor(fund), kind="cases", cases=reference)
    code, report = found.verdict(capsys)
    assert (code, "VERDICT: PROVED" in report) == (0, True), report


def replayed(reference: str, seq: int = 0, **changed: Any) -> list[str]:
    """Return what is wrong with a case; one of its events says something else in its detail, ``None`` takes a word out."""
    report, flows = Report(), {}
    told, case = Told(report), Case(reference, "ASEAN-SEC")
    case.first = 1
    for fact in events_of(reference):
        event = json.loads(fact.entry)
        if "workflow" not in event:
            continue
        detail = event["detail"] | (changed if fact.seq == seq else {})
        event["detail"] = {name: value for name, value in detail.items() if value is not None}
        digest = event["workflow"]["sha256"]
        if digest not in flows:
            flows[digest] = read_definition(schemes.workflow(digest).source.encode())
        told.stream, told.seq = reference, fact.seq
        stepped(case, flows[digest], event, told)
    lines = [line for check in report.checks.values() for line in check.told.get(BROKEN, [])]
    return [line.partition("line 0): ")[2] for line in lines]


# The number of the event, what it says, and what is found.
FALSE: list[tuple[str, int, dict[str, Any], str]] = [
    ("a member state that was asked is left out", 5, {"invited": {"member_state": ["VN-SMEDF"]}}, "those it names as asked are not those who were"),
    ("nobody was asked, and the stage was not left out", 5, {"invited": None}, "“recommend” does not lead from “recommendation” to “consultation” here"),
    ("an answer of an agency that was not asked", 6, {"agency": "PH-DTI"}, "PH-DTI was not asked"),
    ("an answer of nobody", 6, {"agency": None}, "an agency that is not named was not asked"),
    ("an answer in the name of another", 8, {"agency": "SG-ESG"}, "VN-SMEDF was silent, by the votes"),
    ("who was silent is not named", 9, {"silent": []}, "SG-ESG was silent, by the votes"),
    ("nothing is said of silence", 9, {"silent": None, "answered": None}, "SG-ESG was silent, by the votes"),
    ("silence that is no consent", 9, {"switches": []}, "“hear_nothing” does not lead from “consultation” to “committee” here"),
    ("a payment past the facility", 26, {"through": None}, "“confirm” does not lead from “released” to “with_facility” here"),
]  # fmt: skip


def test_what_is_not_so_is_named(fund: Fund, days: Days) -> None:
    reference = long(fund, days)
    assert replayed(reference) == []
    for why, seq, changed, expected in FALSE:
        found = replayed(reference, seq, **changed)
        assert any(expected in line for line in found), (why, found)
