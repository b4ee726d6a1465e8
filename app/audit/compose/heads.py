"""The ends of streams, as the seal knows them: by them a bundle proves that no event of a case is left out."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, select

from app.audit.compose.reading import Plan
from app.checkpoints import queries as tree
from app.db import db
from app.trail.models import Event
from workflows.evidence import merkle
from workflows.evidence.chain import head_leaf


def heads(plan: Plan) -> Iterator[dict[str, Any]]:
    """Return the end of every stream of which there is an event, agency by agency, in the order of the seal.

    Of an agency that is covered whole it is every stream, and no proof: the root is computed over all.
    """
    for agency in sorted({*plan.agencies, *_named(plan)}):
        known = tree.ends(agency)
        seen, node = None, None
        if agency not in plan.agencies:
            seen = _seen(plan, agency)
            node = merkle.nodes([head_leaf(*end) for end in known])
        for index, (stream, seq, digest) in enumerate(known):
            if seen is not None and stream not in seen:
                continue
            line = {"agency": agency, "stream": stream, "seq": seq, "hash": digest}
            line |= {"index": index, "streams": len(known)}
            if node is not None:
                proof = merkle.inclusion(index, len(known), node)
                line["proof"] = [sibling.hex() for sibling in proof]
            yield line


def _named(plan: Plan) -> list[str]:
    """Return the agencies of which there is an event; the log's own stream belongs to none."""
    found = select(Event.agency).where(*_within(plan), Event.agency != "").distinct()
    return list(db.session.scalars(found))


def _seen(plan: Plan, agency: str) -> frozenset[str]:
    """Return the streams of an agency of which there is an event."""
    found = select(Event.stream).where(*_within(plan), Event.agency == agency).distinct()
    return frozenset(db.session.scalars(found))


def _within(plan: Plan) -> tuple[ColumnElement[bool], ...]:
    return plan.where, Event.leaf_index >= plan.first, Event.leaf_index < plan.last
