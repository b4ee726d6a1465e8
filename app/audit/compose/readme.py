"""What a bundle says of itself in plain words."""

from app.audit.compose.reading import RANGE, Plan
from app.audit.compose.scope import Scope
from workflows.evidence.note import Verifier

_MEMBERS = (
    ("checkpoint", "the newest signed statement on the whole trail: its size and the root over it"),
    ("previous-checkpoint", "the older statement you gave, if you gave one"),
    ("consistency.json", "the proof that the trail of that statement only grew"),
    ("keys.txt", "the keys that signed, as this system says they are: compare with what you hold"),
    ("events.jsonl", "the events, one on a line, byte for byte as they were recorded and hashed"),
    ("leaves.txt", "the place of each event in the trail; with a hash where you may not see it"),
    ("proofs.jsonl", "the proof of each event that it stands in the trail"),
    ("range.json", "for a range of the trail: what proves it to be the whole range"),
    ("heads.jsonl", "how each case ends, with the proof that nothing follows"),
    ("disclosures.jsonl", "notes and reasons that the events only commit to"),
    ("workflows/", "the rules that moved the cases, exactly as published"),
    ("schemes/", "the terms of the schemes, exactly as published"),
    ("submissions/", "what was handed in, exactly as frozen"),
    ("documents/", "the documents handed in, named by their SHA-256"),
    ("letters/", "the letters sent, named by their SHA-256"),
    ("people.json", "names for the numbers in the events, as known today; not evidence"),
    ("dossiers/", "each case to read; made from the events, not evidence"),
    ("verify.py", "a copy of the program that checks all this"),
    ("manifest.json", "what was asked for, and the SHA-256 of every other file"),
)


def readme(scope: Scope, plan: Plan, key: Verifier) -> str:
    """Return the text of README.txt."""
    files = "\n".join(f"  {name:<20} {what}" for name, what in _MEMBERS)
    return f"""Evidence bundle of the decision trail {key.name}

What this is
  {scope.words()}.
  {_coverage(plan)}
  It can be checked without the system that made it, and without trusting those who run it.

How to check it
  1. Get verify.py and the key of the log from your audit office, not from this file: whoever could
     forge the bundle could forge what is in it.
  2. With Python 3.11 or newer, on a computer that need not be connected to anything, run

       python3 -I -S verify.py BUNDLE.zip --key KEY.txt --checkpoint CHECKPOINT

     BUNDLE.zip is this file, KEY.txt the key, CHECKPOINT the newest signed statement that you kept
     from before, if you have one.
  3. Read the report: PROVED, BROKEN, WITHHELD and NOT INCLUDED, and for whatever does not hold, the
     case, the event and the file.
  4. Keep the file “checkpoint” of this bundle. With it, nobody can later change what is in the trail
     today without your next check showing it.

What the files are
{files}

{_left_out(scope)}"""


def _coverage(plan: Plan) -> str:
    if plan.coverage == RANGE:
        many = plan.last - plan.first
        return (
            f"It holds entries {plan.first} to {plan.last - 1} of the trail, counted from 0: {many} of {plan.size}.\n"
            "  An entry that you may not see is there as its hash, so that none can be missing unseen."
        )
    return f"It holds {plan.total} events of a trail of {plan.size}, each with its proof."


def _left_out(scope: Scope) -> str:
    if scope.documents:
        return (
            "What was erased under a law is not here; the events say when it was erased, and under which law.\n"
            "This file holds personal data. Keep it as your office requires, and delete it when it has served.\n"
        )
    return (
        "Submissions, documents and letters were not asked for: their digests stand in the events.\n"
        "The notes and names in this file are personal data. Keep it as your office requires.\n"
    )
