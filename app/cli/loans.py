"""Handing the loans of an agency over to the books of a bank, as a file."""

import json
from typing import IO

import click

from app.accounts.queries import agency_by_code
from app.cli.repayments import repayments
from app.repayments.export import as_csv, as_json, records


@repayments.command("export")
@click.option("--agency", required=True, help="The agency, by its code.")
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), default="csv")
@click.argument("target", type=click.File("w", encoding="utf-8", lazy=False))
def export(agency: str, kind: str, target: IO[str]) -> None:
    """Write every drawn loan of an agency to a file: terms, drawdowns, schedule, receipts and balances."""
    found = agency_by_code(agency)
    if found is None:
        raise click.ClickException(f"There is no agency {agency}.")
    loans = records(found, None)
    if kind == "csv":
        target.writelines(as_csv(loans))
        return
    target.write(json.dumps(as_json(loans, found), ensure_ascii=False, indent=1) + "\n")
