"""The forms of files that banks take: which there are, what each refuses, and the plain table cell by cell."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from app.disbursements.render import PROFILES, PaymentFile, latin, table
from tests.disbursements.sending import FILE, TWO_BATCHES, faults, paid_from, paid_to, paying


def rows(file: PaymentFile) -> list[dict[str, str]]:
    content = PROFILES["csv"].file(file)
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


def test_there_are_two_versions_of_the_message_and_a_plain_table() -> None:
    told = {key: (form.suffix, form.media_type) for key, form in PROFILES.items()}
    assert told == {
        "pain.001.001.09": (".xml", "application/xml"),
        "pain.001.001.03": (".xml", "application/xml"),
        "csv": (".csv", "text/csv; charset=utf-8"),
    }
    assert all(form.key == key and not form.latin_only for key, form in PROFILES.items())


@pytest.mark.parametrize("key", sorted(PROFILES))
def test_the_same_payments_are_the_same_bytes_in_every_form(key: str) -> None:
    assert PROFILES[key].file(TWO_BATCHES) == PROFILES[key].file(replace(TWO_BATCHES))


@pytest.mark.parametrize("version", ["03", "09"])
def test_a_message_is_of_the_version_that_its_form_names(version: str) -> None:
    assert faults(PROFILES[f"pain.001.001.{version}"].file(TWO_BATCHES), version) == []


@pytest.mark.parametrize("key", sorted(PROFILES))
def test_every_form_refuses_what_a_bank_would_misread(key: str) -> None:
    with pytest.raises(ValueError, match=r"not a positive amount"):
        PROFILES[key].file(paying(amount=Decimal(0)))


# The plain table


def test_the_table_has_a_row_for_each_payment_and_a_control_row() -> None:
    found = rows(TWO_BATCHES)
    assert [row["row"] for row in found] == ["payment", "payment", "payment", "control"]
    assert [row["end_to_end_id"] for row in found[:3]] == [
        payment.end_to_end_id for payment in TWO_BATCHES.payments
    ]
    assert [row["amount"] for row in found] == ["18750.00", "6250.50", "250000000", "250025000.50"]
    assert [row["payments"] for row in found] == ["", "", "", "3"]
    assert [row["message_id"] for row in found] == [TWO_BATCHES.message_id] * 4


def test_a_row_says_all_that_the_message_would() -> None:
    row = rows(FILE)[0]
    assert row == {
        "row": "payment",
        "message_id": "CONTOH-20261116-0001",
        "created": "2026-11-16T09:30:15Z",
        "initiator": "Agensi Pembiayaan PKS Contoh",
        "batch_id": "CONTOH-LN-1",
        "category": "LOAN",
        "execution_date": "2026-11-17",
        "debtor_name": "Agensi Pembiayaan PKS Contoh",
        "debtor_account": "512345678901",
        "debtor_bic": "TESTMYKLXXX",
        "end_to_end_id": "MY-2026-000123-T1",
        "instruction_id": "MY-2026-000123-T1-1",
        "amount": "18750.00",
        "currency": "MYR",
        "creditor_name": "Kedai Contoh Sdn Bhd",
        "creditor_account": "98765432109876",
        "creditor_bic": "TESTMYPN",
        "clearing_system": "",
        "clearing_member": "",
        "creditor_town": "George Town",
        "creditor_country": "MY",
        "purpose": "LOAN",
        "remittance": "MY-2026-000123 tranche 1 of 3",
        "payments": "",
    }


def test_the_table_is_utf_8_with_the_line_ends_of_rfc_4180() -> None:
    content = table(paid_to(name='Công ty "Ví Dụ", Mẫu'))
    assert content.count(b"\r\n") == content.count(b"\n") == 3
    assert '"Công ty ""Ví Dụ"", Mẫu"'.encode() in content


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        pytest.param(
            paid_to(name="=1+1"), "The creditor name '=1\\+1' begins with a sign", id="a name"
        ),
        pytest.param(paid_to(name='=1,"a"'), "begins with a sign", id="a name in quotes"),
        pytest.param(paid_to(town="@SUM(A1)"), "The creditor town", id="a town"),
        pytest.param(paid_to(number="-12345"), "The creditor account", id="a number"),
        pytest.param(paying(remittance="+60 1"), "The remittance", id="a text"),
        pytest.param(paying(end_to_end_id="'T1"), "The end to end id", id="an identifier"),
        pytest.param(paid_from(name="=1"), "The debtor name", id="the payer"),
        pytest.param(replace(FILE, message_id="+1"), "The message id", id="the file's own name"),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_refused(file: PaymentFile, sentence: str) -> None:
    PROFILES["pain.001.001.09"].file(file)
    with pytest.raises(ValueError, match=sentence):
        PROFILES["csv"].file(file)


def test_quotes_and_signs_elsewhere_in_a_text_are_kept() -> None:
    name = "\"'Kedai\" = + - @ 'Contoh'"
    assert rows(paid_to(name=name))[0]["creditor_name"] == name


# Banks that take Latin letters alone


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        pytest.param("Kedai Contoh (M) Sdn. Bhd. & Co", True, id="English letters and signs"),
        pytest.param("Công ty TNHH Ví Dụ Mẫu", True, id="Vietnamese letters"),
        pytest.param("Co\u0302ng ty", True, id="a Vietnamese letter in two parts"),
        pytest.param("\u2018Maju\u2019 \u2013 \u20ac 5", True, id="typographic signs"),
        pytest.param("எடுத்துக்காட்டு", False, id="Tamil"),
        pytest.param("ตัวอย่าง", False, id="Thai"),
        pytest.param("ឧទាហរណ៍", False, id="Khmer"),
        pytest.param("ນາຍ ສົມພອນ", False, id="Lao"),
        pytest.param("ဥပမာ", False, id="Burmese"),
        pytest.param("شركة", False, id="Jawi"),
        pytest.param("例子", False, id="Chinese"),
        pytest.param("Kеdai", False, id="a Cyrillic letter that looks Latin"),  # noqa: RUF001 - that is the case
        pytest.param("No. ๕", False, id="a Thai digit"),
    ],
)
def test_letters_and_digits_are_latin_or_not(text: str, holds: bool) -> None:
    assert latin(text) is holds


@pytest.mark.parametrize("key", sorted(PROFILES))
def test_a_bank_of_latin_letters_asks_for_the_latin_form(key: str) -> None:
    form = replace(PROFILES[key], latin_only=True)
    with pytest.raises(ValueError, match=r"Latin letters only: give the Latin form of 'ตัวอย่าง'"):
        form.file(paid_to(name="ตัวอย่าง"))
    assert form.file(TWO_BATCHES) == PROFILES[key].file(TWO_BATCHES)


def test_foreign_letters_and_other_mistakes_are_named_at_once() -> None:
    form = replace(PROFILES["csv"], latin_only=True)
    with pytest.raises(ValueError, match=r"name is empty.*Latin form of 'ปีนัง'.*of 'งวด'"):
        form.file(
            paying(creditor=replace(FILE.batches[0].debtor, name="", town="ปีนัง"), remittance="งวด")
        )
