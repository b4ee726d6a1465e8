"""A scheme whose loans a second agency guarantees, with the share it covers and its fee; and a loan under it that was paid."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from argon2 import PasswordHasher

from app.accounts import commands as accounts
from app.accounts.models import Agency
from app.applications.queries import today
from app.awards import commands as awards
from app.db import db, transaction
from app.proceedings import commands
from app.proceedings.queries import count
from app.recoveries.compose.guarantees import Claimed
from app.recoveries.compose.receipts import Came
from app.schemes.commands import CATALOGUE, publish
from tests.decisions.guaranteed import offered
from tests.people import authority, newcomer
from tests.world import PASSWORD, World

GUARANTORS: dict[str, tuple[str, ...]] = {
    "guarantor": ("approver",),
    "guarantor_two": ("approver",),
    "guarantor.desk": ("desk_officer",),
    "guarantor.payer": ("payment_officer",),
}
CHANGED = {
    "[basis]\n": '[basis]\ncover_pct = "illustrative"\nfee_pct = "illustrative"\n',
    'code = "VN-SMEDF"\n': 'code = "VN-GUAR"\n',
    'workflow = "loan"\n': 'workflow = "guaranteed_loan"\n',
    'code = "VN-SMEDF-2026"': 'code = "VN-GUAR-2026"',
    "[loan]\n": (
        '[institutions]\nguarantor = "VN-GUARANTOR"\n\n[guarantee]\ncover_min_pct = "60"\n'
        'cover_max_pct = "80"\nfee_pct = "1.50"\n\n[loan]\n'
    ),
    'acts = ["return", "decline"]': 'acts = ["return", "decline", "refuse_guarantee", "revoke_guarantee"]',
}


def settle(world: World) -> None:
    """Publish the scheme, and register the guarantor with its people."""
    world.country = "VN"
    text = (CATALOGUE / "vn_smedf.toml").read_text("utf-8")
    for old, new in CHANGED.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with transaction():
        agency = Agency(
            code="VN-GUARANTOR",
            name="Guarantor",
            country="VN",
            address="1 Example Street",
            contact="office@guarantor.example",
            account=world.desk.agency.account,  # type: ignore[union-attr]
        )
        db.session.add(agency)
        for name, duties in GUARANTORS.items():
            person = newcomer(name, duties, hashed)
            person.agency = agency
            db.session.add(person)
            db.session.flush()
            if "approver" in duties:
                accounts.authorise(person, authority("approver", "VN-GUAR", "VND"))
        publish(text)
        for name in ("approver", "releaser"):
            accounts.authorise(world.person(f"{name}.vn"), _held(name))


def _held(name: str) -> Any:
    held = authority("approver", "VN-GUAR", "VND")
    return replace(held, duty=name) if name == "releaser" else held


def lent(world: World) -> str:
    """Return a loan of VND 1,500,000,000 under a guarantee that is paid out whole."""
    reference = offered(world)
    world.do(awards.accept, reference, actor=world.applicant)
    world.meet_conditions(reference)
    world.tranche_to(reference, 1, "paid")
    return reference


def days_ago(world: World, reference: str, days: int) -> date:
    """Return a local day of a case that is over."""
    return today(world.case(reference)) - timedelta(days=days)


def claim(world: World, reference: str, **changed: Any) -> int:
    """Claim under the guarantee, and return the number of the claim."""
    day = days_ago(world, reference, 1)
    said = {"principal": "1000000000", "interest": "50000000", "interest_days": 90}
    said |= {"recovered": "200000000", "demanded_on": day, "recovery_on": day, "asked": "480000000"}
    given = Claimed(**(said | changed))  # type: ignore[arg-type]
    actor = changed.pop("actor", world.desk)
    world.do(
        commands.propose, reference, "guarantee_claim", given, "The kiln was sold.", actor=actor
    )
    return count(world.case(reference))


def came(world: World, reference: str, kind: str, amount: str, bank: str) -> int:
    """Record money that came in of a kind, and return the number of the receipt."""
    given = Came(amount, today(world.case(reference)), bank)
    world.do(commands.propose, reference, kind, given, "", actor=world.maker)
    return count(world.case(reference))
