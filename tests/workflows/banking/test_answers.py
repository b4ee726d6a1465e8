"""Answers for many are given to each; texts of banks are made fit to be kept."""

from decimal import Decimal

import pytest

from workflows.banking.answers import (
    LONGEST_TEXT,
    Answer,
    Unreadable,
    identifier,
    spread,
    tidied,
)

SENT = {"LN-1": {"T-1": Decimal(100), "T-2": Decimal(50)}, "GR-1": {"T-3": Decimal(7)}}
OF_FILE = Answer("", "rejected", "RJCT", "file", reason="FF01", file_id="CONTOH-1")
OF_BATCH = Answer("", "accepted", "ACSP", "batch", batch_id="LN-1", file_id="CONTOH-1")
OWN = Answer("T-2", "rejected", "RJCT", reason="AC04")


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        pytest.param(
            [OF_FILE],
            [("T-1", "rejected"), ("T-2", "rejected"), ("T-3", "rejected")],
            id="a file is all its payments",
        ),
        pytest.param(
            [OF_BATCH], [("T-1", "accepted"), ("T-2", "accepted")], id="a batch is its payments"
        ),
        pytest.param(
            [OF_FILE, OF_BATCH],
            [("T-1", "accepted"), ("T-2", "accepted"), ("T-3", "rejected")],
            id="a batch goes before its file",
        ),
        pytest.param(
            [OF_BATCH, OWN],
            [("T-2", "rejected"), ("T-1", "accepted")],
            id="a payment's own answer goes before that of its batch",
        ),
        pytest.param(
            [OF_BATCH, Answer("T-1", "received")],
            [("T-1", "received"), ("T-1", "accepted"), ("T-2", "accepted")],
            id="a payer's name that looks like ours is no answer",
        ),
        pytest.param(
            [OF_BATCH, Answer("", "rejected", kind="batch", batch_id="LN-1", file_id="CONTOH-1")],
            [("T-1", "accepted"), ("T-2", "accepted"), ("T-1", "rejected"), ("T-2", "rejected")],
            id="two answers for one batch are both kept",
        ),
        pytest.param([OWN], [("T-2", "rejected")], id="a payment alone"),
    ],
)
def test_what_is_said_of_many_is_given_to_each(
    answers: list[Answer], found: list[tuple[str, str]]
) -> None:
    given = spread(answers, SENT, "CONTOH-1")
    assert [(one.end_to_end_id, one.outcome) for one in given] == found
    assert {one.kind for one in given} == {"payment"}


def test_reasons_are_given_with_the_answer() -> None:
    assert {one.reason for one in spread([OF_FILE], SENT, "CONTOH-1")} == {"FF01"}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer("", "rejected", kind="file", file_id="OTHER"), id="of another file"),
        pytest.param(Answer("", "rejected", kind="file"), id="of a file without a name"),
        pytest.param(
            Answer("", "paid", kind="batch", batch_id="LN-1", file_id="OTHER"),
            id="of a batch of another file",
        ),
        pytest.param(Answer("", "paid", kind="batch", batch_id="LN-9"), id="of an unknown batch"),
    ],
)
def test_what_is_said_of_others_stays_as_it_is(answer: Answer) -> None:
    assert spread([answer], SENT, "CONTOH-1") == (answer,)


def booked(amount: int) -> Answer:
    return Answer("", "paid", kind="batch", amount=Decimal(amount), currency="MYR", batch_id="LN-1")


def test_an_amount_for_many_is_given_to_each_when_it_is_their_sum() -> None:
    given = spread([booked(150)], SENT, "CONTOH-1")
    assert [(one.outcome, one.amount, one.currency) for one in given] == [
        ("paid", Decimal(100), "MYR"),
        ("paid", Decimal(50), "MYR"),
    ]


def test_a_rejected_payment_is_not_in_the_sum() -> None:
    given = spread([booked(100), OWN], SENT, "CONTOH-1")
    assert [(one.end_to_end_id, one.outcome) for one in given] == [
        ("T-2", "rejected"),
        ("T-1", "paid"),
    ]


def test_another_amount_makes_each_of_them_one_for_a_person() -> None:
    given = spread([booked(149)], SENT, "CONTOH-1")
    assert [(one.outcome, one.amount) for one in given] == [("unknown", None)] * 2
    assert given[0].reason_text == "The bank has 149 MYR for payments of 150 together."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param(" a\t b\r\nc ", "a b c", id="blanks and lines"),
        pytest.param("a\x00b\x1bc", "a b c", id="controls"),
        pytest.param("\u202eabc\u2066", "abc", id="signs that turn a text around"),
        pytest.param("\ud800a", "a", id="half a character"),
        pytest.param("எடு", "எடு", id="another script"),
        pytest.param("x" * 1001, "x" * (LONGEST_TEXT - 1) + "…", id="a text without end"),
    ],
)
def test_a_text_is_made_fit_to_be_kept(text: str | None, kept: str) -> None:
    assert tidied(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("MY-2026-000123-T1", "MY-2026-000123-T1", id="one of ours"),
        pytest.param(" T-1\n", "T-1", id="blanks around"),
        pytest.param("NOTPROVIDED", "", id="none, says ISO 20022"),
        pytest.param("notprovided", "", id="none, in small letters"),
        pytest.param("T" * 35, "T" * 35, id="the longest"),
        pytest.param("T" * 36, "", id="one that is too long to be ours"),
        pytest.param(None, "", id="nothing"),
    ],
)
def test_an_identifier_is_whole_or_empty(text: str | None, kept: str) -> None:
    assert identifier(text) == kept


def test_what_is_unreadable_is_told_in_sentences() -> None:
    refused = Unreadable("One thing.", "Another.")
    assert (refused.sentences, str(refused)) == (("One thing.", "Another."), "One thing. Another.")
