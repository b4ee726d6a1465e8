"""Status reports: what is said of a file, a batch and a payment, in the shapes that banks use."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from tests.workflows.banking.said import (
    batch,
    because,
    document,
    only,
    outcomes,
    payment,
    schema,
    status_report,
)
from workflows.banking.answers import Answer
from workflows.banking.reading import read

PAID, REJECTED = payment("ACSC"), payment("RJCT", because("AC04"), name="T-2")
FULL = status_report(
    batch(
        payment(
            "RJCT",
            because("AC04", "Account closed", "since 2025"),
            "<AcctSvcrRef>REF-5</AcctSvcrRef>",
            '<OrgnlTxRef><Amt><InstdAmt Ccy="MYR">18750.00</InstdAmt></Amt>'
            "<SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf>"
            "<DbtrAcct><Id><Othr><Id>512345678901</Id></Othr></Id></DbtrAcct></OrgnlTxRef>",
        )
    )
)


def test_everything_that_is_said_of_a_payment_is_kept() -> None:
    report = read(FULL)
    assert (report.message_id, report.format) == ("BANK-77", "pain.002.001.12")
    assert (report.original_message_id, report.group_status) == ("CONTOH-1", "PART")
    zone = timezone(timedelta(hours=8))
    assert report.created == datetime(2026, 11, 17, 11, 2, 3, tzinfo=zone)
    assert report.problems == ()
    assert report.answers == (
        Answer(
            "T-1",
            "rejected",
            "RJCT",
            reason="AC04",
            reason_text="The payee's account is closed. Account closed since 2025",
            amount=Decimal(18750),
            currency="MYR",
            bank_reference="REF-5",
            account="512345678901",
            batch_id="LN-1",
            file_id="CONTOH-1",
        ),
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(FULL, id="all of a payment"),
        pytest.param(status_report(batch(PAID, REJECTED)), id="two payments"),
        pytest.param(
            status_report(group=f"<GrpSts>RJCT</GrpSts>{because('FF01')}"), id="a whole file"
        ),
        pytest.param(
            status_report(batch(f"<PmtInfSts>RJCT</PmtInfSts>{because('AM04')}")),
            id="a whole batch",
        ),
    ],
)
def test_the_samples_are_valid_against_the_schema_of_iso_20022(content: bytes) -> None:
    assert [error.reason for error in schema().iter_errors(content)] == []


def test_the_schema_refuses_a_spoilt_sample() -> None:
    assert not schema().is_valid(FULL.replace(b"OrgnlMsgNmId", b"OrgnlMsgName"))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        pytest.param("ACTC", "accepted", id="the form is right"),
        pytest.param("ACCP", "accepted", id="the customer is known"),
        pytest.param("ACFC", "accepted", id="the money is there"),
        pytest.param("ACSP", "accepted", id="on its way"),
        pytest.param("ACWC", "accepted", id="taken with a change"),
        pytest.param("ACSC", "paid", id="settled on the paying account"),
        pytest.param("ACCC", "paid", id="settled on the payee's account"),
        pytest.param("acsc", "paid", id="small letters"),
        pytest.param(" ACSC\n", "paid", id="blanks around"),
        pytest.param("PDNG", "pending", id="waiting"),
        pytest.param("RCVD", "pending", id="come in"),
        pytest.param("PATC", "pending", id="some of the persons have released it"),
        pytest.param("RJCT", "rejected", id="rejected"),
        pytest.param("CANC", "unknown", id="cancelled, which nobody asked for"),
        pytest.param("BLCK", "unknown", id="blocked"),
        pytest.param("ZZZZ", "unknown", id="a status that nobody knows"),
        pytest.param("PART", "unknown", id="partly, which says nothing of one payment"),
        pytest.param("", "unknown", id="no status at all"),
    ],
)
def test_a_status_has_an_outcome(status: str, outcome: str) -> None:
    answer = only(status_report(batch(payment(status))))
    assert (answer.end_to_end_id, answer.outcome) == ("T-1", outcome)
    assert ("for a person to read" in answer.reason_text) is (outcome == "unknown")


@pytest.mark.parametrize("version", [f"{number:02}" for number in range(3, 16)])
def test_every_version_is_read(version: str) -> None:
    form = f"pain.002.001.{version}"
    report = read(status_report(batch(PAID), form=form))
    assert (report.format, outcomes(report)) == (form, [("T-1", "paid")])


# Of whom it is said

WHOLE = "<GrpSts>RJCT</GrpSts>" + because("FF01", "Bad file")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(status_report(group=WHOLE), [("file", "rejected", "FF01")], id="a file"),
        pytest.param(
            status_report(group="<GrpSts>ACCP</GrpSts>"),
            [("file", "accepted", "")],
            id="a file that was taken",
        ),
        pytest.param(
            status_report(batch("<PmtInfSts>RJCT</PmtInfSts>", because("AM04"))),
            [("batch", "rejected", "AM04")],
            id="a batch",
        ),
        pytest.param(
            status_report(batch("<PmtInfSts>RJCT</PmtInfSts>"), group=WHOLE),
            [("file", "rejected", "FF01"), ("batch", "rejected", "FF01")],
            id="a batch of a rejected file has the file's reason",
        ),
        pytest.param(
            status_report(batch("<PmtInfSts>RJCT</PmtInfSts>", because("AM04"), payment())),
            [("batch", "rejected", "AM04"), ("payment", "rejected", "AM04")],
            id="a payment without a status has that of its batch",
        ),
        pytest.param(
            status_report(batch(payment("", because("AC01"))), group="<GrpSts>RJCT</GrpSts>"),
            [("file", "rejected", ""), ("payment", "rejected", "AC01")],
            id="a payment without a status has that of its file and its own reason",
        ),
        pytest.param(
            status_report(batch("<PmtInfSts>PART</PmtInfSts>", because("AC01"), PAID)),
            [("payment", "paid", "")],
            id="a paid payment does not take a reason for rejections over",
        ),
        pytest.param(
            status_report(batch("<PmtInfSts>PART</PmtInfSts>", payment("RJCT")), group=WHOLE),
            [("file", "rejected", "FF01"), ("payment", "rejected", "FF01")],
            id="a rejected payment takes the next reason above it",
        ),
        pytest.param(
            status_report(batch(PAID), batch(REJECTED, name="GR-1")),
            [("payment", "paid", ""), ("payment", "rejected", "AC04")],
            id="payments of two batches",
        ),
    ],
)
def test_what_holds_for_many_and_for_one(content: bytes, found: list[tuple[str, str, str]]) -> None:
    answers = read(content).answers
    assert [(one.kind, one.outcome, one.reason) for one in answers] == found
    assert {one.file_id for one in answers} == {"CONTOH-1"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(
            status_report(group="<GrpSts>PART</GrpSts>"),
            "The report says of no payment, batch or file how it fared.",
            id="partly, and no payment is listed",
        ),
        pytest.param(
            status_report(batch()),
            "The report does not say how the payments of the batch LN-1 fared.",
            id="a batch of which nothing is said",
        ),
        pytest.param(
            status_report(batch(payment("ACSC", name=""))),
            "An answer (ACSC) does not name its payment.",
            id="a payment without a name",
        ),
        pytest.param(
            status_report(batch(payment("ACSC", name="NOTPROVIDED"))),
            "An answer (ACSC) does not name its payment.",
            id="a payment of which ISO 20022 says that it has no name",
        ),
        pytest.param(
            status_report(batch(payment("ACSC", name="T" * 36))),
            "An answer (ACSC) does not name its payment.",
            id="a name longer than any of ours",
        ),
        pytest.param(
            status_report(batch("<PmtInfSts>RJCT</PmtInfSts>", name=" ")),
            "The report speaks of a batch without naming it.",
            id="a batch without a name",
        ),
        pytest.param(
            status_report(batch(PAID, payment("RJCT"))),
            "T-1 has answers that contradict each other: paid, rejected.",
            id="two answers that contradict each other",
        ),
        pytest.param(
            status_report(batch(PAID, PAID)), "T-1 is answered 2 times: paid.", id="paid twice"
        ),
        pytest.param(
            status_report(batch("<PmtInfSts>RJCT</PmtInfSts>", PAID)),
            "T-1: the answer is paid, though its batch or file was rejected as a whole.",
            id="paid, though all was rejected",
        ),
        pytest.param(
            document("CstmrPmtStsRpt", batch(PAID), "pain.002.001.03"),
            "The report does not say which file it answers.",
            id="no file",
        ),
    ],
)
def test_what_a_person_should_look_at_is_named(content: bytes, problem: str) -> None:
    assert read(content).problems == (problem,)


def test_answers_that_contradict_each_other_are_both_kept() -> None:
    report = read(status_report(batch(PAID, payment("RJCT"))))
    assert outcomes(report) == [("T-1", "paid"), ("T-1", "rejected")]


# What else banks write


@pytest.mark.parametrize(
    ("reasons", "code", "text"),
    [
        pytest.param(
            because("AC04") + because("AM04"),
            "AC04",
            "The payee's account is closed. There was not enough money in the paying account.",
            id="two reasons",
        ),
        pytest.param(because("", "Ask the branch"), "", "Ask the branch", id="words alone"),
        pytest.param(because("ZZ99"), "ZZ99", "Reason ZZ99.", id="a code that nobody knows"),
        pytest.param(
            "<StsRsnInf><Rsn><Prtry>B-12</Prtry></Rsn></StsRsnInf>",
            "B-12",
            "Reason B-12.",
            id="a code of the bank's own",
        ),
        pytest.param("", "", "", id="no reason"),
        pytest.param(
            because("", "two\n  lines\u202e"), "", "two lines", id="signs that have no place"
        ),
    ],
)
def test_reasons_are_told_in_words(reasons: str, code: str, text: str) -> None:
    answer = only(status_report(batch(payment("RJCT", reasons))))
    assert (answer.reason, answer.reason_text) == (code, text)


def test_elements_that_are_not_known_are_passed_over() -> None:
    strange = (
        "<SplmtryData><Envlp><TxInfAndSts><TxSts>RJCT</TxSts></TxInfAndSts></Envlp></SplmtryData>"
    )
    report = read(status_report("<New/>", batch(payment("ACSC", strange, "<Newer>x</Newer>"))))
    assert (outcomes(report), report.problems) == ([("T-1", "paid")], ())
