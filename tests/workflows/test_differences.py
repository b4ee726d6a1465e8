"""What two versions differ in: each kind of difference told once, and both versions in one diagram."""

from pathlib import Path

import pytest

from workflows.differences import diagram, differences, renamed
from workflows.entries import entry
from workflows.format.loading import load

SOURCE = (Path(__file__).parent / "data" / "small.toml").read_text("utf-8")
SMALL = load(SOURCE)


def edited(*changes: tuple[str, str]) -> str:
    """Return the small definition with texts replaced; each of them stands in it."""
    source = SOURCE
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return source


CHECKED = ("checking", "reviewing")
VISIT = SOURCE[SOURCE.index("[acts.visit]") : SOURCE.index("[acts.approve]")]
SITE = SOURCE[SOURCE.index("[strands.site]") : SOURCE.index("[decisions.award]")]
QUERY = """
[acts.query]
label = "Ask"
event = "Asked"
from = "checking"
to = "stay"
by = "desk_officer"
"""
NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param([], [], id="the same text differs in nothing"),
        pytest.param(
            [("version = 1", "version = 2"), ("A small grant", "A grant")],
            ["version: 1 → 2", "title: A small grant → A grant"],
            id="the head",
        ),
        pytest.param(
            [('by = "payment_officer"', 'by = "releaser"')],
            [
                "acts.pay: by payment officer → releaser",
                "acts.pay: part payment_officer → releaser",
            ],
            id="who takes an act, by the name of the duty",
        ),
        pytest.param(
            [("days = 10, unit", "days = 12, warn = 2, unit")],
            [
                "states.decision: clock 10 working days → 12 working days; warning 2 days before",
            ],
            id="a clock, in words",
        ),
        pytest.param(
            [("days = 10", "days = 1_0")], [], id="another spelling of a number is no difference"
        ),
        pytest.param(
            [('clock = {days = 10, unit = "working"}', 'clock = "none"')],
            ["states.decision: clock 10 working days → none"],
            id="a clock that is gone",
        ),
        pytest.param(
            [('"call_open", "answers_complete"', '"answers_complete", "eligible"')],
            ["acts.submit: guards - call_open, + eligible"],
            id="guards, one by one",
        ),
        pytest.param(
            [('"call_open", "answers_complete"', '"answers_complete", "call_open"')],
            ["acts.submit: guards in another order"],
            id="the order of guards",
        ),
        pytest.param(
            [('"50000.00"', '"60000.00"')],
            [
                "decisions.award: bands "
                f"- up to MYR{NB}50,000.00: approver, 1 of 1, at least 1 present, "
                f"- above MYR{NB}50,000.00: chair, 1 of 1, at least 1 present, "
                f"+ up to MYR{NB}60,000.00: approver, 1 of 1, at least 1 present, "
                f"+ above MYR{NB}60,000.00: chair, 1 of 1, at least 1 present"
            ],
            id="bands, with their amounts",
        ),
        pytest.param(
            [("[acts.pay]", QUERY + "[acts.pay]")],
            ["acts.query: added (“Ask”)"],
            id="an act that came",
        ),
        pytest.param(
            [(VISIT, ""), (SITE, "")],
            ["acts.visit: removed (“Visit the enterprise”)", "strands.site: removed (“Visit”)"],
            id="an act and a strand that went",
        ),
        pytest.param(
            [CHECKED],
            ["states.reviewing: renamed from checking, as far as can be told by likeness"],
            id="a state that was renamed is told once, not wherever it is used",
        ),
        pytest.param(
            [CHECKED, ("days = 5", "days = 6")],
            [
                "states.reviewing: renamed from checking, as far as can be told by likeness",
                "states.reviewing: clock 5 working days; warning 1 day before"
                " → 6 working days; warning 1 day before",
            ],
            id="a state that was renamed and changed",
        ),
        pytest.param(
            [("[acts.pay]", "[acts.settle]")],
            ["acts.settle: renamed from pay, as far as can be told by likeness"],
            id="an act that was renamed",
        ),
        pytest.param(
            [("money = true", "money = false")],
            ["states.paying: money yes → no"],
            id="whether money moves",
        ),
    ],
)
def test_what_differs_is_told(changes: list[tuple[str, str]], told: list[str]) -> None:
    new = load(edited(*changes))
    assert [difference.told() for difference in differences(SMALL, new)] == told


def test_the_groups_come_in_the_order_of_the_file() -> None:
    new = load(edited(("= 1\n", "= 2\n"), ("days = 10", "days = 9"), ("Visit the", "See the")))
    groups = [(found.group, found.kind) for found in differences(SMALL, new)]
    assert groups == [("head", "changed"), ("states", "changed"), ("acts", "changed")]


def test_what_is_unlike_was_not_renamed() -> None:
    assert renamed(SMALL.states, {"elsewhere": SMALL.states["paid"]}) == {"paid": "elsewhere"}
    assert renamed({"draft": SMALL.states["draft"]}, {"new": SMALL.states["paid"]}) == {}


def test_the_diagram_marks_what_came_and_what_went() -> None:
    new = load(edited((VISIT, ""), (SITE, ""), ("[acts.pay]", QUERY + "[acts.pay]"), CHECKED))
    lines = [line.strip() for line in diagram(SMALL, new).splitlines()]
    assert lines[0] == "stateDiagram-v2"
    assert "s1 --> s1: + Ask" in lines
    assert "s1 --> s2: - Visit the enterprise" in lines
    assert "s1 --> s2: Clear the law" in lines
    assert not [line for line in lines if line.startswith("class s")]


def test_the_diagram_colours_states() -> None:
    state = SOURCE[SOURCE.index("[states.paid]") : SOURCE.index("[states.declined]")]
    stored = state.replace("[states.paid]", "[states.stored]").replace('"Paid"', '"In the archive"')
    stored = stored.replace("We have paid", "It is stored").replace("completed", "cancelled")
    new = load(edited((state, stored), ('to = "paid"', 'to = "stored"'), ("days = 10", "days = 9")))
    drawn = diagram(SMALL, new)
    for line in (
        'state "+ In the archive" as s4\n    class s4 added',
        'state "- Paid" as s6\n    class s6 removed',
        'state "Decision" as s2\n    class s2 changed',
        "s3 --> s4: + Record the payment",
        "s3 --> s6: - Record the payment",
    ):
        assert line in drawn


def test_the_diagram_marks_acts_that_changed() -> None:
    new = load(edited(('"call_open", ', ""), ("[acts.pay]", "[acts.settle]")))
    lines = [line.strip() for line in diagram(SMALL, new).splitlines()]
    assert "s0 --> s1: ~ Submit" in lines
    assert "s3 --> s4: Record the payment" in lines


def test_labels_cannot_break_the_diagram() -> None:
    hostile = r"A \"name\"; <b> #1: of\nthe state"
    drawn = diagram(SMALL, load(edited(('officer = "Draft"', f'officer = "{hostile}"'))))
    said = "A #quot;name#quot;#59; #lt;b#gt; #35;1#58; of the state"
    assert f'state "{said}" as s0' in drawn


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param(None, "none", id="nothing"),
        pytest.param((), "none", id="an empty list"),
        pytest.param(True, "yes", id="a flag"),
        pytest.param(("lawyer", "desk_officer"), "lawyer, desk officer", id="duties"),
        pytest.param({"answers": ("lawyer",)}, "answers: lawyer", id="a table of rights"),
        pytest.param(
            SMALL.acts["approve"].branches,
            "paying when decided_for, else declined when decided_against, else stay",
            id="destinations",
        ),
    ],
)
def test_an_entry_is_told(value: object, told: str) -> None:
    assert entry(value, SMALL) == told
