"""Evidence bundles for those who run the system, or for an auditor who asks them for one."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from app import files
from app.audit import commands
from app.audit.commands import Placed
from app.audit.compose import Reader, Scope, compose, digested
from app.checkpoints.commands import note_on_log
from app.cli.trail import trail_group
from app.db import db, read_only, transaction
from app.errors import Invalid, Problem
from app.exports.commands import OPERATOR
from app.trail.commands import Entry

_DAY = click.DateTime(["%Y-%m-%d"])


@trail_group.command("export")
@click.option("--case", "cases", multiple=True, help="A case by its reference; may be repeated.")
@click.option(
    "--agency", default="", help="Every case of an agency, by its code; or the period of it."
)
@click.option(
    "--from", "first", type=_DAY, help="First day of a period: of the agency, else of UTC."
)
@click.option("--to", "last", type=_DAY, help="Last day of the period, inclusive.")
@click.option("--all", "everything", is_flag=True, help="The whole trail.")
@click.option(
    "--without-documents", is_flag=True, help="Leave submissions, documents and letters out."
)
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The older checkpoint that the auditor holds.",
)
@click.argument("target", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export(target: Path, checkpoint: Path | None, **asked: Any) -> None:
    """Write an evidence bundle, a zip, that verify.py proves; the export is recorded on the log's own stream."""
    try:
        scope = _scope(checkpoint, **asked)
        read_only()
        scope = commands.bounded(scope, None)
        db.session.rollback()
        with transaction():
            note_on_log(Entry("export", OPERATOR, {"detail": commands.told(scope)}))
        placed = _written(target, scope)
        with transaction():
            detail = {"format": commands.DUTY, **commands.placed_detail(placed)}
            note_on_log(Entry("export_ready", OPERATOR, {"detail": detail}))
    except Invalid as error:
        wrong = "\n".join(sentence for all_ in error.errors.values() for sentence in all_)
        raise click.ClickException(wrong) from error
    except Problem as error:
        raise click.ClickException(error.detail or error.title) from error
    click.echo(
        f"{placed.made.events} events under the checkpoint on {placed.made.size}; SHA-256 {placed.sha256}.",
        err=True,
    )


def _scope(checkpoint: Path | None, *, without_documents: bool, **asked: Any) -> Scope:
    """Return what is asked for; raises ``click.UsageError`` unless it is one thing."""
    try:
        older = checkpoint.read_text(encoding="utf-8") if checkpoint else ""
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{checkpoint} is not a checkpoint: it is no text.") from error
    first, last = asked["first"], asked["last"]
    return Scope(
        _kind(**asked),
        cases=tuple(dict.fromkeys(asked["cases"])),
        agency=asked["agency"],
        first=first.date() if first else None,
        last=last.date() if last else None,
        documents=not without_documents,
        checkpoint=older,
    )


def _kind(
    *,
    cases: tuple[str, ...],
    agency: str,
    everything: bool,
    first: datetime | None,
    last: datetime | None,
) -> str:
    if (first is None) != (last is None):
        raise click.UsageError("A period has a first and a last day: give --from and --to.")
    if first and last and last < first:
        raise click.UsageError("The last day is before the first.")
    wished = {
        "cases": bool(cases),
        "period": first is not None,
        "agency": bool(agency) and first is None,
        "all": everything,
    }
    kinds = [kind for kind, given in wished.items() if given]
    if len(kinds) != 1 or (cases and agency):
        raise click.UsageError(
            "Say one thing: --case, --agency, --from with --to (and --agency), or --all."
        )
    return kinds[0]


def _written(target: Path, scope: Scope) -> Placed:
    """Write the bundle beside its target, and give it its name when it is whole."""
    part = files.part_of(target)
    try:
        with part.open("w+b") as file:
            made = compose(file, target.parent, scope, Reader(), _silent)
            db.session.rollback()
            digest, size = digested(file)
            files.settle(file, part, target)
    finally:
        part.unlink(missing_ok=True)
    return Placed(made, digest, size)


def _silent(_done: int, _total: int) -> None:
    """Say nothing of how far it is: the command ends when it is done."""
