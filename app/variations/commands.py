"""What each change does once it is in force: the award in its next version, what is undrawn given back, another account."""

from datetime import date
from typing import Any

from app import clock
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.commands.moving import agreed, move
from app.awards.models import Award, Tranche
from app.db import db
from app.disbursements.commands.settling import cancel_tranche, complete_if_paid_out
from app.disbursements.models import PayeeAccount
from app.disbursements.queries import payee_accounts
from app.errors import Conflict
from app.proceedings.compose import Entered
from app.schemes import queries as schemes
from app.variations.compose import overtaken, past, spare, unasked
from workflows.money import formatted


def vary(entered: Entered) -> None:
    """Let a variation take effect: another amount, another plan of the tranches that were not asked for, other days."""
    award, terms, recorded = entered.award, entered.proceeding.terms, entered.recorded
    why = past(entered.application) or overtaken(entered.application, award, terms)
    if why:
        raise Conflict(why)
    more, less = int(terms.get("more", 0)), int(terms.get("less", 0))
    if more:
        move(award, "outside", "undrawn", more, recorded)
    if less:
        move(award, "undrawn", "released", less, recorded)
    if "tranches" in terms:
        _plan(entered.application, award, terms["tranches"])
    if "costs_to" in terms:
        award.costs_to = date.fromisoformat(terms["costs_to"])
    agreed(award, recorded)
    complete_if_paid_out(entered.application, award)


def _plan(application: Application, award: Award, plan: list[dict[str, Any]]) -> None:
    """Give the tranches that were not asked for yet the amounts and purposes of the plan; those left out are cancelled."""
    initial = schemes.workflow(application.scheme.tranche_digest).initial
    standing = {row.number: row for row in unasked(application, awards.tranches(award))}
    for line in plan:
        row = standing.pop(int(line["number"]), None)
        if row is None:
            db.session.add(
                Tranche(
                    award_id=award.id,
                    number=int(line["number"]),
                    purpose=line["purpose"],
                    amount_minor=int(line["amount"]),
                    state=initial,
                    asked_note="",
                )
            )
            continue
        row.purpose, row.amount_minor = line["purpose"], int(line["amount"])
    db.session.flush()
    for row in standing.values():
        cancel_tranche(application, row.number)


def cut(entered: Entered) -> None:
    """Give the undrawn rest of an award back to the budget; tranches that were not asked for are cancelled."""
    application, award = entered.application, entered.award
    less = spare(application, award)
    if less != int(entered.proceeding.terms["less"]):
        told = formatted(less, award.currency)
        raise Conflict(
            f"{told} of this award is undrawn by now. Take the proposal back and propose it again."
        )
    move(award, "undrawn", "released", less, entered.recorded)
    for row in unasked(application, awards.tranches(award)):
        cancel_tranche(application, row.number)
    agreed(award, entered.recorded)
    complete_if_paid_out(application, award)


def enter_account(entered: Entered) -> None:
    """Keep the account that was entered: from now on nothing is paid until it is in use or dropped."""
    if entered.actor is None:
        return
    db.session.add(
        PayeeAccount(
            application_id=entered.application.id,
            account=entered.proceeding.private,
            entered_by=entered.actor.id,
            entered_at=clock.now(),
        )
    )


def use_account(entered: Entered) -> None:
    """Pay to the account from today."""
    found = _open_account(entered.application)
    found.usable_on = clock.today(schemes.zone_of(entered.application.scheme))


def drop_account(entered: Entered) -> None:
    """Forget the account: what was paid to before is paid to again."""
    _open_account(entered.application).dropped_at = clock.now()


def _open_account(application: Application) -> PayeeAccount:
    return next(row for row in payee_accounts(application) if row.usable_on is None)
