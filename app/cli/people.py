"""Agencies, enterprises, people and their duties."""

import tomllib
from collections.abc import Set
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from app.accounts import commands as accounts
from app.accounts import queries as people_queries
from app.accounts.commands import Grant, NewPerson, Remit
from app.accounts.compose import AUDITOR, CENTRE, misfits
from app.accounts.models import Agency, Enterprise, Person
from app.cli.paying import misheld, pays_from
from app.countries.compose.shapes import registry_normal, registry_problem
from app.countries.queries import served
from app.db import db, transaction
from app.errors import Problem
from app.schemes import queries as schemes
from workflows.money import to_minor, typed

# What a mandate says for every agency.
ALL = "all"

people = AppGroup("people", help="Agencies, enterprises, people and their duties.")


@people.command("load")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def load_people(files: tuple[Path, ...]) -> None:
    """Register agencies, enterprises and people from TOML files; all or nothing."""
    try:
        raws = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
        with transaction():
            registered = sum(_people(raw) for raw in raws)
    except KeyError as error:
        raise click.ClickException(f"Nobody is registered: no {error.args[0]}.") from error
    except IntegrityError as error:
        raise click.ClickException(f"Nobody is registered: {error.orig}") from error
    except (Problem, TypeError, ValueError) as error:
        raise click.ClickException(f"Nobody is registered: {error}") from error
    click.echo(f"{registered} people are registered.")


def _people(raw: dict[str, Any]) -> int:
    agencies = {found["code"]: _agency(found) for found in raw.get("agencies", [])}
    homes = raw.get("enterprises", [])
    # A person names an enterprise by its number as the file has it.
    enterprises = {found["registry_number"]: _enterprise(found) for found in homes}
    db.session.flush()
    people_ = raw.get("people", [])
    declared = schemes.declared_duties()
    wrong = [
        *_unserved(agencies),
        *misheld(raw.get("agencies", [])),
        *_misnumbered(homes),
        *_mistakes(people_, agencies, declared),
    ]
    if wrong:
        raise ValueError("\n".join(wrong))
    for found in raw.get("agencies", []):
        pays_from(agencies[found["code"]], found.get("accounts", []))
    for found in people_:
        _person(found, agencies, enterprises, declared)
    return len(people_)


def _unserved(agencies: dict[str, Agency]) -> list[str]:
    """Return the agencies of countries whose time and calendar are not known here."""
    known = served()
    return [
        f"{code}: {agency.country} is not served; served are {', '.join(known)}."
        for code, agency in agencies.items()
        if agency.country not in known
    ]


def _misnumbered(homes: list[dict[str, Any]]) -> list[str]:
    """Return the enterprises whose number cannot be one of their country's registry."""
    wrong = []
    for found in homes:
        country, number = found["country"], found["registry_number"]
        if country not in served():
            wrong.append(f"{number}: {country} is not served; served are {', '.join(served())}.")
        elif said := registry_problem(country, number):
            wrong.append(f"{number}: {said}")
    return wrong


def _mistakes(
    people_: list[dict[str, Any]], agencies: dict[str, Agency], declared: Set[str]
) -> list[str]:
    """Return everything that is wrong with duties and mandates, before anybody is registered."""
    wrong = []
    for found in people_:
        code = found.get("agency", "")
        home = agencies.get(code) or people_queries.agency_by_code(code)
        said = misfits(found["duties"], declared, at=home)
        given = found.get("mandates", [])
        if given and AUDITOR not in found["duties"]:
            said.append("Only auditors have mandates.")
        for one in given:
            said += _misgiven(one, agencies)
        wrong += [f"{found['email']}: {sentence}" for sentence in said]
    return wrong


def _misgiven(given: dict[str, Any], agencies: dict[str, Agency]) -> list[str]:
    named = given["agency"]
    wrong = []
    if named != ALL and named not in agencies and people_queries.agency_by_code(named) is None:
        wrong.append(f"No agency {named} is registered.")
    if not str(given["instrument"]).strip():
        wrong.append("A mandate names the instrument that gives it.")
    first, last = given["from"], given["to"]
    if not all(type(day) is date for day in (first, last)):
        return [*wrong, "A mandate says from and to as days, such as 2026-11-30."]
    if last < first:
        wrong.append("A mandate ends before it begins.")
    return wrong


def _agency(found: dict[str, Any]) -> Agency:
    known = people_queries.agency_by_code(found["code"])
    # A service centre pays nobody.
    unpaid: dict[str, Any] = {"account": {}} if found.get("kind") == CENTRE else {}
    own = {name: value for name, value in found.items() if name != "accounts"}
    agency = known or Agency(**{"kind": "agency", **unpaid, **own})
    db.session.add(agency)
    return agency


def _enterprise(found: dict[str, Any]) -> Enterprise:
    number = registry_normal(found["country"], found["registry_number"])
    known = people_queries.enterprise_by_number(found["country"], number)
    enterprise = known or Enterprise(**{**found, "registry_number": number})
    db.session.add(enterprise)
    return enterprise


def _home(found: dict[str, Any], agencies: dict[str, Agency]) -> Agency | None:
    """Return the agency of a person, of the file or registered before; raises ``KeyError`` for one nobody knows."""
    code = found.get("agency")
    if code is None:
        return None
    known = agencies.get(code) or people_queries.agency_by_code(code)
    if known is None:
        raise KeyError(f"agency {code}")
    return known


def _person(
    found: dict[str, Any],
    agencies: dict[str, Agency],
    enterprises: dict[str, Enterprise],
    declared: Set[str],
) -> None:
    person = accounts.register(
        NewPerson(
            email=found["email"],
            name=found["name"],
            password=found["password"],
            duties=tuple(found["duties"]),
            agency=_home(found, agencies),
            enterprise=enterprises.get(found.get("enterprise", "")),
        ),
        declared=declared,
    )
    person.signs = bool(found.get("signs", False))
    for number in found.get("related", []):
        accounts.relate(person, enterprises[number].id, "Related party, as registered.")
    for given in found.get("authorities", []):
        limit = to_minor(typed(given["limit"], given["currency"]), given["currency"])
        accounts.authorise(
            person,
            Grant(
                scheme_code=given["scheme"],
                currency=given["currency"],
                limit_minor=limit,
                instrument=given["instrument"],
                body=given.get("body", ""),
                duty=given.get("duty", "approver"),
                valid_from=given["valid_from"],
                valid_to=given["valid_to"],
            ),
        )
    for given in found.get("mandates", []):
        covered = None if given["agency"] == ALL else _home(given, agencies)
        accounts.mandate(person, Remit(covered, given["instrument"], given["from"], given["to"]))


@people.command("mandates")
@click.argument("email")
def list_mandates(email: str) -> None:
    """List the mandates of an auditor, with their numbers."""
    for given in people_queries.mandates(_auditor(email)):
        agency = people_queries.agency_by_id(given.agency_id) if given.agency_id else None
        covered = agency.code if agency else ALL
        click.echo(
            f"{given.id}: {covered}, {given.valid_from} to {given.valid_to}, {given.instrument}"
        )


@people.command("signatory")
@click.argument("email")
@click.argument("signs", type=click.Choice(["yes", "no"]))
def set_signatory(email: str, signs: str) -> None:
    """Say whether a person of an enterprise may sign for it: accept offers and agree to changes."""
    with transaction():
        found = people_queries.person_by_email(email)
        if found is None or found.enterprise is None:
            raise click.ClickException(f"Nobody of an enterprise signs in as {email}.")
        found.signs = signs == "yes"
    click.echo(
        f"{email} {'signs' if signs == 'yes' else 'does not sign'} for {found.enterprise.name}."
    )


@people.command("mandate")
@click.argument("email")
@click.argument("agency")
@click.option("--instrument", required=True, help="The act or letter that gives it.")
@click.option("--from", "first", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--to", "last", required=True, type=click.DateTime(["%Y-%m-%d"]))
def give_mandate(email: str, agency: str, instrument: str, first: datetime, last: datetime) -> None:
    """Let an auditor read the cases of an agency, or of every agency ("all"), for a period; it is recorded."""
    try:
        with transaction():
            covered = None if agency == ALL else _home({"agency": agency}, {})
            remit = Remit(covered, instrument, first.date(), last.date())
            given = accounts.mandate(_auditor(email), remit)
    except KeyError as error:
        raise click.ClickException(f"There is no {error.args[0]}.") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Mandate {given.id} is given.")


@people.command("end-mandate")
@click.argument("number", type=int)
def end_mandate(number: int) -> None:
    """End a mandate from today; it is recorded."""
    try:
        with transaction():
            given = accounts.end_mandate(number)
    except Problem as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Mandate {number} has ended; {given.valid_to} was its last day.")


def _auditor(email: str) -> Person:
    found = people_queries.person_by_email(email)
    if found is None:
        raise click.ClickException(f"Nobody signs in as {email}.")
    return found
