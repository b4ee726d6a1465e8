"""Who signed: the newest checkpoint, the one the auditor holds, and that the log has only grown between the two."""

from workflows.evidence.archive import (
    CHECKPOINT,
    CONSISTENCY,
    KEYS,
    PREVIOUS,
    Bundle,
    Damaged,
    exact,
    hashes,
)
from workflows.evidence.ed25519 import SIGNATURE, signed_by
from workflows.evidence.merkle import Unproved, prove_consistency
from workflows.evidence.note import (
    LOG,
    WITNESS,
    Checkpoint,
    Garbled,
    Note,
    Verifier,
    cosigned,
    read_checkpoint,
    read_note,
    read_verifier,
)
from workflows.evidence.report import GROWTH, SIGNATURES, Report

STAMP = 8
YOURS = "your checkpoint"


def keys(text: str, member: str) -> list[Verifier]:
    """Return the keys in a text, one on a line, the log's first; raises ``Damaged``."""
    try:
        found = [read_verifier(line) for line in text.split("\n") if line]
    except Garbled as error:
        raise Damaged(member, str(error)) from error
    if not found or found[0].kind != LOG:
        raise Damaged(member, "the first key is not that of a log")
    return found


def signed(bundle: Bundle, given: list[Verifier], report: Report) -> Checkpoint:
    """Return the checkpoint of the bundle, checked; ``given`` are the auditor's own keys, none where there are none.

    Raises ``Damaged`` where it is none, as nothing else can be proved then.
    """
    own = keys(_text(bundle.read(KEYS), KEYS), KEYS)
    used = given or own
    report.says += _key_told(used[0], given)
    if used[0] not in own[:1]:
        report.broken(
            SIGNATURES, KEYS, f"the bundle names the key {own[0]}, and yours is {used[0]}"
        )
    note = _note(_text(bundle.read(CHECKPOINT), CHECKPOINT), CHECKPOINT)
    found = opened(note, used[0], CHECKPOINT)
    report.held(SIGNATURES)
    said = (bundle.manifest["origin"], bundle.manifest["size"])
    if said != (found.origin, found.size):
        what = f"it names {said[1]} events of {said[0]}, and the checkpoint {found.size} of {found.origin}"
        report.broken(SIGNATURES, "manifest.json", what)
    for witness in used[1:]:
        if witness.kind == WITNESS:
            _witnessed(note, witness, report)
    report.says.append(f"Checkpoint: {found.size:,} events, root {found.root.hex()}")
    return found


def opened(note: Note, key: Verifier, member: str) -> Checkpoint:
    """Return the checkpoint that a note signed by a log says; raises ``Damaged``, also for one of size 0."""
    try:
        found = read_checkpoint(note.text)
    except Garbled as error:
        raise Damaged(member, str(error)) from error
    if found.origin != key.name:
        raise Damaged(
            member, f"the checkpoint is of another log, {found.origin}, not of {key.name}"
        )
    line = note.by(key)
    if line is None:
        raise Damaged(member, f"the checkpoint is not signed with the key {key}")
    if not signed_by(key.public, note.text.encode(), line.value):
        raise Damaged(member, f"the signature of {key.name} is forged or damaged")
    if found.size == 0:
        raise Damaged(member, "a checkpoint of no events proves nothing")
    return found


def grown(bundle: Bundle, held: str | None, key: Verifier, now: Checkpoint, report: Report) -> None:
    """Check that the tree began with that of the checkpoint the auditor holds, or else of the one in the bundle."""
    if held is None and not bundle.has(PREVIOUS):
        said = "no older checkpoint was given, so that it is not shown that the log was never rewritten before"
        report.absent(GROWTH, said)
        return
    try:
        before = _before(bundle, held, key, now)
        if before is not None:
            _consistent(bundle, before, now)
    except (Damaged, Unproved) as error:
        member = error.member if isinstance(error, Damaged) else CONSISTENCY
        report.broken(GROWTH, member, str(error))
        return
    report.held(GROWTH)
    size = now.size if before is None else before.size
    whose = (
        "which you hold" if held is not None else "which is in the bundle: compare it with yours"
    )
    report.says.append(f"Older checkpoint: {size:,} events, {whose}")


def _before(bundle: Bundle, held: str | None, key: Verifier, now: Checkpoint) -> Checkpoint | None:
    """Return the older checkpoint; ``None`` when the auditor holds the very one of the bundle. Raises ``Damaged``."""
    shown = None
    if bundle.has(PREVIOUS):
        shown = opened(_note(_text(bundle.read(PREVIOUS), PREVIOUS), PREVIOUS), key, PREVIOUS)
    if held is None:
        return shown
    own = opened(_note(held, YOURS), key, YOURS)
    if own.size > now.size:
        what = f"the checkpoint is on {now.size:,} events, older than yours on {own.size:,}"
        raise Damaged(CHECKPOINT, what)
    if own.size == now.size:
        if own.root != now.root:
            raise Damaged(CHECKPOINT, f"it is not the tree of {own.size:,} events that you hold")
        return None
    _same(own, shown)
    return own


def _same(own: Checkpoint, shown: Checkpoint | None) -> None:
    """Check that the bundle begins with the checkpoint that the auditor holds; raises ``Damaged``."""
    if shown is None:
        raise Damaged(PREVIOUS, f"there is no proof from your checkpoint on {own.size:,} events")
    if shown.size != own.size:
        what = f"it is on {shown.size:,} events, and yours on {own.size:,}: ask for a bundle that begins with yours"
        raise Damaged(PREVIOUS, what)
    if shown.root != own.root:
        raise Damaged(PREVIOUS, f"it is not the tree of {own.size:,} events that you hold")


def _consistent(bundle: Bundle, before: Checkpoint, now: Checkpoint) -> None:
    read = bundle.json(CONSISTENCY)
    if not isinstance(read, dict):
        raise Damaged(CONSISTENCY, "this is not an object")
    exact(read, CONSISTENCY, {"old": int, "new": int, "proof": list})
    if (read["old"], read["new"]) != (before.size, now.size):
        raise Damaged(CONSISTENCY, f"it is not from {before.size} to {now.size}")
    proof = hashes(read["proof"], CONSISTENCY)
    prove_consistency(before.size, now.size, proof, before.root, now.root)


def _witnessed(note: Note, witness: Verifier, report: Report) -> None:
    line = note.by(witness)
    if line is None:
        report.absent(SIGNATURES, f"the witness {witness.name} has not co-signed the checkpoint")
        return
    stamp, signature = line.value[:STAMP], line.value[STAMP:]
    text = cosigned(note.text, int.from_bytes(stamp, "big"))
    if len(signature) == SIGNATURE and signed_by(witness.public, text, signature):
        report.held(SIGNATURES)
        report.says.append(f"Witness: {witness.name} has co-signed")
        return
    report.broken(SIGNATURES, CHECKPOINT, f"the signature of the witness {witness.name} is forged")


def _key_told(key: Verifier, given: list[Verifier]) -> list[str]:
    if given:
        return [f"Key: {key}, which you gave"]
    return [
        f"Key: {key}",
        "     THIS KEY COMES FROM THE BUNDLE, from the same hands as what it is to prove. Compare it with the key",
        "     that the audit office has published, or run again with --key.",
    ]


def _note(text: str, member: str) -> Note:
    try:
        return read_note(text)
    except Garbled as error:
        raise Damaged(member, str(error)) from error


def _text(raw: bytes, member: str) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Damaged(member, "this is not text") from error
