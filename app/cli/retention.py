"""How long personal data are kept: what is due, and the access log cut to its own time."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app import clock
from app.accesslog import commands as looks
from app.accounts.models import Agency
from app.checkpoints.commands import note_on_log
from app.countries.compose.retention import rule, years_on
from app.countries.queries import country
from app.db import db, read_only, transaction
from app.retention import queries
from app.trail.commands import Entry

retention = AppGroup("retention", help="How long personal data are kept.")


@retention.command("due")
@click.option("--agency", default="", help="Code of the agency; all of them otherwise.")
def due(agency: str) -> None:
    """List the cases whose time is over and that no hold keeps: records officers propose and carry out."""
    read_only()
    found = 0
    for owner in _agencies(agency):
        for application, kept in queries.all_due(owner):
            found += 1
            click.echo(
                f"{application.reference}\t{kept.rule.kind}\tkept until {kept.until}\t{kept.rule.law}"
            )
    click.echo(f"{found} cases are due.", err=True)


@retention.command("trim-access-log")
def trim() -> None:
    """Delete looks older than each agency keeps them, and record that on the log's own trail."""
    for owner in _agencies(""):
        kept = rule("access_log", country=owner.country, agency=owner.code)
        zone = country(owner.country).zone
        day = years_on(clock.today(zone), -kept.years)
        before = clock.start_of(day, zone)
        code, rows = owner.code, 0
        while True:
            with transaction():
                gone = looks.trim(code, before)
            rows += gone
            if gone < looks.MOST:
                break
        if rows:
            detail = {"agency": code, "before": day.isoformat(), "rows": rows, "law": kept.law}
            with transaction():
                note_on_log(Entry("trim_access_log", "system:operator", {"detail": detail}))
        click.echo(f"{code}: {rows} looks from before {day} deleted.")


def _agencies(code: str) -> list[Agency]:
    found = select(Agency).order_by(Agency.code)
    rows = list(db.session.scalars(found.where(Agency.code == code) if code else found))
    if code and not rows:
        raise click.ClickException(f"The agency {code} is not registered.")
    return rows
