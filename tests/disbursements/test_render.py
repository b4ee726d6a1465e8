"""The payment file: valid for the bank, the same bytes every time, and nothing doubtful in it."""

import hashlib
import uuid
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import pytest
import xmlschema

from app.disbursements.render import NAMESPACE, Account, Payment, PaymentFile, pain_001, uetr

AGENCY = Account(
    "Agensi Pembiayaan PKS Contoh", "MY", "Kuala Lumpur", "512345678901", "TESTMYKLXXX", "MY", "99"
)
SHOP = Account(
    "Kedai Contoh Sdn Bhd", "MY", "George Town", "98765432109876", "TESTMYP1", None, None
)
FIRST = Payment(
    end_to_end_id="MY-2026-000123-T1",
    instruction_id="MY-2026-000123-T1-1",
    amount=Decimal("18750.00"),
    currency="MYR",
    decimals=2,
    creditor=SHOP,
    purpose="LOAN",
    remittance="MY-2026-000123 tranche 1 of 3",
)
SECOND = replace(
    FIRST,
    end_to_end_id="MY-2026-000140-T2",
    instruction_id="MY-2026-000140-T2-1",
    amount=Decimal("6250.5"),
    creditor=replace(SHOP, name="Usahawan Contoh Enterprise", number="11122233344"),
)
FILE = PaymentFile(
    message_id="CONTOH-20261116-0001",
    created=datetime(2026, 11, 16, 9, 30, 15, 123456, tzinfo=UTC),
    execution=date(2026, 11, 17),
    category="LOAN",
    debtor=AGENCY,
    payments=(FIRST, SECOND),
)


@cache
def schema() -> xmlschema.XMLSchema:
    with as_file(files("sepaxml") / "schemas" / "pain.001.001.09.xsd") as path:
        return xmlschema.XMLSchema(path)


def read(content: bytes, path: str) -> list[str | None]:
    names = {"": NAMESPACE}
    return [element.text for element in ET.fromstring(content).iterfind(path, names)]  # noqa: S314 - our own bytes


def paying(**change: Any) -> PaymentFile:
    return replace(FILE, payments=(replace(FIRST, **change),))


def paid_to(**change: Any) -> PaymentFile:
    return paying(creditor=replace(SHOP, **change))


DONG = paying(amount=Decimal("1.2E+9"), currency="VND", decimals=0)


# What the bank gets


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(FILE, id="two payments in ringgit"),
        pytest.param(DONG, id="a payment in dong"),
        pytest.param(paid_to(name="Công ty TNHH Ví Dụ Mẫu"), id="a Vietnamese name"),
        pytest.param(paid_to(name="எடுத்துக்காட்டு வணிகம்"), id="a Tamil name"),
        pytest.param(paid_to(name="<Contoh> & 'Anak'"), id="a name with signs of XML"),
        pytest.param(
            paid_to(number="TL380080012345678910157", country="TL", iban=True), id="an IBAN"
        ),
        pytest.param(paid_to(clearing_system="SGIBG", clearing_member="9990002"), id="clearing"),
        pytest.param(paying(amount=Decimal("9999999999999999.99")), id="the largest amount"),
        pytest.param(paying(end_to_end_id="E" * 35), id="an identifier of 35 characters"),
        pytest.param(paid_to(name="N" * 140, town="T" * 35, number="9" * 34), id="the longest"),
    ],
)
def test_the_file_is_valid_against_the_schema_of_iso_20022(file: PaymentFile) -> None:
    content = pain_001(file)
    assert [error.reason for error in schema().iter_errors(content)] == []
    names = [payment.creditor.name for payment in file.payments]
    assert read(content, ".//CdtTrfTxInf/Cdtr/Nm") == names


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        pytest.param("TESTMYKLXXX", "TESTM1", id="a BIC that is none"),
        pytest.param(FIRST.end_to_end_id, "X" * 36, id="an identifier of 36 characters"),
        pytest.param(">18750.00<", ">18750.000001<", id="an amount with six decimals"),
        pytest.param("<PmtMtd>TRF</PmtMtd>", "", id="no payment method"),
        pytest.param('Ccy="MYR"', 'Ccy="RM"', id="a currency that is none"),
    ],
)
def test_the_schema_refuses_a_spoilt_file(good: str, bad: str) -> None:
    content = pain_001(FILE).decode()
    assert good in content
    assert not schema().is_valid(content.replace(good, bad))


@pytest.mark.parametrize("level", ["GrpHdr", "PmtInf"])
def test_the_totals_are_those_of_the_payments(level: str) -> None:
    content = pain_001(FILE)
    assert read(content, f".//{level}/NbOfTxs") == ["2"]
    assert read(content, f".//{level}/CtrlSum") == ["25000.50"]
    assert read(content, ".//InstdAmt") == ["18750.00", "6250.50"]


def test_dong_are_written_without_decimals() -> None:
    assert read(pain_001(DONG), ".//InstdAmt") == ["1200000000"]
    assert read(pain_001(DONG), ".//GrpHdr/CtrlSum") == ["1200000000"]


def test_times_are_utc_to_the_second() -> None:
    content = pain_001(FILE)
    assert read(content, ".//CreDtTm") == ["2026-11-16T09:30:15Z"]
    assert read(content, ".//ReqdExctnDt/Dt") == ["2026-11-17"]


def test_the_same_payments_are_the_same_bytes() -> None:
    again = replace(FILE, payments=tuple(replace(payment) for payment in FILE.payments))
    assert hashlib.sha256(pain_001(FILE)).digest() == hashlib.sha256(pain_001(again)).digest()


def test_the_transaction_reference_follows_the_end_to_end_identifier() -> None:
    reference = uetr(FIRST.end_to_end_id)
    sent_again = replace(FILE, message_id="CONTOH-20261118-0001")
    assert uuid.UUID(reference).version == 4
    assert read(pain_001(sent_again), ".//UETR") == [reference, uetr(SECOND.end_to_end_id)]


# What is refused

ABROAD = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        pytest.param(replace(FILE, payments=()), "at least one payment", id="no payment"),
        pytest.param(paying(amount=Decimal(0)), "not a positive amount", id="nothing"),
        pytest.param(paying(amount=Decimal("-1")), "not a positive amount", id="less than nothing"),
        pytest.param(paying(amount=Decimal("NaN")), "not a positive amount", id="no number"),
        pytest.param(paying(amount=Decimal("1.005")), "finer than 2 decimals", id="half a sen"),
        pytest.param(
            paying(amount=Decimal("100.5"), currency="VND", decimals=0),
            "finer than 0 decimals",
            id="half a dong",
        ),
        pytest.param(paying(amount=Decimal("1E+17")), "more than 18 digits", id="too much"),
        pytest.param(paying(decimals=6), "cannot have 6 decimals", id="six decimals"),
        pytest.param(
            replace(
                FILE,
                payments=tuple(
                    replace(payment, amount=Decimal("9E+15")) for payment in FILE.payments
                ),
            ),
            "split the file",
            id="too much together",
        ),
        pytest.param(paying(end_to_end_id="E" * 36), "end-to-end", id="36 characters"),
        pytest.param(paying(end_to_end_id="T_1"), "end-to-end", id="an underscore"),
        pytest.param(paying(end_to_end_id="T1é"), "end-to-end", id="an accent"),
        pytest.param(paying(end_to_end_id="/T1"), "end-to-end", id="a leading slash"),
        pytest.param(paying(end_to_end_id="T//1"), "end-to-end", id="two slashes"),
        pytest.param(paying(end_to_end_id="T1 "), "end-to-end", id="a space at the end"),
        pytest.param(paying(end_to_end_id="T1\n"), "end-to-end", id="a line break at the end"),
        pytest.param(paying(instruction_id=""), "instruction identifier", id="no identifier"),
        pytest.param(replace(FILE, message_id="M" * 36), "message identifier", id="long message"),
        pytest.param(
            replace(FILE, payments=(FIRST, replace(FIRST, instruction_id="OTHER"))),
            "end-to-end identifier 'MY-2026-000123-T1' is given 2 times",
            id="one payment twice",
        ),
        pytest.param(
            replace(FILE, payments=(FIRST, replace(SECOND, currency="SGD"))),
            "in one currency",
            id="two currencies",
        ),
        pytest.param(paying(currency="RM"), "currency 'RM'", id="no ISO currency"),
        pytest.param(paying(purpose="LOANS"), "purpose 'LOANS'", id="no purpose code"),
        pytest.param(replace(FILE, category=""), "category purpose", id="no category"),
        pytest.param(paying(remittance=" "), "remittance information is empty", id="no text"),
        pytest.param(paid_to(name="N" * 141), "longer than 140", id="a name too long"),
        pytest.param(paid_to(name="Kedai\x00"), "cannot be printed", id="a control character"),
        pytest.param(paid_to(bic="TESTM1"), "BIC 'TESTM1'", id="no BIC"),
        pytest.param(paid_to(country="my"), "country 'my'", id="no country code"),
        pytest.param(paid_to(number="9" * 35), "longer than 34", id="a number too long"),
        pytest.param(paid_to(number="123", iban=True), "IBAN '123'", id="no IBAN"),
        pytest.param(paid_to(clearing_system="MY"), "needs both", id="half a clearing number"),
        pytest.param(
            replace(FILE, created=FILE.created.astimezone(ABROAD)), "in UTC", id="local time"
        ),
        pytest.param(
            replace(FILE, created=FILE.created.replace(tzinfo=None)), "in UTC", id="no zone"
        ),
    ],
)
def test_a_file_that_a_bank_would_refuse_or_misread_is_refused(
    file: PaymentFile, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        pain_001(file)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(ValueError, match=r"message identifier.* positive amount.* BIC"):
        pain_001(replace(paying(amount=Decimal(0), creditor=replace(SHOP, bic="X")), message_id=""))
