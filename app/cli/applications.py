"""Applications that came on paper: a file of them imported at once, and the template of such a file."""

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.db import db, read_only, transaction
from app.documents.commands import Upload
from app.errors import Invalid, Problem
from app.intake import commands, queries
from app.intake.compose import CSV, XLSX, as_csv, template, told_to
from app.intake.compose.checking import check
from app.schemes import queries as schemes

applications = AppGroup("applications", help="Applications that came on paper.")


@applications.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--call", required=True, help="The code of the call the papers are for.")
@click.option("--officer", required=True, help="The desk officer who imports, by e-mail address.")
@click.option("--report", type=click.Path(path_type=Path), help="Write the report here as CSV.")
@click.pass_context
def import_file(
    context: click.Context, file: Path, call: str, officer: str, report: Path | None
) -> None:
    """Import a file (.csv or .xlsx), all of it or nothing; ends with 1 and the report when it is refused."""
    state, told = _imported(Upload(file.name, file.read_bytes()), call, officer)
    if report is not None:
        report.write_text(as_csv(told), encoding="utf-8", newline="")
    for line in told:
        where = f"row {line['row']}" if line["row"] else "file"
        place = ", ".join(filter(None, (where, line["column"])))
        click.echo(f"{place}: {line['sentence']}")
    if state != "imported":
        click.echo(f"Nothing was imported; mistakes: {len(told)}.", err=True)
        context.exit(1)
    lodged = sum(not line["known"] for line in told)
    click.echo(f"{lodged} imported, {len(told) - lodged} imported before.", err=True)


def _imported(upload: Upload, call: str, officer: str) -> tuple[str, list[dict[str, Any]]]:
    """Check a file, then import it or note that it is refused; returns the state it is in, and the report.

    Whatever ends this before the end leaves nothing.
    """
    try:
        read_only()
        found = queries.call(call, actor=_officer(officer))
        checked = check(found, upload.content, _officer(officer), _tell)
        db.session.rollback()
        with transaction():
            batch = commands.ask(call, upload, aside=False, actor=_officer(officer))
            commands.finish(batch, checked)
            told = told_to(batch.report, queries.seen(batch, actor=_officer(officer)))
    except Invalid as error:
        sentences = [sentence for said in error.errors.values() for sentence in said]
        raise click.ClickException(" ".join(sentences)) from error
    except Problem as error:
        raise click.ClickException(f"Nothing was imported: {error.detail}") from error
    except IntegrityError as error:
        raise click.ClickException(
            "Nothing was imported: somebody else imported the same at this moment. Try again."
        ) from error
    return batch.state, told


@applications.command("template")
@click.argument("call")
@click.option("--format", "kind", type=click.Choice([CSV, XLSX]), default=CSV)
@click.option("--to", "target", type=click.File("wb"), default="-", help="Write it to a file.")
def write_template(call: str, kind: str, target: click.File) -> None:
    """Write the template of a file for a call: the names of its columns, and a row of hints."""
    found = schemes.call(call)
    if found is None:
        raise click.ClickException(f"There is no call {call}.")
    click.echo(template(schemes.terms(found.scheme), kind), file=target, nl=False)  # type: ignore[arg-type]


def _officer(email: str) -> Person:
    found = accounts.person_by_email(email)
    if found is None:
        raise click.ClickException(f"Nobody signs in as {email}.")
    return found


def _tell(done: int, total: int) -> None:
    click.echo(f"{done:,} of {total:,} rows are checked.", err=True)
