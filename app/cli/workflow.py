"""Workflow definitions: checked, compared, drawn, published by two people; and cases moved between versions."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.accounts import commands as accounts
from app.accounts import queries as agencies
from app.accounts.models import Agency, Person
from app.cli.files import mistakes
from app.db import read_only, transaction
from app.errors import Invalid, Missing, Problem
from app.schemes import queries as published
from app.schemes.commands import designing
from app.versions import commands as versions
from app.versions import queries
from app.versions.commands import Move
from app.versions.compose import sound
from app.versions.queries import staffing
from workflows.definition import Workflow
from workflows.differences import diagram as compared
from workflows.differences import differences
from workflows.entries import finding_line
from workflows.format import schema
from workflows.format.loading import SHIPPED, load, shipped
from workflows.machine import Refused
from workflows.pictures import drawing
from workflows.pictures.picture import svg

workflow = AppGroup("workflow", help="Workflow definitions.")

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_AGENCY = click.option("--agency", default="", help="Code of the agency.")
_AS = click.option(
    "--as", "email", required=True, help="Who does it; the password of that person is asked for."
)
_PICTURES = {"mmd": drawing.diagram, "svg": svg}


@workflow.command("check")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@_AGENCY
def check_workflows(files: tuple[Path, ...], agency: str) -> None:
    """Read definitions and report every mistake and all that is unsound; with --agency also which people it lacks."""
    if agency:
        read_only()
    wrong: list[str] = []
    for file in files:
        for line, blocks in _found(file, agency):
            if blocks:
                wrong.append(line)
            else:
                click.echo(f"warning: {line}")
    if wrong:
        raise click.ClickException("\n".join(wrong))
    click.echo(f"{len(files)} files are in order.")


@workflow.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--diagram", is_flag=True, help="Draw both as one Mermaid diagram instead.")
@_AGENCY
def compare(old: str, new: str, *, diagram: bool, agency: str) -> None:
    """Say in words how two versions differ: files, or versions as NAME@3."""
    if not (Path(old).is_file() and Path(new).is_file()):
        read_only()
    before, after = _read(old, agency), _read(new, agency)
    if diagram:
        click.echo(compared(before, after), nl=False)
        return
    group = ""
    for difference in differences(before, after):
        if difference.group != group:
            group = difference.group
            click.echo(f"{group}:")
        click.echo(f"  {difference.told()}")
    if not group:
        click.echo("Nothing but the text differs.")


@workflow.command("diagram")
@click.argument("place", type=click.Path(exists=True, path_type=Path))
@click.option("--format", "kind", type=click.Choice([*_PICTURES]), default="mmd")
def draw_diagram(place: Path, kind: str) -> None:
    """Draw a definition; or, given a folder, every one shipped with the program as Mermaid and as SVG."""
    if place.is_file():
        click.echo(_PICTURES[kind](_read(str(place), "")), nl=False)
        return
    _draw_all(place)


@workflow.command("draw")
@click.argument("folder", type=_FOLDER)
def draw_workflows(folder: Path) -> None:
    """Draw the definitions shipped with the program into the documents of a folder: tables, diagrams and pictures."""
    officers = folder / "officers.md"
    drawn = drawing.renewed(officers.read_text(encoding="utf-8"), _all_shipped())
    officers.write_text(drawn, encoding="utf-8")
    (folder / "states.md").write_text(drawing.page(_all_shipped()), encoding="utf-8")
    pictures = folder / "workflows"
    pictures.mkdir(exist_ok=True)
    (pictures / "README.md").write_text(drawing.index(_all_shipped()), encoding="utf-8")
    _draw_all(pictures)


def _draw_all(folder: Path) -> None:
    for found in _all_shipped():
        for ending, draw in _PICTURES.items():
            (folder / f"{found.name}.{ending}").write_text(draw(found), encoding="utf-8")


@workflow.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of the format, for editors."""
    click.echo(schema.text(), nl=False)


@workflow.command("propose")
@click.argument("file", type=_FILE)
@_AS
def propose(file: Path, email: str) -> None:
    """Propose a definition to a second scheme designer."""
    with _said():
        person = _person(email)
        with transaction():
            found = designing.propose_workflow(file.read_text(encoding="utf-8"), actor=person)
        click.echo(f"{found.name} version {found.version} waits for a second person.")
        click.echo(found.digest)


@workflow.command("publish")
@click.argument("digest")
@_AS
def publish(digest: str, email: str) -> None:
    """Publish a proposal, named by its digest or the beginning of it, as the second person."""
    with _said():
        person = _person(email)
        proposal = _proposal(digest, person)
        for finding in staffing.staffing_findings(queries.proposed(proposal), _agency_of(person)):
            click.echo(f"warning: {finding_line(finding)}")
        number, told = proposal.id, f"{proposal.name} version {proposal.version}"
        with transaction():
            designing.publish_workflow(number, actor=person)
        click.echo(f"{told} is published.")


@workflow.command("migrate")
@click.argument("old")
@click.argument("new")
@click.option("--map", "file", type=_FILE, required=True, help="TOML with a table [states].")
@click.option("--reason", default="", help="Why; asked of the person who plans.")
@click.option("--carry-out", is_flag=True, help="Carry the plan out, as the second person.")
@_AS
def migrate(old: str, new: str, *, file: Path, reason: str, carry_out: bool, email: str) -> None:
    """Move every case in flight from one version (NAME@1) to another, or none and say which do not fit."""
    with _said():
        states = _map(file)
        person = _person(email)
        agency = _agency_of(person)
        asked = Move(queries.called(old, agency), queries.called(new, agency), states, reason)
        if carry_out:
            number = _planned(asked, agency)
            with transaction():
                moved = versions.carry_out(number, actor=person)
            click.echo("\n".join([*moved, f"{len(moved)} cases moved to {new}."]))
            return
        if not reason.strip():
            raise Invalid({"--reason": ["Say why the cases are moved."]})
        with transaction():
            planned = versions.plan_migration(asked, actor=person)
        click.echo(f"Migration {planned.id} is planned; another scheme designer can carry it out.")


def _found(file: Path, agency: str) -> Iterator[tuple[str, bool]]:
    """Yield each line of what is wrong with a file, and whether it stands in the way."""
    wrong = mistakes(file, load)
    yield from ((line, True) for line in wrong)
    if wrong:
        return
    read = _read(str(file), agency)
    lacking = staffing.staffing_findings(read, _agency_called(agency)) if agency else ()
    parents = staffing.parents(read, _agency_called(agency) if agency else None)
    for finding in (*sound(read, parents), *lacking):
        yield f"{file}: {finding_line(finding)}", designing.blocks(finding)


def _read(called: str, agency: str) -> Workflow:
    """Read a file, or a version as NAME@3: one shipped, or one of the agency."""
    file = Path(called)
    if file.is_file():
        wrong = mistakes(file, load)
        if wrong:
            raise click.ClickException("\n".join(wrong))
        return load(file.read_text(encoding="utf-8"), name=file.stem)
    with _said():
        found = published.workflow_called(called, _agency_called(agency).id if agency else None)
        if found is None:
            raise Missing(f"There is no file and no workflow version {called}.")
        return published.workflow(found.digest)


def _all_shipped() -> list[Workflow]:
    return [shipped(file.stem) for file in sorted(SHIPPED.glob("*.toml"))]


def _map(file: Path) -> dict[str, str]:
    """Read a map of states; whether it is total is the command's to say."""
    try:
        raw: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Invalid({str(file): [f"Not TOML: {error}."]}) from error
    states = raw.pop("states", None)
    if raw or not isinstance(states, dict) or not all(isinstance(s, str) for s in states.values()):
        raise Invalid({str(file): ['Write one table [states] with lines such as old = "new".']})
    return states


def _planned(asked: Move, agency: Agency) -> int:
    for known in queries.planned(agency.id, asked.old, asked.new):
        if known.states == asked.states:
            return known.id
    raise Missing("No migration is planned between these versions with this map.")


def _proposal(digest: str, person: Person) -> Any:
    waiting = published.proposals(_agency_of(person), "open")
    found = [proposal for proposal in waiting if digest and proposal.digest.startswith(digest)]
    if len(found) != 1:
        raise Missing(f"{len(found)} open proposals have a digest that begins with {digest}.")
    return found[0]


def _agency_called(code: str) -> Agency:
    found = agencies.agency_by_code(code)
    if found is None:
        raise click.ClickException(f"The agency {code} is not registered.")
    return found


def _agency_of(person: Person) -> Agency:
    if person.agency is None:
        raise Missing("This is for officers of agencies.")
    return person.agency


def _person(email: str) -> Person:
    """Return the person who acts, after asking for the password: an operator cannot act as somebody else."""
    password = click.prompt(f"Password of {email}", hide_input=True, err=True)
    return accounts.verify(email, password)


@contextmanager
def _said() -> Iterator[None]:
    """Turn what was refused into lines: every rule, every mistake."""
    try:
        yield
    except Invalid as error:
        lines = [f"{name}: {line}" for name, lines in error.errors.items() for line in lines]
        raise click.ClickException("\n".join(lines)) from error
    except Problem as error:
        raise click.ClickException(error.detail or error.title) from error
    except Refused as refused:
        lines = [f"{failure.rule}: {failure.sentence}" for failure in refused.failures]
        raise click.ClickException("\n".join(lines)) from refused
