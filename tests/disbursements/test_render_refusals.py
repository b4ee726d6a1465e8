"""What a bank would refuse or misread is refused before it is written, everything of it at once."""

from dataclasses import replace
from datetime import date, timedelta, timezone
from decimal import Decimal

import pytest

from app.disbursements.render import PaymentFile, pain_001, pain_001_03
from tests.disbursements.sending import (
    FILE,
    FIRST,
    GRANT,
    LOANS,
    SECOND,
    SHOP,
    TWO_BATCHES,
    batched,
    faults,
    paid_to,
    paying,
)

ABROAD = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        pytest.param(replace(FILE, batches=()), "at least one payment", id="no batch"),
        pytest.param(batched(payments=()), "needs at least one payment", id="an empty batch"),
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
            batched(payments=tuple(replace(p, amount=Decimal("9E+15")) for p in LOANS.payments)),
            "add up to more than 18 digits; split the file",
            id="too much together",
        ),
        pytest.param(paying(amount=Decimal("1E+999999")), "more than 18", id="absurdly much"),
        pytest.param(
            paying(amount=Decimal("1." + "0" * 40 + "1")), "finer than 2", id="a speck too much"
        ),
        pytest.param(paying(decimals=3), "cannot have 3 decimals", id="more than ISO 4217 has"),
        pytest.param(
            paying(amount=Decimal("100.5"), currency="IDR", decimals=None),
            "finer than 0 decimals",
            id="half a rupiah",
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
            batched(payments=(FIRST, replace(FIRST, instruction_id="OTHER"))),
            "end-to-end identifier 'MY-2026-000123-T1' is given 2 times",
            id="one payment twice",
        ),
        pytest.param(
            replace(TWO_BATCHES, batches=(LOANS, replace(LOANS, id="AGAIN"))),
            "end-to-end identifier 'MY-2026-000123-T1' is given 2 times",
            id="one payment in two batches",
        ),
        pytest.param(
            replace(FILE, batches=(LOANS, replace(LOANS, payments=(GRANT,)))),
            "batch identifier 'CONTOH-LN-1' is given 2 times",
            id="one batch twice",
        ),
        pytest.param(
            batched(payments=(FIRST, replace(SECOND, currency="SGD"))),
            "in one currency",
            id="two currencies",
        ),
        pytest.param(
            batched(execution=date(2026, 11, 15)),
            "executed on 2026-11-15, before the file is made",
            id="a day that has passed",
        ),
        pytest.param(batched(id="LOANS_1"), "batch identifier", id="an underscore in a batch"),
        pytest.param(replace(FILE, initiator=" "), "name of the initiator", id="no initiator"),
        pytest.param(
            paying(currency="RM"), "currency 'RM' is none that is paid in", id="no ISO currency"
        ),
        pytest.param(paying(purpose="LOANS"), "purpose 'LOANS'", id="no purpose code"),
        pytest.param(batched(category=""), "category purpose", id="no category"),
        pytest.param(paying(remittance=" "), "remittance information is empty", id="no text"),
        pytest.param(paid_to(name="N" * 141), "longer than 140", id="a name too long"),
        pytest.param(paid_to(name="Kedai\x00"), "cannot be printed", id="a control character"),
        pytest.param(paid_to(bic="TESTM1"), "BIC 'TESTM1'", id="no BIC"),
        pytest.param(paid_to(country="my"), "country 'my'", id="no country code"),
        pytest.param(paid_to(number="9" * 35), "longer than 34", id="a number too long"),
        pytest.param(paid_to(name="Kedai\u202e"), "cannot be printed", id="a name turned around"),
        pytest.param(paid_to(name=""), "name is empty", id="no name"),
        pytest.param(paid_to(number="123", iban=True), "IBAN '123'", id="no IBAN"),
        pytest.param(
            paid_to(number="TL380080012345678910158", iban=True), "check digits", id="a slip"
        ),
        pytest.param(
            paid_to(number="TL38008001234567891015", iban=True),
            "has 22 characters; those of Timor-Leste have 23",
            id="an IBAN of Timor-Leste that is too short",
        ),
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


def test_a_bic_that_only_later_versions_take_is_refused_for_version_03() -> None:
    file = paid_to(bic="TE5TMYP1")
    assert faults(pain_001(file)) == []
    with pytest.raises(ValueError, match="BIC 'TE5TMYP1'"):
        pain_001_03(file)
