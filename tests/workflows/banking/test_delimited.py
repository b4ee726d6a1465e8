"""The plain table that banks answer with: its head, its rows, and what is wrong with either."""

from datetime import date
from decimal import Decimal

import pytest

from tests.workflows.banking.said import only, outcomes, table
from workflows.banking.answers import Answer, Unreadable
from workflows.banking.reading import read

HEAD = "end_to_end_id,status,reason,amount,currency,booked_on,bank_reference"


def test_a_row_is_an_answer() -> None:
    report = read(table(HEAD, "T-1,RJCT,AC04,18750.00,MYR,2026-11-17,REF-5"))
    assert (report.format, report.message_id, report.original_message_id) == ("csv", "", "")
    assert (report.created, report.group_status, report.problems) == (None, "", ())
    assert report.answers == (
        Answer(
            "T-1",
            "rejected",
            "RJCT",
            reason="AC04",
            reason_text="The payee's account is closed.",
            amount=Decimal(18750),
            currency="MYR",
            booked_on=date(2026, 11, 17),
            bank_reference="REF-5",
        ),
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(table("end_to_end_id,status", "T-1,ACSC"), id="the two that must be there"),
        pytest.param(
            table("Status , End To End ID", "ACSC,T-1"), id="another order, case and blanks"
        ),
        pytest.param(table("EndToEndId,STATUS,Branch", "T-1,ACSC,KL"), id="a column more"),
        pytest.param(b"\xef\xbb\xbf" + table(HEAD, "T-1,ACSC,,,,,"), id="a byte order mark"),
        pytest.param(b"end_to_end_id,status\nT-1,ACSC\n", id="line ends of Unix"),
        pytest.param(b"end_to_end_id,status\r\nT-1,ACSC", id="no line end at the end"),
        pytest.param(table("", "end_to_end_id,status", "", ",", "T-1,ACSC", ""), id="empty lines"),
        pytest.param(table('"end_to_end_id","status"', '"T-1","ACSC"'), id="quotes"),
        pytest.param(table("end_to_end_id,status", " T-1 , ACSC "), id="blanks around"),
    ],
)
def test_tables_of_banks_differ(content: bytes) -> None:
    report = read(content)
    assert (outcomes(report), report.problems) == ([("T-1", "paid")], ())


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        pytest.param("ACSP", "accepted", id="a code of ISO 20022"),
        pytest.param("rjct", "rejected", id="a code in small letters"),
        pytest.param("Paid", "paid", id="the word paid"),
        pytest.param("ACCEPTED", "accepted", id="the word accepted"),
        pytest.param("pending", "pending", id="the word pending"),
        pytest.param("rejected", "rejected", id="the word rejected"),
        pytest.param("returned", "returned", id="the word returned"),
        pytest.param("received", "unknown", id="received, which may mean two things"),
        pytest.param("done", "unknown", id="a word that nobody knows"),
        pytest.param("", "unknown", id="no status"),
    ],
)
def test_a_status_is_a_code_or_a_word(status: str, outcome: str) -> None:
    answer = only(table("end_to_end_id,status", f"T-1,{status}"))
    assert (answer.status, answer.outcome) == (status, outcome)


@pytest.mark.parametrize(
    ("row", "outcome", "problem"),
    [
        pytest.param(
            ",ACSC,,1,MYR,,",
            "paid",
            "Line 2 does not name its payment: an identifier has 1 to 35 characters.",
            id="no payment",
        ),
        pytest.param(
            "NotProvided,ACSC,,1,MYR,,",
            "paid",
            "Line 2 does not name its payment: an identifier has 1 to 35 characters.",
            id="a payment that is said to have no name",
        ),
        pytest.param(
            "T-1,ACSC,,one,MYR,,", "unknown", "T-1: 'one' is not an amount.", id="no amount"
        ),
        pytest.param(
            "T-1,ACSC,,1,,,", "unknown", "T-1: The amount '1' has no currency.", id="no currency"
        ),
        pytest.param(
            "T-1,ACSC,,1,MYR,17/11/2026,",
            "paid",
            "Line 2: '17/11/2026' is not a day; write 2026-11-17.",
            id="a day written otherwise",
        ),
        pytest.param(
            "T-1,ACSC,,1,234,MYR,2026-11-17,REF",
            "unknown",
            "Line 2 has 8 cells and the head has 7.",
            id="a comma in an amount",
        ),
        pytest.param(
            "T-1,ACSC", "unknown", "Line 2 has 2 cells and the head has 7.", id="cells are missing"
        ),
    ],
)
def test_what_a_person_should_look_at_is_named(row: str, outcome: str, problem: str) -> None:
    report = read(table(HEAD, row))
    assert [answer.outcome for answer in report.answers] == [outcome]
    assert report.problems == (problem,)


def test_answers_that_contradict_each_other_are_both_kept() -> None:
    report = read(table("end_to_end_id,status", "T-1,ACSC", "T-1,RJCT"))
    assert outcomes(report) == [("T-1", "paid"), ("T-1", "rejected")]
    assert report.problems == ("T-1 has answers that contradict each other: paid, rejected.",)


def test_a_table_without_rows_is_named() -> None:
    report = read(table(HEAD))
    assert (report.answers, report.problems) == ((), ("The table has a head and no row.",))


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        pytest.param(
            table("end_to_end_id,amount"),
            ["The column status is missing; the columns are"],
            id="a column is missing",
        ),
        pytest.param(
            table("id;state", "T-1;ACSC"),
            [
                "This is neither XML of a bank nor a table of answers, separated by commas.",
                "The column end_to_end_id is missing;",
                "The column status is missing;",
            ],
            id="another table",
        ),
        pytest.param(
            table("end_to_end_id,status,Status"),
            ["The column status is there twice."],
            id="a column twice",
        ),
        pytest.param(
            table("end_to_end_id,status", '"T-1,ACSC'),
            ["The table cannot be read:"],
            id="a quote that does not end",
        ),
        pytest.param(
            table("end_to_end_id,status", "T" * 200_000),
            ["The table cannot be read:"],
            id="a cell without end",
        ),
        pytest.param(
            "end_to_end_id,status\nÄ,ACSC\n".encode("latin-1"),
            ["This is neither XML nor a table in UTF-8;"],
            id="another encoding",
        ),
    ],
)
def test_what_is_no_such_table_is_refused(content: bytes, sentences: list[str]) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content)
    found = refused.value.sentences
    assert len(found) == len(sentences)
    assert all(one.startswith(start) for one, start in zip(found, sentences, strict=True))
