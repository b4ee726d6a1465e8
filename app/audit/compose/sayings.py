"""How single facts of the trail read in a dossier."""

from typing import Any

from app.audit.compose.gathered import MARK
from app.checkpoints.models import Checkpoint
from app.schemes import queries as schemes
from app.trail.queries import Fact
from workflows.definition import Act
from workflows.evidence.note import read_checkpoint, read_note

Pairs = tuple[tuple[str, str], ...]


def told(*pairs: tuple[str, str]) -> Pairs:
    """Return what there is something to say of."""
    return tuple((name, value) for name, value in pairs if value)


def decides(fact: Fact) -> bool:
    """Tell whether a decision was taken by an event."""
    return "decided" in fact.record.get("detail", {})


def act_of(fact: Fact) -> Act | None:
    """Return the act an event was, in the version of the workflow that it was taken under."""
    digest = fact.record.get("workflow", {}).get("sha256")
    return schemes.workflow(digest).acts.get(fact.kind) if digest else None


def numbers(entry: str) -> set[int]:
    """Return the numbers of the people an entry names."""
    return {int(number) for kind, number in MARK.findall(entry) if kind != "enterprise"}


def said(fact: Fact, gone: str) -> str:
    """Return the private words of an event; ``gone`` stands for what is committed to and no longer disclosed."""
    names = sorted(fact.record["committed"])
    return " / ".join(fact.disclosed.get(name, gone) for name in names)


def quorum_in_words(found: dict[str, Any]) -> str:
    """Return how the votes were counted."""
    if not found:
        return ""
    return (
        f"{found['for']} for, {found['against']} against, {found['abstained']} abstained; {found['present']} of "
        f"{found['members']} members, {found['recused']} stood aside; needed {found['needed']}, at least "
        f"{found['least_present']} present"
    )


_CLOCK = {
    "stopped": "stopped after {used} of {of} {unit} days",
    "started": "{days} {unit} days, due on {due_on} (calendar {calendar})",
    "extended": "extended by {days} {unit} days, due on {due_on}",
}


def clock_in_words(found: dict[str, Any]) -> str:
    """Return what an act did to the service clock."""
    return "; ".join(
        words.format(**{"calendar": "", **found[name]})
        for name, words in _CLOCK.items()
        if name in found
    )


def papers(facts: list[Fact]) -> tuple[tuple[str, str, str], ...]:
    """Return kind, event and SHA-256 of everything on paper that the events name."""
    found: list[tuple[str, str, str]] = []
    for fact in facts:
        detail = fact.record.get("detail", {})
        if "submission_sha256" in detail:
            copy = f"Submission {detail['submission']}"
            found.append((copy, str(fact.seq), detail["submission_sha256"]))
            found += [
                (paper["kind"].replace("_", " "), str(fact.seq), paper["sha256"])
                for paper in detail.get("documents", [])
            ]
        if fact.kind == "issue_letter":
            letter = f"Letter: {detail['letter']}".replace("_", " ")
            found.append((letter, str(fact.seq), detail["sha256"]))
        if "file_sha256" in detail:
            found.append(("Payment file", str(fact.seq), detail["file_sha256"]))
    return tuple(found)


def definitions(facts: list[Fact]) -> tuple[tuple[str, str, str], ...]:
    """Return kind, name with version, and SHA-256 of the rules that were in force."""
    found: dict[tuple[str, str, str], None] = {}
    for fact in facts:
        for kind, name in (("workflow", "name"), ("scheme", "code")):
            if kind in fact.record:
                named = fact.record[kind]
                key = (
                    kind.capitalize(),
                    f"{named[name]}, version {named['version']}",
                    named["sha256"],
                )
                found[key] = None
    return tuple(found)


def under(newest: Checkpoint) -> Pairs:
    """Return what a checkpoint says."""
    signed = read_checkpoint(read_note(newest.note).text)
    return (("Log", signed.origin), ("Entries", str(newest.size)), ("Root", newest.root))
