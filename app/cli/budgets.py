"""What facilities, schemes and calls may give away: listed, and limited from above."""

from collections.abc import Iterator

import click
from flask.cli import AppGroup

from app.accounts import queries as accounts
from app.accounts.compose import CENTRE
from app.accounts.models import Agency
from app.budgets import commands, queries
from app.budgets.compose import Line, branches
from app.budgets.models import WHOLE_LIFE, Budget
from app.countries.queries import country
from app.db import read_only, transaction
from app.errors import Problem
from workflows.money import DECIMALS, formatted, to_minor, typed

NO_LIMIT = "none"
YEARS = range(2000, 2100)

budgets = AppGroup("budgets", help="What facilities, schemes and calls may give away.")


@budgets.command("list")
@click.option("--agency", default="", help="Code of the agency; all of them otherwise.")
def list_budgets(agency: str) -> None:
    """List the budgets of the agencies as a tree, facility over scheme over call."""
    read_only()
    for owner in _agencies(agency):
        found = branches(queries.tree(owner.id), country(owner.country))
        if found:
            click.echo(f"{owner.code}: {owner.name}")
        for line in (line for branch in found for line in branch.lines):
            click.echo(_told(line))


@budgets.command("limit")
@click.argument("level", type=click.Choice(["facility", "scheme"]))
@click.argument("code")
@click.argument("currency")
@click.argument("year", type=int)
@click.argument("amount")
def limit_budget(level: str, code: str, currency: str, year: int, amount: str) -> None:
    """Limit what a facility or scheme may give away in a fiscal year; AMOUNT "none" takes the limit off. It is recorded.

    A facility is named as its schemes name it. YEAR is the one in which the fiscal year begins, 0 for budgets of the whole
    life of a call.
    """
    unit = currency.upper()
    wrong = list(_mistakes(unit, year, amount))
    if wrong:
        raise click.UsageError("\n".join(wrong))
    minor = None if amount == NO_LIMIT else to_minor(typed(amount, unit), unit)
    try:
        with transaction():
            found = commands.limit(level, code, unit, year, minor)
            told = _limited(found)
    except Problem as error:
        raise click.UsageError(str(error)) from error
    click.echo(told)


def _mistakes(currency: str, year: int, amount: str) -> Iterator[str]:
    """Yield everything that is wrong with the words of a limit."""
    if year != WHOLE_LIFE and year not in YEARS:
        yield (
            f"There is no fiscal year {year}: name it by the year in which it begins, such as 2026, "
            f"or {WHOLE_LIFE} for budgets of the whole life of a call."
        )
    if currency not in DECIMALS:
        yield f"There is no currency {currency} here; there are {', '.join(DECIMALS)}."
        return
    if amount == NO_LIMIT:
        return
    try:
        typed(amount, currency)
    except ValueError as error:
        yield f'{error} Or "{NO_LIMIT}", to take the limit off.'


def _limited(budget: Budget) -> str:
    told = f"{formatted(budget.allocated_minor, budget.currency)} of it are allotted"
    if budget.amount_minor is None:
        return f"The {budget.level} {budget.code} has no limit; {told}."
    amount = formatted(budget.amount_minor, budget.currency)
    return f"The {budget.level} {budget.code} may give away {amount}; {told}."


def _agencies(code: str) -> list[Agency]:
    if not code:
        return [agency for agency in accounts.agencies() if agency.kind != CENTRE]
    found = accounts.agency_by_code(code)
    if found is None:
        raise click.UsageError(f"The agency {code} is not registered.")
    return [found]


def _told(line: Line) -> str:
    budget, currency = line.budget, line.budget.currency
    spoken = {"allotted": budget.allocated_minor}
    if budget.level == "call":
        spoken = {
            "reserved": budget.reserved_minor,
            "committed": budget.committed_minor,
            "paid": budget.paid_minor,
        }
    said = [f"{formatted(minor, currency)} {word}" for word, minor in spoken.items()]
    amount = "no limit"
    if budget.left_minor is not None:
        amount = formatted(budget.amount_minor or 0, currency)
        said.append(f"{formatted(budget.left_minor, currency)} left")
    return f"{'  ' * (line.deep + 1)}{budget.code}, {line.period}: {amount}; {', '.join(said)}"
