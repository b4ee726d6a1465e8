"""Entries that stand for many payments: with their details, and without."""

from decimal import Decimal

import pytest

from tests.workflows.banking.said import detail, details, entry, notification, outcomes
from workflows.banking.reading import read

RETURN_CODE = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>"
BATCH = "<Btch><MsgId>CONTOH-1</MsgId><PmtInfId>LN-1</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>"


def amount(text: str, currency: str = "MYR") -> str:
    return f'<Amt Ccy="{currency}">{text}</Amt>'


def ordered(text: str, currency: str = "MYR") -> str:
    return f"<AmtDtls><TxAmt>{amount(text, currency)}</TxAmt></AmtDtls>"


def two(first: str, second: str) -> str:
    return details(detail(first, name="T-1"), detail(second, name="T-2"))


@pytest.mark.parametrize(
    ("inside", "amounts", "problems"),
    [
        pytest.param(
            two(amount("12500"), amount("6250")), ["12500", "6250"], [], id="amounts of the details"
        ),
        pytest.param(
            two(ordered("12500"), ordered("6250")),
            ["12500", "6250"],
            [],
            id="amounts as version 02 has them",
        ),
        pytest.param(
            two(amount("12500"), amount("6249.50")),
            ["12500", "6249.50"],
            [
                "The entry REF-5 is 18750.00 MYR and its payments make 18749.50; "
                "look for charges or a payment that is missing."
            ],
            id="the details are not the entry",
        ),
        pytest.param(
            two(amount("20000"), "<CdtDbtInd>CRDT</CdtDbtInd>" + amount("1250")),
            ["20000", "1250"],
            [],
            id="one detail goes the other way",
        ),
        pytest.param(
            two(amount("12500"), ""),
            ["12500", None],
            ["T-2: '' is not an amount."],
            id="a detail without an amount",
        ),
        pytest.param(
            details(BATCH, detail(amount("18750"))),
            ["18750"],
            ["The entry REF-5 is of 2 payments and lists 1."],
            id="fewer details than the batch has payments",
        ),
        pytest.param(
            details(BATCH) + two(amount("12500"), amount("6250")),
            ["12500", "6250"],
            [],
            id="the batch and its payments in details of their own",
        ),
    ],
)
def test_each_detail_is_an_answer(
    inside: str, amounts: list[str | None], problems: list[str]
) -> None:
    report = read(notification(entry(inside)))
    found = [None if one is None else Decimal(one) for one in amounts]
    assert [answer.amount for answer in report.answers] == found
    assert list(report.problems) == problems


def test_a_detail_without_an_amount_is_for_a_person() -> None:
    report = read(notification(entry(two(amount("12500"), ""))))
    assert outcomes(report) == [("T-1", "paid"), ("T-2", "unknown")]


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        pytest.param(BATCH, [("batch", "LN-1", "CONTOH-1", "18750")], id="a batch"),
        pytest.param(
            "<Btch><MsgId>CONTOH-1</MsgId></Btch>",
            [("file", "", "CONTOH-1", "18750")],
            id="a file",
        ),
        pytest.param(
            "<Btch><PmtInfId>LN-1</PmtInfId><TtlAmt Ccy='MYR'>12500</TtlAmt></Btch>"
            "<Btch><PmtInfId>LN-2</PmtInfId><TtlAmt Ccy='MYR'>6250</TtlAmt></Btch>",
            [("batch", "LN-1", "", "12500"), ("batch", "LN-2", "", "6250")],
            id="two batches with their totals",
        ),
    ],
)
def test_an_entry_without_details_answers_for_the_batches_it_names(
    inside: str, found: list[tuple[str, str, str, str]]
) -> None:
    report = read(notification(entry(f"<NtryDtls>{inside}</NtryDtls>")))
    told = [(one.kind, one.batch_id, one.file_id, str(one.amount)) for one in report.answers]
    assert [(*rest, Decimal(total)) for *rest, total in told] == [
        (*rest, Decimal(total)) for *rest, total in found
    ]
    assert {one.outcome for one in report.answers} == {"paid"}
    assert report.problems == ()


def test_two_batches_without_totals_in_one_entry_are_for_a_person() -> None:
    both = "<Btch><PmtInfId>LN-1</PmtInfId></Btch><Btch><PmtInfId>LN-2</PmtInfId></Btch>"
    report = read(notification(entry(details(both))))
    assert outcomes(report) == [("LN-1", "unknown"), ("LN-2", "unknown")]


def test_a_batch_that_came_back_without_details_names_no_payment() -> None:
    report = read(notification(entry(RETURN_CODE, details(BATCH), way="CRDT")))
    assert [(one.kind, one.outcome) for one in report.answers] == [("payment", "returned")]
    assert report.problems == ("The entry REF-5 (BOOK CRDT) does not name its payment.",)
