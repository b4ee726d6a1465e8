"""A scheme whose loans a second agency guarantees, and cases on their way to that agency and through it."""

from decimal import Decimal

from argon2 import PasswordHasher

from app.accounts import commands as accounts
from app.accounts.models import Agency, Person
from app.awards import commands as awards
from app.db import db, transaction
from app.decisions import commands as decisions
from app.decisions.commands import Cast
from app.reviews import commands as reviews
from app.reviews.commands import Advice, Reasoned, Scores
from app.schemes.commands import CATALOGUE, publish
from app.submissions.commands import submit
from tests.people import authority, newcomer
from tests.world import PASSWORD, World

CALL, AMOUNT, AMOUNT_MINOR = "VN-GUAR-2026", "1500000000", 1_500_000_000
SCORES = Scores(dict.fromkeys(("repayment", "project", "security"), 4), "Read with care.")
WITHIN = Cast(note="Within our limits.")
PLEDGED = Cast(reasons=("COL-INS",), note="The kiln is pledged already.")
GUARANTORS: dict[str, tuple[str, ...]] = {
    "guarantor": ("approver",),
    "guarantor_two": ("approver",),
    "guarantor.auditor": ("auditor",),
    "guarantor.payer": ("payment_officer", "releaser"),
}
COFINANCIERS: dict[str, tuple[str, ...]] = {"cofinancier": ("approver",)}
VOIDING = ("refuse_guarantee", "revoke_guarantee", "refuse_cofinancing", "refuse_drawdown")


def settle_guarantor(world: World, *, workflow: str = "guaranteed_loan") -> None:
    """Publish the scheme and register the agencies that guarantee and co-finance, with their people."""
    world.country = "VN"
    parts: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
        "guarantor": ("VN-GUARANTOR", GUARANTORS)
    }
    if workflow == "cofinanced_loan":
        parts["cofinancier"] = ("VN-COFIN", COFINANCIERS)
    named = "".join(f'{part} = "{code}"\n' for part, (code, _) in parts.items())
    acts = ", ".join(f'"{act}"' for act in ("return", "decline", *VOIDING))
    text = (CATALOGUE / "vn_smedf.toml").read_text("utf-8")
    changed = {
        'code = "VN-SMEDF"\n': 'code = "VN-GUAR"\n',
        'workflow = "loan"\n': f'workflow = "{workflow}"\n',
        'code = "VN-SMEDF-2026"': f'code = "{CALL}"',
        "[loan]\n": f"[institutions]\n{named}\n[loan]\n",
        'acts = ["return", "decline"]': f"acts = [{acts}]",
    }
    for old, new in changed.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    with transaction():
        for code, people in parts.values():
            _settle(world, code, people)
        publish(text)
        accounts.authorise(world.approver, authority("approver", "VN-GUAR", "VND"))


def _settle(world: World, code: str, people: dict[str, tuple[str, ...]]) -> None:
    """Register an agency with its people, its approvers with an authority."""
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    agency = Agency(
        code=code,
        name=code.removeprefix("VN-").capitalize(),
        country="VN",
        address="1 Example Street",
        contact="office@guarantor.example",
        account=world.desk.agency.account,  # type: ignore[union-attr]
    )
    db.session.add(agency)
    for name, duties in people.items():
        person = newcomer(name, duties, hashed)
        person.agency = agency
        db.session.add(person)
        db.session.flush()
        if "approver" in duties:
            accounts.authorise(person, authority("approver", "VN-GUAR", "VND"))


def recommended(world: World) -> str:
    """Return a case that waits for the lender's decision."""
    reference = world.draft(CALL)
    world.do(submit, reference, actor=world.applicant)
    for act in ("take_up", "pass"):
        world.do(reviews.move, reference, Reasoned(), act=act, actor=world.desk)
    by: tuple[tuple[Person, str], ...] = (
        (world.assessor, "assess_credit"),
        (world.assessor_two, "assess_technical"),
    )
    seen = Reasoned(note="Seen on the spot.")
    world.do(reviews.move, reference, seen, act="visit", actor=world.assessor_two)
    for actor, act in by:
        world.do(reviews.assess, reference, SCORES, act=act, actor=actor)
    advice = Advice("approve", AMOUNT, (("All", Decimal(100)),), "")
    world.do(reviews.recommend, reference, advice, actor=world.desk)
    return reference


def approved(world: World) -> str:
    """Return a case that the lender approved and the guarantor has on its list."""
    reference = recommended(world)
    world.vote(reference, "approve", Cast(AMOUNT))
    return reference


def offered(world: World) -> str:
    """Return a case that both said yes to."""
    reference = approved(world)
    guarantor = world.person("guarantor")
    world.do(decisions.vote, reference, WITHIN, act="guarantee", actor=guarantor)
    return reference


def accepted(world: World) -> str:
    """Return a case whose applicant accepted the offer."""
    reference = offered(world)
    world.do(awards.accept, reference, actor=world.applicant)
    return reference


def refuse(world: World, reference: str) -> None:
    """Let the guarantor refuse."""
    guarantor = world.person("guarantor")
    world.do(decisions.vote, reference, PLEDGED, act="refuse_guarantee", actor=guarantor)
