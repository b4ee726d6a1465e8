"""What is known of budgets: that of a call in a fiscal year, those of an agency, and transfers that wait."""

from sqlalchemy import Select, bindparam, select
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


def of_agency(agency_id: int) -> list[Budget]:
    """Return the budgets of the calls of an agency, by call and fiscal year."""
    return list(db.session.scalars(_of_agency(agency_id).where(Budget.level == "call")))


def above(agency_id: int) -> list[Budget]:
    """Return the budgets of the schemes of an agency, by scheme and fiscal year."""
    return list(db.session.scalars(_of_agency(agency_id).where(Budget.level == "scheme")))


def _of_agency(agency_id: int) -> Select[Budget]:
    return select(Budget).where(Budget.agency_id == agency_id).order_by(Budget.code, Budget.year)


def by_id(number: int, agency_id: int) -> Budget:
    """Return the budget of a call of an agency; raises ``Missing`` for that of another."""
    found = db.session.get(Budget, number)
    if found is None or found.agency_id != agency_id or found.level != "call":
        raise Missing("There is no such budget, or not for you.")
    return found


def transfers(agency_id: int) -> list[BudgetTransfer]:
    """Return the transfers of an agency, the newest first."""
    found = (
        select(BudgetTransfer)
        .where(BudgetTransfer.agency_id == agency_id)
        .options(joinedload(BudgetTransfer.source), joinedload(BudgetTransfer.target))
        .order_by(BudgetTransfer.id.desc())
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
