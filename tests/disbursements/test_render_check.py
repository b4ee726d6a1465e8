"""A finished file, read again: what the schema of ISO 20022 lets through and a bank would stumble over."""

import re
from collections.abc import Callable

import pytest

from app.disbursements.render import PaymentFile, check, pain_001, pain_001_03
from tests.disbursements.sending import FILE, TWO_BATCHES, faults, many

WRITERS = [
    pytest.param(pain_001, "09", id="version 09"),
    pytest.param(pain_001_03, "03", id="version 03"),
]


@pytest.mark.parametrize(("write", "version"), WRITERS)
def test_what_was_written_here_is_right(
    write: Callable[[PaymentFile], bytes], version: str
) -> None:
    for file in (FILE, TWO_BATCHES, many(50)):
        assert check(write(file)) == []


@pytest.mark.parametrize(
    ("good", "bad", "sentence"),
    [
        pytest.param(
            r"<NbOfTxs>3<", "<NbOfTxs>9<",
            "The file says NbOfTxs 9; counted are 3.", id="a wrong count of the file",
        ),
        pytest.param(
            r"<NbOfTxs>2<", "<NbOfTxs>1<",
            "The batch CONTOH-LN-1 says NbOfTxs 1; counted are 2.", id="a wrong count of a batch",
        ),
        pytest.param(
            r"<CtrlSum>250025000.50<", "<CtrlSum>250025000.51<",
            "The file says CtrlSum 250025000.51 and its payments make 250025000.50.",
            id="a wrong sum of the file",
        ),
        pytest.param(
            r"<CtrlSum>25000.50<", "<CtrlSum>25000.5001<",
            "The batch CONTOH-LN-1 says CtrlSum 25000.5001 and its payments make 25000.50.",
            id="a wrong sum of a batch",
        ),
        pytest.param(
            r"<CtrlSum>25000.50</CtrlSum>", "",
            "The batch CONTOH-LN-1 says CtrlSum nothing and its payments make 25000.50.",
            id="no sum of a batch",
        ),
        pytest.param(
            r"<EndToEndId>MY-2026-000140-T2<", "<EndToEndId>MY-2026-000123-T1<",
            "The EndToEndId MY-2026-000123-T1 is given 2 times.", id="one payment twice",
        ),
        pytest.param(
            r"<InstrId>ID-2026-000077-T1-1<", "<InstrId>MY-2026-000123-T1-1<",
            "The InstrId MY-2026-000123-T1-1 is given 2 times.", id="one instruction twice",
        ),
        pytest.param(
            r"<PmtInfId>CONTOH-GR-1<", "<PmtInfId>CONTOH-LN-1<",
            "The PmtInfId CONTOH-LN-1 is given 2 times.", id="one batch twice",
        ),
        pytest.param(
            r"InstdAmt Ccy=\"MYR\">6250", 'InstdAmt Ccy="SGD">6250',
            "The batch CONTOH-LN-1 has several currencies: MYR, SGD.", id="a strange currency",
        ),
        pytest.param(
            r"<Ccy>IDR<", "<Ccy>MYR<",
            "The batch CONTOH-GR-1 has several currencies: MYR, IDR.",
            id="an account in another currency than its payments",
        ),
        pytest.param(
            r"<Dt>2026-11-17<", "<Dt>2026-11-15<",
            "The batch CONTOH-LN-1 is to be executed on 2026-11-15, before the file was made on 2026-11-16.",
            id="a day that has passed",
        ),
    ],
)  # fmt: skip
def test_what_the_schema_lets_through_is_named(good: str, bad: str, sentence: str) -> None:
    content, found = re.subn(good, bad, pain_001(TWO_BATCHES).decode(), count=1)
    assert found == 1
    assert faults(content.encode()) == []
    assert check(content.encode()) == [sentence]


def test_an_amount_finer_than_its_currency_is_named() -> None:
    content = pain_001(TWO_BATCHES).decode()
    spoilt = content.replace('"IDR">250000000<', '"VND">250000000.50<')
    spoilt = spoilt.replace("<Ccy>IDR<", "<Ccy>VND<").replace(
        "<CtrlSum>250000000<", "<CtrlSum>250000000.50<"
    )
    spoilt = spoilt.replace("<CtrlSum>250025000.50<", "<CtrlSum>250025001<")
    assert faults(spoilt.encode()) == []
    assert check(spoilt.encode()) == [
        "ID-2026-000077-T1: 250000000.50 VND has more decimals than the currency."
    ]


def test_a_second_paying_account_in_a_batch_is_named() -> None:
    content = pain_001(FILE).decode()
    account = re.search(r"<DbtrAcct>.*?</DbtrAcct>", content, re.DOTALL)
    assert account
    spoilt = content.replace(account[0], account[0] * 2)
    assert check(spoilt.encode()) == ["The batch CONTOH-LN-1 has 2 paying accounts; it needs one."]


def test_a_transaction_reference_given_twice_is_named() -> None:
    content = pain_001(FILE).decode()
    first, second = re.findall(r"<UETR>(.*?)</UETR>", content)
    assert check(content.replace(second, first).encode()) == [f"The UETR {first} is given 2 times."]


def test_everything_is_named_at_once() -> None:
    content = pain_001(TWO_BATCHES).decode()
    spoilt = content.replace("<NbOfTxs>3<", "<NbOfTxs>4<").replace("<NbOfTxs>1<", "<NbOfTxs>2<")
    assert check(spoilt.encode()) == [
        "The file says NbOfTxs 4; counted are 3.",
        "The batch CONTOH-GR-1 says NbOfTxs 2; counted are 1.",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"<Document><GrpHdr/></Document>", "is no pain.001", id="other XML"),
        pytest.param(b"<a", "damaged or cut off", id="half a file"),
        pytest.param(b"", "damaged or cut off", id="nothing"),
        pytest.param(b"<!DOCTYPE a []><a/>", "document type", id="a document type"),
        pytest.param(
            b"<Document><CstmrCdtTrfInitn/></Document>", "no header", id="a file without header"
        ),
    ],
)
def test_what_is_no_payment_file_is_named(content: bytes, sentence: str) -> None:
    assert len(check(content)) == 1
    assert sentence in check(content)[0]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        pytest.param("0", "'0' is not an amount that can be paid", id="nothing"),
        pytest.param("-5", "'-5' is not an amount that can be paid", id="less than nothing"),
        pytest.param("many", "'many' is not an amount that can be paid", id="a word"),
        pytest.param("9" * 40, "is not an amount that can be paid", id="absurdly much"),
        pytest.param("1E+999999", "is not an amount that can be paid", id="powers of ten"),
        pytest.param("NaN", "'NaN' is not an amount that can be paid", id="no number"),
    ],
)
def test_an_amount_that_is_none_is_named(written: str, sentence: str) -> None:
    content = pain_001(FILE).replace(b">6250.50<", f">{written}<".encode())
    assert any(sentence in problem for problem in check(content))
