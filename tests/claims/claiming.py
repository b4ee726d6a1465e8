"""A grant whose tranches are claimed with invoices: the scheme of the world with terms of claims, and what claims hold."""

from typing import Any

from sqlalchemy import select

from app.awards.models import Award, Movement
from app.awards.queries import awarded
from app.claims import commands
from app.claims.commands import Asked, Verified
from app.claims.compose import TypedFinding, TypedLine
from app.clock import today
from app.db import db, transaction
from app.disbursements import commands as disbursements
from app.documents.commands import Upload, keep
from app.schemes.commands import CATALOGUE, publish
from tests.world import World, pdf
from workflows.bridge import Bridge, replay
from workflows.bridge import Movement as Moved

ZONE = "Asia/Kuala_Lumpur"
REIMBURSED = 'mode = "reimbursement"\nwindow_months = 12'


def scheme(claims: str) -> None:
    """Publish the next version of the grant of the world, with terms of claims."""
    text = (CATALOGUE / "my_bap.toml").read_text("utf-8")
    version = next(line for line in text.splitlines() if line.startswith("version = "))
    raised = f"version = {int(version.rpartition(' ')[2]) + 1}"
    named = {"mode": "claim_mode"}
    keys = [line.partition(" = ")[0] for line in claims.splitlines()]
    basis = "".join(f'{named.get(key, key)} = "illustrative"\n' for key in keys)
    text = text.replace(version, raised, 1).replace("[basis]\n", f"[basis]\n{basis}", 1)
    with transaction():
        publish(f"{text}\n[claims]\n{claims}\n")


def disbursing(world: World, claims: str = REIMBURSED, **changed: str) -> str:
    """Return a case in disbursement: an award of MYR 80,000.00 for half the cost, in tranches of 32,000.00 and 48,000.00."""
    scheme(claims)
    return world.at("disbursing", **changed)


def uploaded(world: World, reference: str, number: int = 1, text: str = "Invoice") -> str:
    """Upload an invoice for the claim of a tranche; return its number as lines name it."""
    store = world.app.extensions["saluran.settings"].storage_dir
    actor = world.person("applicant.my")
    with transaction():
        document = keep(
            Upload("invoice.pdf", pdf(text)), store=store, most_bytes=10**6, actor=actor
        )
        commands.attach(reference, number, document, actor=actor)
        return str(document.id)  # fmt: skip


def line(document: str, **changed: str) -> TypedLine:
    """Return a line that is in order, of an invoice of today."""
    usual = {
        "supplier": "Besi Contoh Sdn Bhd",
        "invoice": "INV-0042",
        "dated": today(ZONE).isoformat(),
        "description": "Roasting drum",
        "cost": "40,000.00",
    }
    return TypedLine(**{**usual, "document": document, **changed})


def claim(world: World, reference: str, *lines: TypedLine, number: int = 1) -> Any:
    """Claim a tranche with lines."""
    actor = world.person("applicant.my")
    given = Asked("Delivered.", lines or None)
    return world.do(commands.ask, reference, number, given, act="claim", actor=actor)


def verify(
    world: World, reference: str, *findings: TypedFinding, number: int = 1, note: str = ""
) -> Any:
    """Verify the claim of a tranche."""
    actor = world.person("desk.my")
    return world.do(commands.verify, reference, number, Verified(note, findings), actor=actor)


def claimed(world: World, reference: str, *costs: str, number: int = 1) -> list[TypedLine]:
    """Claim a tranche with one line for each cost, each with an invoice of its own number."""
    document = uploaded(world, reference, number)
    lines = [
        line(document, cost=cost, invoice=f"INV-{number}{place}")
        for place, cost in enumerate(costs)
    ]
    claim(world, reference, *lines, number=number)
    return lines


def paid(world: World, reference: str, number: int = 1) -> None:
    """Let a tranche that is verified be paid."""
    world.country = "MY"
    world.do(disbursements.prepare, reference, number, actor=world.maker)
    for command, actor in (
        (disbursements.check, world.checker),
        (disbursements.release, world.releaser),
    ):
        world.do(command, reference, number, world.digest(reference, number), actor=actor)
    world.confirm(reference, number)


def plain(errors: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return errors with ordinary blanks."""
    return {name: [s.replace("\u00a0", " ") for s in said] for name, said in errors.items()}


def places(world: World, reference: str) -> dict[str, int]:
    """Return where the money of an award is, in ringgit, what is nowhere left out; its movements must say the same."""
    award = awarded(world.case(reference))
    counted = _counted(award)
    found = {}
    for name in ("undrawn", "claimed", "verified", "instructed", "paid", "released"):
        amount = getattr(award, f"{name}_minor")
        assert amount == counted.at(name), name
        found[name] = amount // 100
    return {name: amount for name, amount in found.items() if amount}


def _counted(award: Award) -> Bridge:
    rows = db.session.scalars(
        select(Movement).where(Movement.award_id == award.id).order_by(Movement.id)
    )
    moves = [Moved(row.source, row.target, row.amount_minor, row.event_id) for row in rows]
    return replay(moves, Bridge(award.currency))
