"""Notifications of bookings: our payments that went out or came back, and money from others."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.workflows.banking.said import detail, details, entry, notification, only, outcomes
from workflows.banking.answers import Answer
from workflows.banking.reading import read

RETURN = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Closed in 2025</AddtlInf></RtrInf>"
RETURN_CODE = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>"
SENT = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn></BkTxCd>"


def paying(*inside: str, name: str = "T-1") -> str:
    """Return an entry that pays one payment."""
    return entry(details(detail(*inside, name=name)))


def test_a_booked_debit_is_a_payment_that_was_made() -> None:
    own = detail("<AcctSvcrRef>x</AcctSvcrRef>", name="T-1").replace(
        "<Refs>",
        "<Refs><MsgId>CONTOH-1</MsgId><AcctSvcrRef>REF-6</AcctSvcrRef><PmtInfId>LN-1</PmtInfId>",
    )
    report = read(notification(entry(SENT, details(own))))
    assert (report.message_id, report.format) == ("BOOK-9", "camt.054.001.08")
    assert report.created == datetime(2026, 11, 17, 18, 0)  # noqa: DTZ001 - the bank gave no offset
    assert (report.original_message_id, report.group_status, report.problems) == ("", "", ())
    assert report.answers == (
        Answer(
            "T-1",
            "paid",
            "BOOK DBIT",
            amount=Decimal(18750),
            currency="MYR",
            booked_on=date(2026, 11, 17),
            bank_reference="REF-6",
            account="512345678901",
            batch_id="LN-1",
            file_id="CONTOH-1",
        ),
    )


CASES = [
    pytest.param(entry(details(detail())), "paid", id="a booked debit"),
    pytest.param(entry(details(detail()), status="<Sts>BOOK</Sts>"), "paid", id="as older versions write it"),
    pytest.param(entry(details(detail()), status="<Sts><Cd>PDNG</Cd></Sts>"), "pending", id="not yet booked"),
    pytest.param(entry(details(detail()), status="<Sts>FUTR</Sts>"), "pending", id="in the future"),
    pytest.param(entry(details(detail()), status="<Sts><Cd>INFO</Cd></Sts>"), "pending", id="for information"),
    pytest.param(entry(details(detail()), status="<Sts><Prtry>X</Prtry></Sts>"), "unknown", id="the bank's own status"),
    pytest.param(entry(details(detail()), status=""), "unknown", id="no status"),
    pytest.param(entry(details(detail()), way="OUT"), "unknown", id="a direction that is none"),
    pytest.param(entry(details(detail()), way="CRDT"), "received", id="a booked credit"),
    pytest.param(entry(details(detail(RETURN)), way="CRDT"), "returned", id="a credit with the reason of a return"),
    pytest.param(entry(RETURN_CODE, details(detail()), way="CRDT"), "returned", id="a credit that is called a return"),
    pytest.param(entry(details(detail(RETURN_CODE)), way="CRDT"), "returned", id="a payment that is called a return"),
    pytest.param(entry("<RvslInd>true</RvslInd>", details(detail()), way="CRDT"), "returned", id="a debit that is reversed"),
    pytest.param(entry("<RvslInd>1</RvslInd>", details(detail()), way="CRDT"), "returned", id="a debit that is reversed, 1"),
    pytest.param(entry("<RvslInd>false</RvslInd>", details(detail()), way="CRDT"), "received", id="a credit that reverses nothing"),
    pytest.param(entry("<RvslInd>true</RvslInd>", details(detail())), "unknown", id="money that had come in is taken back"),
    pytest.param(entry(details(detail(RETURN))), "unknown", id="money that had come in is sent back"),
    pytest.param(entry(details(detail("<CdtDbtInd>CRDT</CdtDbtInd>" + RETURN))), "returned", id="the payment's own direction counts"),
]  # fmt: skip


@pytest.mark.parametrize(("booked", "outcome"), CASES)
def test_an_entry_has_an_outcome(booked: str, outcome: str) -> None:
    answer = only(notification(booked))
    assert (answer.end_to_end_id, answer.outcome) == ("T-1", outcome)
    assert ("for a person to read" in answer.reason_text) is (outcome == "unknown")


@pytest.mark.parametrize("version", [f"{number:02}" for number in range(2, 13)])
def test_every_version_is_read(version: str) -> None:
    form = f"camt.054.001.{version}"
    report = read(notification(paying(), form=form))
    assert (report.format, outcomes(report)) == (form, [("T-1", "paid")])


def test_a_return_says_why() -> None:
    answer = only(notification(entry(details(detail(RETURN)), way="CRDT")))
    assert (answer.reason, answer.amount) == ("AC04", Decimal(18750))
    assert answer.reason_text == "The payee's account is closed. Closed in 2025"


# Money from others

PAYER = "<RltdPties><Dbtr>{}</Dbtr><DbtrAcct><Id><Othr><Id>11122233344</Id></Othr></Id></DbtrAcct></RltdPties>"
REMITTANCE = (
    "<RmtInf><Ustrd>Instalment 3</Ustrd><Ustrd>of 24</Ustrd>"
    "<Strd><CdtrRefInf><Tp/><Ref>RF18CONTOH</Ref></CdtrRefInf></Strd></RmtInf>"
)


@pytest.mark.parametrize(
    "party",
    [
        pytest.param("<Nm>Kedai Contoh</Nm>", id="as versions to 07 have it"),
        pytest.param("<Pty><Nm>Kedai Contoh</Nm></Pty>", id="as versions from 08 have it"),
    ],
)
def test_money_from_others_says_who_paid_and_for_what(party: str) -> None:
    came = entry(details(detail(PAYER.format(party), REMITTANCE, name="PAYER-1")), way="CRDT")
    report = read(notification(came))
    assert report.problems == ()
    assert report.answers == (
        Answer(
            "PAYER-1",
            "received",
            "BOOK CRDT",
            amount=Decimal(18750),
            currency="MYR",
            booked_on=date(2026, 11, 17),
            bank_reference="REF-5",
            account="512345678901",
            remittance="Instalment 3 of 24",
            creditor_reference="RF18CONTOH",
            payer="Kedai Contoh",
            payer_account="11122233344",
        ),
    )


def test_several_references_stand_beside_each_other_and_fit_none() -> None:
    two = "".join(f"<Strd><CdtrRefInf><Ref>{ref}</Ref></CdtrRefInf></Strd>" for ref in "ABA")
    answer = only(notification(entry(details(detail(f"<RmtInf>{two}</RmtInf>")), way="CRDT")))
    assert answer.creditor_reference == "A B"


def test_money_from_others_without_details_keeps_the_text_of_the_entry() -> None:
    report = read(notification(entry("<AddtlNtryInf>CASH DEP</AddtlNtryInf>", way="CRDT")))
    (answer,) = report.answers
    assert (answer.outcome, answer.remittance, answer.end_to_end_id) == ("received", "CASH DEP", "")
    assert report.problems == ()


def test_money_from_others_needs_no_name_of_a_payment() -> None:
    report = read(notification(entry(details(detail(name="NOTPROVIDED")), way="CRDT")))
    assert (outcomes(report), report.problems) == ([("", "received")], ())


# What a person should look at


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(
            notification(), "The notification holds no entry.", id="a notification without entries"
        ),
        pytest.param(
            notification(entry()),
            "The entry REF-5 (BOOK DBIT) does not name its payment.",
            id="a debit without details",
        ),
        pytest.param(
            notification(paying(name="NOTPROVIDED")),
            "The entry REF-5 (BOOK DBIT) does not name its payment.",
            id="a payment of which ISO 20022 says that it has no name",
        ),
        pytest.param(
            notification(paying(), paying()), "T-1 is answered 2 times: paid.", id="paid twice"
        ),
        pytest.param(
            notification(paying(), entry(details(detail()), status="<Sts>PDNG</Sts>")),
            "T-1 has answers that contradict each other: paid, pending.",
            id="booked and not booked",
        ),
        pytest.param(
            notification(entry(details(detail()), day="")),
            "The entry REF-5 (BOOK DBIT) does not say on which day it was booked.",
            id="no day",
        ),
        pytest.param(
            notification(entry(details(detail()), amount="<Amt>18750</Amt>")),
            "T-1: The amount '18750' has no currency.",
            id="no currency",
        ),
        pytest.param(
            notification(entry(details(detail()), amount='<Amt Ccy="MYR">1e5</Amt>')),
            "T-1: '1e5' is not an amount.",
            id="an amount that is none",
        ),
        pytest.param(
            notification(entry(details(detail()), amount="")),
            "T-1: '' is not an amount.",
            id="no amount",
        ),
    ],
)
def test_what_a_person_should_look_at_is_named(content: bytes, problem: str) -> None:
    assert read(content).problems == (problem,)


def test_what_was_paid_and_came_back_is_no_contradiction() -> None:
    report = read(notification(paying(), entry(details(detail(RETURN)), way="CRDT")))
    assert (outcomes(report), report.problems) == ([("T-1", "paid"), ("T-1", "returned")], ())


@pytest.mark.parametrize(
    "day",
    [
        pytest.param("<BookgDt><Dt>2026-11-17</Dt></BookgDt>", id="a day"),
        pytest.param("<BookgDt><Dt>2026-11-17+08:00</Dt></BookgDt>", id="a day with an offset"),
        pytest.param("<BookgDt><DtTm>2026-11-17T23:30:00</DtTm></BookgDt>", id="a time"),
        pytest.param(
            "<BookgDt><DtTm>2026-11-17T00:30:00.123+08:00</DtTm></BookgDt>",
            id="a time with an offset stays on the bank's day",
        ),
        pytest.param(
            "<ValDt><Dt>2026-11-17</Dt></ValDt>", id="the value day where there is no other"
        ),
    ],
)
def test_the_day_is_the_banks(day: str) -> None:
    assert only(notification(entry(details(detail()), day=day))).booked_on == date(2026, 11, 17)


def test_the_account_may_have_an_iban() -> None:
    content = notification(paying()).replace(
        b"<Othr><Id>512345678901</Id></Othr>", b"<IBAN>TL380080012345678910157</IBAN>"
    )
    assert only(content).account == "TL380080012345678910157"
