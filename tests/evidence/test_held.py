"""The checkpoint in the auditor's hands: it tells also what somebody did who holds every key."""

import pytest

from tests.evidence.building import KEY, Asked, Key, Log, logged
from tests.evidence.cases import ALONE, TOGETHER, alone, broken, log, reported, together
from workflows.evidence import merkle

KEPT: Log = log()
SIZE = len(KEPT.leaves)
BOTH = (ALONE, TOGETHER)


def held(kept: Log, size: int, key: Key = KEY) -> str:
    return key.sign(size, merkle.root(kept.leaves[:size]))


def rewritten() -> Log:
    """Return the log after somebody with every key has made it another: one decision, everything else computed anew."""
    story = alone()
    story.events[7]["detail"]["authority"]["instrument"] = "Example 2/2026"
    return logged(told for one in (story, together()) for told in one.events)


def backdated() -> Log:
    """Return the log after an event was put into the past and everything computed anew."""
    events = [told for story in (alone(), together()) for told in story.events]
    events.insert(9, events[0] | {"type": "declare_interest", "actor": "officer:4"})
    for name in ("from", "to"):
        events[9].pop(name)
    return logged(events)


# The bundle, what it is asked for, the checkpoint that the auditor holds, and the line that names what is wrong.
HELD = [
    pytest.param(
        rewritten(),
        Asked(streams=BOTH, old=20),
        held(KEPT, 20),
        "previous-checkpoint: it is not the tree of 20 events that you hold",
        id="a decision rewritten by somebody who holds the key",
    ),
    pytest.param(
        backdated(),
        Asked(streams=BOTH, old=20),
        held(KEPT, 20),
        "previous-checkpoint: it is not the tree of 20 events that you hold",
        id="an event put into the past by somebody who holds the key",
    ),
    pytest.param(
        rewritten(),
        Asked(streams=BOTH),
        held(KEPT, SIZE),
        f"checkpoint: it is not the tree of {SIZE} events that you hold",
        id="another tree of the same size",
    ),
    pytest.param(
        logged(alone().events),
        Asked(streams=(ALONE,)),
        held(KEPT, SIZE),
        f"checkpoint: the checkpoint is on 19 events, older than yours on {SIZE}",
        id="a log that has become shorter",
    ),
    pytest.param(
        KEPT,
        Asked(streams=BOTH, old=9),
        held(KEPT, 20),
        "previous-checkpoint: it is on 9 events, and yours on 20: ask for a bundle that begins with yours",
        id="a proof from an older checkpoint than the auditor's",
    ),
    pytest.param(
        KEPT,
        Asked(streams=BOTH),
        held(KEPT, 20),
        "previous-checkpoint: there is no proof from your checkpoint on 20 events",
        id="no proof from the auditor's checkpoint",
    ),
    pytest.param(
        KEPT,
        Asked(streams=BOTH, old=20),
        held(KEPT, 20, Key("other.example/log")),
        "your checkpoint: the checkpoint is of another log, other.example/log, not of example.org/trail",
        id="the auditor's checkpoint is of another log",
    ),
    pytest.param(
        KEPT,
        Asked(streams=BOTH, old=20),
        held(KEPT, 20, Key(seed=5)),
        f"your checkpoint: the checkpoint is not signed with the key {KEY.verifier}",
        id="the auditor's checkpoint is forged",
    ),
    pytest.param(
        KEPT,
        Asked(streams=BOTH, old=20),
        KEY.sign(0, merkle.root([])),
        "your checkpoint: a checkpoint of no events proves nothing",
        id="the auditor's checkpoint is of nothing",
    ),
]


@pytest.mark.parametrize(("kept", "asked", "own", "said"), HELD)
def test_what_the_auditor_holds_decides(
    tmp_path, kept: Log, asked: Asked, own: str, said: str
) -> None:
    assert said in broken(reported(tmp_path, kept, asked, held=own))
