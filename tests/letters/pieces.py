"""What the letters of the tests are put together from: names in every script, a letterhead, an addressee, a schedule."""

import hashlib
from datetime import date
from decimal import Decimal

from app.letters.render import Addressee, Body, Instalment, Letter, Letterhead, Place, Reason

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
