"""Whatever is sent to the interface: a clear problem, nothing saved, and never an error of ours."""

import io
import json
import secrets
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.interface import API, CASES, Interface, outside
from tests.journeys.road import row
from tests.world import GRANT, LOAN, World

JSON = "application/json"


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """Return the problem document of an answer, after checking that it is one."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), (
        answer.text
    )
    found: dict[str, Any] = answer.get_json()
    assert found["status"] == status
    assert found["title"]
    assert found["type"].startswith("/problems/")
    assert found["instance"] == answer.headers["X-Request-ID"]
    return found


def headers(version: int = 0) -> dict[str, str]:
    """Return the headers every act asks for."""
    return {"If-Match": f'"v{version}"', "Idempotency-Key": secrets.token_hex(8)}


NESTED = b'{"a":' + b"[" * 700 + b"]" * 700 + b"}"
UNREADABLE = {
    "not JSON": (b"amount=1", JSON, 400),
    "nothing": (b"", JSON, 400),
    "half of it": (b'{"amount": "1', JSON, 400),
    "a list": (b'[{"amount": "1"}]', JSON, 400),
    "a text": (b'"amount"', JSON, 400),
    "null": (b"null", JSON, 400),
    "another content type": (b'{"amount": "1"}', "text/plain", 400),
    "a form": (b"amount=1", "application/x-www-form-urlencoded", 400),
    "no content type": (b'{"amount": "1"}', None, 400),
    "not UTF-8": (b'{"amount": "\xff\xfe"}', JSON, 400),
    "a number with ten thousand digits": (b'{"amount": ' + b"9" * 10_000 + b"}", JSON, 400),
    "nested seven hundred deep": (NESTED, JSON, 400),
    "nested a hundred thousand deep": (NESTED.replace(b"[", b"[" * 150), JSON, 400),
    "ten megabytes": (b'{"amount": "' + b"1" * 10_000_000 + b'"}', JSON, 413),
}


@pytest.mark.parametrize("act", ["sessions", "answers", "submit", "approve", "begin"])
@pytest.mark.parametrize(("body", "kind", "status"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_body_that_cannot_be_read(
    world: World, act: str, body: bytes, kind: str | None, status: int
) -> None:
    reference = world.at("decision") if act == "approve" else world.draft()
    before, version = row(reference), world.case(reference).version
    method, path, name = {
        "sessions": ("POST", f"{API}/sessions", "applicant.my"),
        "begin": ("POST", CASES, "applicant.my"),
        "answers": ("PUT", f"{CASES}/{reference}/answers", "applicant.my"),
        "submit": ("POST", f"{CASES}/{reference}/acts/submit", "applicant.my"),
        "approve": ("POST", f"{CASES}/{reference}/acts/approve", "approver.my"),
    }[act]
    answer = Interface(world.app, name).send(
        method, path, data=body, content_type=kind, headers=headers(version)
    )
    problem(answer, status)
    assert row(reference) == before


ANSWERS = {
    "a question nobody asks": ({"colour": "red"}, ["colour"]),
    "a list": ({"project_title": ["a", "b"]}, ["project_title"]),
    "a table": ({"project_title": {"de": "a"}}, ["project_title"]),
    "a number with decimals": ({"amount": 80000.5}, ["amount"]),
    "not a number at all": ({"amount": float("nan")}, ["amount"]),
    "a control character": ({"project_title": "a\x07b"}, ["project_title"]),
    "a NUL": ({"project_title": "a\x00b"}, ["project_title"]),
    "half of a surrogate pair": ({"project_title": "a\ud800b"}, ["project_title"]),
    "five thousand characters": ({"purpose": "a" * 5000}, ["purpose"]),
    "half a surrogate pair in an amount and currency": (
        {"amount": {"amount": "1\ud800", "currency": "MYR"}},
        ["amount"],
    ),
    "a NUL in a currency": ({"purpose": {"amount": "1", "currency": "\x00"}}, ["purpose"]),
    "a NUL in the name of a question": ({"\x00": "a"}, ["\x00"]),
    "three wrong things at once": (
        {"colour": "red", "employees": [1], "purpose": "\x01"},
        ["colour", "employees", "purpose"],
    ),
}


@pytest.mark.parametrize(("sent", "fields"), ANSWERS.values(), ids=ANSWERS.keys())
def test_answers_no_form_can_hold_are_named_and_not_saved(world, sent, fields) -> None:
    reference = world.draft()
    before = row(reference)
    applicant = Interface(world.app, "applicant.my")
    answer = applicant.answer(reference, sent)
    assert sorted(problem(answer, 422)["errors"]) == fields
    assert row(reference) == before


DRAFTS = {
    "an amount below nothing": ({"amount": "-5"}, "amount"),
    "an amount in words of a program": ({"amount": "1e9"}, "amount"),
    "an amount beyond all budgets": ({"amount": str(10**30)}, "amount"),
    "an amount above the ceiling": ({"amount": "200000.01"}, "amount"),
    "an amount finer than sen": ({"amount": "80000.005"}, "amount"),
    "another currency": ({"amount": {"amount": "80000.00", "currency": "VND"}}, "amount"),
    "infinity": ({"amount": "Infinity"}, "amount"),
    "no choice of the list": ({"sector": "mining"}, "sector"),
    "a share in words": ({"local_share": "all"}, "local_share"),
    "an unticked declaration": ({"truth": "no"}, "truth"),
    "a BIC with markup": ({"bank_bic": "<script>"}, "bank_bic"),
}


@pytest.mark.parametrize(("sent", "field"), DRAFTS.values(), ids=DRAFTS.keys())
def test_a_draft_is_saved_even_when_wrong_but_cannot_be_submitted(world, sent, field) -> None:
    reference = world.draft()
    applicant = Interface(world.app, "applicant.my")
    answer = applicant.answer(reference, sent)
    assert answer.status_code == 200
    assert list(answer.get_json()["problems"]) == [field]
    before = row(reference)
    refused = problem(applicant.act(reference, "submit"), 409)
    assert "answers_complete" in {reason["rule"] for reason in refused["reasons"]}
    assert row(reference) == before


@pytest.mark.parametrize("amount", ["1500000000.50", "1.5", "1500000000,00"])
def test_dong_have_no_cents(world, amount: str) -> None:
    answer = Interface(world.app, "applicant.vn").answer(world.draft(LOAN), {"amount": amount})
    assert list(answer.get_json()["problems"]) == ["amount"]


AMOUNTS = {
    "nothing": ({}, 422, "amount"),
    "null": ({"amount": None}, 422, "amount"),
    "an empty text": ({"amount": ""}, 409, "approved_within_recommended"),
    "zero": ({"amount": "0"}, 409, "approved_within_recommended"),
    "less than nothing": ({"amount": "-1"}, 422, "amount"),
    "a program's number": ({"amount": "1e9"}, 422, "amount"),
    "ten to the thirty": ({"amount": 10**30}, 422, "amount"),
    "a truth value": ({"amount": True}, 422, "amount"),
    "decimals as a JSON number": ({"amount": 1.5}, 422, "amount"),
    "a list": ({"amount": ["1"]}, 422, "amount"),
    "another currency": ({"amount": {"amount": "1", "currency": "VND"}}, 422, "amount"),
    "finer than sen": ({"amount": "80000.001"}, 422, "amount"),
    "more than was recommended": ({"amount": "80000.01"}, 409, "approved_within_recommended"),
    "too little to give each tranche a sen": ({"amount": "0.01"}, 422, "amount"),
    "an unknown field": ({"amount": "1", "state": "completed"}, 422, "state"),
    "a number for a note": ({"amount": "80000", "note": 7}, 422, "note"),
    "a NUL in the note": ({"amount": "80000", "note": "\x00"}, 422, "_schema"),
    "half a surrogate pair": ({"amount": "80000", "note": "\udfff"}, 422, "_schema"),
    "a note beyond its length": ({"amount": "80000", "note": "a" * 4001}, 422, "note"),
}


@pytest.mark.parametrize(("sent", "status", "named"), AMOUNTS.values(), ids=AMOUNTS.keys())
def test_an_amount_that_cannot_be_approved(world, sent, status, named) -> None:
    reference = world.at("decision")
    before = row(reference)
    answer = Interface(world.app, "approver.my").act(reference, "approve", sent)
    found = problem(answer, status)
    assert named in {*found.get("errors", {}), *(r["rule"] for r in found.get("reasons", ()))}
    assert row(reference) == before


PLANS = {
    "shares that sum to less": [{"purpose": "a", "share_pct": "99.99"}],
    "shares that only rounding makes whole": [
        {"purpose": "a", "share_pct": "100"},
        {"purpose": "b", "share_pct": "1e-40"},
    ],
    "a share below nothing": [
        {"purpose": "a", "share_pct": "110"},
        {"purpose": "b", "share_pct": "-10"},
    ],
    "a share that is not a number": [{"purpose": "a", "share_pct": "NaN"}],
    "a share too small for a sen": [
        {"purpose": "a", "share_pct": "99.9999999"},
        {"purpose": "b", "share_pct": "0.0000001"},
    ],
    "five tranches": [{"purpose": "a", "share_pct": "20"}] * 5,
    "rows that are no tables": ["a"],
    "a table instead of a list": {"purpose": "a"},
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())
def test_tranches_that_do_not_make_a_plan(world, plan) -> None:
    reference = world.at("recommendation")
    before = row(reference)
    sent = {"outcome": "approve", "amount": "80000", "tranches": plan}
    answer = Interface(world.app, "desk.my").act(reference, "recommend", sent)
    assert any(name.startswith("tranches") for name in problem(answer, 422)["errors"])
    assert row(reference) == before


SIGN_INS = {
    "an unknown field": {"email": "a@b.example", "password": "x", "admin": True},
    "no password": {"email": "a@b.example"},
    "a number": {"email": 7, "password": "x"},
    "a list": {"email": ["a@b.example"], "password": "x"},
    "a NUL": {"email": "a\x00b@c.example", "password": "x"},
    "half a surrogate pair": {"email": "a\ud800@c.example", "password": "x"},
    "half a surrogate pair as the password": {
        "email": "desk.my@world.example",
        "password": "\ud800",
    },
    "an endless address": {"email": "a" * 5000, "password": "x"},
}


@pytest.mark.parametrize("sent", SIGN_INS.values(), ids=SIGN_INS.keys())
def test_signing_in_with_what_is_no_address_or_password(world, sent) -> None:
    answer = outside(world.app).post(f"{API}/sessions", data=json.dumps(sent), content_type=JSON)
    assert answer.status_code in (401, 422)
    problem(answer, answer.status_code)


VERSIONS = {
    "missing": (None, 428),
    "empty": ("", 428),
    "any": ("*", 428),
    "in words": ('"newest"', 428),
    "below nothing": ('"v-1"', 428),
    "in digits of another script": ('"v٣"', 428),
    "with five thousand digits": (f'"v{"9" * 5000}"', 428),
    "an older one": ('"v1"', 412),
    "one that is not yet": ('"v999"', 412),
}


@pytest.mark.parametrize("act", ["submit", "answers"])
@pytest.mark.parametrize(("version", "status"), VERSIONS.values(), ids=VERSIONS.keys())
def test_a_version_that_is_not_the_one_that_stands(world, act, version, status) -> None:
    reference = world.draft(GRANT)
    before = row(reference)
    applicant = Interface(world.app, "applicant.my")
    method, path = ("PUT", "answers") if act == "answers" else ("POST", "acts/submit")
    answer = applicant.send(
        method,
        f"{CASES}/{reference}/{path}",
        json={},
        headers={"If-Match": version, "Idempotency-Key": "0123456789"},
    )
    found = problem(answer, status)
    if (act, status) == ("submit", 412):
        assert [reason["rule"] for reason in found["reasons"]] == ["unchanged"]
    assert row(reference) == before


PLACES = {
    "a NUL in a reference": ("GET", "/applications/%00"),
    "a NUL in the name of a call": ("POST", "/applications"),
    "a NUL in a filter": ("GET", "/applications?state=%00"),
    "not UTF-8 in a reference": ("GET", "/applications/%ff%fe"),
    "a letter with a number no database holds": ("GET", "/applications/{0}/letters/{1}.pdf"),
    "a letter with five thousand digits": ("GET", f"/applications/{{0}}/letters/{'9' * 5000}.pdf"),
    "a tranche with a number no database holds": (
        "POST",
        "/applications/{0}/tranches/{1}/acts/claim",
    ),
    "a reference of ten thousand characters": ("GET", "/applications/" + "A" * 10_000),
}


@pytest.mark.parametrize(("method", "path"), PLACES.values(), ids=PLACES.keys())
def test_an_address_that_leads_nowhere(world, method, path) -> None:
    reference = world.at("submitted")
    path = API + path.format(reference, 10**30)
    answer = Interface(world.app, "applicant.my").send(
        method, path, json={"call": "\x00"}, headers=headers()
    )
    assert answer.status_code in (400, 404, 422)
    problem(answer, answer.status_code)


DOCUMENTS = {
    "no file": ({"kind": "quotation"}, "file"),
    "no kind": ({"file": b"%PDF"}, "file"),
    "no PDF": ({"kind": "quotation", "file": b"MZ"}, "file"),
    "an empty file": ({"kind": "quotation", "file": b""}, "file"),
}


@pytest.mark.parametrize(("sent", "field"), DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_a_document_that_cannot_be_kept(world, sent, field) -> None:
    reference = world.draft()
    before = row(reference)
    data = {k: (io.BytesIO(v), "a.pdf") if isinstance(v, bytes) else v for k, v in sent.items()}
    answer = Interface(world.app, "applicant.my").send(
        "POST", f"{CASES}/{reference}/documents", data=data
    )
    assert list(problem(answer, 422)["errors"]) == [field]
    assert row(reference) == before
