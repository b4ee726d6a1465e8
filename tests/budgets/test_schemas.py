"""A transfer as people and programs send it: what it becomes, and everything that is wrong with it at once."""

from typing import Any

import pytest

from app.accounts.schemas import read
from app.budgets.commands import Wish
from app.budgets.schemas import RefusalInput, TransferInput
from tests.factories import invalid

CURRENCIES = {1: "MYR", 2: "MYR", 3: "VND"}
GIVEN = {
    "source": "1",
    "target": "2",
    "amount": "30.00",
    "reason": "The second call is out.",
    "instrument": "Order 9/2026",
}


def sent(**changed: Any) -> dict[str, Any]:
    return {**GIVEN, **changed}


@pytest.mark.parametrize(
    ("changed", "amount"),
    [
        pytest.param({}, 30_00, id="an amount in units"),
        pytest.param({"amount": "MYR 1,234.50"}, 1_234_50, id="an amount with its currency"),
        pytest.param({"source": "3", "amount": "1.200.000"}, 1_200_000, id="whole, with points"),
        pytest.param({"source": 1, "target": 2}, 30_00, id="budgets as a program numbers them"),
        pytest.param({"amount": "0"}, 0, id="nothing, which the command refuses"),
    ],
)
def test_an_amount_is_read_in_the_currency_of_where_it_comes_from(
    changed: dict[str, Any], amount: int
) -> None:
    data = sent(**changed)
    expected = Wish(int(data["source"]), 2, amount, data["reason"], data["instrument"])
    assert read(TransferInput(CURRENCIES), data) == expected


WRONG = [
    pytest.param({"source": ""}, {"source"}, id="no call chosen"),
    pytest.param({"source": "9"}, {"source"}, id="a budget that is none of the agency's"),
    pytest.param({"target": "9"}, {"target"}, id="a target that is none of the agency's"),
    pytest.param({"target": "-2"}, {"target"}, id="a number below nothing"),
    pytest.param({"source": "9" * 5000}, {"source"}, id="an endless number"),
    pytest.param({"source": None}, {"source"}, id="null for a budget"),
    pytest.param({"source": ["1"]}, {"source"}, id="a list for a budget"),
    pytest.param({"source": True}, {"source"}, id="yes for a budget"),
    pytest.param({"source": float("nan")}, {"source"}, id="a number that is none"),
    pytest.param({"source": float("inf")}, {"source"}, id="an infinite number"),
    pytest.param({"amount": "a lot"}, {"amount"}, id="an amount in words"),
    pytest.param({"amount": "-5"}, {"amount"}, id="less than nothing"),
    pytest.param({"amount": "1e9"}, {"amount"}, id="a program's number"),
    pytest.param({"amount": "٣"}, {"amount"}, id="digits of another script"),
    pytest.param({"amount": "1.001"}, {"amount"}, id="finer than a sen"),
    pytest.param({"amount": "USD 5"}, {"amount"}, id="another currency"),
    pytest.param({"amount": "9" * 40}, {"amount"}, id="forty digits"),
    pytest.param({"amount": "9" * 100_000}, {"amount"}, id="a hundred thousand digits"),
    pytest.param({"amount": " "}, {"amount"}, id="no amount"),
    pytest.param({"amount": 30}, {"amount"}, id="a number for an amount"),
    pytest.param({"reason": " "}, {"reason"}, id="no reason"),
    pytest.param({"reason": "a" * 4001}, {"reason"}, id="a reason without an end"),
    pytest.param({"instrument": "9"}, {"instrument"}, id="no instrument to speak of"),
    pytest.param({"instrument": "a" * 201}, {"instrument"}, id="an instrument without an end"),
    pytest.param({"reason": "bell\x07"}, {"_schema"}, id="a bell in the reason"),
    pytest.param({"agency": "MY-SMECORP"}, {"agency"}, id="a field too many"),
    pytest.param(
        {"target": "9", "amount": "a lot", "reason": "", "instrument": ""},
        {"target", "amount", "reason", "instrument"},
        id="everything at once",
    ),
]


@pytest.mark.parametrize(("changed", "fields"), WRONG)
def test_what_is_wrong_is_told_by_field(changed: dict[str, Any], fields: set[str]) -> None:
    with invalid(*fields):
        read(TransferInput(CURRENCIES), sent(**changed))


def test_an_empty_form_names_every_field() -> None:
    with invalid(*GIVEN) as found:
        read(TransferInput(CURRENCIES), {})
    assert found["amount"] == ["Say how much goes over."]


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("", id="nothing"),
        pytest.param("  ", id="blanks"),
        pytest.param("No", id="too little to be a reason"),
        pytest.param(None, id="null"),
    ],
)
def test_a_refusal_says_why(note: str | None) -> None:
    with invalid("note") as found:
        read(RefusalInput(), {"note": note})
    assert found["note"] == ["Say why."]
