"""Makes the PDFs that the dossiers attach. They are kept beside it, so that driving the cases needs no printing."""

from dataclasses import dataclass
from pathlib import Path

from weasyprint import HTML

FOLDER = Path(__file__).parent / "documents"

STYLE = """
@page { size: A4; margin: 25mm; @bottom-center { content: "Illustrative paper of the demonstration"; font-size: 8pt } }
body { font-family: sans-serif; font-size: 10.5pt; line-height: 1.5 }
h1 { font-size: 16pt; border-bottom: 0.5pt solid; padding-bottom: 3mm }
table { border-collapse: collapse; width: 100%; margin-top: 6mm }
td { border-bottom: 0.5pt solid; padding: 2mm 0 } td + td { text-align: right }
"""


@dataclass(frozen=True)
class Paper:
    """A paper: its file name, its heading, sentences, and lines of a table. The first sentence says from whom."""

    name: str
    title: str
    sentences: tuple[str, ...]
    lines: tuple[tuple[str, str], ...] = ()


PAPERS = (
    Paper(
        "quotation-a",
        "Quotation A-2026-017",
        ("From: Pembekal Rekaan Trading (an invented supplier), 1 Jalan Andaian.", "Valid for 90 days."),
        (("Equipment, delivered", "88 %"), ("Installation and training", "12 %"), ("Total", "as asked")),
    ),
    Paper(
        "quotation-b",
        "Quotation 4711",
        ("From: an invented supplier.", "Valid for 60 days. Delivery is charged separately."),
        (("Equipment", "91 %"), ("Installation", "9 %"), ("Total", "4 % above quotation A")),
    ),
    Paper(
        "quotation-c",
        "Quotation 4711, second copy",
        ("From: Kedai Cubaan Supplies (an invented supplier), 2 Jalan Misalan.", "Valid for 60 days."),
        (("Equipment", "91 %"), ("Installation", "9 %"), ("Total", "4 % above quotation A")),
    ),
    Paper(
        "quotation-ordered",
        "Order confirmation 0815",
        ("From: Kedai Cubaan Supplies (an invented supplier).", "Your order is confirmed. Deposit received with thanks."),
        (("Deposit paid", "30 %"), ("To be paid on delivery", "70 %")),
    ),
    Paper(
        "minute",
        "Minute of a decision",
        ("From: the secretary of the facility (an invented person).", "The members decided to cancel the agreement, for the reason stated in the case."),
        (("Present", "three of three"), ("For", "three"), ("Against", "none")),
    ),
    Paper(
        "signed-offer",
        "Letter of offer, signed",
        ("From: the applicant (an invented enterprise).", "We accept the offer with its conditions."),
        (("Owner", "signed"),),
    ),
    Paper(
        "specification",
        "Specification of what is to be bought",
        ("From: the applicant (an invented enterprise).", "The supplier installs, instructs two people, and guarantees for 24 months."),
        (("Output", "twice that of today"), ("Power", "three-phase, 22 kW"), ("Delivery", "12 weeks")),
    ),
    Paper(
        "loan-request",
        "Loan request form",
        ("From: the applicant (an invented enterprise).", "We ask for the loan that is described in the application."),
        (("Legal representative", "signed"), ("Chief accountant", "signed")),
    ),
    Paper(
        "business-plan",
        "Business plan",
        (
            "From: the applicant (an invented enterprise).",
            "Market: buyers with contracts of one to three years. People: the same who run the workshop today.",
            "Even when sales fall by a fifth the surplus covers the instalments.",
        ),
        (("Surplus, first year", "1.3 times the instalments"), ("Second year", "1.5 times"), ("Third year", "1.6 times")),
    ),
    Paper(
        "group-evidence",
        "Evidence of the group",
        ("From: an invented association.", "We confirm that the enterprise belongs to the group named in its application."),
    ),
    Paper(
        "registration",
        "Extract of a register",
        ("From: an invented register.", "The enterprise is registered under the number in its application."),
        (("Standing", "in force"), ("First registered", "2020")),
    ),
    Paper(
        "accounts",
        "Accounts of the last years",
        ("From: the applicant (an invented enterprise).", "Kept by a bookkeeper who does not exist."),
        (("Sales, year before last", "91 %"), ("Sales, last year", "100 %"), ("Surplus, last year", "14 %")),
    ),
    Paper(
        "identity",
        "Copy of an identity card",
        ("From: an invented office.", "The person on it does not exist."),
    ),
    Paper(
        "security",
        "Evidence of the security",
        ("From: an invented land office.", "Nothing else is charged on it."),
        (("Appraised at", "1.4 times the loan"),),
    ),
)  # fmt: skip


def make() -> list[Path]:
    """Print every paper into ``demo/documents`` and return the files."""
    FOLDER.mkdir(exist_ok=True)
    made = []
    for paper in PAPERS:
        target = FOLDER / f"{paper.name}.pdf"
        HTML(string=_page(paper)).write_pdf(target)
        made.append(target)
    return made


def _page(paper: Paper) -> str:
    sentences = "".join(f"<p>{sentence}</p>" for sentence in paper.sentences)
    lines = "".join(f"<tr><td>{what}</td><td>{how}</td></tr>" for what, how in paper.lines)
    head = f'<html lang="en"><title>{paper.title}</title><style>{STYLE}</style>'
    return f"{head}<h1>{paper.title}</h1>{sentences}<table>{lines}</table></html>"
