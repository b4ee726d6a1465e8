"""Repayment schedules on the command line: what a loan would cost, by any convention, before anything is agreed."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import click
from flask.cli import AppGroup

from workflows.money import DECIMALS, payable, typed
from workflows.schedule import (
    Drawdown,
    Impossible,
    RateChange,
    Row,
    Terms,
    convention,
    effective_rate,
    repayment_schedule,
    working,
)

repayments = AppGroup("repayments", help="Repayment schedules of loans.")

T = TypeVar("T")
D = TypeVar("D")

_GRACES = ("grace_principal", "grace_deferred", "grace_capitalised", "grace_waived")
_WORDS = ("method", "unit", "rounding", "instalment_rounding", "flat_rounding", "level_basis", "month_end")  # fmt: skip
_COLUMNS = {
    "number": "No.",
    "due": "Due",
    "days": "Days",
    "opening": "Balance",
    "drawn": "Drawn",
    "capitalised": "Capitalised",
    "principal": "Principal",
    "interest": "Interest",
    "total": "Instalment",
    "deferred": "Deferred",
    "closing": "Left",
}
_SUMS = ("principal", "interest", "total", "capitalised")
# Columns that most schedules leave empty.
_RARE = ("drawn", "capitalised", "deferred")


class Wrong(click.ClickException):
    """What was asked for cannot be computed; every reason is named."""

    exit_code = 2


@repayments.command("preview", with_appcontext=False)
@click.option("--amount", help="What is drawn on the first day, such as 100,000.00.")
@click.option("--currency", help="ISO 4217 code.")
@click.option("--rate", help="Nominal rate a year in per cent.")
@click.option("--instalments", help="How many there are.")
@click.option(
    "--day-count",
    help="30/360, PERIODIC, ACT/365F, ACT/360, ACT/364, ACT/ACT-ISDA or ACT/ACT-31DEC.",
)
@click.option("--from", "begun", help="Day of the first drawdown, such as 2026-01-31.")
@click.option("--method", default="annuity", help="annuity, equal-principal, flat or bullet.")
@click.option("--every", default="1", help="An instalment every so many units.")
@click.option(
    "--unit", default="months", help="days, weeks, months, quarters, half-years or years."
)
@click.option("--first-due", help="Another first due date; the others are counted from it.")
@click.option("--month-end", default="last-day", help="last-day, or first-of-next to roll on.")
@click.option(
    "--drawdown",
    "drawdowns",
    multiple=True,
    help="A later drawdown, as 2026-03-15=5000; may be repeated.",
)
@click.option(
    "--later-rate", "rates", multiple=True, help="A later rate, as 2026-07-01=7.5; may be repeated."
)
@click.option(
    "--down-payment", help="What the borrower pays at once: an amount, or a share such as 25%."
)
@click.option("--grace-principal", default="0", help="Periods in which only interest is due.")
@click.option(
    "--grace-deferred",
    default="0",
    help="Periods whose interest is paid after them, in one amount.",
)
@click.option("--grace-capitalised", default="0", help="Periods whose interest joins the balance.")
@click.option("--grace-waived", default="0", help="Periods without interest.")
@click.option("--rounding", default="half-even", help="half-even or half-up.")
@click.option("--money-step", help="The smallest amount, when it is not that of the currency.")
@click.option("--instalment-step", help="Instalments in multiples of this.")
@click.option("--instalment-rounding", default="nearest", help="nearest, up or down.")
@click.option("--flat-rounding", default="sum", help="Of flat instalments: the sum, or parts.")
@click.option("--level-basis", default="factors", help="factors, or equal-periodic-rate.")
@click.option(
    "--smooth-last", is_flag=True, help="Spread a large difference of the last instalment."
)
@click.option("--working", "worked", is_flag=True, help="Show how each figure comes about.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def preview(*, worked: bool, as_json: bool, **asked: Any) -> None:
    """Print the schedule of a loan with its conventions, totals and effective rate; nothing is recorded."""
    reading = _Reading(asked["currency"])
    agreed, drawn = reading.terms(asked), reading.drawdowns(asked)
    if agreed is None or reading.wrong:
        raise Wrong("\n".join(reading.wrong))
    try:
        rows = repayment_schedule(agreed, drawn)
        rate = effective_rate(rows, drawn)
    except Impossible as error:
        raise Wrong("\n".join(error.sentences)) from error
    except ValueError as error:
        raise Wrong(str(error)) from error
    lines = [line.sentence for line in working(agreed, drawn)] if worked else []
    if as_json:
        more = {"effective_rate_pct": rate, **({"working": lines} if worked else {})}
        click.echo(_json(reading.currency, agreed, rows, more))
        return
    head = f"Repayment schedule in {reading.currency}, a preview: nothing is agreed."
    foot = (
        f"Effective rate: {rate} % a year, by actual days over 365, on the amounts in this table."
    )
    shown = [head, "", *convention(agreed), "", *_table(rows), "", foot]
    click.echo("\n".join([*shown, *([""] if lines else []), *lines]))


class _Reading:
    """Reads what was typed, and keeps a sentence for everything that is wrong with it."""

    def __init__(self, currency: str | None) -> None:
        self.wrong: list[str] = []
        self.currency = (currency or "").upper()
        if not self.currency:
            self.wrong.append("--currency is missing.")
        elif self.currency not in DECIMALS:
            self.wrong.append(f"--currency: choose one of {', '.join(sorted(DECIMALS))}.")
        if self.currency not in DECIMALS:
            self.currency = "USD"

    def terms(self, asked: dict[str, Any]) -> Terms | None:
        """Return the terms, or ``None`` when no loan can have them."""
        values = {
            **{name: asked[name].replace("-", "_") for name in _WORDS},
            **{name: self.read(name, asked[name], _whole, 0) for name in _GRACES},
            **self.down_payment(asked["down_payment"]),
            "annual_rate_pct": self.read("rate", asked["rate"], _number, Decimal(0)),
            "instalments": self.read("instalments", asked["instalments"], _whole, 3660),
            "every": self.read("every", asked["every"], _whole, 1),
            "day_count": self.read("day_count", asked["day_count"], str.upper, "PERIODIC"),
            "first_due": self.optional("first_due", asked["first_due"], _day),
            "money_step": self.optional("money_step", asked["money_step"], _number)
            or payable(self.currency),
            "instalment_step": self.optional("instalment_step", asked["instalment_step"], _number),
            "smooth_last": asked["smooth_last"],
            "rates": tuple(
                RateChange(day, rate)
                for day, rate in self.dated("later-rate", asked["rates"], _number)
            ),
        }
        try:
            return Terms(**values)
        except Impossible as error:
            self.wrong += error.sentences
            return None

    def drawdowns(self, asked: dict[str, Any]) -> list[Drawdown]:
        """Return the first drawdown and the later ones."""
        begun = self.read("from", asked["begun"], _day, date.min)
        amount = self.read("amount", asked["amount"], self.amount, Decimal(1))
        later = self.dated("drawdown", asked["drawdowns"], self.amount)
        if any(day < begun for day, _ in later):
            self.wrong.append(f"--drawdown: none can be before the first one, of {begun}.")
        return [Drawdown(begun, amount), *(Drawdown(day, more) for day, more in later)]

    def down_payment(self, text: str | None) -> dict[str, Decimal]:
        """Return the part of the borrower: an amount, or a share in per cent."""
        share = (text or "").strip().removesuffix("%")
        if text is not None and share != text.strip():
            found = self.read("down_payment", share, _number, Decimal(0))
            return {"down_payment_pct": found}
        return {"down_payment": self.optional("down_payment", text, self.amount) or Decimal(0)}

    def amount(self, text: str) -> Decimal:
        """Return an amount in the currency."""
        return typed(text, self.currency)

    def dated(
        self, name: str, texts: Iterable[str], reader: Callable[[str], Decimal]
    ) -> list[tuple[date, Decimal]]:
        """Return what is given for days, as DAY=FIGURE, in order of the days."""
        found = []
        for text in texts:
            day, between, figure = text.partition("=")
            if not between:
                self.wrong.append(f"--{name}: expected DAY=FIGURE, not {text!r}.")
                continue
            read = self.read(name, day, _day, None), self.read(name, figure, reader, None)
            if read[0] is not None and read[1] is not None:
                found.append((read[0], read[1]))
        return sorted(found)

    def optional(self, name: str, text: str | None, reader: Callable[[str], T]) -> T | None:
        """Return what an option says, or ``None`` when it is not there."""
        return None if text is None else self.read(name, text, reader, None)

    def read(self, name: str, text: str | None, reader: Callable[[str], T], instead: D) -> T | D:
        """Return what an option says, or something in its place, so that the others are read too."""
        option = f"--{name.replace('_', '-')}"
        if text is None:
            self.wrong.append(f"{option} is missing.")
            return instead
        try:
            return reader(text.strip())
        except ValueError as error:
            self.wrong.append(f"{option}: {error}")
            return instead


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        raise ValueError(f"expected a whole number, not {text!r}.")
    return int(text)


def _number(text: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,15})?", text, re.ASCII):
        raise ValueError(f"expected a number such as 7.5, not {text!r}.")
    return Decimal(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"expected a day such as 2026-01-31, not {text!r}.") from error


def _table(rows: Sequence[Row]) -> list[str]:
    """Return the rows as lines of equal width, the totals last; columns without any figure are left out."""
    empty = {name for name in _RARE if not any(getattr(row, name) for row in rows)}
    names = [name for name in _COLUMNS if name not in empty]
    cells = [[_cell(getattr(row, name)) for name in names] for row in rows]
    sums = _totals(rows)
    last = [_cell(sums[name]) if name in sums else "" for name in names]
    table = [[_COLUMNS[name] for name in names], *cells, ["Total", *last[1:]]]
    widths = [max(len(line[column]) for line in table) for column in range(len(names))]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    ]


def _totals(rows: Sequence[Row]) -> dict[str, Decimal]:
    return {name: sum((getattr(row, name) for row in rows), Decimal(0)) for name in _SUMS}


def _cell(value: object) -> str:
    return f"{value:,f}" if isinstance(value, Decimal) else str(value)


def _json(currency: str, terms: Terms, rows: Sequence[Row], more: dict[str, object]) -> str:
    """Return the schedule as JSON; amounts are strings in units of the currency."""
    told = {
        "currency": currency,
        "conventions": convention(terms),
        "rows": [{name: getattr(row, name) for name in _COLUMNS} for row in rows],
        "totals": _totals(rows),
        **more,
    }
    return json.dumps(told, default=str, indent=1, ensure_ascii=False)
