"""The page of one payment file: three pairs of hands, what each may do and why not, what the bank said, and the download."""

import hashlib
from typing import Any

import pytest

from app.db import db, transaction
from app.disbursements.models import PaymentBatch, PaymentInstruction
from tests.accesslog.test_access import entries
from tests.disbursements.banks import answered, checked, prepared, released, said, verified
from tests.disbursements.test_batches import second_releaser, two_needed
from tests.disbursements.test_routes import shown
from tests.factories import last_event
from tests.pages.browser import Browser
from tests.world import World

pytestmark = pytest.mark.one_database

__all__ = ["two_needed"]


def standing(name: str) -> PaymentBatch:
    """Return a batch as it stands in the database."""
    db.session.expire_all()
    return db.session.query(PaymentBatch).filter_by(message_id=name).one()


def instructions(name: str) -> list[PaymentInstruction]:
    """Return the payments that stand in a batch."""
    found = db.session.query(PaymentInstruction).filter_by(batch_id=standing(name).id)
    return found.order_by(PaymentInstruction.id).all()


def send(world: World, who: str, name: str, path: str, **data: str) -> Any:
    """Send a form of the page of a payment file."""
    return Browser(world.app, who).post(f"/payments/{name}/{path}", data)


def test_three_pairs_of_hands_send_a_file_to_the_bank(world: World) -> None:
    first, second = verified(world, 2)
    batch = prepared(world, [first, second])
    name, digest = batch.message_id, batch.sha256
    page = Browser(world.app, "checker.my").get(f"/payments/{name}").text
    assert f'name="sha256" value="{digest}"' in page
    assert "Total MYR 4,000.00" in shown(page)
    assert send(world, "checker.my", name, "check", sha256=digest).status_code == 303
    assert send(world, "releaser.my", name, "release", sha256=digest).status_code == 303
    text = shown(Browser(world.app, "auditor.my").get(f"/payments/{name}").text)
    assert f"{name} Released" in text
    assert all(f"{hand}, " in text for hand in ("Prepared Maker My", "Checked Checker My"))
    assert "Released Releaser My, " in text
    assert "1 of 1" in text
    assert "The file is with the bank." in text
    assert f"{first} Tranche 1 {first}-T1-1 Kopi Contoh Sdn Bhd" in text
    assert [world.tranche_state(one, 1) for one in (first, second)] == ["released"] * 2


def test_the_page_says_what_each_may_do_and_why_not(world: World) -> None:
    batch = prepared(world, verified(world, 2))
    path = f"/payments/{batch.message_id}"
    maker = shown(Browser(world.app, "maker.my").get(path).text)
    doing, not_open = maker.split("Not open to you now")
    assert "Take the payment back before it is released" in doing
    assert "Check the payment You already stand in this case as payment maker;" in not_open
    checker = shown(Browser(world.app, "checker.my").get(path).text)
    assert "Send the payment file back" in checker.split("What you may do now")[1]
    auditor = shown(Browser(world.app, "auditor.my").get(path).text)
    assert "Nothing in this file waits for you." in auditor


def test_what_speaks_against_one_payment_is_told_beside_it(world: World) -> None:
    first, second = verified(world, 2)
    batch = checked(world, [first, second])
    name, digest = batch.message_id, batch.sha256
    with transaction():
        world.case(second).state = "cancelled"
    text = shown(Browser(world.app, "releaser.my").get(f"/payments/{name}").text)
    told = "Conditions precedent are still open, or the award is closed."
    assert f"{told} Award: conditions precedent {second}-T1" in text
    answer = send(world, "releaser.my", name, "release", sha256=digest)
    assert answer.status_code == 422
    assert f"{second}-T1: {told}" in shown(answer.text)
    assert [world.tranche_state(one, 1) for one in (first, second)] == ["checked"] * 2
    assert standing(name).releases == []


@pytest.mark.parametrize(
    ("who", "act", "data", "sentence"),
    [
        pytest.param("checker.my", "check", {"sha256": "0" * 64}, "not the one you looked at", id="another digest"),
        pytest.param("checker.my", "check", {"sha256": "0"}, "Name the digest of the payment file.", id="no digest"),
        pytest.param("checker.my", "check", {}, "Name the digest of the payment file.", id="nothing"),
        pytest.param("maker.my", "take-back", {"note": " "}, "Say why.", id="taken back without a word"),
        pytest.param("maker.my", "take-back", {"note": "x" * 4001}, "Say why.", id="too many words"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_taken(
    world: World, who: str, act: str, data: dict[str, str], sentence: str
) -> None:
    name = prepared(world, verified(world)).message_id
    answer = send(world, who, name, act, **data)
    assert answer.status_code == 422
    assert sentence in shown(answer.text)
    assert (standing(name).checked_by, standing(name).voided_at) == (None, None)


@pytest.mark.parametrize(
    ("who", "act", "done"),
    [
        pytest.param("maker.my", "take_out", "take_out", id="by who prepared it"),
        pytest.param("checker.my", "refuse_file", "refuse_file", id="by who would check it"),
        pytest.param("maker.my", "", "take_out", id="without a name it is the act that is open"),
        pytest.param(
            "maker.my", "nothing", "take_out", id="a name that is none counts as the first"
        ),
    ],
)
def test_a_file_is_taken_back(world: World, who: str, act: str, done: str) -> None:
    references = verified(world, 2)
    name = prepared(world, references).message_id
    data = {"act": act} if act else {}
    sent = send(world, who, name, "take-back", note="The account was closed.", **data)
    assert sent.status_code == 303
    browser = Browser(world.app, who)
    text = shown(browser.get(f"/payments/{name}").text)
    assert "Taken back" in text
    assert "Nothing more can be done with it." in text
    assert [world.tranche_state(one, 1) for one in references] == ["verified"] * 2
    assert [last_event(one).kind for one in references] == [done] * 2
    assert browser.get(f"/payments/{name}/file").status_code == 200
    again = prepared(world, references[:1]).message_id
    assert browser.get(f"/payments/{name}/file").status_code == 404
    text = shown(browser.get(f"/payments/{name}").text)
    assert "Payments of this file went into later ones." in text
    assert browser.get(f"/payments/{again}/file").status_code == 200
    late = send(world, who, name, "take-back", note="Once more.")
    assert late.status_code == 409
    assert "the payment file is taken back" in shown(late.text)


def test_several_releasers_are_counted(world: World, two_needed: list[str]) -> None:
    batch = checked(world, two_needed)
    name, digest = batch.message_id, batch.sha256
    assert send(world, "releaser.my", name, "release", sha256=digest).status_code == 303
    browser = Browser(world.app, "releaser.my")
    text = shown(browser.get(f"/payments/{name}").text)
    assert f"{name} 1 of 2 releases" in text
    assert "You have released this payment already." in text
    second_releaser(world)
    assert send(world, "desk_two.my", name, "release", sha256=digest).status_code == 303
    assert f"{name} Released" in shown(browser.get(f"/payments/{name}").text)


def test_the_page_has_the_answer_of_the_bank(world: World) -> None:
    first, second, third = verified(world, 3)
    batch = released(world, [first, second, third])
    name = batch.message_id
    answered(world, said(first, "ACSC"), said(second, "RJCT", reason="AC04"))
    answered(world, said(first, "returned", reason="AC04", bank_reference="BANK-8"))
    text = shown(Browser(world.app, "auditor.my").get(f"/payments/{name}").text)
    assert "BANK-7" in text
    assert "Sent back on" in text
    assert text.count("The payee's account is closed.") >= 2
    assert f"{third} Tranche 1" in text


def test_the_file_is_handed_out_as_it_was_released(world: World) -> None:
    batch = released(world, verified(world, 2))
    name, digest = batch.message_id, batch.sha256
    for who in ("maker.my", "releaser.my", "auditor.my"):
        answer = Browser(world.app, who).get(f"/payments/{name}/file")
        assert hashlib.sha256(answer.data).hexdigest() == digest
        assert answer.headers["X-Content-SHA256"] == digest
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}.xml"'
        assert answer.headers["Cache-Control"] == "no-store"


def test_an_erased_file_is_gone(world: World) -> None:
    (reference,) = verified(world)
    name = released(world, [reference]).message_id
    with transaction():
        case, batch = world.case(reference), standing(name)
        batch.file = b""
        instructions(name)[0].payee = {}
        case.erased_at, case.erased_under = batch.prepared_at, "Example Act 1"
    answer = Browser(world.app, "auditor.my").get(f"/payments/{name}/file")
    assert answer.status_code == 410
    assert "Example Act 1" in answer.text
    page = shown(Browser(world.app, "auditor.my").get(f"/payments/{name}").text)
    assert f"{reference} Tranche 1" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("", 401, id="a stranger"),
        pytest.param("desk.my", 403, id="a desk officer"),
        pytest.param("applicant.my", 403, id="the applicant"),
        pytest.param("maker.vn", 404, id="another agency"),
    ],
)
def test_a_file_is_not_for(world: World, who: str, status: int) -> None:
    batch = prepared(world, verified(world))
    name, digest = batch.message_id, batch.sha256
    browser = Browser(world.app, who)
    for path in ("", "/file"):
        assert browser.get(f"/payments/{name}{path}").status_code == status
    data = {"sha256": digest, "note": "Not mine."}
    for act in ("check", "release", "take-back"):
        assert browser.post(f"/payments/{name}/{act}", data).status_code == status
    assert standing(name).checked_by is None


@pytest.mark.parametrize("name", ["x", "MY-SMECORP-P999999", "é" * 200, "waiting", "lines"])
def test_a_file_that_is_none(world: World, name: str) -> None:
    browser = Browser(world.app, "maker.my")
    assert browser.get(f"/payments/{name}").status_code == 404
    assert browser.post(f"/payments/{name}/check", {"sha256": "0" * 64}).status_code == 404


def test_who_opens_or_downloads_a_file_has_looked_at_each_of_its_cases(world: World) -> None:
    references = verified(world, 2)
    name = released(world, references).message_id
    browser = Browser(world.app, "releaser.my")
    for path in ("", "/file"):
        assert browser.get(f"/payments/{name}{path}").status_code == 200
    found = [(entry.what, entry.case) for entry in entries()]
    looked = ("disbursements.batch", "disbursements.batch_file")
    assert found == [(what, one) for what in looked for one in references]
