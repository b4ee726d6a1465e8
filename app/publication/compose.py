"""The mail that brings a checkpoint to those who keep it."""

from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage

from app.checkpoints import compose
from workflows.evidence.note import Checkpoint

_TEXT = """\
This is a checkpoint of the decision trail {origin}.

Keep this message where the operators of that system cannot change it. The lines between the rules below say that on {day}
the trail had {size} entries, and commit to every one of them and to their order. If anybody changes one of them later,
whoever keeps this message can prove it, even against somebody who holds every password and key of that system.

----------------------------------------------------------------
{note}----------------------------------------------------------------

How to use it

1. Save the lines between the rules to a file, for example checkpoint-{size}.txt. The line that begins with a dash belongs
   to it, and so does the empty line before it.
2. When you ask for evidence, hand this file in as the checkpoint that you hold. The bundle then carries the proof that
   the trail of today continues the one of {day}.
3. Verify the bundle with verify.py and with the key that your audit office keeps:

       python3 verify.py BUNDLE.zip --key KEY --checkpoint checkpoint-{size}.txt

   If anything before this checkpoint was changed, left out or put in later, it says BROKEN.

No personal data are in this message. You need not answer it.
"""


@dataclass(frozen=True)
class Mailing:
    """A message, and to whom it goes; nobody of them is shown the others."""

    message: EmailMessage
    recipients: tuple[str, ...]


def mailing(note: str, checkpoint: Checkpoint, day: date, recipients: tuple[str, ...]) -> Mailing:
    """Return the message with a checkpoint; ``day`` is that of its signature, in UTC.

    The same checkpoint has the same Message-ID, so that one that was sent twice is shown once.
    """
    sender = compose.log().mail_from
    message = EmailMessage()
    message["From"] = sender
    message["To"] = sender
    message["Subject"] = f"Checkpoint on {checkpoint.size} entries of {checkpoint.origin}"
    message["Message-ID"] = f"<checkpoint.{checkpoint.size}.{checkpoint.root.hex()[:32]}@saluran>"
    message["Auto-Submitted"] = "auto-generated"
    words = {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "note": note,
        "day": f"{day.day} {day:%B %Y}",
    }
    message.set_content(_TEXT.format(**words), cte="quoted-printable")
    return Mailing(message, recipients)
