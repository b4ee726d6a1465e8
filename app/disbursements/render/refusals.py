"""What a bank would refuse or misread in a payment file, in sentences; the schemas of ISO 20022 see little of it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal

from stdnum import iban

from app.disbursements.render.payments import Account, Batch, Payment, PaymentFile, total
from workflows.money import DECIMALS

# The character set X of SWIFT. Many banks cut or reject identifiers outside it, and then a payment cannot be matched.
_IDENTIFIER = re.compile(r"(?![/ ])(?!.*//)[A-Za-z0-9/?:().,'+ -]{1,35}(?<![/ ])")
# Patterns of the simple types of the schema.
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}")
# The length that the IBAN registry of ISO 13616 gives.
_IBAN_OF_TIMOR_LESTE = 23
_COUNTRY = re.compile(r"[A-Z]{2}")
_CODE = re.compile(r"[A-Z0-9]{1,4}")
_CLEARING_SYSTEM = re.compile(r"[A-Z0-9]{1,5}")
# XML 1.0 has no way to carry the first, a line break has no place in a name, and the last turn a name around on a screen.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
# ActiveCurrencyAndAmount of the schema: 18 digits in all.
_MOST_DIGITS = 18


def refusals(file: PaymentFile) -> list[str]:
    """Return everything in the file that a bank would refuse or misread, each once, in the order of the file."""
    found = [*_of_file(file)]
    for batch in file.batches:
        found += _of_batch(batch, file)
        for payment in batch.payments:
            found += _of_payment(payment)
    return list(dict.fromkeys(found))


def unlike(pattern: re.Pattern[str], what: str, value: str) -> Iterator[str]:
    """Yield the refusal of a value that does not have the form of the pattern."""
    if not pattern.fullmatch(value):
        yield f"The {what} {value!r} is not of the form that banks accept."


def _of_file(file: PaymentFile) -> Iterator[str]:
    payments = tuple(file.payments)
    if not file.batches:
        yield "A payment file needs at least one payment."
    if file.created.utcoffset() != timedelta(0):
        yield "The time of creation must be in UTC."
    yield from unlike(_IDENTIFIER, "message identifier", file.message_id)
    yield from _unfit("name of the initiator", file.initiator, 140)
    yield from _too_much(payments, "The payments of the file")
    yield from _twice("batch identifier", [batch.id for batch in file.batches])
    yield from _twice("end-to-end identifier", [p.end_to_end_id for p in payments])
    yield from _twice("instruction identifier", [p.instruction_id for p in payments])


def _of_batch(batch: Batch, file: PaymentFile) -> Iterator[str]:
    if not batch.payments:
        yield f"The batch {batch.id!r} needs at least one payment."
    if len({payment.currency for payment in batch.payments}) > 1:
        yield f"All payments of the batch {batch.id!r} must be in one currency."
    if batch.execution < file.created.date():
        yield f"The batch {batch.id!r} is to be executed on {batch.execution}, before the file is made."
    yield from unlike(_IDENTIFIER, "batch identifier", batch.id)
    yield from unlike(_CODE, "category purpose", batch.category)
    yield from _of_account(batch.debtor)


def _of_payment(payment: Payment) -> Iterator[str]:
    yield from unlike(_IDENTIFIER, "end-to-end identifier", payment.end_to_end_id)
    yield from unlike(_IDENTIFIER, "instruction identifier", payment.instruction_id)
    yield from unlike(_CODE, "purpose", payment.purpose)
    yield from _unfit("remittance information", payment.remittance, 140)
    yield from _of_amount(payment)
    yield from _of_account(payment.creditor)


def _of_amount(payment: Payment) -> Iterator[str]:
    amount, currency = payment.amount, payment.currency
    whose = f"{payment.end_to_end_id}: {amount} {currency}"
    if currency not in DECIMALS:
        yield f"{whose}: the currency {currency!r} is none that is paid in here: {', '.join(DECIMALS)}."
    elif not 0 <= payment.places <= DECIMALS[currency]:
        yield f"{whose} cannot have {payment.places} decimals: {currency} has {DECIMALS[currency]}."
    elif not amount.is_finite() or amount <= 0:
        yield f"{whose} is not a positive amount."
    elif amount.adjusted() + 1 + payment.places > _MOST_DIGITS:
        yield f"{whose} has more than {_MOST_DIGITS} digits."
    elif amount != amount.quantize(Decimal(1).scaleb(-payment.places)):
        yield f"{whose} is finer than {payment.places} decimals."


def _too_much(payments: tuple[Payment, ...], whose: str) -> Iterator[str]:
    known = tuple(p for p in payments if p.currency in DECIMALS and _in_reach(p.amount))
    places = max((payment.places for payment in known), default=0)
    if total(known) >= Decimal(10) ** (_MOST_DIGITS - places):
        yield f"{whose} add up to more than {_MOST_DIGITS} digits; split the file."


def _in_reach(amount: Decimal) -> bool:
    return amount.is_finite() and amount.adjusted() < _MOST_DIGITS


def _of_account(account: Account) -> Iterator[str]:
    yield from _unfit("name", account.name, 140)
    yield from _unfit("town", account.town, 35)
    yield from unlike(_COUNTRY, "country", account.country)
    yield from unlike(_BIC, "BIC", account.bic)
    yield from _of_number(account)
    if (account.clearing_system is None) != (account.clearing_member is None):
        yield f"The bank of {account.name!r} needs both its clearing system and its number there."
    if account.clearing_system is not None:
        yield from unlike(_CLEARING_SYSTEM, "clearing system", account.clearing_system)
    if account.clearing_member is not None:
        yield from _unfit("clearing number", account.clearing_member, 35)


def _of_number(account: Account) -> Iterator[str]:
    number = account.number
    if not account.iban:
        yield from _unfit("account number", number, 34)
    elif not _IBAN.fullmatch(number):
        yield f"The IBAN {number!r} is not of the form that banks accept."
    elif number.startswith("TL") and len(number) != _IBAN_OF_TIMOR_LESTE:
        yield f"The IBAN {number!r} has {len(number)} characters; those of Timor-Leste have {_IBAN_OF_TIMOR_LESTE}."
    elif not iban.is_valid(number):
        yield f"The check digits or the form of the IBAN {number!r} are not right; compare it with what the bank wrote."


def _unfit(what: str, value: str, longest: int) -> Iterator[str]:
    if not value.strip():
        yield f"The {what} is empty."
    elif len(value) > longest:
        yield f"The {what} {value!r} is longer than {longest} characters."
    elif _UNPRINTABLE.search(value):
        yield f"The {what} {value!r} contains a character that cannot be printed."


def _twice(what: str, values: Iterable[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"The {what} {value!r} is given {count} times."
