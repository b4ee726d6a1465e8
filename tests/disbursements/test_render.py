"""The payment file: valid for the bank, the same bytes every time, and nothing doubtful in it."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.disbursements.render import (
    NAMESPACE_03,
    PaymentFile,
    check,
    pain_001,
    pain_001_03,
    uetr,
)
from tests.disbursements.sending import (
    FILE,
    FIRST,
    SECOND,
    TWO_BATCHES,
    batched,
    faults,
    paid_from,
    paid_to,
    paying,
    read,
    schema,
)
from workflows.money import DECIMALS, payable

DONG = paying(amount=Decimal("1.2E+9"), currency="VND", decimals=0)
TIMORESE = paid_to(number="TL380080012345678910157", country="TL", iban=True)
VERSIONS = [
    pytest.param(pain_001, "09", id="version 09"),
    pytest.param(pain_001_03, "03", id="version 03"),
]


# What the bank gets


@pytest.mark.parametrize(("write", "version"), VERSIONS)
@pytest.mark.parametrize(
    "file",
    [
        pytest.param(FILE, id="two payments in ringgit"),
        pytest.param(TWO_BATCHES, id="batches of two accounts, currencies, days and categories"),
        pytest.param(DONG, id="a payment in dong"),
        pytest.param(paid_to(name="Công ty TNHH Ví Dụ Mẫu"), id="a Vietnamese name"),
        pytest.param(paid_to(name="எடுத்துக்காட்டு வணிகம்"), id="a Tamil name"),
        pytest.param(paid_to(name="<Contoh> & 'Anak'"), id="a name with signs of XML"),
        pytest.param(TIMORESE, id="an IBAN of Timor-Leste"),
        pytest.param(paid_from(clearing_system="SGIBG"), id="another clearing"),
        pytest.param(paying(amount=Decimal("9999999999999999.99")), id="the largest amount"),
        pytest.param(paying(end_to_end_id="E" * 35), id="an identifier of 35 characters"),
        pytest.param(paid_to(name="N" * 140, town="T" * 35, number="9" * 34), id="the longest"),
    ],
)
def test_the_file_is_valid_against_the_schema_of_iso_20022(
    file: PaymentFile, write: Callable[[PaymentFile], bytes], version: str
) -> None:
    content = write(file)
    assert faults(content, version) == []
    assert check(content) == []


def test_a_name_goes_to_the_bank_as_it_is_written() -> None:
    content = pain_001(paid_to(name="<Công ty> & 'எடு'"))
    assert read(content, ".//CdtTrfTxInf/Cdtr/Nm") == ["<Công ty> & 'எடு'"]


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


def test_the_schemas_of_the_versions_refuse_each_others_files() -> None:
    assert not schema("03").is_valid(pain_001(FILE))
    assert not schema("09").is_valid(pain_001_03(FILE))
    as_if_newer = pain_001_03(FILE).replace(b"pain.001.001.03", b"pain.001.001.09")
    assert not schema("09").is_valid(as_if_newer)


@pytest.mark.parametrize("level", ["GrpHdr", "PmtInf"])
def test_the_totals_are_those_of_the_payments(level: str) -> None:
    content = pain_001(FILE)
    assert read(content, f".//{level}/NbOfTxs") == ["2"]
    assert read(content, f".//{level}/CtrlSum") == ["25000.50"]
    assert read(content, ".//InstdAmt") == ["18750.00", "6250.50"]


def test_each_batch_has_its_own_account_day_category_and_totals() -> None:
    content = pain_001(TWO_BATCHES)
    assert read(content, ".//PmtInf/PmtInfId") == ["CONTOH-LN-1", "CONTOH-GR-1"]
    assert read(content, ".//PmtInf/NbOfTxs") == ["2", "1"]
    assert read(content, ".//PmtInf/CtrlSum") == ["25000.50", "250000000"]
    assert read(content, ".//PmtInf/DbtrAcct/Id/Othr/Id") == ["512345678901", "0700012345678"]
    assert read(content, ".//PmtInf/DbtrAcct/Ccy") == ["MYR", "IDR"]
    assert read(content, ".//PmtInf/ReqdExctnDt/Dt") == ["2026-11-17", "2026-11-18"]
    assert read(content, ".//PmtInf/PmtTpInf/CtgyPurp/Cd") == ["LOAN", "GOVT"]


def test_the_control_sum_of_the_file_is_over_all_currencies() -> None:
    content = pain_001(TWO_BATCHES)
    assert read(content, ".//GrpHdr/NbOfTxs") == ["3"]
    assert read(content, ".//GrpHdr/CtrlSum") == ["250025000.50"]


def test_version_03_has_the_plain_day_the_older_bic_and_no_transaction_reference() -> None:
    content = pain_001_03(FILE)
    assert read(content, ".//ReqdExctnDt", NAMESPACE_03) == ["2026-11-17"]
    assert read(content, ".//DbtrAgt/FinInstnId/BIC", NAMESPACE_03) == ["TESTMYKLXXX"]
    assert read(content, ".//UETR", NAMESPACE_03) == []


def test_an_iban_is_written_as_one_and_another_number_as_a_national_one() -> None:
    assert read(pain_001(TIMORESE), ".//CdtrAcct/Id/IBAN") == ["TL380080012345678910157"]
    assert read(pain_001(FILE), ".//CdtrAcct/Id/IBAN") == []
    assert read(pain_001(FILE), ".//DbtrAcct/Id/Othr/SchmeNm/Cd") == ["BBAN"]


@pytest.mark.parametrize(
    ("currency", "decimals", "written"),
    [
        pytest.param("MYR", None, "1200.00", id="ringgit have sen"),
        pytest.param("IDR", None, "1200", id="rupiah are paid whole"),
        pytest.param("KHR", None, "1200", id="riel are paid whole"),
        pytest.param("LAK", None, "1200", id="kip are paid whole"),
        pytest.param("MMK", None, "1200", id="kyat are paid whole"),
        pytest.param("IDR", 2, "1200.00", id="a bank may want the noughts of ISO 4217"),
        pytest.param("VND", None, "1200", id="dong have nothing smaller"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(
    currency: str, decimals: int | None, written: str
) -> None:
    file = paying(amount=Decimal(1200), currency=currency, decimals=decimals)
    assert read(pain_001(file), ".//InstdAmt") == [written]


def test_who_sends_the_file_need_not_be_who_pays() -> None:
    content = pain_001(replace(FILE, initiator="Dana Serantau Contoh"))
    assert read(content, ".//InitgPty/Nm") == ["Dana Serantau Contoh"]
    assert read(content, ".//Dbtr/Nm") == ["Agensi Pembiayaan PKS Contoh"]


def test_a_file_may_be_executed_on_the_day_it_is_made() -> None:
    content = pain_001(batched(execution=FILE.created.date()))
    assert read(content, ".//ReqdExctnDt/Dt") == ["2026-11-16"]
    assert check(content) == []


def test_dong_are_written_without_decimals() -> None:
    assert read(pain_001(DONG), ".//InstdAmt") == ["1200000000"]
    assert read(pain_001(DONG), ".//GrpHdr/CtrlSum") == ["1200000000"]


def test_times_are_utc_to_the_second() -> None:
    content = pain_001(FILE)
    assert read(content, ".//CreDtTm") == ["2026-11-16T09:30:15Z"]
    assert read(content, ".//ReqdExctnDt/Dt") == ["2026-11-17"]


def test_the_same_payments_are_the_same_bytes() -> None:
    batches = tuple(
        replace(batch, payments=tuple(replace(payment) for payment in batch.payments))
        for batch in TWO_BATCHES.batches
    )
    assert pain_001(replace(TWO_BATCHES, batches=batches)) == pain_001(TWO_BATCHES)


def test_the_bytes_of_a_known_file_never_change() -> None:
    digest = hashlib.sha256(pain_001(TWO_BATCHES)).hexdigest()
    assert digest == "60fb9c5a06ad35d35231ea885565172630119d894f60936edc3390e4ea736446"


_amounts = st.sampled_from(sorted(DECIMALS)).flatmap(
    lambda currency: st.tuples(
        st.just(currency),
        st.integers(1, 10**13).map(lambda units: units * payable(currency)),
    )
)
_identifiers = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9?:().,'+-]{0,33}[A-Za-z0-9]", fullmatch=True)


@settings(max_examples=40, deadline=None)
@given(paid=_amounts, identifier=_identifiers)
def test_every_payable_amount_and_identifier_reaches_the_bank_unchanged(
    paid: tuple[str, Decimal], identifier: str
) -> None:
    currency, amount = paid
    file = paying(currency=currency, amount=amount, decimals=None, end_to_end_id=identifier)
    content = pain_001(file)
    assert faults(content) == []
    assert check(content) == []
    assert [Decimal(text or "") for text in read(content, ".//InstdAmt")] == [amount]
    assert read(content, ".//EndToEndId") == [identifier]


def test_the_transaction_reference_follows_the_end_to_end_identifier() -> None:
    reference = uetr(FIRST.end_to_end_id)
    sent_again = replace(FILE, message_id="CONTOH-20261118-0001")
    assert uuid.UUID(reference).version == 4
    assert read(pain_001(sent_again), ".//UETR") == [reference, uetr(SECOND.end_to_end_id)]
