"""Agencies, enterprises, people and their duties."""

import tomllib
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from app.accounts import commands as accounts
from app.accounts import queries as people_queries
from app.accounts.commands import Grant, NewPerson
from app.accounts.models import Agency, Enterprise
from app.db import db, transaction
from app.errors import Problem
from app.schemes import queries as schemes
from workflows.money import to_minor, typed

people = AppGroup("people", help="Agencies, enterprises, people and their duties.")


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
    db.session.flush()
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
    found: dict[str, Any], agencies: dict[str, Agency], enterprises: dict[str, Enterprise]
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
        declared=schemes.declared_duties(),
    )
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
