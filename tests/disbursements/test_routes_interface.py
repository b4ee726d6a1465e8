"""Payments, payment files and files of the bank at the interface: the same rules, each request once."""

import hashlib
import io
from typing import Any

import pytest

from app.db import db
from app.disbursements.models import BankReport, PaymentBatch
from tests.disbursements import banks
from tests.disbursements.banks import HEAD, answered, prepared, released, said, verified
from tests.factories import do_the_work
from tests.interface import API, Interface, headers, problem
from tests.workflows.banking.said import table
from tests.world import World

pytestmark = pytest.mark.one_database

PATH, REPORTS = f"{API}/payments", f"{API}/bank-reports"


def wish(*references: str) -> dict[str, Any]:
    return {"payments": [{"reference": one, "tranche": 1} for one in references]}


def file_of(content: bytes) -> dict[str, Any]:
    return {"file": (io.BytesIO(content), "answers.csv")}


def count(model: type) -> int:
    db.session.expire_all()
    return db.session.query(model).count()


def test_a_program_takes_payments_to_the_bank(world: World) -> None:
    first, second = verified(world, 2)
    maker, checker = Interface(world.app, "maker.my"), Interface(world.app, "checker.my")
    waiting = maker.get(f"{PATH}/waiting").get_json()["payments"]
    assert [(one["reference"], one["tranche"], one["amount"]) for one in waiting] == [
        (first, 1, 2_000_00),
        (second, 1, 2_000_00),
    ]
    assert (waiting[0]["allowed"], waiting[0]["account"]["number"]) == (True, "•••• 6789")
    made = maker.send("POST", PATH, json=wish(first, second), headers=headers())
    assert made.status_code == 201
    found = made.get_json()
    assert (found["state"], found["count"], found["total"]) == ("prepared", 2, 4_000_00)
    acts = {act["act"]: act["allowed"] for act in found["acts"]}
    assert acts == {"take_out": True, "check": False, "refuse_file": False}
    one, seen = f"{PATH}/{found['message_id']}", {"sha256": found["sha256"]}
    told = checker.send("POST", f"{one}/check", json=seen, headers=headers()).get_json()
    assert (told["state"], told["checked"]["by"]) == ("checked", "Checker My")
    assert told["checked"]["at"] is not None
    releaser = Interface(world.app, "releaser.my")
    told = releaser.send("POST", f"{one}/release", json=seen, headers=headers()).get_json()
    assert (told["state"], told["acts"], len(told["releases"])) == ("released", [], 1)
    assert [one["state"] for one in told["payments"]] == ["released"] * 2
    file = releaser.get(f"{one}/file")
    assert hashlib.sha256(file.data).hexdigest() == found["sha256"]


def test_a_request_that_is_sent_again_is_answered_as_before(world: World) -> None:
    references = verified(world, 2)
    maker, key = Interface(world.app, "maker.my"), headers()
    once, again = (maker.send("POST", PATH, json=wish(*references), headers=key) for _ in range(2))
    assert (once.status_code, once.get_json()) == (again.status_code, again.get_json())
    assert count(PaymentBatch) == 1
    name, key = once.get_json()["message_id"], headers()
    note = {"note": "One was for another month."}
    path = f"{PATH}/{name}/take-back"
    assert {maker.send("POST", path, json=note, headers=key).status_code for _ in range(2)} == {200}
    problem(maker.send("POST", path, json=note, headers=headers()), 409)


def test_what_speaks_against_each_payment_is_told(world: World) -> None:
    first, second = verified(world, 2)
    prepared(world, [second])
    maker = Interface(world.app, "maker.my")
    found = problem(maker.send("POST", PATH, json=wish(first, second), headers=headers()), 422)
    assert list(found["errors"]) == [f"{second}-T1"]
    alone = problem(maker.send("POST", PATH, json=wish(second), headers=headers()), 422)
    assert alone["errors"] == found["errors"]
    assert world.tranche_state(first, 1) == "verified"
    twice = maker.send("POST", PATH, json=wish(first, first), headers=headers())
    assert twice.get_json()["count"] == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({}, "payments", id="nothing"),
        pytest.param({"payments": []}, "payments", id="no payment"),
        pytest.param({"payments": "x"}, "payments", id="a text"),
        pytest.param({"payments": [1]}, "payments.0._schema", id="a number"),
        pytest.param({"payments": [{"reference": "A"}]}, "payments.0.tranche", id="no tranche"),
        pytest.param({"payments": [{"reference": "A", "tranche": "1"}]}, "payments.0.tranche", id="a tranche as text"),
        pytest.param({"payments": [{"reference": "A", "tranche": 10**30}]}, "payments.0.tranche", id="a tranche too large"),
        pytest.param({"payments": [{"reference": "A", "tranche": 1}] * 501}, "payments", id="too many"),
        pytest.param({"payments": [{"reference": "A", "tranche": 1, "amount": 1}]}, "payments.0.amount", id="an amount of one's own"),
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_read(world: World, body: dict[str, Any], field: str) -> None:
    maker = Interface(world.app, "maker.my")
    found = problem(maker.send("POST", PATH, json=body, headers=headers()), 422)
    assert field in found["errors"]


def test_a_file_of_the_bank_is_answered_line_by_line(world: World) -> None:
    (reference,) = verified(world)
    released(world, [reference])
    maker = Interface(world.app, "maker.my")
    content = table(HEAD, said(reference, "ACSC"), said("NOBODY", "ACSC"))
    sent = maker.send("POST", REPORTS, data=file_of(content), headers=headers())
    assert sent.status_code == 202
    do_the_work()
    found = maker.get(f"{REPORTS}/{sent.get_json()['id']}").get_json()
    assert (found["format"], found["filename"]) == ("csv", "answers.csv")
    assert [(line["position"], line["state"]) for line in found["lines"]] == [
        (1, "applied"),
        (2, "open"),
    ]
    assert found["lines"][0]["told"]["bank_reference"] == "BANK-7"
    path, key = f"{API}/bank-lines/{found['lines'][1]['id']}/settle", headers()
    problem(maker.send("POST", path, json={}, headers=headers()), 422)
    note = {"note": "Of another system."}
    once, again = (maker.send("POST", path, json=note, headers=key) for _ in range(2))
    assert (once.get_json(), once.get_json()["state"]) == (again.get_json(), "settled")
    problem(maker.send("POST", path, json=note, headers=headers()), 409)


def test_lines_come_a_page_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.disbursements.queries.answers.MOST", 2)
    report = banks.take(world, table(HEAD, *(said(f"N-{n}", "ACSC") for n in range(3)))).id
    maker = Interface(world.app, "maker.my")
    first = maker.get(f"{REPORTS}/{report}")
    assert [line["position"] for line in first.get_json()["lines"]] == [1, 2]
    following = first.headers["Link"].split(">")[0].lstrip("<")
    last = maker.get(following)
    assert [line["position"] for line in last.get_json()["lines"]] == [3]
    assert "Link" not in last.headers


def test_who_paid_in_is_told_to_payment_officers_alone(world: World) -> None:
    who = "<RltdPties><Dbtr><Pty><Nm>Puan Contoh</Nm></Pty></Dbtr></RltdPties>"
    report = banks.take(world, banks.come_in(who)).id
    for name, told in (("checker.my", True), ("releaser.my", False), ("auditor.my", False)):
        answer = Interface(world.app, name).get(f"{REPORTS}/{report}")
        assert answer.status_code == 200
        assert ("payer" in answer.get_json()["lines"][0]["told"]) == told
        assert ("Puan Contoh" in answer.get_data(as_text=True)) == told


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("desk.my", 403, id="a desk officer"),
        pytest.param("applicant.my", 403, id="an applicant"),
        pytest.param("maker.vn", 404, id="a payment officer of another agency"),
    ],
)
def test_payments_are_not_for(world: World, who: str, status: int) -> None:
    (reference,) = verified(world)
    batch = released(world, [reference])
    name, digest = batch.message_id, batch.sha256
    (line,) = answered(world, said(reference, "ZZZZ"))
    report, line_id = line.report_id, line.id
    person = Interface(world.app, who)
    for path in (f"{PATH}/{name}", f"{PATH}/{name}/file", f"{REPORTS}/{report}"):
        problem(person.get(path), status)
    for path, body in (
        (f"{PATH}/{name}/check", {"sha256": digest}),
        (f"{PATH}/{name}/release", {"sha256": digest}),
        (f"{PATH}/{name}/take-back", {"note": "Not mine."}),
        (f"{API}/bank-lines/{line_id}/settle", {"note": "Not mine."}),
        (PATH, wish(reference)),
    ):
        problem(person.send("POST", path, json=body, headers=headers()), status)


def test_keys_and_files_are_asked_for(world: World) -> None:
    references = verified(world)
    maker = Interface(world.app, "maker.my")
    problem(maker.send("POST", PATH, json=wish(*references)), 400)
    problem(maker.send("POST", REPORTS, data=file_of(b"x")), 400)
    for body in (file_of(b""), file_of(b"a,b"), {}):
        found = problem(maker.send("POST", REPORTS, data=body, headers=headers()), 422)
        assert found["errors"]["file"]
    assert (count(PaymentBatch), count(BankReport)) == (0, 0)


@pytest.mark.parametrize("act", ["confirm", "take_back", "take-out"])
def test_an_act_that_files_do_not_have(world: World, act: str) -> None:
    name = prepared(world, verified(world)).message_id
    maker = Interface(world.app, "maker.my")
    problem(maker.send("POST", f"{PATH}/{name}/{act}", json={}, headers=headers()), 404)
