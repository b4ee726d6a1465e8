"""Moving cases to another version: what a map of states must hold, and what a past must have been."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from workflows.format.loading import load, shipped
from workflows.migration import PastStep, plan, replay

SOURCE = (Path(__file__).parent / "data" / "small.toml").read_text("utf-8")
SMALL = load(SOURCE)
SAME = {name: name for name in SMALL.states}
VISIT = SOURCE[SOURCE.index("[acts.visit]") : SOURCE.index("[acts.approve]")]
SITE = SOURCE[SOURCE.index("[strands.site]") : SOURCE.index("[decisions.award]")]
DECLINE = SOURCE[SOURCE.index("[acts.decline]") : SOURCE.index("[acts.pay]")]


def edited(*changes: tuple[str, str]) -> str:
    """Return the second version of the small definition, with texts replaced; each of them stands in it."""
    source = SOURCE.replace("version = 1", "version = 2")
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return source


NEXT = load(edited())


@pytest.mark.parametrize(
    ("changes", "states", "rules"),
    [
        pytest.param([], SAME, set(), id="every state to itself"),
        pytest.param([], {}, {"total"}, id="no state at all"),
        pytest.param([], {k: k for k in SAME if k != "paid"}, {"total"}, id="an end is left out"),
        pytest.param(
            [], {**SAME, "nowhere": "draft"}, {"source_exists"}, id="a state the old one has not"
        ),
        pytest.param(
            [], {**SAME, "draft": "nowhere"}, {"target_exists"}, id="a state the new one has not"
        ),
        pytest.param([], {**SAME, "draft": "decision"}, {"same_beginning"}, id="the beginning"),
        pytest.param(
            [], {**SAME, "decision": "draft"}, {"same_beginning", "votes_kept"}, id="back to it"
        ),
        pytest.param(
            [], {**SAME, "paid": "declined"}, {"same_outcome"}, id="an end to another end"
        ),
        pytest.param(
            [],
            {**SAME, "decision": "declined"},
            {"ends_are_ends", "votes_kept"},
            id="a case in flight to an end",
        ),
        pytest.param(
            [],
            {**SAME, "paying": "paid"},
            {"ends_are_ends", "money_is_money"},
            id="money to an end",
        ),
        pytest.param(
            [],
            {**SAME, "decision": "paying"},
            {"money_is_money", "votes_kept"},
            id="past the decision to the money",
        ),
        pytest.param([(VISIT, ""), (SITE, "")], SAME, {"same_strands"}, id="a strand that is gone"),
        pytest.param(
            [('["open", "done"]', '["open", "begun", "done"]')],
            SAME,
            {"same_strands"},
            id="a step of a strand that is new",
        ),
        pytest.param(
            [], {**SAME, "checking": "decision"}, {"same_strands"}, id="out of parallel work"
        ),
        pytest.param(
            [("decisions.award", "decisions.grant"), ('decision = "award"', 'decision = "grant"')],
            SAME,
            {"votes_kept"},
            id="a decision under another name would lose its votes",
        ),
    ],
)
def test_a_map_of_states(
    changes: list[tuple[str, str]], states: dict[str, str], rules: set[str]
) -> None:
    failures = plan(SMALL, load(edited(*changes)), states)
    assert {failure.rule for failure in failures} == rules


def test_a_version_does_not_move_to_itself() -> None:
    assert [failure.rule for failure in plan(SMALL, SMALL, SAME)] == ["versions_differ"]


def test_tranches_do_not_move() -> None:
    found = plan(shipped("claim"), shipped("drawdown"), {})
    assert [failure.rule for failure in found][:1] == ["applications"]


def test_every_state_that_is_missing_is_named() -> None:
    sentences = " ".join(failure.sentence for failure in plan(SMALL, NEXT, {}))
    assert [name for name in SMALL.states if f"{name!r}" not in sentences] == []


def step(act: str, source: str, target: str, duty: str, **more: object) -> PastStep:
    """Return a step as the trail has it."""
    given = {"duties": tuple(duty.split(" or ")), "part": duty.split(" or ", maxsplit=1)[0]}
    return PastStep(act, source, target, **{"reasoned": False, **given, **more})  # type: ignore[arg-type]


SUBMIT = step("submit", "draft", "checking", "applicant")
CLEAR = step("clear", "checking", "checking", "lawyer")
SEE = step("visit", "checking", "decision", "desk_officer")
APPROVE = step("approve", "decision", "paying", "approver or chair")
DECLINED = step("decline", "decision", "declined", "approver or chair", reasoned=True)
PAST = (SUBMIT, CLEAR, SEE, APPROVE)


def test_a_past_is_legal_on_the_version_it_was_lived_under() -> None:
    for past in ((), PAST[:1], PAST, (SUBMIT, CLEAR, SEE, DECLINED)):
        assert replay(SMALL, SAME, past) is None


@pytest.mark.parametrize(
    ("changes", "past", "states", "said"),
    [
        pytest.param(
            [("[acts.clear]", "[acts.allow]")],
            PAST,
            SAME,
            (2, "act_exists", "there is no act 'clear' in small version 2"),
            id="the act is gone",
        ),
        pytest.param(
            [("checking", "reviewing")],
            PAST,
            {**SAME, "checking": "reviewing"},
            None,
            id="a renamed state is followed",
        ),
        pytest.param(
            [],
            PAST,
            {"draft": "draft"},
            (1, "mapped", "the state 'checking' is mapped to nothing"),
            id="a state of the past that is mapped to nothing",
        ),
        pytest.param(
            [],
            PAST,
            {**SAME, "draft": "decision"},
            (1, "connected", "it starts in 'decision', but the case would have stood in 'draft'"),
            id="another beginning",
        ),
        pytest.param(
            [],
            PAST,
            {**SAME, "checking": "decision"},
            (1, "leads_there", "from 'draft' it does not lead to 'decision'"),
            id="an act that leads elsewhere",
        ),
        pytest.param(
            [],
            (SUBMIT, step("pay", "checking", "paid", "payment_officer")),
            SAME,
            (2, "starts_here", "it does not start in 'checking'"),
            id="an act that starts elsewhere",
        ),
        pytest.param(
            [
                ('by = "lawyer"', 'by = "desk_officer"'),
                ('by = "desk_officer"\nstrand = "site"', 'by = "lawyer"\nstrand = "site"'),
            ],
            PAST,
            SAME,
            (2, "duty", "it was taken by lawyer, and would be for desk officer"),
            id="another duty",
        ),
        pytest.param(
            [('by = ["approver", "chair"]', 'by = "approver"')],
            PAST,
            SAME,
            (4, "duty", "it was taken by chair, and would be for approver"),
            id="one of two duties is gone, and the trail cannot tell which it was",
        ),
        pytest.param(
            [('by = "lawyer"', 'by = "lawyer"\npart = "counsel"')],
            PAST,
            SAME,
            (2, "same_part", "it was taken standing as lawyer, and would be as counsel"),
            id="another part",
        ),
        pytest.param(
            [('event = "Submitted"', 'event = "Submitted"\nreasons = "required"')],
            PAST,
            SAME,
            (1, "reasons_given", "it was taken without a coded reason, and one would be required"),
            id="a reason that was not asked for",
        ),
        pytest.param(
            [("days = 5", "days = 9"), ('"call_open", ', "")],
            PAST,
            SAME,
            None,
            id="clocks and guards are no question of the past",
        ),
        pytest.param(
            [],
            (step("submit", "draft", "checking", ""),),
            SAME,
            (1, "duty", "it was taken by nobody the trail names, and would be for applicant"),
            id="a trail that names no duty",
        ),
    ],
)
def test_a_past_on_another_version(
    changes: list[tuple[str, str]],
    past: Sequence[PastStep],
    states: dict[str, str],
    said: tuple[int, str, str] | None,
) -> None:
    found = replay(load(edited(*changes)), states, past)
    assert (found and (found.number, found.rule, found.sentence)) == said


def test_where_a_past_breaks_is_told_in_a_line() -> None:
    found = replay(load(edited(("[acts.clear]", "[acts.allow]"))), SAME, PAST)
    assert found is not None
    assert found.told() == "step 2 (clear): there is no act 'clear' in small version 2"
