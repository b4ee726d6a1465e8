"""From a request to a claim and back: its lines as a page sends them, what a person sees of it, and may do with it."""

from dataclasses import asdict, dataclass
from typing import Any

from flask import request

from app.accounts import access
from app.accounts.access import actor
from app.accounts.models import Person
from app.accounts.schemas import read
from app.applications import queries as applications
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.models import Award, Tranche
from app.claims import commands, queries
from app.claims.compose import Drawn, Errors, cost_lines
from app.claims.models import COSTS, Claim, ClaimSettlement
from app.claims.schemas import LinesInput
from app.db import transaction
from app.disbursements.queries.gathering import disbursement_facts, gathered, tranche_facts
from app.documents.models import Document
from app.errors import Invalid, Missing
from app.schemes import queries as schemes
from app.submissions.access import upload
from workflows.claims import ClaimRules, doubles
from workflows.definition import State
from workflows.machine import Option, options

# So many blank rows stand beside those filled in, and so many more each time they are asked for.
BLANK_ROWS, MORE_ROWS, MOST_BLANK = 2, 5, 50
FIELDS = {
    "supplier": "Supplier",
    "invoice": "Number of the invoice",
    "dated": "Day of the invoice",
    "description": "What was bought",
    "cost": "Cost",
    "document": "Invoice",
}


@dataclass(frozen=True)
class Place:
    """A tranche that is claimed with cost lines, and what the person may do with it."""

    application: Application
    award: Award
    tranche: Tranche
    state: State
    options: tuple[Option, ...]

    @property
    def writing(self) -> bool:
        """Tell whether the person may write its lines: the applicant, until it is claimed."""
        life = schemes.workflow(self.application.scheme.tranche_digest)
        return actor().applies and self.tranche.state == life.initial

    def open_act(self, does: str) -> Option | None:
        """Return the act with this effect that stands here, whether or not it is open to the person."""
        return next((option for option in self.options if option.act.does == does), None)


@dataclass(frozen=True)
class ClaimView:
    """A claim that was made: its settlement once it is verified, and the warnings of invoices met in other cases."""

    claim: Claim
    tranche: int
    settlement: ClaimSettlement | None
    doubles: tuple[str, ...] = ()


def place(reference: str, number: int) -> Place:
    """Return a tranche for the page of its claim; raises ``Missing`` for one that has none, or not for this person."""
    person = actor()
    application = applications.find(reference, actor=person)
    workflow = applications.workflow(application)
    award = awards.award(application)
    seen = workflow.sees(application.state, "award", person.reads_as)
    if award is None or award.accepted_at is None or not seen:
        raise Missing("Nothing of this case is claimed yet.")
    tranche = awards.tranche(award, number)
    if queries.kind_of(application, tranche) != COSTS:
        raise Missing("This tranche is claimed without cost lines.")
    life = schemes.workflow(application.scheme.tranche_digest)
    offered = (
        ()
        if person.advises
        else options(life, tranche.state, _facts(application, award, tranche, person))
    )
    return Place(application, award, tranche, life.states[tranche.state], offered)  # fmt: skip


def _facts(application: Application, award: Award, tranche: Tranche, person: Person) -> Any:
    (kept,) = gathered([(application, award)])
    shared = disbursement_facts(kept, applications.facts(application, person))
    return tranche_facts(shared, kept, tranche)


def made(found: Place) -> list[ClaimView]:
    """Return the claims of a tranche, oldest first; warnings are for the officers who verify."""
    own = [c for c in queries.claims(found.application) if c.tranche_id == found.tranche.id]
    return [_view(found, claim) for claim in own]


def _view(found: Place, claim: Claim) -> ClaimView:
    met: tuple[str, ...] = ()
    if not actor().beside and claim.sent_back_at is None:
        lines = cost_lines(claim.lines)
        met = doubles(lines, queries.elsewhere(found.application, claim.lines, actor()))
    return ClaimView(claim, found.tranche.number, queries.settlement(claim), met)


def draft(found: Place) -> tuple[list[dict[str, str]], Drawn, ClaimRules]:
    """Return the saved lines of a claim as they were typed, what they come to, and what they are held to."""
    rows = [asdict(line) for line in commands.typed(found.tranche)]
    drawn = commands.draw(found.application, found.award, found.tranche)
    return rows, drawn, queries.rules(found.application, found.award, found.tranche)


def save_page(reference: str, number: int, data: dict[str, Any]) -> Errors:
    """Save the lines a page sent, with the invoices that were sent beside them; returns what is wrong with the files.

    The row whose button says so is left out. Raises ``Invalid`` for lines that cannot be saved at all.
    """
    gone = data.pop("remove", "")
    sent = data.get("lines")
    rows: list[dict[str, Any]] = []
    wrong: Errors = {}
    for position, row in enumerate(sent if isinstance(sent, list) else []):
        if not isinstance(row, dict) or str(position) == gone:
            continue
        file = request.files.get(f"lines.{position}.file")
        if file and file.filename:
            row["document"], said = _kept(reference, number, f"lines.{position}.file", row)
            wrong |= {f"lines.{len(rows)}.document": said} if said else {}
        elif not any(row.values()):
            continue
        rows.append(row)
    lines = read(LinesInput(), {"lines": rows})["lines"]
    with transaction():
        commands.save(reference, number, lines, actor=actor())
    return wrong


def _kept(reference: str, number: int, field: str, row: dict[str, Any]) -> tuple[str, list[str]]:
    """Keep the invoice sent for a row; returns its number, or what is wrong with it."""
    try:
        with transaction():
            document = attached(reference, number, field)
            return str(document.id), []
    except Invalid as error:
        return str(row.get("document", "")), [s for said in error.errors.values() for s in said]


def attached(reference: str, number: int, field: str) -> Document:
    """Keep an invoice that was sent; raises ``Invalid`` that says what is wrong with it."""
    place(reference, number)
    document = upload(field, by=actor())
    commands.attach(reference, number, document, actor=actor())
    return document


def blank_rows() -> int:
    """Return how many blank rows the page shows."""
    return min(access.whole_number(request.values.get("blank", "0")), MOST_BLANK) or BLANK_ROWS


def labels(count: int) -> dict[str, str]:
    """Return what each field of so many rows is called, in the order of the page."""
    found = {}
    for row in range(count):
        found[f"lines.{row}"] = f"Line {row + 1}"
        for field, words in FIELDS.items():
            found[f"lines.{row}.{field}"] = f"Line {row + 1}, {words[:1].lower()}{words[1:]}"
    return found


def finding_labels(views: list[ClaimView]) -> dict[str, str]:
    """Return what each field is called by which a claim is verified, in the order of the page."""
    words = {"outcome": "what you found", "accepted": "cost you accept", "reason": "reason"}
    lines = views[-1].claim.lines if views else []
    found = {
        f"findings.{line.number - 1}.{field}": f"Line {line.number}, {label}"
        for line in lines
        for field, label in words.items()
    }
    return {**found, "note": "Note"}


def body(found: Place) -> dict[str, Any]:
    """Return how the interface tells of the claims of a tranche; amounts in minor units."""
    rows, drawn, rules = draft(found) if found.writing else ([], None, None)
    return {
        "tranche": found.tranche.number,
        "state": found.tranche.state,
        "lines": rows,
        "problems": drawn.errors if drawn else {},
        "cost": drawn.cost if drawn else None,
        "public_share": drawn.share if drawn else None,
        "would_be_claimed": drawn.claimed if drawn else None,
        "open_advance": rules.advanced if rules else None,
        "claims": [_claim(view) for view in made(found)],
    }


def _claim(view: ClaimView) -> dict[str, Any]:
    claim, settled = view.claim, view.settlement
    return {
        "number": claim.number,
        "amount": claim.amount_minor,
        "cost": claim.cost_minor,
        "sent_back": claim.sent_back_at is not None,
        "verified": settled.payable_minor if settled else None,
        "retained": settled.retained_minor if settled else None,
        "also_claimed_elsewhere": list(view.doubles),
        "lines": [_line(line) for line in claim.lines],
    }


def _line(line: Any) -> dict[str, Any]:
    return {
        "line": line.number,
        "supplier": line.supplier,
        "invoice": line.invoice,
        "dated": line.dated.isoformat(),
        "description": line.description,
        "cost": line.cost_minor,
        "document": line.document_id,
        "sha256": line.document.sha256,
        "outcome": line.finding.outcome if line.finding else None,
        "accepted": line.finding.accepted_minor if line.finding else None,
        "reason": line.finding.reason if line.finding else None,
    }
