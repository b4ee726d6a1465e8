"""What a letter consists of: frozen, plain values, so that printing needs nothing but the letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the agency, and the facility for which it acts."""

    agency: str
    facility: str
    address_lines: tuple[str, ...]
    contact: str
    country: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """The enterprise that is written to, under its registry number; `contact_name` may be empty."""

    enterprise: str
    registry_number: str
    contact_name: str
    address_lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code and sentence, the clause it rests on, an officer's note (all but the sentence may be empty)."""

    code: str
    sentence: str
    clause: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One line of a repayment schedule, amounts in major units of the offer's currency."""

    number: int
    due: date
    principal: Decimal
    interest: Decimal
    total: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class SaleTerms:
    """Shariah-compliant financing by sale: its contract, the ceiling rate its price is fixed at, per cent a year for lateness.

    `price` is the selling price, `rebate` what of it is given back when every instalment is paid, in major units.
    """

    contract: str
    price: Decimal
    ceiling_rate_pct: Decimal
    rebate: Decimal
    compensation_pct: Decimal | None = None
    penalty_pct: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """How a loan is repaid: per cent a year, so many instalments, of which `grace` bear interest only; `often` is "every month".

    `late_rate_pct` is what lateness costs a year, in per cent of what is overdue; `sale` is there for financing by sale.
    """

    rate_pct: Decimal
    instalments: int
    method: Literal["annuity", "equal_principal", "flat", "bullet"]
    day_count: str
    grace: int = 0
    often: str = "every month"
    late_rate_pct: Decimal | None = None
    sale: SaleTerms | None = None


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Who guarantees per cent of a loss, `most` at all in major units; the fee in per cent a year, and of the first year."""

    guarantor: str
    cover_pct: Decimal
    most: Decimal
    fee_pct: Decimal
    first_fee: Decimal


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Receipt of a submission; `documents` are (name, SHA-256), `target_days` are working days.

    `filed` is the number and the local day under which it was received on paper, `papers` are (kind, how many were seen).

    `prepared_by` is "NAME of CENTRE" where an adviser wrote it for the enterprise.
    """

    submitted_on: date
    target_days: int
    documents: tuple[tuple[str, str], ...]
    prepared_by: str = ""
    filed: tuple[str, date] | None = None
    papers: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class InformationRequest:
    """What is still needed from the applicant, and by which local day."""

    reasons: tuple[Reason, ...]
    note: str
    reply_by: date


@dataclass(frozen=True, slots=True)
class Offer:
    """A letter of offer: of a loan when `loan` is given, else of a grant.

    Amounts are in major units of `currency` (ISO 4217, with its `decimals`); `tranches` are
    (number, purpose, amount); `accept_by` is the last local day for acceptance; `beside` says what the amount is in a
    second currency, at which rate, of which day and source, where there is one.
    """

    amount: Decimal
    currency: str
    decimals: int
    share_pct: Decimal | None
    purpose: str
    conditions: tuple[str, ...]
    tranches: tuple[tuple[int, str, Decimal], ...]
    accept_by: date
    loan: LoanTerms | None = None
    schedule: tuple[Instalment, ...] = ()
    beside: str = ""
    guarantee: Guarantee | None = None


@dataclass(frozen=True, slots=True)
class Decline:
    """A refusal with all its reasons and the way to a new application or a review."""

    reasons: tuple[Reason, ...]
    how_to_ask_again: str


@dataclass(frozen=True, slots=True)
class Lapse:
    """An offer that was not accepted in time."""

    offered_on: date
    expired_on: date


@dataclass(frozen=True, slots=True)
class DisbursementAdvice:
    """Word of money paid; amounts in major units, `remaining` is what may still be disbursed, `beside` as in an offer."""

    tranche: int
    amount: Decimal
    currency: str
    decimals: int
    end_to_end_id: str
    bank_reference: str
    paid_on: date
    account_masked: str
    remaining: Decimal
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Overdue:
    """An instalment that is past due, with what of it is unpaid in major units."""

    number: int
    due: date
    principal: Decimal
    interest: Decimal

    @property
    def total(self) -> Decimal:
        """Return what of it is unpaid in all."""
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class ArrearsNotice:
    """A letter about arrears at the end of a local day; `level` is first_reminder, second_reminder or final_demand.

    `days` past due are those of the oldest instalment; `charges` are (name, local day, unpaid amount in major units). Of financing
    by `sale` no word of a loan or of interest is printed.
    """

    level: Literal["first_reminder", "second_reminder", "final_demand"]
    on: date
    days: int
    currency: str
    decimals: int
    overdue: tuple[Overdue, ...]
    charges: tuple[tuple[str, date, Decimal], ...] = ()
    sale: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """A demand to pay money back: `instalments` are (number, last local day, amount in major units).

    `account` is whose account it is paid to: holder, number, BIC.
    """

    amount: Decimal
    currency: str
    decimals: int
    reason: str
    instalments: tuple[tuple[int, date, Decimal], ...]
    account: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class ChangeOffer:
    """A change of an award that the enterprise is asked to agree to by a local day; `changes` are (what, how it is then)."""

    title: str
    changes: tuple[tuple[str, str], ...]
    agree_by: date


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Word that an application waits for budget since a local day; `call` is the title of the call whose budget it is."""

    call: str
    on: date


Body = (
    Acknowledgement
    | InformationRequest
    | Offer
    | Decline
    | Lapse
    | DisbursementAdvice
    | ArrearsNotice
    | Demand
    | ChangeOffer
    | WaitingList
)

KINDS: Final[Mapping[str, type[Body]]] = {
    "acknowledgement": Acknowledgement,
    "information_request": InformationRequest,
    "offer": Offer,
    "decline": Decline,
    "lapse": Lapse,
    "disbursement_advice": DisbursementAdvice,
    "arrears_notice": ArrearsNotice,
    "clawback": Demand,
    "change_offer": ChangeOffer,
    "waiting_list": WaitingList,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the event of a letter stands in the decision trail: its leaf, counted from 0, under a checkpoint.

    `size` is the number of entries that the checkpoint is on, `root` its root as it stands there (base64).
    """

    leaf: int
    size: int
    root: str
    log: str


@dataclass(frozen=True, slots=True)
class Letter:
    """All that is printed. `kind` is a key of `KINDS` and fits `body`; `issued_on` is the agency's local day.

    `added` is what the scheme says in every letter of this kind, below the rest.
    """

    kind: str
    reference: str
    event_digest: str
    place: Place
    issued_on: date
    language: Literal["en"]
    letterhead: Letterhead
    addressee: Addressee
    scheme: str
    subject: str
    body: Body
    added: str = ""
