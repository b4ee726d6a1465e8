"""How an event is spelt and hashed: one spelling, and published test values."""

import hashlib
from typing import Any

import pytest

from workflows.evidence.chain import canonical, commitment, leaf_hash


@pytest.mark.parametrize(
    ("record", "spelling"),
    [
        pytest.param({}, "{}", id="nothing"),
        pytest.param({"b": 1, "a": 2}, '{"a":2,"b":1}', id="keys are sorted"),
        pytest.param(
            {"a": {"d": [2, 1], "c": "x"}}, '{"a":{"c":"x","d":[2,1]}}', id="lists keep their order"
        ),
        pytest.param({"a": "Công ty"}, '{"a":"Công ty"}', id="letters are written as they are"),
        pytest.param({"a": 'x"\n\\'}, '{"a":"x\\"\\n\\\\"}', id="only what must be is escaped"),
    ],
)
def test_a_record_has_one_spelling(record: dict[str, Any], spelling: str) -> None:
    assert canonical(record) == spelling


def test_the_order_of_making_does_not_matter() -> None:
    assert canonical({"x": 1, "y": {"p": 1, "q": 2}}) == canonical({"y": {"q": 2, "p": 1}, "x": 1})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_does_not_know_has_no_spelling(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": value})


@pytest.mark.parametrize(
    ("entry", "digest"),
    [
        # The leaf hash of the empty entry, as in the test data of Certificate Transparency.
        pytest.param(
            "", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", id="empty"
        ),
        pytest.param(
            "\x00",
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            id="one byte",
        ),
        pytest.param("é", hashlib.sha256(b"\x00\xc3\xa9").hexdigest(), id="text is UTF-8"),
    ],
)
def test_a_leaf_is_hashed_as_rfc_6962_has_it(entry: str, digest: str) -> None:
    assert leaf_hash(entry) == digest


def test_a_leaf_is_not_taken_for_the_bare_hash() -> None:
    assert leaf_hash("entry") != hashlib.sha256(b"entry").hexdigest()


def test_a_commitment_proves_value_and_salt() -> None:
    salt = "ab" * 32
    made = commitment(salt, "A note.")
    assert made == hashlib.sha256(bytes.fromhex(salt) + b"A note.").hexdigest()
    assert made != commitment(salt, "A note!")
    assert made != commitment("cd" * 32, "A note.")
