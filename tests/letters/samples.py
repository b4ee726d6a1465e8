"""One letter of each kind, to enterprises that do not exist, in every script the letters must show."""

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.letters.render import (
    Acknowledgement,
    Addressee,
    ArrearsNotice,
    Body,
    ChangeOffer,
    Decline,
    Demand,
    DisbursementAdvice,
    Guarantee,
    InformationRequest,
    Instalment,
    Lapse,
    Letter,
    Letterhead,
    LoanTerms,
    Offer,
    Overdue,
    Place,
    Reason,
    WaitingList,
)

VIETNAMESE = "Công ty TNHH Gốm Sứ Ánh Dương Thịnh Vượng"
TAMIL = "ஸ்ரீ கற்பக மர வேலைகள் நிறுவனம்"
JAWI = "شركة كرتڠن ڤنتاي تيمور"
KHMER = "សហគ្រាស ឧទាហរណ៍ ខ្មែរ"
LAO = "ບໍລິສັດ ຕົວຢ່າງ ຈຳກັດ"
BURMESE = "ဥပမာ ကုမ္ပဏီ လီမိတက်"
THAI = "บริษัท ตัวอย่าง น้ำผึ้ง จำกัด"
SCRIPTS = (VIETNAMESE, TAMIL, JAWI, KHMER, LAO, BURMESE, THAI)

LETTERHEAD = Letterhead(
    agency="Northern Peninsula Enterprise Board",
    facility="SME Financing Facility of the Northern Peninsula",
    address_lines=("Level 8, Menara Contoh", "12 Jalan Rekaan", "50000 Kuala Rekaan"),
    contact="Telephone +60 3 5550 0100, letters@agency.example",
    country="Malaysia",
)
ADDRESSEE = Addressee(
    enterprise="Kilang Rempah Seri Contoh Sdn. Bhd.",
    registry_number="202001099999 (1300000-X)",
    contact_name="Puan Nur Contoh binti Rekaan",
    address_lines=("Lot 7, Kawasan Perindustrian Rekaan", "09000 Kulim Contoh", "Malaysia"),
)
REASONS = (
    Reason(
        code="FIN-03",
        sentence="The cash flow forecast does not cover the instalments in the second year.",
        clause="Scheme guidelines, clause 4.2(b)",
        note="The forecast counts the sale of the old kiln twice.\nWithout it the cover is 0.82.",
    ),
    Reason(
        code="DOC-11",
        sentence="The quotation for the dryer is older than ninety days.",
        clause="Scheme guidelines, clause 3.7",
    ),
)
PLACE = Place(41, 20852, "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", "agency.example/trail")


def digest(text: str) -> str:
    """Stand in for the digest of an event or document."""
    return hashlib.sha256(text.encode()).hexdigest()


def letter(kind: str, subject: str, body: Body, addressee: Addressee = ADDRESSEE) -> Letter:
    """Put a body under the letterhead of the invented agency."""
    return Letter(
        kind=kind,
        reference="NPEB-2026-000417",
        event_digest=digest(kind),
        place=PLACE,
        issued_on=date(2026, 3, 3),
        language="en",
        letterhead=LETTERHEAD,
        addressee=addressee,
        scheme="Green Workshop Scheme 2026",
        subject=subject,
        body=body,
    )


def schedule(principal: int, instalments: int) -> tuple[Instalment, ...]:
    """Equal parts of principal at half a per cent a month; a picture of a schedule, not a calculation."""
    part = principal // instalments
    rows = []
    for number in range(1, instalments + 1):
        years, month = divmod(3 + number, 12)
        interest = Decimal((principal - part * (number - 1)) // 200)
        rows.append(
            Instalment(
                number=number,
                due=date(2026 + years, month + 1, 15),
                principal=Decimal(part),
                interest=interest,
                total=part + interest,
                balance=Decimal(principal - part * number),
            )
        )
    return tuple(rows)


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
