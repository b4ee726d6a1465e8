"""Values no case can hold, sent to the interface: each wrong field is named, and nothing is saved."""

import io

import pytest

from tests.answers import LOAN
from tests.interface import CASES, Interface, problem
from tests.journeys.road import row

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
