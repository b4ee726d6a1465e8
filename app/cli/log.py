"""The log: its key, its checkpoints, and who witnesses them."""

import re
from datetime import timedelta
from pathlib import Path
from typing import IO

import click
from flask.cli import AppGroup

from app import clock
from app.checkpoints import commands as checkpoints
from app.checkpoints import compose, export, queries
from app.checkpoints.models import Checkpoint
from app.db import db, read_only, transaction
from app.errors import Problem
from app.publication import jobs as publication
from workflows.evidence.note import Garbled, read_checkpoint, read_note, read_verifier

log_group = AppGroup("log", help="The log over the decision trail: key, checkpoints, witnesses.")

# As C2SP would have it, the address of the log without its scheme; it stands at the foot of every letter.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{2,59}")
# A minute is what it takes; after ten somebody should look.
PATIENCE = timedelta(minutes=10)


@log_group.command("key")
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def make_key(name: str, file: Path) -> None:
    """Make the private key of a new log under a NAME such as saluran.agency.example/trail, in a new FILE."""
    if not NAME.fullmatch(name):
        raise click.ClickException(
            "A name has 3 to 60 letters, digits and . / _ -, such as saluran.agency.example/trail."
        )
    if file.exists():
        raise click.ClickException(f"{file} is there already: the key of a log is never replaced.")
    compose.keep_new_key(file, name)
    click.echo(str(compose.read_key(file.read_text(encoding="ascii")).verifier))
    click.echo(
        "The line above is the verifier key: hand it to the audit office. Keep a copy of the file in a safe: "
        "without it nothing can be signed any more.",
        err=True,
    )


@log_group.command("verify-key")
def verify_key() -> None:
    """Show the verifier key, and check that what is signed and published belongs to it."""
    signer = compose.signer()
    if signer is None:
        raise click.ClickException("SALURAN_LOG_KEY_FILE is not set.")
    read_only()
    found = queries.newest()
    folder = compose.log().folder
    notes = {
        "the newest checkpoint": found.note if found else None,
        "the published one": export.published(folder) if folder else None,
    }
    for what, note in notes.items():
        try:
            if note is not None:
                compose.opened(note, signer.verifier)
        except Garbled as error:
            raise click.ClickException(f"This key did not sign {what}: {error}.") from error
    click.echo(str(signer.verifier))


@log_group.command("checkpoint")
@click.argument("size", type=int, required=False)
def show_checkpoint(size: int | None) -> None:
    """Write the newest checkpoint, or the one on SIZE events, with its signatures."""
    read_only()
    found = queries.newest() if size is None else queries.checkpoint(size)
    if found is None:
        raise click.ClickException("No such checkpoint was signed.")
    click.echo(queries.note(found), nl=False)


@log_group.command("sign")
def sign() -> None:
    """Take in every event that waits, sign and publish now."""
    try:
        click.echo(f"The trail is signed on {publication.publish()} events.")
    except (Problem, Garbled) as error:
        raise click.ClickException(str(error)) from error


@log_group.command("cosign")
@click.argument("file", type=click.File("r", encoding="utf-8"))
def cosign(file: IO[str]) -> None:
    """Keep what a witness signed under a checkpoint of ours that lies in FILE, - for standard input."""
    try:
        note = read_note(file.read())
        size = read_checkpoint(note.text).size
        with transaction():
            names = checkpoints.keep_cosignatures(size, note)
    except (Problem, Garbled) as error:
        raise click.ClickException(str(error)) from error
    if not names:
        raise click.ClickException("It has no new signature of a witness that is set.")
    publication.publish_again()
    click.echo(f"{', '.join(names)}: the checkpoint on {size} events.")


@log_group.command("status")
def status() -> None:
    """Show how far the trail is signed; status 1 when events wait for more than ten minutes."""
    read_only()
    found, waiting = queries.newest(), queries.waiting()
    here = compose.log()
    known = queries.witnessed()
    late = queries.waiting_since(clock.now() - PATIENCE)
    db.session.rollback()
    name = here.signer.verifier.name if here.signer else "not here (SALURAN_LOG_KEY_FILE)"
    click.echo(f"key        {name}")
    click.echo(f"signed     {_signed(found)}; {waiting} wait")
    click.echo(f"published  {_published(here.folder)}")
    for witness in here.witnesses:
        size = known.get(str(witness.verifier), 0)
        click.echo(f"witness    {witness.verifier.name}: {size} events")
    for key in known.keys() - {str(witness.verifier) for witness in here.witnesses}:
        click.echo(f"witness    {read_verifier(key).name}: {known[key]} events, not asked any more")
    click.echo(f"mail       {(here.smtp_url and 'once a day') or 'none (SALURAN_SMTP_URL)'}")
    if late:
        minutes = int(PATIENCE.total_seconds() // 60)
        raise click.ClickException(
            f"Events wait for more than {minutes} minutes: does a worker run, does it hold the key, what does its log say?"
        )


def _signed(found: Checkpoint | None) -> str:
    if found is None:
        return "nothing yet"
    return f"{found.size} events, {found.at.isoformat(timespec='seconds')}"


def _published(folder: Path | None) -> str:
    note = export.published(folder) if folder else None
    if note is None:
        return "nothing yet"
    return f"{read_checkpoint(read_note(note).text).size} events, {folder}"
