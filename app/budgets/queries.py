"""What is known of budgets: that of a call in a fiscal year, those of an agency, and its transfers."""

from sqlalchemy import bindparam, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.budgets.models import WHOLE_LIFE, Budget, BudgetTransfer
from app.db import db
from app.errors import Missing

# That of the fiscal year goes before one for the whole life of the call.
_OF_CALL = (
    select(Budget)
    .where(Budget.level == "call", Budget.code == bindparam("call"))
    .where(Budget.year.in_((bindparam("year"), WHOLE_LIFE)))
    .order_by(Budget.year.desc())
    .limit(1)
    .execution_options(populate_existing=True)
)
_LOCKED = (
    select(Budget)
    .where(Budget.id == bindparam("budget"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def of_call(call: str, year: int) -> Budget | None:
    """Return the budget that an approval under a call is charged to in a fiscal year, ``None`` where there is none.

    That is the call's budget for this year, or the one for its whole life.
    """
    return db.session.scalars(_OF_CALL, {"call": call, "year": year}).first()


def locked(budget_id: int) -> Budget:
    """Return a budget with its lock held until the end of the transaction."""
    return db.session.scalars(_LOCKED, {"budget": budget_id}).one()


def locked_with_above(numbers: tuple[int, ...]) -> dict[int, Budget]:
    """Return budgets of calls with all that lies above them, by number, locked from the facility down.

    Everybody locks them in this order, so that nobody waits for another in a circle.
    """
    wanted, found = set(numbers), set[int]()
    while wanted:
        found |= wanted
        above_ = select(Budget.parent_id).where(
            Budget.id.in_(wanted), Budget.parent_id.is_not(None)
        )
        wanted = {number for number in db.session.scalars(above_) if number is not None}
    level = case({"facility": 0, "scheme": 1}, value=Budget.level, else_=2)
    rows = (
        select(Budget)
        .where(Budget.id.in_(found))
        .order_by(level, Budget.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in db.session.scalars(rows)}


def parent(below: Budget) -> Budget:
    """Return the budget that one hangs under; the caller holds its lock."""
    return db.session.get_one(Budget, below.parent_id)


def moved(budget_id: int) -> int:
    """Return what transfers brought to a budget, less what they took from it, in minor units."""
    to, away = (
        select(func.coalesce(func.sum(BudgetTransfer.amount_minor), 0))
        .where(BudgetTransfer.outcome == "made", column == budget_id)
        .scalar_subquery()
        for column in (BudgetTransfer.target_id, BudgetTransfer.source_id)
    )
    return int(db.session.scalar(select(to - away)) or 0)


def of_calls(calls: list[str]) -> dict[str, list[Budget]]:
    """Return the budgets of calls, by call and fiscal year."""
    rows = db.session.scalars(
        select(Budget)
        .where(Budget.level == "call", Budget.code.in_(calls))
        .order_by(Budget.code, Budget.year)
    )
    found: dict[str, list[Budget]] = {}
    for row in rows:
        found.setdefault(row.code, []).append(row)
    return found


def tree(agency_id: int) -> list[Budget]:
    """Return the budgets of the calls and schemes of an agency and of the facilities above them, by code and fiscal year."""
    own = select(Budget.parent_id).where(Budget.agency_id == agency_id, Budget.level == "scheme")
    found = select(Budget).where(or_(Budget.agency_id == agency_id, Budget.id.in_(own)))
    order = (Budget.code, Budget.currency, Budget.year)
    return list(db.session.scalars(found.order_by(*order)))


def by_id(number: int, agency_id: int) -> Budget:
    """Return the budget of a call of an agency; raises ``Missing`` for that of another."""
    found = db.session.get(Budget, number)
    if found is None or found.agency_id != agency_id or found.level != "call":
        raise Missing("There is no such budget, or not for you.")
    return found


def transfers(agency_id: int) -> list[BudgetTransfer]:
    """Return the transfers of an agency: every open one, then those decided, the newest first; a hundred at most."""
    found = (
        select(BudgetTransfer)
        .where(BudgetTransfer.agency_id == agency_id)
        .options(joinedload(BudgetTransfer.source), joinedload(BudgetTransfer.target))
        .order_by(BudgetTransfer.outcome != "open", BudgetTransfer.id.desc())
    )
    return list(db.session.scalars(found.limit(100)))


def locked_transfer(number: int, agency_id: int) -> BudgetTransfer:
    """Return a transfer of an agency with its lock held; raises ``Missing`` for that of another."""
    found = (
        select(BudgetTransfer)
        .where(BudgetTransfer.id == number, BudgetTransfer.agency_id == agency_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = db.session.scalars(found).first()
    if row is None:
        raise Missing("There is no such transfer, or not for you.")
    return row
