"""The sequencer: events get their place in the tree, the tree is signed, and what does not agree is not signed."""

import json

import pytest
from sqlalchemy import insert, text

from app import clock
from app.checkpoints import commands, compose, queries
from app.db import db, transaction
from app.trail.models import Event
from tests.checkpoints.made import AGENCY, signed, written
from tests.world import World
from workflows.evidence import merkle
from workflows.evidence.chain import canonical, head_leaf, leaf_hash


def leaves() -> list[bytes]:
    rows = db.session.execute(
        db.select(Event.hash).where(Event.leaf_index.is_not(None)).order_by(Event.leaf_index)
    )
    return [bytes.fromhex(row.hash) for row in rows]


def test_the_tree_grows_and_each_checkpoint_is_the_beginning_of_the_next(world: World) -> None:
    last, before, roots = "", 0, {}
    for count in (1, 1, 253, 2, 255, 300):
        last = written(count, start=before, prev=last)
        before += count
        found = signed()
        assert found.size == before
        roots[found.size] = bytes.fromhex(found.root)
    known = leaves()
    tree = queries.Tree(before)
    assert tree.root() == merkle.root(known) == roots[before]
    for size, root in roots.items():
        merkle.prove_consistency(size, before, tree.consistency(size), root, roots[before])
    for index in (0, 255, 256, 511, 512, 811):
        merkle.prove_inclusion(known[index], index, before, tree.inclusion(index), roots[before])
    assert db.session.scalar(text("SELECT count(*) FROM tile")) == 3


def test_a_seal_names_the_head_of_every_stream(world: World) -> None:
    case = world.case(world.at("decision"))
    found = signed(seal=True)
    seal = queries.last_seal()
    assert seal is not None
    assert seal.leaf_index == found.size - 1
    detail = json.loads(seal.entry)["detail"]
    roots = {row["agency"]: bytes.fromhex(row["root"]) for row in detail["agencies"]}
    (head,) = queries.heads(AGENCY, [case.reference])
    assert (head.seq, head.hash) == (case.trail_seq, case.trail_hash)
    leaf = head_leaf(head.stream, head.seq, head.hash)
    proof = [bytes.fromhex(digest) for digest in head.proof]
    merkle.prove_inclusion(leaf, head.index, head.streams, proof, roots[AGENCY])


def test_with_nothing_new_nothing_is_signed(world: World) -> None:
    written(3)
    assert signed(seal=True).size == signed(seal=True).size == signed().size == 4


def test_a_checkpoint_is_signed_by_the_log(world: World) -> None:
    written(2)
    signer = compose.signer()
    assert signer is not None
    found = compose.opened(signed().note, signer.verifier)
    assert (found.origin, found.size) == ("log.test.example/trail", 2)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"hash": "0" * 64}, "does not match its hash"),
        ({"seq": 5}, "does not follow"),
    ],
)
def test_what_does_not_continue_the_trail_is_not_signed(world: World, wrong, sentence) -> None:
    written(2)
    signed()
    entry = canonical({"stream": "S-1", "seq": 5, "prev": "other"})
    row = {
        "stream": "S-1",
        "agency": AGENCY,
        "seq": 3,
        "kind": "act",
        "at": clock.now(),
        "actor": "officer:1",
        "entry": entry,
        "hash": leaf_hash(entry),
    }
    with transaction():
        db.session.execute(insert(Event), [row | wrong])
    with pytest.raises(commands.Inconsistent, match=sentence):
        signed()
    newest = queries.newest()
    assert newest is not None
    assert newest.size == 2
