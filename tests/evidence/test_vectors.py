"""The published vectors of Merkle trees, signed notes and checkpoints; the file says where they come from."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from workflows.evidence import merkle
from workflows.evidence.ed25519 import signed_by
from workflows.evidence.note import read_checkpoint, read_note, read_verifier

VECTORS = json.loads((Path(__file__).parent / "data" / "merkle-vectors.json").read_text())
LEAVES = [merkle.leaf(bytes.fromhex(text)) for text in VECTORS["leaf_inputs_hex"]]
HAPPY = "happy path"


def hashes(texts: list[str] | None) -> list[bytes]:
    return [base64.b64decode(text) for text in texts or ()]


def case(told: dict[str, Any]) -> Any:
    return pytest.param(told, id=f"{told['file'].removeprefix('testdata/')} {told['desc']}")


def test_the_hashes_of_leaves_nodes_and_nothing() -> None:
    empty, no_leaf, leaf, node = VECTORS["hasher"]
    assert merkle.root([]).hex() == empty["sha256"]
    assert merkle.leaf(bytes.fromhex(no_leaf["leaf_hex"])).hex() == no_leaf["hash"]
    assert merkle.leaf(bytes.fromhex(leaf["leaf_hex"])).hex() == leaf["hash"]
    left, right = bytes.fromhex(node["left_hex"]), bytes.fromhex(node["right_hex"])
    assert merkle.join(left, right).hex() == node["hash"]


def test_the_roots_of_trees_of_every_size() -> None:
    roots = [merkle.root(LEAVES[:size]).hex() for size in range(len(LEAVES) + 1)]
    assert roots == VECTORS["root_hashes_by_size_hex"]


@pytest.mark.parametrize("told", [*map(case, VECTORS["inclusion"])])
def test_inclusion(told: dict[str, Any]) -> None:
    leaf, top = base64.b64decode(told["leafHash"]), base64.b64decode(told["root"])
    proof = hashes(told["proof"])
    asked = (leaf, told["leafIdx"], told["treeSize"], proof, top)
    if told["wantErr"]:
        with pytest.raises(merkle.Unproved):
            merkle.prove_inclusion(*asked)
        return
    merkle.prove_inclusion(*asked)
    if told["desc"] != HAPPY:
        return
    known = LEAVES[: told["treeSize"]]
    assert merkle.inclusion(told["leafIdx"], len(known), merkle.nodes(known)) == proof


@pytest.mark.parametrize("told", [*map(case, VECTORS["consistency"])])
def test_consistency(told: dict[str, Any]) -> None:
    roots = (base64.b64decode(told["root1"]), base64.b64decode(told["root2"]))
    proof = hashes(told["proof"])
    if told["wantErr"]:
        with pytest.raises(merkle.Unproved):
            merkle.prove_consistency(told["size1"], told["size2"], proof, *roots)
        return
    merkle.prove_consistency(told["size1"], told["size2"], proof, *roots)
    if told["size2"] <= len(LEAVES) and told["desc"] == HAPPY:
        known = LEAVES[: told["size2"]]
        assert merkle.consistency(told["size1"], len(known), merkle.nodes(known)) == proof


def test_all_published_proofs_are_here() -> None:
    assert (len(VECTORS["inclusion"]), len(VECTORS["consistency"])) == (98, 98)


def test_the_signed_note_and_its_key() -> None:
    published = VECTORS["signed_note"]
    key, note = read_verifier(published["vkey"]), read_note(published["note"])
    line = note.by(key)
    assert line is not None
    assert (str(key), str(note)) == (published["vkey"], published["note"])
    assert signed_by(key.public, note.text.encode(), line.value)
    assert not signed_by(key.public, note.text.encode() + b" ", line.value)


def test_the_text_of_a_checkpoint() -> None:
    published = VECTORS["checkpoint_format_example"]
    found = read_checkpoint(published["text"])
    assert (found.origin, found.size) == (published["origin"], published["size"])
    assert base64.b64encode(found.root).decode() == published["root_b64"]
    assert str(found) == published["text"]
