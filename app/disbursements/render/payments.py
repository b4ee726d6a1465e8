"""What a payment file says, whatever its format: accounts, payments, and batches of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from workflows.money import paid


@dataclass(frozen=True)
class Account:
    """An account, who holds it and the bank that keeps it.

    The name is kept as written, in any script, as UTF-8. ISO 20022 allows that; a bank that takes Latin letters only
    needs the Latin name here. ``clearing_member`` is the bank's number in the national ``clearing_system`` (ISO
    external code, such as MY or SGIBG), where the paying bank wants it. ``country`` is ISO 3166 alpha-2; ``iban`` tells
    that the number is an IBAN (ISO 13616), which of the eleven member states only Timor-Leste has.
    """

    name: str
    country: str
    town: str
    number: str
    bic: str
    clearing_system: str | None
    clearing_member: str | None
    iban: bool = False


@dataclass(frozen=True)
class Payment:
    """One credit transfer: an amount in units of an ISO 4217 currency.

    ``decimals`` is how many the amount is written with; ``None`` are those the currency is paid with, none for IDR, KHR,
    LAK, MMK and VND. ``end_to_end_id`` stays the same on every send of one payment. ``purpose`` is an ISO external purpose
    code: LOAN for a loan to its borrower, GOVG for a government grant.
    """

    end_to_end_id: str
    instruction_id: str
    amount: Decimal
    currency: str
    decimals: int | None
    creditor: Account
    purpose: str
    remittance: str

    @property
    def places(self) -> int:
        """How many decimals the amount is written with; ``KeyError`` for a currency that is not paid in here."""
        return paid(self.currency) if self.decimals is None else self.decimals

    @property
    def written(self) -> str:
        """The amount as banks read it: "18750.00", no groups."""
        return f"{self.amount:.{self.places}f}"


@dataclass(frozen=True)
class Batch:
    """Payments from one account in one currency, to be executed on one day in the paying bank's zone.

    ``category`` is an ISO external category purpose code: LOAN, or GOVT for grants.
    """

    id: str
    execution: date
    category: str
    debtor: Account
    payments: tuple[Payment, ...]


@dataclass(frozen=True)
class PaymentFile:
    """One file for one bank. ``created`` is in UTC, written to the second; ``initiator`` is the name of who sends it."""

    message_id: str
    created: datetime
    initiator: str
    batches: tuple[Batch, ...]

    @property
    def payments(self) -> Iterator[Payment]:
        """The payments of all batches, in their order."""
        return (payment for batch in self.batches for payment in batch.payments)


def total(payments: tuple[Payment, ...]) -> Decimal:
    """Return the sum of the amounts; over several currencies it means nothing but that none was lost on the way."""
    return sum((payment.amount for payment in payments), Decimal(0))


def control_sum(payments: tuple[Payment, ...]) -> str:
    """Return the control sum as it is written, with the decimals of its finest amount."""
    places = max(payment.places for payment in payments)
    return f"{total(payments):.{places}f}"
