"""One letter of each kind, to enterprises that do not exist, in every script the letters must show."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.letters.render import (
    Acknowledgement,
    ArrearsNotice,
    ChangeOffer,
    Decline,
    Demand,
    DisbursementAdvice,
    Guarantee,
    InformationRequest,
    Instalment,
    Lapse,
    Letter,
    LoanTerms,
    Offer,
    Overdue,
    SaleTerms,
    WaitingList,
)
from tests.letters.pieces import (
    ADDRESSEE,
    JAWI,
    REASONS,
    TAMIL,
    VIETNAMESE,
    digest,
    letter,
    schedule,
)
from workflows.money import from_minor
from workflows.sale import Sale, dues, selling_price
from workflows.schedule import due_date


def loan(instalments: int, guarantee: Guarantee | None = None) -> Letter:
    """Offer a loan in Vietnamese dong, a currency without decimals, to a Vietnamese enterprise."""
    body = Offer(
        amount=Decimal(840_000_000),
        currency="VND",
        decimals=0,
        share_pct=None,
        purpose="Replacement of two coal kilns by electric kilns",
        conditions=(
            "Condition precedent: the signed lease of the workshop until at least 31 December 2033.",
            "Condition precedent: a completed course in bookkeeping of the common curriculum.",
            "Insurance of the kilns at replacement value, kept until the loan is repaid.",
        ),
        tranches=(
            (1, "First kiln and wiring", Decimal(500_000_000)),
            (2, "Second kiln", Decimal(340_000_000)),
        ),
        accept_by=date(2026, 4, 2),
        loan=LoanTerms(Decimal("6.00"), instalments, "equal_principal", "ACT/365F", grace=0),
        schedule=schedule(840_000_000, instalments),
        guarantee=guarantee,
    )
    addressee = replace(
        ADDRESSEE,
        enterprise=VIETNAMESE,
        registry_number="0109999999",
        contact_name="Bà Nguyễn Thị Ví Dụ",
        address_lines=("Số 7, đường Ví Dụ", "Phường Giả Định", "Việt Nam"),
    )
    return letter("offer", "Letter of offer: loan for electric kilns", body, addressee)


ACKNOWLEDGEMENT = letter(
    "acknowledgement",
    "We have received your application",
    Acknowledgement(
        submitted_on=date(2026, 2, 27),
        target_days=30,
        documents=(
            ("Audited accounts 2024.pdf", digest("accounts")),
            ("Sijil pendaftaran syarikat.pdf", digest("certificate")),
            ("Quotation for spray dryer.pdf", digest("quotation")),
        ),
    ),
)
INFORMATION_REQUEST = letter(
    "information_request",
    "We need more information",
    InformationRequest(
        reasons=REASONS,
        note="Please send the bank statements for each month, not only the summary.",
        reply_by=date(2026, 3, 24),
    ),
    replace(ADDRESSEE, enterprise=TAMIL),
)


def sold() -> Letter:
    """Offer financing by sale of MYR 200,000.00 in twelve months, the price fixed at 10 %."""
    sale = Sale(20_000_000, Decimal(10), Decimal("7.5"), 12, "MYR", 100)
    rows, left = [], sale.cost
    for due in dues(sale, [due_date(date(2026, 3, 3), number) for number in range(1, 13)]):
        left -= due.amounts.principal
        parts = (due.amounts.principal, due.amounts.interest, due.amounts.total, left)
        rows.append(
            Instalment(due.number, due.due_on, *(from_minor(part, "MYR") for part in parts))
        )
    price = from_minor(selling_price(sale), "MYR")
    rebate = price - sum(row.total for row in rows)
    terms = SaleTerms("murabahah", price, Decimal(10), rebate, Decimal(1), Decimal("0.5"))
    body = Offer(
        amount=Decimal(200_000),
        currency="MYR",
        decimals=2,
        share_pct=None,
        purpose="Dyeing line",
        conditions=("Condition precedent: the sale agreement is signed by both sides.",),
        tranches=((1, "Dyeing line", Decimal(200_000)),),
        accept_by=date(2026, 4, 2),
        loan=LoanTerms(Decimal("7.50"), 12, "annuity", "PERIODIC", sale=terms),
        schedule=tuple(rows),
    )
    return letter("offer", "Letter of offer", body)


GRANT = letter(
    "offer",
    "Letter of offer: grant for a spray dryer",
    Offer(
        amount=Decimal("120000.00"),
        currency="MYR",
        decimals=2,
        share_pct=Decimal("70.0"),
        purpose="Purchase and commissioning of a spray dryer with heat recovery",
        conditions=(
            "Condition precedent: a dedicated account with a licensed bank.",
            "Condition precedent: proof that your own share of MYR 51,428.57 is paid in.",
            "The dryer is not sold or pledged for five years after the last disbursement.",
        ),
        tranches=(
            (1, "On the order of the dryer", Decimal("48000.00")),
            (2, "On commissioning", Decimal("72000.00")),
        ),
        accept_by=date(2026, 4, 2),
    ),
)
LOAN = loan(24)
SOLD = sold()
COVER = Guarantee(
    guarantor="Guarantee Fund of the Northern Peninsula",
    cover_pct=Decimal(60),
    most=Decimal(504_000_000),
    fee_pct=Decimal("1.50"),
    first_fee=Decimal(7_560_000),
)
GUARANTEED = loan(24, COVER)
DECLINE = letter(
    "decline",
    "Your application has been declined",
    Decline(
        reasons=REASONS,
        how_to_ask_again="You may ask for a review within 30 days of the date of this letter.\n"
        "You may also apply again with a new forecast; nothing in this decision stands in the way.",
    ),
    replace(ADDRESSEE, enterprise=JAWI),
)
LAPSE = letter(
    "lapse",
    "Your offer has lapsed",
    Lapse(offered_on=date(2026, 1, 5), expired_on=date(2026, 2, 4)),
)
ADVICE = letter(
    "disbursement_advice",
    "Advice of disbursement",
    DisbursementAdvice(
        tranche=1,
        amount=Decimal("48000.00"),
        currency="MYR",
        decimals=2,
        end_to_end_id="NPEB2026000417T1",
        bank_reference="FT26062ABCDE",
        paid_on=date(2026, 3, 2),
        account_masked="•••• •••• 4821",
        remaining=Decimal("72000.00"),
    ),
)
BEHIND = ArrearsNotice(
    level="second_reminder",
    on=date(2026, 3, 2),
    days=46,
    currency="VND",
    decimals=0,
    overdue=(
        Overdue(3, date(2026, 1, 15), Decimal(12_000_000), Decimal(3_900_000)),
        Overdue(4, date(2026, 2, 15), Decimal(35_000_000), Decimal(3_725_000)),
    ),
)
ARREARS = letter(
    "arrears_notice",
    "Your repayments are overdue",
    BEHIND,
    replace(ADDRESSEE, enterprise=VIETNAMESE),
)
CHARGE = ("Late-payment charge 1", date(2026, 2, 20), Decimal(212_000))
CHARGED = replace(ARREARS, body=replace(BEHIND, charges=(CHARGE,)))
LATE_SALE = (
    ("Compensation (ta'widh) 1", date(2026, 2, 20), Decimal(30_000)),
    ("Penalty to charity (gharamah) 2", date(2026, 2, 20), Decimal(150_000)),
)
SALE_ARREARS = replace(ARREARS, body=replace(BEHIND, charges=LATE_SALE, sale=True))
DEMAND = letter(
    "clawback",
    "Money to be paid back",
    Demand(
        amount=Decimal("15000.00"),
        currency="MYR",
        decimals=2,
        reason="The dryer was sold two years after the last disbursement.",
        instalments=(
            (1, date(2026, 4, 30), Decimal("7500.00")),
            (2, date(2026, 5, 30), Decimal("7500.00")),
        ),
        account=("Contoh Agency", "5123456789", "CONTMYKLXXX"),
    ),
)
CHANGE_OFFER = letter(
    "change_offer",
    "We offer you a change of your award",
    ChangeOffer(
        title="Variation",
        changes=(
            ("Award until now", "MYR 120,000.00"),
            ("Award from then on", "MYR 130,000.00"),
        ),
        agree_by=date(2026, 4, 2),
    ),
    replace(ADDRESSEE, enterprise=TAMIL),
)
WAITING = letter(
    "waiting_list",
    "Your application is on the waiting list",
    WaitingList("Standing call 2026", date(2026, 3, 2)),
)
ALL = {
    "acknowledgement": ACKNOWLEDGEMENT,
    "information request": INFORMATION_REQUEST,
    "offer of a grant": GRANT,
    "offer of a loan": LOAN,
    "offer of a guaranteed loan": GUARANTEED,
    "offer of financing by sale": SOLD,
    "decline": DECLINE,
    "lapse": LAPSE,
    "disbursement advice": ADVICE,
    "letter about arrears": ARREARS,
    "letter about arrears with a charge": CHARGED,
    "letter about arrears of a sale": SALE_ARREARS,
    "demand": DEMAND,
    "offer of a change": CHANGE_OFFER,
    "notice of the waiting list": WAITING,
}
