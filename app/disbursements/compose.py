"""A payment file, put together from frozen submissions, what was verified, and the account the agency pays from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.applications import queries as applications
from app.applications.models import Application
from app.disbursements.queries.gathering import Kept
from app.disbursements.render import PROFILES, Account, Batch, Payment, PaymentFile
from app.errors import Invalid
from workflows.clocks import due
from workflows.definition import Clock
from workflows.money import from_minor

USUAL_FORM = "pain.001.001.09"
# ISO 20022 external codes: category purpose of the batch, and purpose of the payment.
CODES = {True: ("LOAN", "LOAN"), False: ("GOVT", "GOVG")}


@dataclass(frozen=True)
class Order:
    """One payment to be written: which tranche of which case, its end-to-end id, what is paid and to whom, in minor units."""

    reference: str
    tranche: int
    end_to_end_id: str
    amount: int
    payee: dict[str, str]
    loan: bool


@dataclass(frozen=True)
class Sheet:
    """What a batch has in common: its number for ever, when it was made, its account, currency and execution day.

    The account may say with how many ``decimals`` its bank wants amounts; usual are those the currency is paid with.
    """

    message_id: str
    created: datetime
    execution: date
    country: str
    account: dict[str, str]
    currency: str

    @property
    def form(self) -> str:
        """Return the form of file that the paying bank takes."""
        return self.account.get("format") or USUAL_FORM


def written(sheet: Sheet, orders: Sequence[Order]) -> bytes:
    """Return the payment file of a batch; the same sheet and orders give the same bytes.

    Raises ``Invalid`` with everything that the form cannot carry or the bank would refuse.
    """
    debtor = _account(sheet.account, sheet.country)
    batch = Batch(
        id=sheet.message_id,
        execution=sheet.execution,
        category=CODES[orders[0].loan][0],
        debtor=debtor,
        payments=tuple(_payment(order, sheet) for order in orders),
    )
    profile = PROFILES[sheet.form]
    created = sheet.created.replace(microsecond=0)
    try:
        return profile.file(PaymentFile(sheet.message_id, created, debtor.name, (batch,)))
    except ValueError as error:
        raise Invalid({"": [str(error)]}) from error


def _payment(order: Order, sheet: Sheet) -> Payment:
    decimals = sheet.account.get("decimals")
    return Payment(
        end_to_end_id=order.end_to_end_id,
        instruction_id=order.end_to_end_id,
        amount=from_minor(order.amount, sheet.currency),
        currency=sheet.currency,
        decimals=int(decimals) if decimals else None,
        creditor=_account(order.payee, order.payee["country"]),
        purpose=CODES[order.loan][1],
        remittance=f"{order.reference} tranche {order.tranche}",
    )


def payee(kept: Kept) -> dict[str, str]:
    """Return the account a case is paid to: the facility that pays it on, else the newest one, else what was submitted."""
    if kept.facility is not None:
        return {**kept.facility.account, "country": kept.facility.country}
    if kept.accounts:
        return kept.accounts[-1].account
    answers, enterprise = kept.frozen["answers"], kept.frozen["enterprise"]
    return {
        "name": answers["account_holder"],
        "number": answers["bank_account"],
        "bic": answers["bank_bic"],
        "town": enterprise["address"].rsplit("\n", 1)[-1],
        "country": enterprise["country"],
    }


def execution(application: Application) -> date:
    """Return the day on which a payment prepared today is to be executed: the next working day of the scheme's country."""
    today = applications.today(application)
    return due(Clock(1, "working"), today, applications.calendar(application, today))


def _account(held: dict[str, str], country: str) -> Account:
    return Account(
        name=held["name"],
        country=held.get("country", country),
        town=held["town"],
        number=held["number"],
        bic=held["bic"],
        clearing_system=held.get("clearing_system"),
        clearing_member=held.get("clearing_member"),
        iban=_iban(held, country),
    )


def _iban(held: dict[str, str], country: str) -> bool:
    """Tell whether an account number is an IBAN: of the member states only Timor-Leste is in the registry of IBANs."""
    return held.get("iban") == "yes" or (country == "TL" and held["number"].startswith("TL"))
