"""Reading a definition: every mistake is named, all at once, and what is shipped is in order."""

import hashlib
from itertools import product

import pytest

from workflows.definition import Workflow
from workflows.loading import SHIPPED, load, shipped
from workflows.reading import Malformed

NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml"))
SMALL = """
name = "small"
version = 1
title = "A small life"
initial = "open"

[states.open]
officer = "Open"
applicant = "Open"
stage = "Only stage"
holder = "applicant"
clock = {days = 3, unit = "working", expires = "close"}

[states.closed]
officer = "Closed"
applicant = "Closed"
holder = "nobody"
clock = "none"
end = true

[acts.close]
label = "Close"
event = "Closed"
from = ["open"]
to = "closed"
by = "system"
"""

# What is written instead of what, and the mistake that is named for it.
MISTAKES = [
    pytest.param('name = "small"', "", "the file: name must be a text.", id="a missing name"),
    pytest.param('"A small life"', '""', "the file: title must be a text.", id="an empty title"),
    pytest.param(
        "version = 1", "version = 0", "the file: version must be a whole number above 0.",
        id="version nought",
    ),
    pytest.param(
        "version = 1", "version = true", "the file: version must be a whole number above 0.",
        id="a version that is no number",
    ),
    pytest.param(
        "version = 1", 'version = 1\ncolour = "red"', "the file: unknown key 'colour'.",
        id="an unknown key of the file",
    ),
    pytest.param(
        'initial = "open"', 'initial = "ajar"', "initial: 'ajar' is not a state.",
        id="an initial state that does not exist",
    ),
    pytest.param(
        'stage = "Only stage"', 'stag = "Only stage"', "states.open: unknown key 'stag'.",
        id="a misspelt key of a state",
    ),
    pytest.param(
        'officer = "Open"', "", "states.open: officer must be a text.",
        id="a state without its name for officers",
    ),
    pytest.param(
        'applicant = "Open"', "applicant = 1", "states.open: applicant must be a text.",
        id="a name that is no text",
    ),
    pytest.param(
        'holder = "nobody"', 'holder = "somebody"',
        "states.closed.holder: 'somebody' is not one of agency, applicant, bank, nobody.",
        id="an unknown holder",
    ),
    pytest.param(
        'clock = "none"', "",
        'states.closed: clock must be "none" or {days = N, unit = "working"}.',
        id="a state that says nothing of a clock",
    ),
    pytest.param(
        "days = 3", "days = -3", "states.open.clock: days must be a whole number above 0.",
        id="a clock that runs backwards",
    ),
    pytest.param(
        'unit = "working"', 'unit = "lunar"',
        "states.open.clock.unit: 'lunar' is not one of calendar, working.",
        id="an unknown unit of days",
    ),
    pytest.param(
        "days = 3", "hours = 8, days = 3", "states.open.clock: unknown key 'hours'.",
        id="an unknown key of a clock",
    ),
    pytest.param(
        'expires = "close"', 'expires = "vanish"',
        "states.open: the clock expires into 'vanish', which is not an act.",
        id="a clock that expires into nothing",
    ),
    pytest.param(
        "end = true", 'end = "yes"', "states.closed: end must be true or false.",
        id="an end that is a word",
    ),
    pytest.param(
        "end = true", "", "states.closed: no act leads out, and it is not an end.",
        id="a dead end that is not called one",
    ),
    pytest.param(
        'label = "Close"', "", "acts.close: label must be a text.", id="an act without a label"
    ),
    pytest.param(
        'event = "Closed"', "", "acts.close: event must be a text.", id="an act without an event"
    ),
    pytest.param(
        'from = ["open"]', 'from = ["open", "ajar"]', "acts.close: 'ajar' is not a state.",
        id="an act from a state that does not exist",
    ),
    pytest.param(
        'from = ["open"]', "from = []", "acts.close: from must name at least one state.",
        id="an act from nowhere",
    ),
    pytest.param(
        'from = ["open"]', 'from = "open"', "acts.close: from must be a list of names.",
        id="a source that is not a list",
    ),
    pytest.param(
        'to = "closed"', 'to = "ajar"', "acts.close: 'ajar' is not a state.",
        id="an act to a state that does not exist",
    ),
    pytest.param(
        'to = "closed"', "to = 1", "acts.close: to must be a state or a list of {state, when}.",
        id="a destination that is a number",
    ),
    pytest.param(
        'to = "closed"', 'to = ["closed"]',
        "acts.close: to must be a state or a list of {state, when}.",
        id="a destination in a list without a table",
    ),
    pytest.param(
        'to = "closed"', 'to = [{state = "closed", when = "full_moon"}, {state = "closed"}]',
        "acts.close: no choice is called 'full_moon'.",
        id="an unknown choice",
    ),
    pytest.param(
        'to = "closed"', 'to = [{state = "closed", when = "last_condition"}]',
        "acts.close: the last destination must have no 'when'.",
        id="a choice that leaves a case nowhere to go",
    ),
    pytest.param(
        'to = "closed"', 'to = [{state = "closed", if = "x"}]',
        "acts.close.to: unknown key 'if'.",
        id="an unknown key of a destination",
    ),
    pytest.param(
        'by = "system"', 'by = "minister"',
        "acts.close.by: 'minister' is not one of applicant, approver, assessor, desk_officer, "
        "payment_officer, releaser, system.",
        id="an unknown duty",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\nguards = ["moon"]',
        "acts.close: no guard is called 'moon'.",
        id="an unknown guard",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\nreasons = "maybe"',
        "acts.close.reasons: 'maybe' is not one of none, optional, required.",
        id="an unknown wish for reasons",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\nconfirms = 1',
        "acts.close: confirms must be true or false.",
        id="a confirmation that is a number",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\ncolour = "red"', "acts.close: unknown key 'colour'.",
        id="an unknown key of an act",
    ),
]  # fmt: skip


def mistakes(source: str) -> list[str]:
    with pytest.raises(Malformed) as caught:
        load(source)
    return caught.value.mistakes


@pytest.mark.parametrize(("old", "new", "mistake"), MISTAKES)
def test_a_mistake_is_named_with_its_place(old: str, new: str, mistake: str) -> None:
    assert old in SMALL
    assert mistake in mistakes(SMALL.replace(old, new, 1))


def test_all_mistakes_are_named_at_once() -> None:
    wrong = SMALL
    chosen = ("version nought", "an unknown holder", "an unknown unit of days", "an unknown duty")
    rows = [row for row in MISTAKES if row.id in chosen]
    for row in rows:
        wrong = wrong.replace(str(row.values[0]), str(row.values[1]), 1)
    assert set(mistakes(wrong)) >= {row.values[2] for row in rows}
    assert len(rows) == len(chosen)


@pytest.mark.parametrize(
    ("source", "mistake"),
    [
        pytest.param("states = 1", "states: expected at least one table [states.NAME].", id="1"),
        pytest.param("[states]\nopen = 1", "states.open: expected a table.", id="no table"),
        pytest.param("[acts]", "acts: expected at least one table [acts.NAME].", id="no act"),
        pytest.param("name = ", "Not TOML: Invalid value (at end of document).", id="no TOML"),
    ],
)
def test_a_text_that_is_no_definition_is_refused(source: str, mistake: str) -> None:
    assert mistake in mistakes(source)


def test_what_is_written_is_what_is_read() -> None:
    small = load(SMALL)
    assert (small.name, small.version, small.initial) == ("small", 1, "open")
    assert small.stages == ("Only stage",)
    assert small.acts_from("open") == (small.acts["close"],)
    assert small.acts_from("closed") == ()
    assert small.states["closed"].end
    clock = small.states["open"].clock
    assert clock is not None
    assert (clock.days, clock.unit, clock.expires) == (3, "working", "close")


def test_the_digest_is_that_of_the_text() -> None:
    assert load(SMALL).digest == hashlib.sha256(SMALL.encode()).hexdigest()
    assert load(SMALL + "\n").digest != load(SMALL).digest


def test_the_system_stands_nowhere_in_a_case() -> None:
    assert load(SMALL).acts["close"].part is None
    named = SMALL.replace('by = "system"', 'by = "approver"')
    assert load(named).acts["close"].part == "approver"


# What is shipped


@pytest.fixture(params=NAMES)
def workflow(request: pytest.FixtureRequest) -> Workflow:
    return shipped(request.param)


def test_four_definitions_are_shipped() -> None:
    assert NAMES == ["claim", "drawdown", "grant", "loan"]


def test_a_shipped_file_is_named_as_the_definition_in_it() -> None:
    assert [shipped(name).name for name in NAMES] == NAMES


def test_each_state_and_act_has_its_names(workflow: Workflow) -> None:
    for state in workflow.states.values():
        assert state.officer
        assert state.applicant
        assert state.officer[0].isupper()
        assert state.applicant[0].isupper()
    for act in workflow.acts.values():
        assert act.label
        assert act.event
    labels = [act.label for act in workflow.acts.values()]
    assert len(labels) == len(set(labels))


def reached(workflow: Workflow, start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for act in workflow.acts_from(waiting.pop()):
            new = {branch.state for branch in act.branches} - found
            found |= new
            waiting += new
    return found


def test_every_state_is_reached_and_reaches_an_end(workflow: Workflow) -> None:
    assert reached(workflow, workflow.initial) == set(workflow.states)
    for name in workflow.states:
        assert any(workflow.states[state].end for state in reached(workflow, name))


def test_no_act_leads_out_of_an_end(workflow: Workflow) -> None:
    ends = {name for name, state in workflow.states.items() if state.end}
    assert ends
    assert [act for act, end in product(workflow.acts.values(), ends) if end in act.sources] == []


def test_whoever_must_act_has_a_clock(workflow: Workflow) -> None:
    for state in workflow.states.values():
        assert state.clock is not None or state.holder != "agency"
