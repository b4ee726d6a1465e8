"""The codes of ISO 20022 and what they mean here."""

import re

import pytest

from workflows.banking.answers import OUTCOMES
from workflows.banking.codes import REASONS, STATUSES, explained


@pytest.mark.parametrize(
    "code",
    [
        "AC01",
        "AC03",
        "AC04",
        "AC06",
        "AG01",
        "AG02",
        "AM04",
        "AM05",
        "BE01",
        "BE04",
        "CUST",
        "DT01",
        "DUPL",
        "FF01",
        "MD07",
        "MS02",
        "MS03",
        "NARR",
        "RC01",
        "RR01",
        "RR02",
        "RR03",
        "RR04",
        "TM01",
        "FOCR",
    ],
)
def test_the_reasons_that_matter_have_a_sentence(code: str) -> None:
    assert re.fullmatch(r"[A-Z].+\.", REASONS[code])


def test_codes_are_those_of_iso_20022() -> None:
    assert [code for code in [*STATUSES, *REASONS] if not re.fullmatch("[A-Z0-9]{4}", code)] == []
    assert set(STATUSES.values()) <= set(OUTCOMES)


def test_a_reason_is_told_once_and_the_banks_words_after_it() -> None:
    told = explained(["MS03", "MS03", "XX01"], ["Ask us."])
    assert told == "The bank refuses, without a reason. Reason XX01. Ask us."
