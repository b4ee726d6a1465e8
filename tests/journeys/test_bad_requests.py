"""Requests that cannot be read, or act on another version, or lead nowhere: a clear problem, never an error of ours."""

import json

import pytest

from tests.answers import GRANT
from tests.interface import API, CASES, Interface, headers, outside, problem
from tests.journeys.road import row
from tests.world import World

pytestmark = pytest.mark.one_database

JSON = "application/json"

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


@pytest.mark.parametrize("act", ["sessions", "begin", "answers", "submit"])
@pytest.mark.parametrize(("body", "kind", "status"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_body_that_cannot_be_read(
    world: World, act: str, body: bytes, kind: str | None, status: int
) -> None:
    applicant = Interface(world.app, "applicant.my")
    reference = applicant.begin(GRANT)
    before = row(reference)
    method, path = {
        "sessions": ("POST", f"{API}/sessions"),
        "begin": ("POST", CASES),
        "answers": ("PUT", f"{CASES}/{reference}/answers"),
        "submit": ("POST", f"{CASES}/{reference}/acts/submit"),
    }[act]
    answer = applicant.send(method, path, data=body, content_type=kind, headers=headers())
    problem(answer, status)
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
