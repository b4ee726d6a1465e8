"""Operators' commands, reached through ``flask``."""

import json
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts import commands as accounts
from app.accounts import queries as people_queries
from app.accounts.commands import Grant, NewPerson
from app.accounts.models import Agency, Enterprise
from app.applications import queries as applications
from app.audit import export
from app.audit import queries as audit
from app.awards.commands import lapse
from app.db import db, read_only, transaction
from app.errors import Problem
from app.schemes import commands as schemes
from app.schemes.compose import scheme_terms
from app.trail import queries as trail
from app.worker import sweep, work
from workflows import drawing
from workflows.definition import SHIPPED, Malformed, load, shipped
from workflows.machine import Refused
from workflows.money import to_minor, typed

scheme = AppGroup("scheme", help="Schemes and their versions.")
people = AppGroup("people", help="Agencies, enterprises, people and their duties.")
workflow = AppGroup("workflow", help="Workflow definitions.")
trail_group = AppGroup("trail", help="The decision trail.")


def init(app: Flask) -> None:
    """Attach the commands to the application."""
    for group in (scheme, people, workflow, trail_group):
        app.cli.add_command(group)
    for command in (worker, sweeper):
        app.cli.add_command(command)


@click.command("worker")
def worker() -> None:
    """Do the work that events entail, until told to stop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    work(app, app.extensions["saluran.settings"].redis_url)


@click.command("sweeper")
def sweeper() -> None:
    """Wake workers for what was not done yet, and let clocks run out, until told to stop."""
    pause = current_app.extensions["saluran.settings"].sweep_seconds
    while True:
        sweep()
        expire()
        db.session.remove()
        time.sleep(pause)


# The acts of the system that a workflow may name where a clock runs out.
EXPIRIES = {"lapse": lapse}


def expire() -> int:
    """Take the acts of clocks that have run out, such as letting an offer lapse; returns how many were taken."""
    read_only()
    due = applications.expiring(clock.now().date())
    db.session.rollback()
    taken = 0
    for reference, act in due:
        try:
            with transaction():
                EXPIRIES[act](reference)
            taken += 1
        except Refused:
            # Somebody accepted or withdrew at the last moment, or the day is not over where the scheme is at home.
            continue
    return taken


@scheme.command("load")
def load_schemes() -> None:
    """Publish the schemes shipped with the program, after registering their agencies."""
    try:
        with transaction():
            published = schemes.publish_catalogue()
    except Malformed as error:
        raise click.ClickException("\n".join(error.mistakes)) from error
    for found in published:
        click.echo(f"{found.code} version {found.version}: {found.name}")


@scheme.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
def check_schemes(files: tuple[Path, ...]) -> None:
    """Read scheme files and report every mistake."""
    _check(files, scheme_terms)


@workflow.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
def check_workflows(files: tuple[Path, ...]) -> None:
    """Read workflow definitions and report every mistake."""
    _check(files, load)


@workflow.command("draw")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def draw_workflows(folder: Path) -> None:
    """Draw the definitions shipped with the program into the documents of a folder: states.md and officers.md."""
    workflows = [shipped(file.stem) for file in sorted(SHIPPED.glob("*.toml"))]
    officers = folder / "officers.md"
    drawn = drawing.renewed(officers.read_text(encoding="utf-8"), workflows)
    officers.write_text(drawn, encoding="utf-8")
    (folder / "states.md").write_text(drawing.page(workflows), encoding="utf-8")


def _check(files: tuple[Path, ...], read: Callable[[str], object]) -> None:
    wrong = []
    for file in files:
        try:
            read(file.read_text(encoding="utf-8"))
        except Malformed as error:
            wrong += [f"{file}: {mistake}" for mistake in error.mistakes]
    if wrong:
        raise click.ClickException("\n".join(wrong))
    click.echo(f"{len(files)} files are in order.")


@people.command("load")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
def load_people(file: Path) -> None:
    """Register agencies, enterprises and people from a TOML file; all or nothing."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        with transaction():
            registered = _people(raw)
    except KeyError as error:
        raise click.ClickException(f"Nobody is registered: no {error.args[0]}.") from error
    except IntegrityError as error:
        raise click.ClickException(f"Nobody is registered: {error.orig}") from error
    except (Problem, TypeError, ValueError) as error:
        raise click.ClickException(f"Nobody is registered: {error}") from error
    click.echo(f"{registered} people are registered.")


def _people(raw: dict[str, Any]) -> int:
    agencies = {found["code"]: _agency(found) for found in raw.get("agencies", [])}
    enterprises = {
        found["registry_number"]: _enterprise(found) for found in raw.get("enterprises", [])
    }
    people_ = raw.get("people", [])
    for found in people_:
        _person(found, agencies, enterprises)
    return len(people_)


def _agency(found: dict[str, Any]) -> Agency:
    known = people_queries.agency_by_code(found["code"])
    agency = known or Agency(**found)
    db.session.add(agency)
    return agency


def _enterprise(found: dict[str, Any]) -> Enterprise:
    known = people_queries.enterprise_by_number(found["country"], found["registry_number"])
    enterprise = known or Enterprise(**found)
    db.session.add(enterprise)
    return enterprise


def _person(
    found: dict[str, Any], agencies: dict[str, Agency], enterprises: dict[str, Enterprise]
) -> None:
    person = accounts.register(
        NewPerson(
            email=found["email"],
            name=found["name"],
            password=found["password"],
            duties=tuple(found["duties"]),
            agency=agencies.get(found.get("agency", "")),
            enterprise=enterprises.get(found.get("enterprise", "")),
        )
    )
    for given in found.get("authorities", []):
        limit = to_minor(typed(given["limit"], given["currency"]), given["currency"])
        accounts.authorise(
            person,
            Grant(
                scheme_code=given["scheme"],
                currency=given["currency"],
                limit_minor=limit,
                instrument=given["instrument"],
                valid_from=given["valid_from"],
                valid_to=given["valid_to"],
            ),
        )


@trail_group.command("verify")
def verify_trail() -> None:
    """Check every chain of the trail; exit code 1 when one does not hold."""
    read_only()
    broken = audit.verify()
    for found in broken:
        click.echo(f"{found.stream} event {found.seq}: {found.what}", err=True)
    events, streams = trail.counts()
    if broken:
        raise click.ClickException(f"{len(broken)} breaks in {events} events of {streams} streams.")
    click.echo(f"{events} events of {streams} streams: every chain holds.")


@trail_group.command("export")
@click.option("--format", "kind", type=click.Choice([*export.LINES]), default="jsonl")
@click.argument("target", type=click.File("w", encoding="utf-8", lazy=False))
def export_trail(kind: str, target: IO[str]) -> None:
    """Write the whole trail to a file, event by event."""
    read_only()
    for line in export.LINES[kind](trail.events_in_order()):
        target.write(line)


@trail_group.command("outbox")
def outbox() -> None:
    """Show how much of what events entail is done."""
    read_only()
    click.echo(json.dumps(trail.waiting(), sort_keys=True))
