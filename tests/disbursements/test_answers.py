"""What banks answer to payment files that were really released: what is applied, what is noted, and what a person looks at."""

import pytest
from sqlalchemy import select

from app.audit.queries import verify
from app.awards.queries import awarded
from app.db import db
from app.disbursements import commands
from app.disbursements.commands import answers
from app.disbursements.models import BankReport, Disbursement, PaymentReturn
from app.disbursements.queries import disbursements
from app.trail.queries import events_of
from tests.disbursements import banks
from tests.disbursements.banks import (
    answered,
    day,
    lines,
    money,
    prepared,
    released,
    said,
    shift,
    take,
)
from tests.factories import do_the_work, last_event
from tests.workflows.banking.said import (
    batch,
    because,
    detail,
    details,
    entry,
    notification,
    payment,
    status_report,
    table,
)
from tests.world import World

PAID = {"undrawn": 3000, "paid": 2000}
WITH_THE_BANK = {"undrawn": 3000, "instructed": 2000}
WAITING = {"undrawn": 3000, "verified": 2000}


@pytest.fixture
def sent(world: World) -> str:
    """Return a case whose first tranche is with the bank."""
    (reference,) = banks.verified(world)
    released(world, [reference])
    return reference


# Applied, noted, or left to a person


OPEN = "open", "released"
ANSWERS = [
    pytest.param("ACSC", {}, ("applied", "paid"), "", id="settled is paid"),
    pytest.param("paid", {"amount": "", "currency": ""}, ("applied", "paid"), "", id="paid without an amount"),
    pytest.param("RJCT", {"reason": "AC04"}, ("applied", "rejected"), "", id="rejected waits again"),
    pytest.param("ACSP", {}, ("noted", "released"), "", id="accepted says nothing new"),
    pytest.param("PDNG", {}, ("noted", "released"), "", id="pending says nothing new"),
    pytest.param("returned", {}, OPEN, "The bank says “returned”, but the payment stands at “Released to the bank”.", id="back before it was paid"),
    pytest.param("ZZZZ", {}, OPEN, "The bank's status is not known here: ZZZZ.", id="a status that nobody knows"),
    pytest.param("ACSC", {"amount": "2000.01"}, OPEN, "The bank says MYR 2,000.01; the payment is of MYR 2,000.00.", id="a sen too much"),
    pytest.param("ACSC", {"currency": "USD"}, OPEN, "The bank says USD; the payment is in MYR.", id="another currency"),
    pytest.param("ACSC", {"currency": "EUR"}, OPEN, "The bank says EUR; the payment is in MYR.", id="a currency not paid in here"),
    pytest.param("ACSC", {"booked_on": "tomorrow"}, OPEN, "The bank names tomorrow, a day to come.", id="a day to come"),
    pytest.param("ACSC", {"booked_on": "yesterday"}, OPEN, "The bank names yesterday; the payment was released on today.", id="a day before the release"),
    pytest.param("ACSC", {"end_to_end_id": "NOBODY-1"}, OPEN, "No payment of this agency has this number.", id="a payment nobody knows"),
    pytest.param("ACSC", {"end_to_end_id": ""}, OPEN, "The bank names no payment.", id="no payment named"),
    pytest.param("ACSC", {"end_to_end_id": "X" * 40}, OPEN, "The bank names no payment.", id="a number longer than any"),
]  # fmt: skip
PLACES = {"paid": PAID, "rejected": WAITING, "released": WITH_THE_BANK}


@pytest.mark.parametrize(("status", "more", "became", "why"), ANSWERS)
@pytest.mark.one_database
def test_a_line_becomes(
    world: World,
    sent: str,
    status: str,
    more: dict[str, str],
    became: tuple[str, str],
    why: str,
) -> None:
    days = {"yesterday": shift(-1), "today": day(), "tomorrow": shift(1)}
    given = {name: days.get(value, value) for name, value in more.items()}
    (line,) = answered(world, said(sent, status, **given))
    assert (line.state, world.tranche_state(sent, 1)) == became
    for name, on in days.items():
        why = why.replace(name, on)
    assert line.why.replace("\u00a0", " ") == why
    assert money(world, sent) == PLACES[became[1]]
    assert verify() == []


def test_paid_and_then_sent_back_can_be_paid_again(world: World, sent: str) -> None:
    (paid,) = answered(world, said(sent, "ACSC"))
    assert (paid.state, money(world, sent)) == ("applied", PAID)
    event = last_event(sent)
    assert (event.kind, event.actor) == ("bank_pays", "system:bank")
    assert event.record["detail"]["bank_report"] == paid.report.sha256
    back = entry(details(detail(name=f"{sent}-T1-1")), way="CRDT", amount='<Amt Ccy="MYR">2000.00</Amt>',
                 day=f"<BookgDt><Dt>{day()}</Dt></BookgDt><BkTxCd><Domn><Fmly><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>")  # fmt: skip
    report = take(world, notification(back))
    do_the_work()
    (line,) = lines(report)
    assert (line.outcome, line.state) == ("returned", "applied")
    assert world.tranche_state(sent, 1) == "returned"
    assert money(world, sent) == {**WAITING, "returned": 2000}
    noted = db.session.scalars(select(PaymentReturn)).one()
    assert (noted.bank_reference, noted.returned_on.isoformat()) == ("REF-5", day())
    assert disbursements(awarded(world.case(sent))) == {}
    second = released(world, [sent])
    assert f"{sent}-T1-2".encode() in second.file
    answered(world, said(sent, "ACSC", end_to_end_id=f"{sent}-T1-2", bank_reference="BANK-8"))
    assert money(world, sent) == {**PAID, "returned": 2000}
    assert len(db.session.scalars(select(Disbursement)).all()) == 2
    assert verify() == []


def test_a_whole_file_that_is_rejected_rejects_each_of_its_payments(world: World) -> None:
    references = banks.verified(world, 3)
    file = released(world, references)
    content = status_report(group=f"<GrpSts>RJCT</GrpSts>{because('AM04')}")
    report = take(world, content.replace(b"CONTOH-1", file.message_id.encode()).replace(b"2026-11-17T", f"{day()}T".encode()))  # fmt: skip
    do_the_work()
    assert [(line.state, line.outcome) for line in lines(report)] == [("applied", "rejected")] * 3
    assert [world.tranche_state(one, 1) for one in references] == ["rejected"] * 3
    assert [money(world, one) for one in references] == [WAITING] * 3
    assert last_event(references[0]).record["detail"]["bank_reason"] == "AM04"
    assert verify() == []


@pytest.mark.one_database
def test_each_payment_of_a_file_fares_on_its_own(world: World) -> None:
    first, second, third = banks.verified(world, 3)
    file = released(world, [first, second, third])
    told = batch(
        payment("ACSC", name=f"{first}-T1-1"),
        payment("RJCT", because("AC04"), name=f"{second}-T1-1"),
        name=file.message_id,
    )
    content = status_report(told).replace(b"CONTOH-1", file.message_id.encode())
    report = take(world, content.replace(b"2026-11-17T", f"{day()}T".encode()))
    do_the_work()
    assert [line.outcome for line in lines(report)] == ["paid", "rejected"]
    states = [world.tranche_state(one, 1) for one in (first, second, third)]
    assert states == ["paid", "rejected", "released"]


# Said again, and said otherwise


AGAIN = [
    pytest.param("ACSC", "ACSC", ("noted", "paid"), PAID, id="paid in two files is paid once"),
    pytest.param("RJCT", "RJCT", ("noted", "rejected"), WAITING, id="rejected in two files is rejected once"),
    pytest.param("ACSC", "RJCT", ("open", "paid"), PAID, id="rejected after it was paid"),
    pytest.param("RJCT", "ACSC", ("open", "rejected"), WAITING, id="paid after it was rejected"),
    pytest.param("ACSC", "ACSP", ("noted", "paid"), PAID, id="accepted after it was paid"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "then", "became", "places"), AGAIN)
@pytest.mark.one_database
def test_what_is_said_twice(
    world: World,
    sent: str,
    first: str,
    then: str,
    became: tuple[str, str],
    places: dict[str, int],
) -> None:
    answered(world, said(sent, first))
    (line,) = answered(world, said(sent, then, bank_reference="BANK-8"))
    assert (line.state, world.tranche_state(sent, 1)) == became
    assert money(world, sent) == places


@pytest.mark.one_database
def test_paid_again_after_it_was_sent_back_says_nothing_new(world: World, sent: str) -> None:
    answered(world, said(sent, "paid"))
    answered(world, said(sent, "returned"))
    (line,) = answered(world, said(sent, "paid", bank_reference="BANK-8"))
    assert (line.state, world.tranche_state(sent, 1)) == ("noted", "returned")


def test_the_same_file_twice_is_once(world: World, sent: str) -> None:
    content = table(banks.HEAD, said(sent, "ACSC"))
    first = take(world, content)
    do_the_work()
    again = take(world, content, world.checker)
    do_the_work()
    assert (again.id, len(lines(again))) == (first.id, 1)
    assert len(db.session.scalars(select(BankReport)).all()) == 1
    assert [event.kind for event in events_of("agency:MY-SMECORP")].count("take_bank_report") == 1
    assert answers.apply(lines(first)[0].id) == "applied"
    assert money(world, sent) == PAID


@pytest.mark.one_database
def test_an_answer_to_an_earlier_attempt_waits_for_a_person(world: World, sent: str) -> None:
    answered(world, said(sent, "RJCT"))
    released(world, [sent])
    (line,) = answered(world, said(sent, "ACSC"))
    assert (line.state, line.why) == (
        "open",
        "The payment has a later attempt; this answers an earlier one.",
    )
    assert money(world, sent) == WITH_THE_BANK


@pytest.mark.one_database
def test_an_answer_finds_a_payment_whose_answer_was_missing(world: World, sent: str) -> None:
    world.do(commands.report_unknown, sent, 1, "Nothing came.", actor=world.maker)
    (line,) = answered(world, said(sent, "ACSC"))
    assert (line.state, world.tranche_state(sent, 1)) == ("applied", "paid")


@pytest.mark.one_database
def test_a_payment_that_was_never_released_is_not_paid(world: World) -> None:
    references = banks.verified(world)
    prepared(world, references)
    (line,) = answered(world, said(references[0], "ACSC"))
    assert (line.state, line.why) == ("open", "This payment was never released.")
    assert money(world, references[0]) == WAITING


@pytest.mark.one_database
def test_what_comes_back_after_the_case_has_ended_waits_to_be_paid_again(world: World) -> None:
    reference = world.at("disbursing", amount="5000")
    for number in (1, 2):
        world.tranche_to(reference, number, "paid")
    assert (world.case(reference).state, money(world, reference)) == ("completed", {"paid": 5000})
    row = said(reference, "returned", end_to_end_id=f"{reference}-T2-1", amount="3000.00")
    (line,) = answered(world, row)
    assert (line.state, world.tranche_state(reference, 2)) == ("applied", "returned")
    assert world.case(reference).state == "completed"
    assert money(world, reference) == {"verified": 3000, "paid": 2000, "returned": 3000}
    assert verify() == []


@pytest.mark.one_database
def test_money_that_came_in_waits_for_a_person(world: World) -> None:
    report = take(world, banks.come_in("<RmtInf><Ustrd>Thank you</Ustrd></RmtInf>"))
    do_the_work()
    (line,) = lines(report)
    assert (line.outcome, line.state) == ("received", "open")
    assert line.why == "Money came in. Record it with the case it is for."
