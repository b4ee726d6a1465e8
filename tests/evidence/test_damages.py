"""A bundle with something wrong is never proved, and the report names what: each row is one damage and the line it causes."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evidence.building import KEY, Asked, Key, Log, as_bytes, members, pack
from tests.evidence.cases import (
    ALONE,
    LETTER,
    PAPER,
    PAPERS,
    TOGETHER,
    Change,
    broken,
    digest,
    log,
    reported,
)
from tests.evidence.damaging import Found, drop, put, several, swap, without
from tests.evidence.telling import AGENCY
from workflows.evidence import merkle
from workflows.evidence.verifying import verify
from workflows.format.loading import shipped

KEPT: Log = log()
SIZE = len(KEPT.leaves)
BOTH = (ALONE, TOGETHER)
CASES = Asked(streams=BOTH, old=9, papers=PAPERS)
ALL = Asked(last=SIZE, agencies=(AGENCY,), papers=PAPERS)


def line(found: Found, name: str, number: int) -> str:
    return found[name].splitlines()[number - 1].decode()


MEMBERS = as_bytes(members(KEPT, CASES))
FIRST_LINE = line(MEMBERS, "events.jsonl", 1)
BEYOND = "the file is not the one that the manifest names"

# What is asked for, what is done to the members (the manifest is made over the outcome), and the line that names it.
DAMAGES = [
    pytest.param(
        CASES,
        swap("events.jsonl", "officer:3", "officer:9"),
        f"{ALONE}, event 5 (events.jsonl, line 5): it is not the leaf 4 that was signed: the proof leads to another root",
        id="an officer exchanged in an event",
    ),
    pytest.param(
        ALL,
        swap("events.jsonl", "officer:3", "officer:9"),
        f"range.json: the leaves from 0 to {SIZE - 1} are not those that were signed: the roots of one size are not the same",
        id="an officer exchanged in an event of a range",
    ),
    pytest.param(
        CASES,
        several(*(without(name, 7) for name in ("events.jsonl", "leaves.txt", "proofs.jsonl"))),
        f"{ALONE}, event 8 (events.jsonl, line 7): event 7 is missing: event 6 comes before it",
        id="an event left out in the middle",
    ),
    pytest.param(
        CASES,
        several(*(without(name, 1, 2) for name in ("events.jsonl", "leaves.txt", "proofs.jsonl"))),
        f"{ALONE}, event 3 (events.jsonl, line 1): events 1 to 2 of the stream are missing",
        id="the first events left out",
    ),
    pytest.param(
        CASES,
        several(
            *(without(name, 17, 18) for name in ("events.jsonl", "leaves.txt", "proofs.jsonl"))
        ),
        f"heads.jsonl, line 1: {ALONE}: events 17 to 18 are missing at its end",
        id="the tail of a case left out",
    ),
    pytest.param(
        CASES,
        several(
            *(
                without(name, *range(19, 31))
                for name in ("events.jsonl", "leaves.txt", "proofs.jsonl")
            )
        ),
        f"manifest.json: {TOGETHER}: all its events are missing",
        id="a whole case left out",
    ),
    pytest.param(
        ALL,
        several(without("events.jsonl", 5), without("leaves.txt", 5)),
        "leaves.txt: leaf 4 is missing: leaf 5 comes next",
        id="an event of a range left out",
    ),
    pytest.param(
        ALL,
        without("heads.jsonl", 2),
        f"heads.jsonl: the seal has 2 streams of {AGENCY}, and these 1 are not all of them",
        id="a case of an agency left out of the heads",
    ),
    pytest.param(
        CASES,
        swap("heads.jsonl", '"seq":18', '"seq":17'),
        f"heads.jsonl, line 1: the seal has another end of {ALONE}: the proof leads to another root",
        id="a head that ends earlier",
    ),
    pytest.param(
        CASES,
        without("events.jsonl", SIZE),
        f"events.jsonl: the entry of leaf {SIZE - 1} is missing",
        id="the seal left out",
    ),
    pytest.param(
        CASES,
        several(*(without(name, SIZE) for name in ("events.jsonl", "leaves.txt", "proofs.jsonl"))),
        f"events.jsonl: leaf {SIZE - 1}, the last of the tree, is not a seal of all before it",
        id="the seal left out with its proof",
    ),
    pytest.param(
        CASES,
        swap("events.jsonl", FIRST_LINE, FIRST_LINE + "\n" + FIRST_LINE),
        f"events.jsonl: line {SIZE + 1} belongs to no leaf",
        id="an event there twice",
    ),
    pytest.param(
        CASES,
        swap("leaves.txt", "3\n4\n", "4\n3\n"),
        "leaves.txt, line 5: leaf 3 comes after leaf 4",
        id="leaves in another order",
    ),
    pytest.param(
        CASES,
        swap("leaves.txt", "3\n", f"3 {'00' * 32}\n"),
        "leaves.txt: leaf 3 is withheld, and is in no range",
        id="a leaf withheld where all were asked for",
    ),
    pytest.param(
        CASES,
        swap("disclosures.jsonl", "Read with care.", "Read with fear."),
        f"{ALONE}, event 5 (disclosures.jsonl, line 1): the comment is not what the event committed to",
        id="a comment exchanged",
    ),
    pytest.param(
        CASES,
        swap("disclosures.jsonl", '"seq":5', '"seq":4'),
        f"{ALONE}, event 4 (disclosures.jsonl, line 1): the comment is not what the event committed to",
        id="a comment moved to another event",
    ),
    pytest.param(
        CASES,
        put(f"documents/{digest(PAPER)}.pdf", b"%PDF other"),
        f"documents/{digest(PAPER)}.pdf: the file does not have the digest of its name",
        id="a document swapped under its name",
    ),
    pytest.param(
        CASES,
        several(
            drop(f"documents/{digest(PAPER)}.pdf"),
            put(f"documents/{digest(b'%PDF other')}.pdf", b"%PDF other"),
        ),
        f"documents/{digest(b'%PDF other')}.pdf: no event that is shown names this file",
        id="a document swapped with its name",
    ),
    pytest.param(
        CASES,
        put(f"letters/{digest(LETTER)}.pdf", b"%PDF other"),
        f"letters/{digest(LETTER)}.pdf: the file does not have the digest of its name",
        id="a letter swapped",
    ),
    pytest.param(
        CASES,
        put(f"submissions/{ALONE}-1.json", b"{}"),
        f"{ALONE}, event 1 (events.jsonl, line 1): submissions/{ALONE}-1.json is not the submission that it names",
        id="a submission swapped",
    ),
    pytest.param(
        CASES,
        swap(f"workflows/grant-{shipped('grant').version}.toml", "needed = 2", "needed = 1"),
        f"{TOGETHER}, event 1 (events.jsonl, line 19): the definition {json.loads(FIRST_LINE)['workflow']['sha256']}",
        id="a workflow made milder",
    ),
    pytest.param(
        CASES,
        put("schemes/MY-BAP-1.toml", b"code = 'OTHER'\n"),
        f"{ALONE}, event 1 (events.jsonl, line 1): the scheme {json.loads(FIRST_LINE)['scheme']['sha256']} that it names is not in the bundle",
        id="a scheme swapped",
    ),
    pytest.param(
        CASES,
        put("checkpoint", Key(seed=3).sign(SIZE, merkle.root(KEPT.leaves)).encode()),
        f"checkpoint: the checkpoint is not signed with the key {KEY.verifier}",
        id="a checkpoint signed with another key",
    ),
    pytest.param(
        CASES,
        put("checkpoint", Key("other.example/log").sign(SIZE, merkle.root(KEPT.leaves)).encode()),
        "checkpoint: the checkpoint is of another log, other.example/log, not of example.org/trail",
        id="a checkpoint of another log",
    ),
    pytest.param(
        CASES,
        swap("checkpoint", f"\n{SIZE}\n", f"\n{SIZE - 1}\n"),
        "checkpoint: the signature of example.org/trail is forged or damaged",
        id="a checkpoint with another size",
    ),
    pytest.param(
        CASES,
        put("checkpoint", KEY.sign(0, merkle.root([])).encode()),
        "checkpoint: a checkpoint of no events proves nothing",
        id="a checkpoint of size 0",
    ),
    pytest.param(
        CASES,
        put("previous-checkpoint", KEY.sign(9, bytes(32)).encode()),
        "consistency.json: the older tree is not the beginning of the newer one",
        id="an older checkpoint on another tree",
    ),
    pytest.param(
        CASES,
        swap("consistency.json", '"old":9', '"old":8'),
        f"consistency.json: it is not from 9 to {SIZE}",
        id="a proof of growth from elsewhere",
    ),
    pytest.param(
        CASES,
        put("keys.txt", f"{Key(seed=3).verifier}\n".encode()),
        f"keys.txt: the bundle names the key {Key(seed=3).verifier}, and yours is {KEY.verifier}",
        id="another key in the bundle",
    ),
    *(
        pytest.param(CASES, drop(name), f"{name}: the file is missing", id=f"without {name}")
        for name in ("checkpoint", "keys.txt", "events.jsonl", "leaves.txt", "heads.jsonl")
    ),
    pytest.param(
        CASES,
        drop("proofs.jsonl"),
        f"{ALONE}, event 1 (events.jsonl, line 1): there is no proof for leaf 0",
        id="without proofs",
    ),
    pytest.param(
        ALL, drop("range.json"), "range.json: the file is missing", id="without the range"
    ),
    pytest.param(
        CASES,
        put("../../etc/passwd", b"root"),
        "../../etc/passwd: a bundle has no such file; do not open it",
        id="a file that would be written elsewhere",
    ),
    pytest.param(
        CASES,
        put("people.json", bytes(20 << 20)),
        "people.json: the file unpacks to more than 100 times its size",
        id="a file that unpacks without end",
    ),
    pytest.param(
        CASES,
        swap("heads.jsonl", '"index"', '"indey"'),
        "heads.jsonl, line 1: these fields are missing, unknown or of another kind: index, indey",
        id="a field of another name",
    ),
]


@pytest.mark.parametrize(("asked", "change", "said"), DAMAGES)
def test_a_damage_is_named(tmp_path, asked: Asked, change: Change, said: str) -> None:
    found = broken(reported(tmp_path, KEPT, asked, change))
    assert [one for one in found if one.startswith(said)], found


@pytest.mark.parametrize("name", sorted(MEMBERS))
def test_a_byte_changed_after_the_manifest_is_named(tmp_path, name: str) -> None:
    honest = {one: digest(content) for one, content in MEMBERS.items()}
    found = dict(MEMBERS)
    found[name] = found[name][:-3] + bytes([found[name][-3] ^ 1]) + found[name][-2:]
    file = pack(tmp_path / "bundle.zip", KEPT, CASES, found, files=honest)
    report = verify(file, [KEY.verifier], None)
    assert any(one.startswith(name) or name in one for one in broken(report))


# What is evidence: of it, no byte can be another. What only people read, and a definition that no act names, is not.
# Of what no event of these cases names nothing is proved.
NAMED = {f"workflows/{flow}-{shipped(flow).version}.toml" for flow in ("grant", "claim")}
UNNAMED = {name for name in MEMBERS if name.startswith("workflows/")} - NAMED
EVIDENCE = sorted(MEMBERS.keys() - UNNAMED - {"README.txt"})


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from(EVIDENCE), where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7)
)
def test_no_byte_of_evidence_can_be_another(tmp_path, name: str, where: float, bit: int) -> None:
    """Also where the manifest was made anew over what was changed."""

    def change(found: Found) -> None:
        content = bytearray(found[name])
        content[int(where * len(content))] ^= 1 << bit
        found[name] = bytes(content)

    assert not reported(tmp_path, KEPT, CASES, change).whole
