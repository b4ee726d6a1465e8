"""The documents show the workflows as they are: nobody has to compare a page with a definition by eye."""

import re

import pytest

from app.bootstrap.environment import ROOT
from tests.workflows.drawn import HOSTILE, SHIPPED_ONES, every, hostile, parallel
from workflows import wording
from workflows.definition import Workflow
from workflows.pictures import drawing

AGAIN = (
    "Draw the documents again: SALURAN_DATABASE_URL=sqlite:// SALURAN_REDIS_URL=unix:///none SALURAN_SECRET_KEY=none "
    "SALURAN_STORAGE_DIR=. .venv/bin/flask --app wsgi workflow draw docs"
)
DOCS = ROOT / "docs"


def test_the_page_of_states_is_what_the_definitions_say() -> None:
    assert (DOCS / "states.md").read_text("utf-8") == drawing.page(SHIPPED_ONES), AGAIN


def test_the_officers_page_lists_the_acts_of_each_duty_as_the_definitions_have_them() -> None:
    page = (DOCS / "officers.md").read_text("utf-8")
    assert drawing.renewed(page, SHIPPED_ONES) == page, AGAIN


def test_the_pictures_are_shown_on_a_page() -> None:
    page = (DOCS / "workflows" / "README.md").read_text("utf-8")
    assert page == drawing.index(SHIPPED_ONES), AGAIN


@pytest.mark.parametrize("workflow", SHIPPED_ONES, ids=lambda workflow: workflow.name)
def test_the_mermaid_text_in_the_documents_is_what_the_definition_gives(workflow: Workflow) -> None:
    kept = DOCS / "workflows" / f"{workflow.name}.mmd"
    assert kept.read_text("utf-8") == drawing.diagram(workflow), AGAIN


def test_there_is_no_drawing_of_a_workflow_that_is_not_there() -> None:
    names = {f"{w.name}.{ending}" for w in SHIPPED_ONES for ending in ("mmd", "svg")}
    assert {file.name for file in (DOCS / "workflows").iterdir()} == {*names, "README.md"}


@pytest.mark.parametrize(
    "duty",
    sorted(
        {duty for workflow in SHIPPED_ONES for act in workflow.acts.values() for duty in act.by}
        - {"applicant", "system"}
    ),
)
def test_the_officers_page_has_a_table_for_the_duty(duty: str) -> None:
    assert f"<!-- acts of {duty} -->" in (DOCS / "officers.md").read_text("utf-8")


@pytest.mark.parametrize(
    "line",
    [
        '    state "Draft" as draft',
        "    [*] --> draft",
        "    draft --> due_diligence: Submit (applicant)",
        "    committee --> guarantee: Vote for (approver), when the votes decide for",
        "    committee --> committee: Vote for (approver), while the votes are open",
        "    due_diligence --> on_hold: Put on hold (credit officer or chair)",
        "    guarantee --> declined: Refuse the guarantee (approver of the guarantee corporation)",
        "    guarantee --> declined: Take the guarantee as refused (the system)",
        '    state "Due diligence" as due_diligence {',
        '        state "Environmental #38; social check#58; open" as due_diligence__environment__open',
        "        [*] --> due_diligence__legal__open",
        "        due_diligence__legal__open --> due_diligence__legal__in_work: Begin the legal check (credit officer)",
        "        due_diligence__legal__done --> [*]",
        "        --",
        '    state "Agreement signed (end, completed)" as signed',
        "    signed --> [*]",
        "    note right of due_diligence",
        "        20 working days#59; warning 5 days before#59; when late to the chair#59; one extension of 10 days",
        "        15 working days#59; then “Take the guarantee as refused”",
        "    class declined declinedEnd",
    ],
)
def test_the_diagram_draws(line: str) -> None:
    assert line in drawing.diagram(parallel()).splitlines()


@pytest.mark.parametrize("workflow", [*every()])
def test_every_arrow_of_a_definition_is_in_the_diagram(workflow: Workflow) -> None:
    lines = drawing.diagram(workflow).splitlines()
    roads = [line.strip().partition(": ")[0] for line in lines if " --> " in line]
    for arrow in wording.arrows(workflow):
        if arrow.act.strand and arrow.source == arrow.target:
            key = f"{arrow.source}__{arrow.act.strand}__"
            named = [f"{key}{step} --> {key}{arrow.act.step_to}" for step in arrow.act.step_from]
            assert set(named) <= set(roads)
        else:
            assert f"{arrow.source} --> {arrow.target}" in roads
    outer = [line for line in lines if re.match(r"    \w[\w-]* --> \w", line)]
    drawn = [a for a in wording.arrows(workflow) if not a.act.strand or a.source != a.target]
    assert len(outer) == len(drawn)


def test_a_hostile_name_stays_within_its_name() -> None:
    words = re.compile(r"(state \"|: |^        )[^\"<>`|&%;]*((#\d+;)[^\"<>`|&%;]*)*(\" as |$)")
    shown = [line for line in drawing.diagram(hostile()).splitlines() if "script" in line]
    assert len(shown) > 20
    for line in shown:
        assert words.search(line)
        assert line.count("-->") == line.partition(": ")[0].count("-->") <= 1
        assert "\u202e" not in line


def test_a_hostile_name_is_on_one_line_of_a_page() -> None:
    page = drawing.page([hostile()])
    assert "\u202e" not in page
    assert f"## {wording.clean(HOSTILE)}" in page.splitlines()


def test_only_what_stands_between_the_marks_is_made_anew() -> None:
    page = "before\n<!-- acts of system -->\nold\n<!-- end -->\nafter\n"
    renewed = drawing.renewed(page, [parallel()])
    assert renewed.startswith("before\n<!-- acts of system -->\n\n| act |")
    assert renewed.endswith(" |\n\n<!-- end -->\nafter\n")
    assert (
        "| `deem_refused` | Take the guarantee as refused | `guarantee` | `declined` |" in renewed
    )
    assert "old" not in renewed


@pytest.mark.parametrize(
    "said",
    [
        "## A loan with two institutions: parallel checks, a committee & a guarantor",
        "It begins at “Draft”, passes Application → Appraisal → Decision → Agreement,",
        "](parallel.svg)",
        "](parallel.mmd)",
    ],
)
def test_the_index_shows(said: str) -> None:
    assert said in drawing.index([parallel()])
