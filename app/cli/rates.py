"""What a dollar was worth: rates of exchange, loaded from a file and listed."""

import tomllib
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from app import clock
from app.db import read_only, transaction
from app.errors import Problem
from app.rates import commands, compose, queries

rates = AppGroup("rates", help="What a US dollar was worth, by currency and day.")


@rates.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Record the rates of a TOML FILE, [[rates]] with currency, on_day, units and source; all or nothing."""
    try:
        rows = _rows(tomllib.loads(file.read_text(encoding="utf-8")))
        with transaction():
            for row in rows:
                commands.record(**row)
    except IntegrityError as error:
        raise click.ClickException(f"No rate is recorded: {error.orig}") from error
    except (Problem, ValueError) as error:
        raise click.ClickException(f"No rate is recorded: {error}") from error
    click.echo(f"{len(rows)} rates are recorded.")


@rates.command("list")
@click.argument("currency", default="")
def list_rates(currency: str) -> None:
    """List the rates of a CURRENCY, or of all, the newest first."""
    read_only()
    for rate in queries.listed(currency.upper()):
        click.echo(f"{rate.currency}\t{rate.on_day}\t{rate.units}\t{rate.source}")


def _rows(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rates of a file; raises ``ValueError`` with everything that is wrong in it."""
    rows = raw.get("rates")
    if set(raw) != {"rates"} or not isinstance(rows, list):
        raise ValueError("the file has [[rates]], and nothing else.")
    today = clock.today(compose.FIRST_ZONE)
    wrong = [
        f"rate {n}: {line}"
        for n, row in enumerate(rows, 1)
        for line in compose.mistakes(row, today)
    ]
    if wrong:
        raise ValueError("\n".join(wrong))
    return rows
