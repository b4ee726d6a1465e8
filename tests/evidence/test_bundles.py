"""Whole bundles are proved, whatever they cover; what is withheld or not included is said."""

from dataclasses import replace

import pytest

from tests.evidence.building import KEY, WITNESS_KEY, Asked, Key, Log, as_bytes, members, pack
from tests.evidence.cases import ALONE, PAPERS, TOGETHER, broken, lines, log, reported
from tests.evidence.damaging import put
from tests.evidence.other_cases import erased, kept
from tests.evidence.telling import AGENCY
from workflows.evidence import merkle
from workflows.evidence.verifying import verify

KEPT: Log = log()
SIZE = len(KEPT.leaves)
BOTH = (ALONE, TOGETHER)

# What is asked for, and lines of the report.
WHOLE = [
    pytest.param(
        Asked(streams=(ALONE,), papers=PAPERS),
        [f"{ALONE}: 18 events, stands in “completed”: in order"],
        id="one case with its papers",
    ),
    pytest.param(
        Asked(streams=BOTH, old=SIZE - 5, witnesses=(WITNESS_KEY,)),
        [
            f"{TOGETHER}: 12 events, stands in “disbursing”: in order",
            "PROVED        Growth: the log has only grown since the older checkpoint (1)",
            f"NOT INCLUDED: {ALONE}, event 2 (events.jsonl, line 2): letters/{[*PAPERS][1][8:]}, of which the event has the digest",
        ],
        id="two cases without papers, with an older checkpoint and a witness",
    ),
    pytest.param(
        Asked(streams=(ALONE,), agencies=(AGENCY,), papers=PAPERS),
        [f"WITHHELD: {TOGETHER}: all its events, they were not asked for or you may not see them"],
        id="one case, and that the agency has another",
    ),
    pytest.param(
        Asked(last=SIZE, agencies=(AGENCY,), papers=PAPERS),
        ["log: 1 event: in order"],
        id="everything",
    ),
    pytest.param(
        Asked(last=SIZE - 1, agencies=(AGENCY,), hidden=(TOGETHER,), papers=PAPERS),
        [
            f"WITHHELD: {TOGETHER}: all its events, you may not see them",
            "WITHHELD: the entries of 12 leaves of the range, which you may not see",
        ],
        id="everything but a case that the reader may not see",
    ),
    pytest.param(
        Asked(first=9, last=25),
        [
            f"NOT INCLUDED: {ALONE}: what happened before event 10, parts and votes of then",
            f"NOT INCLUDED: {TOGETHER}: events 8 to 12, after the range",
        ],
        id="a period in the middle",
    ),
]


@pytest.mark.parametrize(("asked", "said"), WHOLE)
def test_a_whole_bundle_is_proved(tmp_path, asked: Asked, said: list[str]) -> None:
    report = reported(tmp_path, KEPT, asked)
    found = lines(report)
    assert found[-1].startswith("VERDICT: PROVED"), "\n".join(found)
    assert [line for line in said if line not in found] == []


def test_what_was_erased_is_said_with_the_law(tmp_path) -> None:
    story = erased()
    asked = Asked(streams=(story.stream,))
    report = reported(tmp_path, kept(story), asked, put("disclosures.jsonl", b""))
    law = "erased under Example Act, section 10"
    assert f"WITHHELD: {story.stream}: 1 value that it commits to, {law}" in lines(report)
    assert report.whole


WITNESSES = [
    pytest.param((WITNESS_KEY,), "Witness: audit.example.org has co-signed", id="has signed"),
    pytest.param(
        (),
        "NOT INCLUDED: the witness audit.example.org has not co-signed the checkpoint",
        id="has not signed",
    ),
    pytest.param(
        (replace(WITNESS_KEY, seed=9),),
        "NOT INCLUDED: the witness audit.example.org has not co-signed the checkpoint",
        id="somebody else has signed in its name",
    ),
]


@pytest.mark.parametrize(("witnesses", "said"), WITNESSES)
def test_what_is_said_of_a_witness(tmp_path, witnesses: tuple[Key, ...], said: str) -> None:
    found = as_bytes(members(KEPT, Asked(streams=BOTH, witnesses=witnesses)))
    file = pack(tmp_path / "bundle.zip", KEPT, Asked(streams=BOTH), found)
    report = verify(file, [KEY.verifier, WITNESS_KEY.verifier], None)
    assert report.whole
    assert said in (*report.says, *lines(report))


def test_a_forged_cosignature_is_named(tmp_path) -> None:
    asked = Asked(streams=BOTH, witnesses=(WITNESS_KEY,))
    found = as_bytes(members(KEPT, asked))
    note, _, line = found["checkpoint"].decode().rstrip("\n").rpartition("\n")
    forged = line[:-10] + ("A" if line[-10] != "A" else "B") + line[-9:]
    found["checkpoint"] = f"{note}\n{forged}\n".encode()
    report = verify(pack(tmp_path / "bundle.zip", KEPT, asked, found), [], None)
    assert broken(report) == [
        "checkpoint: the signature of the witness audit.example.org is forged"
    ]


def test_the_key_of_the_bundle_is_named_as_what_it_is(tmp_path) -> None:
    report = reported(tmp_path, KEPT, Asked(streams=BOTH), key=None)
    assert report.whole
    assert any("THIS KEY COMES FROM THE BUNDLE" in line for line in report.says)


@pytest.mark.parametrize(
    ("size", "old"),
    [
        pytest.param(SIZE, 0, id="the very one of the bundle"),
        pytest.param(20, 20, id="an older one, from which there is a proof"),
    ],
)
def test_the_checkpoint_that_the_auditor_holds(tmp_path, size: int, old: int) -> None:
    held = KEY.sign(size, merkle.root(KEPT.leaves[:size]))
    report = reported(tmp_path, KEPT, Asked(streams=BOTH, old=old), held=held)
    assert report.whole
    assert f"Older checkpoint: {size} events, which you hold" in report.says
