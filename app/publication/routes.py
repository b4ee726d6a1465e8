"""The decision trail as anyone may check it, without signing in: checkpoints, the key, tiles, proofs of growth."""

import hashlib
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from app.accounts.access import requires
from app.accounts.schemas import read
from app.checkpoints import queries as checkpoints
from app.errors import Missing
from app.publication import queries
from app.publication.schemas import GrowthInput
from workflows.evidence import assemble
from workflows.evidence.note import Garbled, read_note, read_verifier

pages = Blueprint("publication", __name__)
api = Blueprint("publication_api", __name__, url_prefix="/api/v1")

TEXT = "text/plain; charset=utf-8"
# The newest grows each minute; one on a size may still be signed by another witness; a tile is the same for ever.
FRESH = "public, max-age=5"
KEPT = "public, max-age=300"
FOR_EVER = "public, max-age=31536000, immutable"


@pages.get("/trail")
@requires("anyone")
def trail() -> str:
    """Say what the decision trail is, and how anyone can check that nothing in it was changed."""
    found = checkpoints.newest()
    names = [] if found is None else _witnesses()
    return render_template(
        "publication/trail.html",
        found=found,
        note=checkpoints.note(found) if found else "",
        witnesses=names,
        key=queries.key(),
        digest=hashlib.sha256(assemble.verifier().encode()).hexdigest(),
    )


def _witnesses() -> list[tuple[str, int]]:
    """Return name and newest size of each witness, by name."""
    found = []
    for key, size in checkpoints.witnessed().items():
        try:
            found.append((read_verifier(key).name, size))
        except Garbled:
            continue
    return sorted(found)


@pages.get("/trail/checkpoint")
@requires("anyone")
def newest() -> Response:
    """Return the newest checkpoint, a signed note."""
    return _text(checkpoints.note(queries.newest()), FRESH)


@pages.get("/trail/checkpoint/<int(max=999999999999999):size>")
@requires("anyone")
def checkpoint(size: int) -> Response:
    """Return the checkpoint on a number of events, such as a letter names one."""
    return _text(checkpoints.note(queries.checkpoint(size)), KEPT)


@pages.get("/trail/key")
@requires("anyone")
def key() -> Response:
    """Return the verifier key of the log."""
    found = queries.key()
    if found is None:
        raise Missing("The key of the log was not published yet.")
    return _text(f"{found}\n", KEPT)


@pages.get("/trail/verify.py")
@requires("anyone")
def verifier() -> Response:
    """Return the program that verifies evidence bundles: one file, the standard library alone."""
    return _text(assemble.verifier(), KEPT)


@pages.get("/trail/consistency")
@requires("anyone")
def consistency() -> Response:
    """Prove that the tree of ``?old=`` events is the beginning of that of ``?new=`` events, else of the newest."""
    asked = read(GrowthInput(), request.args.to_dict())
    found = queries.growth(asked["old"], asked["new"])
    body = jsonify({"old": found.old, "new": found.new, "proof": list(found.proof)})
    body.headers["Cache-Control"] = FRESH
    return body


@pages.get("/trail/tile/<int(max=63):storey>/<path:path>")
@requires("anyone")
def tile(storey: int, path: str) -> Response:
    """Return a tile of hashes as C2SP tlog-tiles lays them out; the entries themselves are confidential."""
    answer = Response(queries.tile(storey, path), mimetype="application/octet-stream")
    answer.headers["Cache-Control"] = FOR_EVER
    return answer


@api.get("/checkpoint")
@requires("anyone")
def api_checkpoint() -> dict[str, Any]:
    """Return the newest checkpoint in parts and whole, with the verifier key of the log."""
    found = queries.newest()
    note = checkpoints.note(found)
    return {
        "origin": read_note(note).text.split("\n", 1)[0],
        "size": found.size,
        "root": found.root,
        "signed_at": found.at.isoformat(),
        "note": note,
        "key": queries.key(),
    }


def _text(text: str, kept: str) -> Response:
    answer = Response(text, content_type=TEXT)
    answer.headers["Cache-Control"] = kept
    return answer
