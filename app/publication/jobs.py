"""What a worker does each minute, take in what waits, sign, publish; and once a day: bring a checkpoint to the auditors."""

import logging
from typing import Any

from app import mail as post
from app.accounts import queries as accounts
from app.checkpoints import commands as checkpoints
from app.checkpoints import compose, export, queries
from app.checkpoints.models import Checkpoint
from app.db import db, read_only, transaction
from app.errors import Conflict
from app.publication import export as witnesses
from app.publication.compose import Mailing, mailing
from workflows.evidence.note import Note, read_checkpoint, read_note

log = logging.getLogger(__name__)


def publish() -> int:
    """Sequence every waiting event, part by part, publish the newest checkpoint and have it witnessed; returns its size.

    The first time on a day the trail is sealed. Raises ``Inconsistent`` when the trail is not what was signed or published.
    """
    while True:
        with transaction():
            newest = checkpoints.advance(seal=queries.seal_due())
        db.session.remove()
        if newest is None:
            return 0
        waiting = _to_file(newest)
        if not waiting:
            _to_witnesses(newest)
            return newest.size


def publish_again() -> None:
    """Publish the newest checkpoint as it stands now: somebody has signed it since."""
    read_only()
    newest = queries.newest()
    db.session.rollback()
    if newest is not None:
        _to_file(newest)


def _to_file(newest: Checkpoint) -> int:
    """Put a checkpoint into the store; returns how many events wait meanwhile."""
    here = compose.log()
    read_only()
    note, sealed, waiting = queries.note(newest), queries.sealed(newest.size), queries.waiting()
    db.session.rollback()
    if here.folder is not None and here.signer is not None:
        export.publish(here.folder, note, here.signer.verifier, keep=sealed)
    return waiting


def _to_witnesses(newest: Checkpoint) -> None:
    """Have each witness sign that has not signed yet; one that does not is asked again with the next checkpoint."""
    read_only()
    known = queries.witnessed()
    db.session.rollback()
    signed = 0
    for witness in compose.log().witnesses:
        old = known.get(str(witness.verifier), 0)
        if not witness.url or old >= newest.size:
            continue
        try:
            note = _asked(witness.url, newest, old)
            with transaction():
                signed += len(checkpoints.keep_cosignatures(newest.size, note))
        except (witnesses.Unwilling, Conflict) as error:
            log.warning("%s did not sign %d: %s", witness.verifier.name, newest.size, error)
    if signed:
        _to_file(newest)


def _asked(url: str, newest: Checkpoint, old: int) -> Note:
    """Ask a witness; when it last signed another size than is known here, ask once more from there."""
    try:
        return witnesses.ask(url, newest.note, old, _proof(old, newest.size))
    except witnesses.Elsewhere as elsewhere:
        if elsewhere.size == old or elsewhere.size > newest.size:
            raise
        return witnesses.ask(url, newest.note, elsewhere.size, _proof(elsewhere.size, newest.size))


def _proof(old: int, size: int) -> list[bytes]:
    """Return the proof that the tree of a size continues an older one, which is read and let go of at once."""
    if not 0 < old < size:
        return []
    read_only()
    found = queries.Tree(size).consistency(old)
    db.session.rollback()
    return found


def make(args: dict[str, Any]) -> Mailing | None:
    """Write the mail for a seal and hand it over; ``None`` when there is nobody to write to.

    Raises ``NotSent`` when the server did not take it.
    """
    here = compose.log()
    read_only()
    index = queries.leaf_index(args["event_id"])
    found = None if index is None else queries.covering(index)
    if found is None:
        raise LookupError(f"Event {args['event_id']} is not under a checkpoint yet.")
    note = queries.note(found)
    recipients = _addresses([*(found.email for found in accounts.auditors()), *here.checkpoint_to])
    db.session.rollback()
    if not here.smtp_url or not recipients:
        return None
    if not post.is_address(here.mail_from):
        raise post.NotSent(f"Mail cannot be from {here.mail_from!r}: it is no e-mail address.")
    letter = mailing(note, read_checkpoint(read_note(note).text), found.at.date(), recipients)
    if refused := post.send(here.smtp_url, letter.message, letter.recipients):
        log.warning("The mail server refused to take a checkpoint for %r", refused)
    return letter


def _addresses(found: list[str]) -> tuple[str, ...]:
    """Return each address once, without what is none: that would keep the mail from everybody else."""
    wrong = [address for address in found if not post.is_address(address)]
    if wrong:
        log.warning("No checkpoint is sent to what is no e-mail address: %r", wrong)
    return tuple(dict.fromkeys(address for address in found if address not in wrong))


def keep(args: dict[str, Any], mailed: Mailing | None) -> None:
    """Change nothing: that the entry is done says that the mail was handed over."""
