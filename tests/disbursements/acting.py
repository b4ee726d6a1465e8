"""A case whose first tranche stands somewhere, and every act on it by whom it is for."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select

from app.awards.queries import awarded, tranche
from app.db import db
from app.disbursements import commands
from app.disbursements.commands import BankAnswer, Finding
from app.disbursements.models import PaymentInstruction
from app.disbursements.queries import instruction
from app.reviews.commands import Reasoned
from tests.answers import GRANT
from tests.world import World

REJECTED = Reasoned(("BANK-REJ",), "Account closed.")


def at(world: World, state: str, call: str = GRANT) -> str:
    """Return a case whose first tranche is in a state."""
    reference = world.at("disbursing", call)
    world.tranche_to(reference, 1, state)
    return reference


def paper(world: World, reference: str, number: int = 1) -> PaymentInstruction:
    found = instruction(tranche(awarded(world.case(reference)), number))
    assert found is not None
    return found


def attempts(world: World, reference: str) -> list[PaymentInstruction]:
    found = tranche(awarded(world.case(reference)), 1)
    query = select(PaymentInstruction).where(PaymentInstruction.tranche_id == found.id)
    return list(db.session.scalars(query.order_by(PaymentInstruction.attempt)))


def acts(world: World, reference: str, number: int = 1) -> dict[str, Callable[[], Any]]:
    """Return every act on a tranche, ready to be taken by whom it is for."""
    do = partial(world.do)
    digest = instruction(tranche(awarded(world.case(reference)), number))
    seen = digest.batch.sha256 if digest else "0" * 64
    desk, maker = world.desk, world.maker
    ask = "claim" if world.country == "MY" else "draw_down"
    unclear = Reasoned(("INC-VER",), "")
    return {
        ask: lambda: do(commands.ask, reference, number, "", act=ask, actor=world.applicant),
        "verify": lambda: do(commands.verify, reference, number, "", actor=desk),
        "send_back": lambda: do(commands.send_back, reference, number, unclear, actor=desk),
        "prepare": lambda: do(commands.prepare, reference, number, actor=maker),
        "check": lambda: do(commands.check, reference, number, seen, actor=world.checker),
        "release": lambda: do(commands.release, reference, number, seen, actor=world.releaser),
        "confirm": lambda: world.confirm(reference, number),
        "report_unknown": lambda: do(commands.report_unknown, reference, number, "", actor=maker),
        "report_rejected": lambda: do(
            commands.report_rejected, reference, number, REJECTED, actor=maker
        ),
        **_others(world, reference, number),
    }


def _others(world: World, reference: str, number: int) -> dict[str, Callable[[], Any]]:
    """Return the acts that take a payment back, and those of two people on one whose answer is missing."""
    why = Reasoned(note="Statement 7 of the bank.")
    paid = Finding(BankAnswer("BANK-1", date(2026, 11, 23)), "Statement 7 of the bank.")
    unpaid = Finding(None, "Statement 7 of the bank.")
    do = partial(world.do)

    def by(name: str, command: Any, given: Any, act: str) -> Callable[[], Any]:
        actor = getattr(world, name)
        return lambda: do(command, reference, number, given, act=act, actor=actor)

    return {
        "take_out": by("maker", commands.take_out, why, "take_out"),
        "refuse_file": by("checker", commands.take_out, why, "refuse_file"),
        "refuse_release": by("releaser", commands.take_out, why, "refuse_release"),
        "find": by("maker", commands.find_out, paid, "find"),
        "find unpaid": by("maker", commands.find_out, unpaid, "find"),
        "agree": by("releaser", commands.agree, "", "agree"),
        "disagree": by("releaser", commands.move, why, "disagree"),
    }
