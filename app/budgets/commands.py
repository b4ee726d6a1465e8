"""What can happen to budgets: allotted, reserved, committed, spent and given back, limited from above, transferred."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app import clock
from app.accounts import queries as accounts
from app.accounts.commands import OPERATOR, locked_agency
from app.accounts.models import Agency, Person
from app.budgets import queries
from app.budgets.models import Budget, BudgetTransfer
from app.db import db
from app.errors import Conflict, Forbidden, Invalid, Missing
from app.trail.commands import Entry, record
from workflows.money import formatted

DUTY = "budget_officer"


@dataclass(frozen=True)
class Place:
    """Where the budget of a call hangs: facility over scheme over call, and the agency whose scheme it is."""

    facility: str
    scheme: str
    call: str
    currency: str
    agency: Agency


def allot(place: Place, amounts: Mapping[int, int]) -> None:
    """Give a call its budgets, in minor units by fiscal year; raises ``Conflict`` where more is spoken for already.

    What lies above has no limit until somebody sets one; from then on nothing is allotted beyond it.
    """
    for year, allotted in sorted(amounts.items()):
        facility = _found("facility", place.facility, place, year, None)
        scheme = _found("scheme", place.scheme, place, year, facility)
        call = _found("call", place.call, place, year, scheme)
        # What was moved since by transfers stays moved.
        before, amount = call.amount_minor or 0, allotted + queries.moved(call.id)
        if amount < call.used_minor:
            raise Conflict(f"The call {place.call} has reserved and paid more than its new budget.")
        _allocate((facility, scheme), amount - before)
        call.amount_minor = amount
    _nothing_unnamed(place, amounts)
    db.session.flush()


def _nothing_unnamed(place: Place, amounts: Mapping[int, int]) -> None:
    """Refuse to leave out a year of which something is spoken for; one that is free is given back."""
    for budget in queries.of_calls([place.call]).get(place.call, []):
        if budget.year in amounts or not budget.amount_minor:
            continue
        if budget.used_minor:
            raise Conflict(f"The call {place.call} has reserved and paid more than its new budget.")
        scheme = queries.parent(budget)
        _allocate((queries.parent(scheme), scheme), -budget.amount_minor)
        budget.amount_minor = 0


def _found(level: str, code: str, place: Place, year: int, parent: Budget | None) -> Budget:
    """Return a budget with its lock, made where there is none yet."""
    wanted = select(Budget).where(
        Budget.level == level,
        Budget.code == code,
        Budget.currency == place.currency,
        Budget.year == year,
    )
    locking = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    row = db.session.scalars(locking).first()
    if row is not None:
        return row
    row = Budget(
        level=level,
        code=code,
        currency=place.currency,
        year=year,
        parent_id=parent.id if parent else None,
        agency_id=None if level == "facility" else place.agency.id,
        amount_minor=0 if level == "call" else None,
        allocated_minor=0,
        reserved_minor=0,
        committed_minor=0,
        paid_minor=0,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _allocate(above: Iterable[Budget], more: int) -> None:
    for budget in above:
        left = budget.left_minor
        if left is not None and more > left:
            raise Conflict(
                f"The {budget.level} {budget.code} has {formatted(left, budget.currency)} left to allot."
            )
        budget.allocated_minor += more


def shift(budget_id: int, source: str | None, target: str | None, amount: int) -> None:
    """Move an amount of a call's budget between "reserved", "committed" and "paid", in minor units; ``None`` is what is free.

    The budget is locked until the end of the transaction, the database holds the limit. Raises ``Conflict`` when so much
    is not there.
    """
    if source == target:
        return
    budget = queries.locked(budget_id)
    left = budget.left_minor if source is None else getattr(budget, f"{source}_minor")
    if left is None or amount > left:
        raise Conflict(
            f"Only {formatted(left or 0, budget.currency)} of the budget of the call {budget.code} is {source or 'left'}."
        )
    if source is not None:
        setattr(budget, f"{source}_minor", left - amount)
    if target is not None:
        setattr(budget, f"{target}_minor", getattr(budget, f"{target}_minor") + amount)


def limit(level: str, code: str, currency: str, year: int, amount: int | None) -> Budget:
    """Set what a facility or a scheme may give away in a fiscal year, in minor units; ``None`` takes the limit off.

    An operator does this. Raises ``Missing`` where nothing is allotted below it, ``Conflict`` when more is allotted already.
    """
    wanted = select(Budget).where(
        Budget.level == level,
        Budget.code == code,
        Budget.currency == currency,
        Budget.year == year,
    )
    locking = wanted.where(Budget.level != "call").with_for_update(key_share=True)
    found = db.session.scalars(locking.execution_options(populate_existing=True)).first()
    if found is None:
        raise Missing(f"Nothing is allotted to a {level} {code} in {currency} for that year.")
    if amount is not None and amount < found.allocated_minor:
        told = formatted(found.allocated_minor, currency)
        raise Conflict(f"{told} of the {level} {code} are allotted to calls already.")
    found.amount_minor = amount
    for agency_id in _concerned(found):
        detail = {"level": level, "code": code, "year": year, "currency": currency}
        said = {**detail, "limit": "none" if amount is None else amount}
        entry = Entry("limit_budget", OPERATOR, {"detail": said})
        record(locked_agency(agency_id), entry)
    return found


def _concerned(budget: Budget) -> list[int]:
    """Return the agencies a limit concerns, in the order of their numbers."""
    if budget.agency_id is not None:
        return [budget.agency_id]
    below = select(Budget.agency_id).where(Budget.parent_id == budget.id).distinct()
    return sorted(number for number in db.session.scalars(below) if number is not None)


@dataclass(frozen=True)
class Wish:
    """A transfer as it is asked for: budgets of two calls by number, minor units, why, and the instrument that allows it."""

    source: int
    target: int
    amount: int
    reason: str
    instrument: str


def propose_transfer(wish: Wish, *, actor: Person) -> BudgetTransfer:
    """Propose to move budget from one call to another; nothing moves before a second person authorises it.

    Raises ``Invalid`` with everything that speaks against it.
    """
    agency = _budget_officer(actor)
    source = queries.by_id(wish.source, agency.id)
    target = queries.by_id(wish.target, agency.id)
    errors = _against(source, target, wish.amount)
    if errors:
        raise Invalid(errors)
    made = BudgetTransfer(
        agency_id=agency.id,
        source_id=source.id,
        target_id=target.id,
        amount_minor=wish.amount,
        currency=source.currency,
        reason=wish.reason,
        instrument=wish.instrument,
        proposed_by=actor.id,
        proposed_at=clock.now(),
        outcome="open",
        note="",
    )
    db.session.add(made)
    db.session.flush()
    _record("propose_transfer", made, source, target, actor)
    return made


def authorise_transfer(number: int, *, actor: Person) -> BudgetTransfer:
    """Authorise a transfer that another person proposed: the budget moves now, or not at all when it is gone meanwhile."""
    made, source, target = _decided(number, actor)
    left = source.left_minor or 0
    if made.amount_minor > left:
        raise Conflict(
            f"Only {formatted(left, source.currency)} of {source.code} is left by now; refuse the transfer."
        )
    if source.parent_id != target.parent_id:
        _across(source, target, made.amount_minor)
    source.amount_minor = (source.amount_minor or 0) - made.amount_minor
    target.amount_minor = (target.amount_minor or 0) + made.amount_minor
    made.outcome, made.decided_by, made.decided_at = "made", actor.id, clock.now()
    _record("authorise_transfer", made, source, target, actor)
    return made


def refuse_transfer(number: int, note: str, *, actor: Person) -> BudgetTransfer:
    """Refuse a transfer that another person proposed, and say why."""
    made, source, target = _decided(number, actor)
    made.outcome, made.decided_by, made.decided_at = "refused", actor.id, clock.now()
    made.note = note
    _record("refuse_transfer", made, source, target, actor)
    return made


def _budget_officer(actor: Person) -> Agency:
    if actor.agency is None or DUTY not in accounts.acting(actor):
        raise Forbidden("Budgets are moved by budget officers.")
    return actor.agency


def _decided(number: int, actor: Person) -> tuple[BudgetTransfer, Budget, Budget]:
    """Return an open transfer with its budgets, all locked; raises ``Conflict`` for one's own or one that is decided."""
    agency = _budget_officer(actor)
    made = queries.locked_transfer(number, agency.id)
    if made.outcome != "open":
        raise Conflict("This transfer has been decided already.")
    if made.proposed_by == actor.id:
        raise Conflict("You proposed this transfer; another budget officer decides about it.")
    budgets = queries.locked_with_above((made.source_id, made.target_id))
    return made, budgets[made.source_id], budgets[made.target_id]


def _across(source: Budget, target: Budget, amount: int) -> None:
    """Move what two schemes were allotted, and two facilities where the schemes are not of the same one; all are locked."""
    giver, taker = queries.parent(source), queries.parent(target)
    giver.allocated_minor -= amount
    _allocate((taker,), amount)
    if giver.parent_id == taker.parent_id:
        return
    queries.parent(giver).allocated_minor -= amount
    _allocate((queries.parent(taker),), amount)


def _against(source: Budget, target: Budget, amount: int) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if source.id == target.id:
        errors["target"] = ["Choose another call than the one the budget comes from."]
    if source.currency != target.currency:
        errors.setdefault("target", []).append(
            f"The budgets are in {source.currency} and {target.currency}; budget is not exchanged."
        )
    left = source.left_minor or 0
    if not 0 < amount <= left:
        errors["amount"] = [
            f"Enter an amount up to the {formatted(left, source.currency)} left in {source.code}."
        ]
    return errors


def _record(kind: str, made: BudgetTransfer, source: Budget, target: Budget, actor: Person) -> None:
    detail = {
        "transfer": made.id,
        "from": {"call": source.code, "year": source.year},
        "to": {"call": target.code, "year": target.year},
        "amount": made.amount_minor,
        "currency": made.currency,
        "instrument": made.instrument,
    }
    private = {"reason": made.reason, **({"note": made.note} if made.note else {})}
    record(locked_agency(made.agency_id), Entry(kind, actor.mark, {"detail": detail}, private))
