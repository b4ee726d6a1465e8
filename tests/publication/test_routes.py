"""What anyone may fetch: enough to check that the trail only grew, and nothing of what is in it."""

import base64

import pytest
from sqlalchemy import select

from app.db import db
from app.publication.jobs import publish
from app.trail.models import Event
from tests.checkpoints.made import signed, written
from tests.interface import API
from tests.pages.browser import Browser
from tests.world import World
from workflows.evidence import merkle
from workflows.evidence.note import read_checkpoint, read_note, read_verifier

pytestmark = pytest.mark.one_database

TEXT = "text/plain; charset=utf-8"


@pytest.fixture
def sizes() -> list[int]:
    """Return the sizes of the checkpoints of a log of 600 events."""
    last, before, found = "", 0, []
    for count in (2, 254, 44, 300):
        last = written(count, start=before, prev=last)
        before += count
        found.append(signed().size)
    return found


@pytest.fixture
def get(world: World, folder):
    """Return a function that asks as a stranger would."""
    return Browser(world.app).get


def test_a_stranger_proves_that_the_trail_only_grew(get, sizes: list[int]) -> None:
    newest = read_checkpoint(read_note(get("/trail/checkpoint").text).text)
    assert newest.size == 600
    for size in sizes:
        held = read_checkpoint(read_note(get(f"/trail/checkpoint/{size}").text).text)
        told = get(f"/trail/consistency?old={size}").get_json()
        proof = [bytes.fromhex(digest) for digest in told["proof"]]
        assert (told["old"], told["new"]) == (size, 600)
        merkle.prove_consistency(size, 600, proof, held.root, newest.root)
    told = get("/trail/consistency?old=2&new=256").get_json()
    held = read_checkpoint(read_note(get("/trail/checkpoint/256").text).text)
    first = read_checkpoint(read_note(get("/trail/checkpoint/2").text).text)
    proof = [bytes.fromhex(digest) for digest in told["proof"]]
    merkle.prove_consistency(2, 256, proof, first.root, held.root)


def test_a_stranger_builds_the_tree_from_its_tiles(get, sizes: list[int]) -> None:
    newest = read_checkpoint(read_note(get("/trail/checkpoint").text).text)
    bottom = [get(f"/trail/tile/0/{path}").data for path in ("000", "001", "002.p/88")]
    leaves = b"".join(bottom)
    assert len(leaves) == 600 * 32
    assert merkle.root(leaves[n : n + 32] for n in range(0, len(leaves), 32)) == newest.root
    above = get("/trail/tile/1/000.p/2").data
    for number in (0, 1):
        hashes = [bottom[number][n : n + 32] for n in range(0, 256 * 32, 32)]
        assert merkle.root(hashes) == above[number * 32 : number * 32 + 32]
    assert get("/trail/tile/0/001.p/7").data == bottom[1][: 7 * 32], "an older edge"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("0/002", id="a tile that is not full yet"),
        pytest.param("0/002.p/89", id="wider than the tree"),
        pytest.param("0/002.p/256", id="as wide as a full one"),
        pytest.param("0/002.p/0", id="of no width"),
        pytest.param("0/002.p/088", id="a width with a leading zero"),
        pytest.param("0/0", id="a number of one digit"),
        pytest.param("0/x000/001", id="a number with a leading zero"),
        pytest.param("0/x001/x234/067", id="far beyond the edge"),
        pytest.param("0/x999/x999/x999/x999/x999/999", id="a number of any length"),
        pytest.param("0/001.p/7.p/7", id="an edge of an edge"),
        pytest.param("2/000.p/1", id="a storey the tree does not reach"),
        pytest.param("63/000", id="the highest storey"),
        pytest.param("64/000", id="beyond the highest storey"),
        pytest.param("entries/000", id="the entries, which are confidential"),
        pytest.param("0/../0/000", id="a way round"),
    ],
)
def test_no_other_tile_is_there(get, sizes: list[int], path: str) -> None:
    answer = get(f"/trail/tile/{path}")
    assert answer.status_code == 404
    assert len(answer.data) < 10_000


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        pytest.param("?old=600", 200, id="from the newest itself"),
        pytest.param("?old=7", 200, id="from a size nobody signed"),
        pytest.param("", 422, id="from nowhere"),
        pytest.param("?old=0", 422, id="from nothing"),
        pytest.param("?old=601", 422, id="from beyond the newest"),
        pytest.param("?old=-1", 422, id="from below nothing"),
        pytest.param("?old=two", 422, id="from a word"),
        pytest.param(f"?old={'9' * 5000}", 422, id="from an endless number"),
        pytest.param("?old=9&new=8", 422, id="backwards"),
        pytest.param("?old=9&new=601", 422, id="to beyond the newest"),
        pytest.param("?old=1&size=2", 422, id="with a word we do not know"),
    ],
)
def test_growth_is_shown_between_sizes_that_were(get, sizes, asked: str, status: int) -> None:
    assert get(f"/trail/consistency{asked}").status_code == status


def test_what_never_changes_may_be_kept(get, sizes: list[int]) -> None:
    kept = {
        path: get(path).headers["Cache-Control"]
        for path in ("/trail/tile/0/000", "/trail/checkpoint/256", "/trail/checkpoint")
    }
    assert kept == {
        "/trail/tile/0/000": "public, max-age=31536000, immutable",
        "/trail/checkpoint/256": "public, max-age=300",
        "/trail/checkpoint": "public, max-age=5",
    }
    assert get("/trail/checkpoint").headers["Content-Type"] == TEXT


def test_before_anything_is_signed_the_page_says_so(get) -> None:
    assert "No checkpoint was signed yet." in get("/trail").text
    for path in ("/trail/checkpoint", "/trail/consistency?old=1", "/trail/tile/0/000.p/1"):
        assert get(path).status_code == 404
    assert get("/trail/checkpoint/0").status_code == 404


def test_a_web_process_without_the_key_shows_what_was_published(get, settle) -> None:
    written(3)
    publish()
    signer = settle(signer=None)
    key = get("/trail/key").text
    assert read_verifier(key).name == "log.test.example/trail"
    assert signer.signer is None
    page = get("/trail").text
    assert key.strip() in page
    told = get(f"{API}/checkpoint").get_json()
    assert (told["size"], told["key"]) == (4, key.strip())
    root = base64.b64decode(read_note(told["note"]).text.split("\n")[2])
    assert root.hex() == told["root"]


def test_nothing_of_an_entry_is_shown(get, world) -> None:
    reference = world.at("submitted")
    db.session.rollback()
    publish()
    entries = db.session.scalars(select(Event.entry).where(Event.stream == reference)).all()
    shown = "".join(
        get(path).text
        for path in ("/trail", "/trail/checkpoint", "/trail/consistency?old=1", f"{API}/checkpoint")
    )
    assert reference not in shown
    assert not [entry for entry in entries if entry[:60] in shown]
