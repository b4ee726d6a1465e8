"""An auditor reads the own agency and what mandates open, on the days they hold, and does nothing else."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from app.accounts import commands
from app.accounts.commands import NewPerson, Remit
from app.accounts.models import Mandate, Person
from app.accounts.queries import agency_by_code, audited, day_of
from app.applications.commands import declare
from app.applications.queries import shown
from app.db import db, transaction
from app.delegations.commands import Handing, delegate
from app.errors import Conflict, Missing
from app.trail.queries import events_of
from tests.answers import LOAN
from tests.cli.test_commands import run, written
from tests.factories import refused
from tests.interface import API, CASES, Interface, headers, problem
from tests.pages.browser import Browser
from tests.world import World

ALWAYS = (date(2026, 1, 1), date(2036, 12, 31))
VN = "VN-SMEDF"
OFFICE = """
[[agencies]]
code = "MY-NAO"
name = "Example national audit office"
country = "MY"
address = "9 Example Road"
contact = "office@audit.example"
account = {}
[[people]]
email = "reader@audit.example"
name = "A Reader"
password = "invented-word"
duties = ["auditor"]
agency = "MY-NAO"
mandates = [
    {agency = "MY-SMECORP", instrument = "Audit Act, order 1", from = 2026-01-01, to = 2036-12-31},
    {agency = "all", instrument = "Audit Act, order 2", from = 2020-01-01, to = 2020-12-31},
]
"""


def given(person: Person, code: str | None, first: date, last: date) -> Mandate:
    agency = agency_by_code(code) if code else None
    with transaction():
        return commands.mandate(person, Remit(agency, "Order 7", first, last))


def test_a_mandate_opens_an_agency_on_its_days(world: World) -> None:
    own, foreign = world.at("submitted"), world.at("submitted", LOAN)
    auditor = world.person("auditor.my")
    today = day_of(auditor)
    day, number = timedelta(days=1), 0
    for first, last, opens in (
        (today - 9 * day, today - day, False),
        (today + day, today + 9 * day, False),
        (today, today, True),
    ):
        assert not shown(foreign, actor=auditor)
        number = given(auditor, VN, first, last).id
        assert shown(foreign, actor=auditor) is opens
        assert shown(own, actor=auditor)
        assert audited(auditor, today) == frozenset({"MY-SMECORP", VN} if opens else {"MY-SMECORP"})
    assert not shown(own, actor=world.person("auditor.vn"))
    with transaction():
        commands.end_mandate(number)
    assert not shown(foreign, actor=auditor)
    with pytest.raises(Conflict), transaction():
        commands.end_mandate(number)
    with pytest.raises(Missing), transaction():
        commands.end_mandate(999)


def test_a_mandate_for_all_opens_every_agency_but_no_draft_and_no_interest(world: World) -> None:
    draft, foreign = world.draft(), world.at("submitted", LOAN)
    auditor = world.person("auditor.my")
    given(auditor, None, *ALWAYS)
    assert audited(auditor, day_of(auditor)) is None
    browser = Browser(world.app, "auditor.my")
    assert browser.get(f"/cases/{foreign}").status_code == 200
    assert browser.get(f"/audit/cases/{foreign}").status_code == 200
    assert foreign in browser.get("/audit").text
    assert foreign in browser.get("/audit/find").text
    assert not shown(draft, actor=auditor)
    sent = {"reason": "A cousin.", "concerns": "case"}
    assert browser.post(f"/cases/{foreign}/interest", sent).status_code == 303
    for path in (f"/cases/{foreign}", f"/audit/cases/{foreign}"):
        assert browser.get(path).status_code == 404
    for path in ("/audit", "/audit/find", "/queue"):
        assert foreign not in browser.get(path).text


def test_mandates_are_recorded_where_they_concern(world: World) -> None:
    auditor = world.person("auditor.my")
    one, every = given(auditor, VN, *ALWAYS), given(auditor, None, *ALWAYS)
    with transaction():
        commands.end_mandate(one.id)
    told = [(e.kind, e.actor) for e in events_of(f"agency:{VN}")]
    assert told == [("grant_mandate", "system:operator"), ("end_mandate", "system:operator")]
    event = events_of("log")[-1]
    assert event.record["detail"] == {
        "mandate": every.id,
        "auditor": auditor.mark,
        "covers": "all",
        "instrument": "Order 7",
        "valid_from": "2026-01-01",
        "valid_to": "2036-12-31",
    }


@pytest.mark.parametrize(
    ("name", "days", "words"),
    [
        pytest.param("desk.my", ALWAYS, "is no auditor", id="somebody who is no auditor"),
        pytest.param("auditor.my", ALWAYS[::-1], "ends before", id="a period the wrong way round"),
    ],
)
def test_a_mandate_is_refused_to(world: World, name: str, days: list[date], words: str) -> None:
    with pytest.raises(ValueError, match=words), transaction():
        commands.mandate(world.person(name), Remit(None, "Order 7", *days))
    assert (db.session.query(Mandate).count(), events_of("log")) == (0, [])


def test_an_auditor_holds_no_other_duty(world: World) -> None:
    duties = ("auditor", "approver", "minister")
    person = NewPerson("x@world.example", "X", "a long password", duties, agency=world.desk.agency)
    with pytest.raises(ValueError, match=r"No such duty: minister\. An auditor holds no other"):
        commands.register(person)


def test_an_audit_office_without_schemes_is_loaded(world: World, tmp_path: Path) -> None:
    own = world.at("submitted")
    answer = run(world, "people", "load", written(tmp_path, OFFICE))
    assert answer.output == "1 people are registered.\n"
    reader = db.session.query(Person).filter_by(email="reader@audit.example").one()
    assert audited(reader, day_of(reader)) == frozenset({"MY-NAO", "MY-SMECORP"})
    assert shown(own, actor=reader)
    listed = run(world, "people", "mandates", reader.email).output.splitlines()
    assert [line.partition(": ")[2] for line in listed] == [
        "MY-SMECORP, 2026-01-01 to 2036-12-31, Audit Act, order 1",
        "all, 2020-01-01 to 2020-12-31, Audit Act, order 2",
    ]
    number = listed[0].partition(":")[0]
    assert "has ended" in run(world, "people", "end-mandate", number).output
    assert "over already" in run(world, "people", "end-mandate", number).output
    days = ("--from", "2026-01-01", "--to", "2036-12-31")
    given_ = run(world, "people", "mandate", reader.email, VN, "--instrument", "Order 3", *days)
    assert given_.output.endswith("is given.\n")
    nowhere = run(world, "people", "mandate", reader.email, "X", "--instrument", "Order 3", *days)
    assert (nowhere.exit_code, "no agency X" in nowhere.output) == (1, True)


def test_every_mistake_of_a_file_is_told_at_once(world: World, tmp_path: Path) -> None:
    people = OFFICE.replace('duties = ["auditor"]', 'duties = ["auditor", "approver", "king"]')
    people = people.replace('agency = "MY-SMECORP", ', 'agency = "NOWHERE", ')
    people = people.replace(
        "from = 2020-01-01, to = 2020-12-31", "from = 2020-12-31, to = 2020-01-01"
    )
    people += """
[[people]]
email = "desk@audit.example"
name = "A Desk"
password = "invented-word"
duties = ["desk_officer"]
agency = "MY-NAO"
mandates = [{agency = "all", instrument = " ", from = 2026-01-01, to = "soon"}]
"""
    answer = run(world, "people", "load", written(tmp_path, people))
    assert answer.exit_code == 1
    for sentence in (
        "reader@audit.example: No such duty: king.",
        "reader@audit.example: An auditor holds no other duty, such as approver, king.",
        "reader@audit.example: No agency NOWHERE is registered.",
        "reader@audit.example: A mandate ends before it begins.",
        "desk@audit.example: Only auditors have mandates.",
        "desk@audit.example: A mandate names the instrument that gives it.",
        "desk@audit.example: A mandate says from and to as days, such as 2026-11-30.",
    ):
        assert sentence in answer.output
    assert agency_by_code("MY-NAO") is None


ACTS = {
    "submitted": "take_up",
    "screening": "pass",
    "assessment": "assess",
    "decision": "decline",
}


@pytest.mark.parametrize("held", [["auditor"], ["approver", "assessor", "auditor", "desk_officer"]])
def test_an_auditor_takes_no_act_whatever_else_is_held(world: World, held: list[str]) -> None:
    """The second row is what no command lets come about."""
    cases = {state: world.at(state) for state in ACTS}
    with transaction():
        world.auditor.duties = held
    program, browser = Interface(world.app, "auditor.my"), Browser(world.app, "auditor.my")
    scores = dict.fromkeys(("growth", "feasibility", "cost"), 4)
    bodies = {
        "assess": {"scores": scores, "comment": "Read with care."},
        "decline": {"reasons": ["PRJ-PLAN"], "note": "No."},
    }
    for state, act in ACTS.items():
        reference = cases[state]
        version = world.case(reference).version
        answer = program.act(reference, act, bodies.get(act, {}))
        assert problem(answer, 409)["reasons"], act
        sent = {"version": str(version), "note": ""}
        browser.post(f"/cases/{reference}/acts/{act}", sent)
        assert (world.case(reference).state, world.case(reference).version) == (state, version)
        paper = browser.post(
            f"/cases/{reference}/acts/{act}/documents", {"version": str(version), "kind": "minute"}
        )
        assert paper.status_code in (303, 403, 404, 409)
        assert world.case(reference).version == version
    sent = {"email": "x", "kind": "declared"}
    begun = program.send("POST", CASES, json={"call": "MY-BAP-2026"}, headers=headers())
    assert problem(begun, 403)
    assert (
        program.send("POST", f"{API}/delegations", json=sent, headers=headers()).status_code == 422
    )


@pytest.mark.parametrize(
    ("giver", "taker"),
    [
        pytest.param("auditor.my", "desk.my", id="nothing is handed over by an auditor"),
        pytest.param("desk.my", "auditor.my", id="nothing is handed to an auditor"),
    ],
)
def test_in_a_delegation(world: World, giver: str, taker: str) -> None:
    day = day_of(world.desk)
    person = world.person(giver)
    address = f"{taker}@world.example"
    handing = Handing(address, person.duties[0], day, day, "Away.")
    with refused("auditors_only_read"), transaction():
        delegate(handing, actor=person)


def test_an_interest_of_an_auditor_stands_on_the_trail_of_the_case(world: World) -> None:
    reference = world.at("submitted")
    with transaction():
        declare(reference, "A cousin.", actor=world.auditor)
    assert events_of(reference)[-1].kind == "declare_interest"
    assert not shown(reference, actor=world.auditor)
