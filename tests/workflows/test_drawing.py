"""The documents show the workflows as they are: nobody has to compare a page with a definition by eye."""

import pytest

from app.bootstrap.environment import ROOT
from workflows import drawing
from workflows.loading import SHIPPED, load, shipped

WORKFLOWS = [shipped(file.stem) for file in sorted(SHIPPED.glob("*.toml"))]
AGAIN = (
    "Draw the documents again: SALURAN_DATABASE_URL=sqlite:// SALURAN_REDIS_URL=unix:///none SALURAN_SECRET_KEY=none "
    "SALURAN_STORAGE_DIR=. .venv/bin/flask --app wsgi workflow draw docs"
)
SMALL = load(
    """
    name = "small"
    version = 3
    title = "A small one"
    initial = "open"
    [states.open]
    officer = 'Open "now"'
    applicant = "You | we"
    before = "It opens"
    stage = "First"
    holder = "agency"
    clock = {days = 4, unit = "working", expires = "shut"}
    [states.closed]
    officer = "Closed"
    applicant = "Closed"
    holder = "nobody"
    clock = "none"
    end = true
    [acts.look]
    label = "Look"
    event = "Looked"
    from = ["open"]
    to = [{state = "closed", when = "last_condition"}, {state = "open"}]
    by = "payment_officer"
    part = "payment_maker"
    guards = ["within_award", "file_unchanged"]
    reasons = "required"
    letter = "decline"
    [acts.shut]
    label = "Shut"
    event = "Shut"
    from = ["open"]
    to = "closed"
    by = "system"
    """
)


def test_the_page_of_states_is_what_the_definitions_say() -> None:
    assert (ROOT / "docs" / "states.md").read_text() == drawing.page(WORKFLOWS), AGAIN


def test_the_officers_page_lists_the_acts_of_each_duty_as_the_definitions_have_them() -> None:
    page = (ROOT / "docs" / "officers.md").read_text()
    assert drawing.renewed(page, WORKFLOWS) == page, AGAIN


@pytest.mark.parametrize(
    "duty",
    sorted(
        {act.by for workflow in WORKFLOWS for act in workflow.acts.values()}
        - {"applicant", "system"}
    ),
)
def test_the_officers_page_has_a_table_for_the_duty(duty: str) -> None:
    assert f"<!-- acts of {duty} -->" in (ROOT / "docs" / "officers.md").read_text()


@pytest.mark.parametrize(
    "line",
    [
        '    state "Open #quot;now#quot;" as open',
        "    [*] --> open",
        "    open --> closed: look when last_condition",
        "    open --> open: look",
        "    open --> closed: shut",
        "    closed --> [*]",
    ],
)
def test_the_diagram_draws(line: str) -> None:
    assert line in drawing.diagram(SMALL).splitlines()


@pytest.mark.parametrize(
    ("table", "row"),
    [
        pytest.param(
            drawing.states(SMALL),
            r'| `open` | Open "now" | You \| we | It opens | First | agency | 4 working days, then `shut` |',
            id="a state has its three names, its holder and its clock",
        ),
        pytest.param(
            drawing.states(SMALL),
            "| `closed` | Closed | Closed |  |  | nobody | none |",
            id="a state without a clock says none",
        ),
        pytest.param(
            drawing.acts(SMALL),
            "| `look` | Look | payment_officer as payment_maker | `open` | `closed` when `last_condition`, else `open` "
            "| `within_award`, `file_unchanged` | required | `decline` |",
            id="an act says who stands where, the guards, the reasons and the letter",
        ),
        pytest.param(
            drawing.acts(SMALL),
            "| `shut` | Shut | system | `open` | `closed` |  |  |  |",
            id="an act of the system has no part",
        ),
    ],
)
def test_a_row_of_a_table(table: str, row: str) -> None:
    assert row in table.splitlines()


def test_the_same_act_in_two_workflows_is_one_row() -> None:
    rows = drawing.acts_of("desk_officer", [shipped("grant"), shipped("loan")]).splitlines()
    named = [row for row in rows if row.startswith("| `take_up` ")]
    assert [row.endswith("| grant, loan |") for row in named] == [True]


def test_only_what_stands_between_the_marks_is_made_anew() -> None:
    page = "before\n<!-- acts of system -->\nold\n<!-- end -->\nafter\n"
    renewed = drawing.renewed(page, [SMALL])
    assert renewed.startswith("before\n<!-- acts of system -->\n\n| act |")
    assert renewed.endswith(
        "| `shut` | Shut | `open` | `closed` |  |  |  | small |\n\n<!-- end -->\nafter\n"
    )
    assert "old" not in renewed
