"""The page of payments: who reads it, what waits, one file for those that were marked, and the lines of the bank."""

import io
import re
from html import unescape
from typing import Any

import pytest

from app.applications import commands as applications
from app.clock import today
from app.db import db, transaction
from app.delegations.commands import Handing, delegate
from app.disbursements.models import BankLine, PaymentBatch
from tests.disbursements import banks
from tests.disbursements.banks import answered, released, said, verified
from tests.factories import do_the_work
from tests.pages.browser import Browser
from tests.workflows.banking.said import table
from tests.world import World

pytestmark = pytest.mark.one_database


def shown(page: str) -> str:
    """Return a page as it is read: words, separated by single blanks."""
    text = re.sub(r"<[^>]*>", " ", page.split("<main", 1)[1])
    return " ".join(unescape(text).replace("\u00a0", " ").split())


def value(world: World, reference: str, number: int = 1) -> str:
    """Return what the form of the page sends of a payment."""
    return f"{reference}/{number}/{world.case(reference).version}"


def batches() -> list[PaymentBatch]:
    db.session.expire_all()
    return list(db.session.query(PaymentBatch).order_by(PaymentBatch.id))


# Who reads


@pytest.mark.parametrize(
    ("who", "status", "acts"),
    [
        pytest.param("maker.my", 200, True, id="a payment officer reads and acts"),
        pytest.param("releaser.my", 200, False, id="a releaser reads"),
        pytest.param("auditor.my", 200, False, id="an auditor reads"),
        pytest.param("desk.my", 403, False, id="a desk officer does not"),
        pytest.param("applicant.my", 403, False, id="an applicant does not"),
        pytest.param("", 401, False, id="a stranger signs in first"),
    ],
)
def test_who_reads_payments(world: World, who: str, status: int, *, acts: bool) -> None:
    (reference,) = verified(world)
    answer = Browser(world.app, who).get("/payments")
    assert answer.status_code == status
    assert ("Prepare one payment file" in answer.text, "Take in" in answer.text) == (acts, acts)
    assert (reference in answer.text) == (status == 200)
    if status == 200:
        assert 'href="/payments" aria-current="page"' in answer.text
        assert "This is for a person with the duty" not in shown(answer.text)


def test_another_agency_sees_its_own_payments_only(world: World) -> None:
    references = verified(world, 2)
    file = released(world, references[:1])
    page = Browser(world.app, "maker.vn").get("/payments").text
    assert not any(name in page for name in (*references, file.message_id))


def test_who_stands_in_for_a_releaser_reads_payments(world: World) -> None:
    browser = Browser(world.app, "desk_two.my")
    assert browser.get("/payments").status_code == 403
    day = today("Asia/Kuala_Lumpur")
    with transaction():
        handed = Handing(world.desk_two.email, "releaser", day, day, "On leave.")
        delegate(handed, actor=world.releaser)
    assert browser.get("/payments").status_code == 200


def test_payments_of_a_hidden_case_are_not_there(world: World) -> None:
    first, second, third = verified(world, 3)
    file = released(world, [first, second]).message_id
    answered(world, said(first, "ACSC", amount="1.00"))
    with transaction():
        for one in (first, third):
            applications.declare(one, "My brother owns it.", whole=False, actor=world.checker)
    browser = Browser(world.app, "checker.my")
    page = browser.get("/payments").text
    assert not any(name in page for name in (first, second, third, file))
    for path in ("", "/file"):
        assert browser.get(f"/payments/{file}{path}").status_code == 404
    mine = Browser(world.app, "maker.my").get("/payments").text
    assert all(name in mine for name in (first, third, file))


# What waits


def test_what_waits_shows_payee_and_account_masked(world: World) -> None:
    (reference,) = verified(world)
    answers = world.case(reference).answers
    text = shown(Browser(world.app, "maker.my").get("/payments").text)
    number = str(answers["bank_account"])
    assert "Grants in MYR from Agency MY •••• 6789" in text
    assert f"{reference} Tranche 1: Part 1" in text
    assert f"{answers['account_holder']} •••• {number[-4:]} MYR 2,000.00" in text
    assert number not in text


def test_marked_payments_become_one_file(world: World) -> None:
    first, second, third = verified(world, 3)
    browser = Browser(world.app, "maker.my")
    marked = {"payments": [value(world, first), value(world, third)]}
    answer = browser.post("/payments", marked)
    assert answer.status_code == 303
    (file,) = batches()
    assert answer.location == f"/payments/{file.message_id}"
    assert (file.payments, file.total_minor) == (2, 4_000_00)
    page = shown(browser.get(answer.location).text)
    assert "The payment file is prepared. Another payment officer checks it now." in page
    states = [world.tranche_state(one, 1) for one in (first, second, third)]
    assert states == ["prepared", "verified", "prepared"]
    listed = shown(browser.get("/payments").text)
    assert f"{file.message_id} Prepared 2 MYR 4,000.00 Agency MY •••• 6789" in listed


@pytest.mark.parametrize("others", [0, 1])
def test_what_speaks_against_one_stands_beside_it_and_the_choice_is_kept(
    world: World, others: int
) -> None:
    references = verified(world, 1 + others)
    browser = Browser(world.app, "maker.my")
    marked = [value(world, one) for one in references]
    with transaction():
        # Another act in between: the version is not the one that was looked at.
        world.case(references[0]).version += 1
    answer = browser.post("/payments", {"payments": marked})
    assert answer.status_code == 422
    text = shown(answer.text)
    assert f"{references[0]}-T1: Somebody changed this case after you opened it." in text
    assert f'href="#{references[0]}-T1"' in answer.text
    for one in references:
        assert f'value="{value(world, one)}" checked' in answer.text
    assert batches() == []


def test_a_payment_that_cannot_be_prepared_says_why_and_cannot_be_marked(world: World) -> None:
    (reference,) = verified(world)
    with transaction():
        world.case(reference).state = "cancelled"
    text = Browser(world.app, "maker.my").get("/payments").text
    assert f'id="{reference}-T1"' not in text
    assert "Conditions precedent are still open, or the award is closed." in shown(text)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        pytest.param([], "Choose at least one payment.", id="nothing is marked"),
        pytest.param(["x"], "Open the payments again and choose anew.", id="what is none"),
        pytest.param(["A-1/1/1\n"], "", id="a line break at the end is no part of it"),
        pytest.param(["A-1/99999/1"], "Open the payments again", id="a number too large"),
        pytest.param(['"><script>/1/1'], "Open the payments again", id="a script"),
    ],
)
def test_a_choice_that_is_none(world: World, sent: list[str], sentence: str) -> None:
    verified(world)
    answer = Browser(world.app, "maker.my").post("/payments", {"payments": sent})
    assert answer.status_code == (422 if sentence else 404)
    assert sentence in answer.text
    assert "<script>/1" not in answer.text
    assert batches() == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("releaser.my", 422, id="a releaser is told the duty"),
        pytest.param("desk.my", 403, id="a desk officer"),
        pytest.param("maker.vn", 404, id="a payment officer of another agency"),
    ],
)
def test_who_may_not_prepare(world: World, who: str, status: int) -> None:
    (reference,) = verified(world)
    answer = Browser(world.app, who).post("/payments", {"payments": [value(world, reference)]})
    assert answer.status_code == status
    assert world.tranche_state(reference, 1) == "verified"


@pytest.mark.parametrize(
    "asked", ["after=-1", "after=x", "before=9" + "9" * 400, "after=1&before=1"]
)
def test_the_page_takes_any_address(world: World, asked: str) -> None:
    assert Browser(world.app, "maker.my").get(f"/payments?{asked}").status_code == 200


# Files of the bank, and their lines


def upload(browser: Browser, content: bytes, name: str = "answers.csv") -> Any:
    return browser.post("/payments/bank-files", {"file": (io.BytesIO(content), name)})


def test_a_file_of_the_bank_is_taken_in_and_told_of(world: World) -> None:
    (reference,) = verified(world)
    released(world, [reference])
    browser = Browser(world.app, "maker.my")
    content = table(banks.HEAD, said(reference, "ACSC"), said(reference, "ZZZZ"))
    assert upload(browser, content, '<b>"day".csv').status_code == 303
    do_the_work()
    page = browser.get("/payments")
    text = shown(page.text)
    assert "1 applied, 1 for a person" in text
    assert f"{reference}-T1-1 has answers that contradict each other: paid, unknown." in text
    assert "<b>" not in page.text
    assert "The bank's status is not known here: ZZZZ." in text
    assert f'href="/cases/{reference}"' in page.text
    line = db.session.query(BankLine).filter_by(state="open").one()
    empty = browser.post(f"/payments/lines/{line.id}/settle", {"note": " "})
    assert empty.status_code == 422
    assert f'href="#line-{line.id}-note"' in empty.text
    done = browser.post(f"/payments/lines/{line.id}/settle", {"note": "The bank was asked."})
    assert done.status_code == 303
    assert "No line waits for a person." in shown(browser.get("/payments").text)
    again = browser.post(f"/payments/lines/{line.id}/settle", {"note": "Once more."})
    assert again.status_code == 409


def test_what_cannot_be_read_comes_back_with_its_reasons(world: World) -> None:
    browser = Browser(world.app, "maker.my")
    for content in (b"", b"a,b\n1,2\n", b"<Document/>"):
        answer = upload(browser, content)
        assert answer.status_code == 422
        assert 'href="#file"' in answer.text
    assert browser.post("/payments/bank-files").status_code == 422


def test_who_paid_in_is_told_to_payment_officers_alone(world: World) -> None:
    who = "<RltdPties><Dbtr><Pty><Nm>Puan Contoh</Nm></Pty></Dbtr></RltdPties>"
    coming = banks.come_in(who)
    banks.take(world, coming)
    do_the_work()
    for name, told in (("maker.my", True), ("releaser.my", False), ("auditor.my", False)):
        text = Browser(world.app, name).get("/payments").text
        assert "Money came in." in text
        assert ("Puan Contoh" in text) == told


@pytest.mark.parametrize("who", ["releaser.my", "auditor.my", "desk.my", "applicant.my"])
def test_who_may_not_take_in_or_settle(world: World, who: str) -> None:
    (reference,) = verified(world)
    released(world, [reference])
    (line,) = answered(world, said(reference, "ZZZZ"))
    browser = Browser(world.app, who)
    assert upload(browser, b"").status_code == 403
    answer = browser.post(f"/payments/lines/{line.id}/settle", {"note": "Not mine."})
    assert answer.status_code == 403


@pytest.mark.parametrize("number", ["0", "2147483648", "9" * 300, "x"])
def test_a_line_that_is_none(world: World, number: str) -> None:
    answer = Browser(world.app, "maker.my").post(
        f"/payments/lines/{number}/settle", {"note": "Yes."}
    )
    assert answer.status_code == 404
