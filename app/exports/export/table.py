"""One row per event: the columns that CSV, workbook and Parquet share, and how an entry fills them."""

from collections.abc import Callable
from typing import Any

import msgspec

TEXT, WHOLE, MOMENT = "text", "whole", "moment"

# The first three and the last three are of the event alone; what stands between comes again and again.
COLUMNS: dict[str, str] = {
    "leaf_index": WHOLE, "at": MOMENT, "happened_at": MOMENT,
    "stream": TEXT, "seq": WHOLE, "agency": TEXT, "type": TEXT,
    "actor": TEXT, "duty": TEXT, "part": TEXT,
    "on_behalf_of": TEXT, "delegation": WHOLE, "delegation_limit": WHOLE, "institution": TEXT,
    "from": TEXT, "to": TEXT, "outcome": TEXT, "reasons": TEXT, "amount": WHOLE, "currency": TEXT,
    "authority": TEXT, "authority_limit": WHOLE, "recommendation": TEXT, "departs": TEXT,
    "quorum_needed": WHOLE, "quorum_present": WHOLE,
    "votes_for": WHOLE, "votes_against": WHOLE, "dissent": WHOLE,
    "conflict": TEXT, "tranche": WHOLE, "documents": TEXT, "submission": TEXT, "enterprise": TEXT,
    "scheme": TEXT, "scheme_sha256": TEXT, "workflow": TEXT, "workflow_sha256": TEXT,
    "software": TEXT, "request": TEXT, "prev": TEXT, "hash": TEXT,
}  # fmt: skip
"""Every column by name, with what it holds: text, whole numbers, or moments of UTC."""

NAMES = tuple(COLUMNS)
Cells = tuple[Any, ...]


# Fields stand in the order of their names, as they do in an entry: the decoder looks for each key after the one before it.
# What is not named is passed over without being built.


class Version(msgspec.Struct, gc=False):
    """A workflow or scheme as an event names it."""

    code: str = ""
    name: str = ""
    sha256: str | None = None
    version: int = 0


class Document(msgspec.Struct, gc=False):
    """A document by its digest."""

    sha256: str


class Authority(msgspec.Struct, gc=False):
    """Under what a decision was taken."""

    instrument: str | None = None
    limit: int | None = None


class Advice(msgspec.Struct, gc=False):
    """What was recommended."""

    outcome: str | None = None


class Quorum(msgspec.Struct, gc=False):
    """How a vote stood."""

    votes_against: int | None = msgspec.field(default=None, name="against")
    votes_for: int | None = msgspec.field(default=None, name="for")
    needed: int | None = None
    present: int | None = None


class Vote(msgspec.Struct, gc=False):
    """Who voted, and how."""

    actor: str
    vote: str


class Detail(msgspec.Struct, gc=False):
    """What the act itself left."""

    amount: int | None = None
    authority: Authority | None = None
    currency: str | None = None
    departs: str | None = msgspec.field(default=None, name="departs_from_recommendation")
    dissent: list[str] | None = None
    documents: list[Document] | None = None
    quorum: Quorum | None = None
    recommendation: Advice | None = None
    sha256: str | None = None
    submission: str | None = msgspec.field(default=None, name="submission_sha256")
    tranche: int | None = None
    votes: list[Vote] | None = None


class Record(msgspec.Struct, gc=False):
    """An entry as the commands write it."""

    actor: str | None = None
    agency: str | None = None
    at: str | None = None
    conflict: str | None = None
    delegation: int | None = None
    delegation_limit: int | None = None
    detail: Detail | None = None
    duty: str | None = None
    enterprise: str | None = None
    source: str | None = msgspec.field(default=None, name="from")
    happened_at: str | None = None
    institution: str | None = None
    on_behalf_of: str | None = None
    outcome: str | None = None
    part: str | None = None
    prev: str | None = None
    reasons: list[str] | None = None
    request: str | None = None
    scheme: Version | None = None
    seq: int | None = None
    software: str | None = None
    stream: str | None = None
    to: str | None = None
    type: str | None = None
    workflow: Version | None = None


class Plain(msgspec.Struct, gc=False):
    """An entry of any shape: what every event has."""

    actor: str | None = None
    agency: str | None = None
    at: str | None = None
    happened_at: str | None = None
    prev: str | None = None
    request: str | None = None
    seq: int | None = None
    software: str | None = None
    stream: str | None = None
    type: str | None = None


NO_DETAIL = Detail()
_NO_VERSION = Version()
_NO_AUTHORITY = Authority()
_NO_ADVICE = Advice()
_NO_QUORUM = Quorum()
_decode: Callable[[str], Record] = msgspec.json.Decoder(Record).decode
_decode_plain: Callable[[str], Plain] = msgspec.json.Decoder(Plain).decode


def read(entry: str) -> Record:
    """Return the fields of an entry; one of another shape has only what every event has, an unreadable one nothing."""
    try:
        return _decode(entry)
    except msgspec.DecodeError:
        return _otherwise(entry)


def _otherwise(entry: str) -> Record:
    try:
        plain = _decode_plain(entry)
    except msgspec.DecodeError:
        return Record()
    return Record(**msgspec.structs.asdict(plain))


def cells(index: int, digest: str, entry: str) -> Cells:
    """Return the row of an event in the order of ``COLUMNS``, ``None`` where it says nothing."""
    (
        at,
        happened,
        stream,
        seq,
        what,
        actor,
        how,
        money,
        judged,
        about,
        sent,
        who,
        under,
        request,
        prev,
    ) = pieces(entry)
    return (
        index, at, happened, stream, seq, *what, actor, *how, *money, *judged, *about, sent, who, *under,
        request, prev, digest,
    )  # fmt: skip


def pieces(entry: str) -> Cells:
    """Return what an entry says in the order of ``COLUMNS``, where what comes again as a whole is one tuple.

    They are: at, happened_at, stream, seq, (agency, type), actor, (duty to reasons), (amount, currency), (authority to
    conflict), (tranche, documents), submission, enterprise, (scheme to software), request, prev.
    """
    r = read(entry)
    d = r.detail or NO_DETAIL
    scheme, workflow = r.scheme or _NO_VERSION, r.workflow or _NO_VERSION
    authority, quorum = d.authority or _NO_AUTHORITY, d.quorum or _NO_QUORUM
    return (
        r.at, r.happened_at, r.stream, r.seq, (r.agency, r.type), r.actor,
        (r.duty, r.part, r.on_behalf_of, r.delegation, r.delegation_limit, r.institution,
         r.source, r.to, r.outcome, " ".join(r.reasons) if r.reasons else None),
        (d.amount, d.currency),
        (authority.instrument, authority.limit, (d.recommendation or _NO_ADVICE).outcome, d.departs,
         quorum.needed, quorum.present, quorum.votes_for, quorum.votes_against,
         None if d.dissent is None else len(d.dissent), r.conflict),
        (d.tranche, digests(d)), d.submission, r.enterprise,
        (named(scheme), scheme.sha256, named(workflow), workflow.sha256, r.software),
        r.request, r.prev,
    )  # fmt: skip


def named(found: Version) -> str | None:
    """Return a workflow or scheme by name and version, such as "grant@2"."""
    name = found.name or found.code
    return f"{name}@{found.version}" if name else None


def digests(detail: Detail) -> str | None:
    """Return the digests of the documents an event rests on, and of the letter it issued, with spaces between."""
    if detail.documents:
        return " ".join(document.sha256 for document in detail.documents)
    return detail.sha256
