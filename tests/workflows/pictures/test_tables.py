"""The tables of a workflow: every word of the vocabulary can be read in them."""

from dataclasses import replace

import pytest

from tests.workflows.drawn import parallel
from workflows.definition import Band
from workflows.format.loading import shipped
from workflows.pictures import tables

PARALLEL = parallel()
DECLARED = "\n".join(tables.declared(PARALLEL))


@pytest.mark.parametrize(
    ("table", "row"),
    [
        pytest.param(
            tables.states(PARALLEL),
            "| `committee` | Credit committee | A committee decides | A committee decides | Decision | agency "
            "| 10 working days; warning 2 days before; when late to the chair |  |",
            id="a state has its three names, its stage, its holder and its clock",
        ),
        pytest.param(
            tables.states(PARALLEL),
            "| `signed` | Agreement signed | Signed | You sign | Agreement | nobody | none "
            "| end: completed, money may move |",
            id="an end says how it ended, and where money may move",
        ),
        pytest.param(
            tables.acts(PARALLEL),
            "| `hold` | Put on hold | credit officer or chair, as credit officer | `due_diligence`, `committee`, "
            "`guarantee` | `on_hold` |  | reasons, note |  | ends the parallel work |",
            id="an act of two duties says in which part they stand, and what is asked for",
        ),
        pytest.param(
            tables.acts(PARALLEL),
            "| `end_legal` | End the legal check | credit officer | `due_diligence` | `committee` when the parallel "
            "work is done; `stay` while other work is open |  | The legal opinion |  | Legal check: in work → done |",
            id="an act of parallel work says what is to be attached and which step it is",
        ),
        pytest.param(
            tables.acts(PARALLEL),
            "| `refuse` | Refuse the guarantee | approver of the guarantee corporation | `guarantee` | `declined` "
            "|  | reasons | `decline` | makes void: Award |",
            id="an act of another institution says whose it is and what it makes void",
        ),
        pytest.param(
            tables.acts(PARALLEL),
            "| `extend` | Extend the time | chair | `due_diligence` | `stay` |  |  |  | the clock is extended |",
            id="an act says what it does to the clock",
        ),
        pytest.param(
            tables.acts(PARALLEL),
            "| `end_environment` | End the environmental check | environment officer | `due_diligence` | `committee` "
            "when the parallel work is done; `stay` while other work is open | `switch:environment` |  |  "
            "| Environmental & social check: open → done |",
            id="a switch is named as the guard it is",
        ),
        pytest.param(
            DECLARED,
            "| up to MYR\u00a0100,000.00 | any | approver | 1 of 1 | 1 |",
            id="a band has its amount with its currency",
        ),
        pytest.param(
            DECLARED,
            "| above MYR\u00a0100,000.00 | any | approver of Credit committee | majority of 3 | 2 |",
            id="a band says which body decides and how many",
        ),
        pytest.param(
            DECLARED,
            "An equal vote is decided by the vote of the chair. A vote against ends it when it comes from: chair.",
            id="a decision says what an equal vote means and who has a veto",
        ),
        pytest.param(
            DECLARED,
            "| `legal` | Legal check | `due_diligence` | open → in work → done |",
            id="parallel work has its steps",
        ),
        pytest.param(
            DECLARED,
            "| `guarantor` | the guarantee corporation | what its duties see |",
            id="another institution has its label",
        ),
        pytest.param(DECLARED, "| `credit_officer` | credit officer |", id="a duty has its label"),
        pytest.param(
            DECLARED,
            "| `environment` | The scheme asks for an environmental check. | Scheme rules, 4.2 |",
            id="a switch has its sentence and clause",
        ),
        pytest.param(
            DECLARED, "| any | answers | officers or applicant |  |", id="who sees a thing"
        ),
        pytest.param(
            DECLARED,
            "| `draft` | answers |  | applicant |",
            id="who changes a thing in which state",
        ),
    ],
)
def test_a_row_of_a_table(table: str, row: str) -> None:
    assert row in table.splitlines()


@pytest.mark.parametrize(
    ("band", "amount"),
    [
        pytest.param(
            Band("", "", 0, None, "approver", "", 1, 1), "without an amount", id="no amount"
        ),
        pytest.param(Band("VND", "", 0, None, "approver", "", 1, 1), "any in VND", id="any amount"),
        pytest.param(
            Band("VND", "", 5, 900, "approver", "", 1, 1),
            "above VND\u00a05 up to VND\u00a0900",
            id="between two",
        ),
    ],
)
def test_the_amounts_of_a_band(band: Band, amount: str) -> None:
    award = replace(PARALLEL.decisions["award"], bands=(band,))
    assert f"| {amount} |" in tables.matrix(PARALLEL, award)


def test_the_same_act_in_two_workflows_is_one_row() -> None:
    found = tables.acts_of("desk_officer", [shipped("grant"), shipped("loan")]).splitlines()
    named = [row for row in found if row.startswith("| `take_up` ")]
    assert [row.endswith("| grant, loan |") for row in named] == [True]


def test_a_stroke_in_a_cell_does_not_end_it() -> None:
    assert tables.table(("a",), [("x | y",)]).endswith(r"| x \| y |")
