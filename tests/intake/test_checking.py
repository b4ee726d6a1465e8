"""What is wrong with the rows of a file: every reason, each in its column, and nothing of the file is saved."""

from typing import Any

import pytest
from sqlalchemy import func, select

from app.accounts.commands import relate
from app.accounts.models import Enterprise, Person
from app.applications.models import Application
from app.db import db, transaction
from app.intake import queries
from app.intake.compose.checking import Checked, check
from app.schemes.models import Call, Scheme
from tests.answers import GRANT, GRANT_ANSWERS
from tests.factories import close
from tests.intake.files import as_csv, as_xlsx, paper
from tests.world import World

KOPI, ROTI = "201901000005", "202001000006"


def checked(world: World, content: bytes) -> Checked:
    call, officer = queries.call(GRANT, actor=world.desk), world.desk
    return check(call, content, officer, lambda _done, _total: None)


def told(found: Checked) -> dict[tuple[int, str], str]:
    """Return what is wrong by row and column, several sentences behind each other."""
    said: dict[tuple[int, str], str] = {}
    for fault in found.faults:
        place = (fault.row, fault.column)
        said[place] = " ".join(filter(None, (said.get(place), fault.sentence)))
    return said


def expect(found: Checked, wrong: dict[str, str], row: int = 2) -> None:
    """Expect faults in exactly these columns of one row, with these words."""
    said = told(found)
    assert said.keys() == {(row, name) for name in wrong}, said
    assert all(words in said[row, name] for name, words in wrong.items()), said


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"paper_reference": ""}, {"paper_reference": "empty"}, id="without a number"),
        pytest.param({"paper_reference": "P" * 61}, {"paper_reference": "at most 60"}, id="long"),
        pytest.param({"archive": ""}, {"archive": "empty"}, id="no place where the paper is kept"),
        pytest.param({"received_at": "2026-03-02"}, {"received_at": "day and time"}, id="no time"),
        pytest.param({"received_at": "2026-02-30 10:00"}, {"received_at": "day and"}, id="no day"),
        pytest.param(
            {"received_at": "2026-03-02 10:00+00:00"}, {"received_at": "local"}, id="an offset"
        ),
        pytest.param({"received_at": "2999-01-01 10:00"}, {"received_at": "future"}, id="tomorrow"),
        pytest.param(
            {"received_at": "2025-12-31 23:59:59"},
            {"received_at": "opened at 00:00:00 on 1 January 2026"},
            id="a second before the call opens",
        ),
        pytest.param({"received_at": "2026-01-01 00:00"}, {}, id="the moment it opens"),
        pytest.param(
            {"registry_number": "12"}, {"registry_number": "This is no"}, id="no such number"
        ),
        pytest.param({"contact_email": "rahim"}, {"contact_email": "e-mail"}, id="no address"),
        pytest.param(
            {"contact_email": "applicant.my@world.example"},
            {"contact_email": "somebody else"},
            id="the address of somebody else",
        ),
        pytest.param(
            {"contact_email": "Desk.MY@world.example"},
            {"contact_email": "somebody else"},
            id="the address of an officer",
        ),
        pytest.param(
            {"registry_number": KOPI, "contact_email": "APPLICANT.my@world.example"},
            {},
            id="an enterprise and its person that are known",
        ),
        pytest.param({"registry_number": "2019 0100 0005"}, {}, id="a number written with blanks"),
        pytest.param(
            {"enterprise_language": "malay?"}, {"enterprise_language": "tag"}, id="no tag"
        ),
        pytest.param({"contact_name": "A\x07B"}, {"contact_name": "control"}, id="a bell"),
        pytest.param({"employees": "many"}, {"employees": "whole number"}, id="words for a number"),
        pytest.param({"sector": "farming"}, {"sector": "options"}, id="no such choice"),
        pytest.param({"truth": ""}, {"truth": "Confirm"}, id="not declared"),
        pytest.param({"amount": "300000"}, {"amount": "at most", "": "("}, id="above the ceiling"),
        pytest.param(
            {"documents__quotation": "1"}, {"documents.quotation": "at least 2"}, id="one"
        ),
        pytest.param({"documents__quotation": "two"}, {"documents.quotation": "from 0"}, id="two"),
        pytest.param({"started": "yes"}, {"": "retrospect"}, id="not eligible"),
        pytest.param(
            {"received_at": "", "employees": "x", "documents__specification": "0", "archive": ""},
            {
                "received_at": "empty",
                "archive": "empty",
                "employees": "whole number",
                "documents.specification": "at least 1",
            },
            id="every reason is told",
        ),
    ],
)
def test_a_row(world: World, changed: dict[str, Any], wrong: dict[str, str]) -> None:
    expect(checked(world, as_csv(paper(1, **changed))), wrong)
    assert db.session.scalar(select(func.count(Application.id))) == 0


def test_every_bad_row_is_told_of(world: World) -> None:
    rows = (paper(1), paper(2, amount=""), paper(3), paper(4, sector="x", truth="no"))
    places = [(fault.row, fault.column) for fault in checked(world, as_csv(*rows)).faults]
    assert places == [(3, "amount"), (5, "sector"), (5, "truth")]


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in paper().items() if key != name}


def doubled_header() -> bytes:
    head, row = as_csv(paper()).split(b"\n", 1)
    return head.rstrip(b"\r") + b",amount\r\n" + row.rstrip() + b",1\r\n"


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        pytest.param(
            as_csv(paper(1, amounts="1"), paper(2, amounts="")),
            {"amounts": "no such column. Is amount meant?"},
            id="an unknown column",
        ),
        pytest.param(as_csv(without("amount")), {"amount": "missing"}, id="a missing answer"),
        pytest.param(as_csv(without("archive")), {"archive": "missing"}, id="a missing column"),
        pytest.param(
            as_csv(without("documents.quotation")),
            {"documents.quotation": "missing"},
            id="documents nobody counted",
        ),
        pytest.param(doubled_header(), {"amount": "2 times"}, id="a column twice"),
        pytest.param(as_csv({"": "x", **paper()}), {"": "Column 1 has no name"}, id="no name"),
    ],
)
def test_the_first_row_is_told_of_once(world: World, content: bytes, wrong: dict[str, str]) -> None:
    said = {name: words for (row, name), words in told(checked(world, content)).items() if row == 1}
    assert said.keys() == wrong.keys()
    assert all(wrong[name] in said[name] for name in wrong), said


def test_a_row_with_more_cells_than_names_is_refused(world: World) -> None:
    content = as_csv(paper()).rstrip() + b",more\r\n"
    expect(checked(world, content), {"": "more cells"})


def test_a_formula_is_told_of_in_its_column(world: World) -> None:
    expect(checked(world, as_xlsx(paper(1, amount="=1+1"))), {"amount": "formula"})


TWICE = {
    "the same number twice": (
        {"paper_reference": "P-1"},
        {"paper_reference": "Row 2 has the same"},
    ),
    "one address for two enterprises": (
        {"contact_email": "rahim1@kertas.example"},
        {"contact_email": "Row 2 has this e-mail address"},
    ),
}


@pytest.mark.parametrize(("changed", "wrong"), TWICE.values(), ids=TWICE.keys())
def test_two_rows_of_a_file(world: World, changed: dict[str, str], wrong: dict[str, str]) -> None:
    expect(checked(world, as_csv(paper(1), paper(2, **changed))), wrong, row=3)


def set_status(status: str) -> None:
    with transaction():
        db.session.scalars(select(Scheme).where(Scheme.code == "MY-BAP")).one().status = status


def test_a_paper_counts_when_it_was_received_in_time(world: World) -> None:
    close(GRANT, "2026-03-02T16:45:00+08:00")
    late = checked(world, as_csv(paper(1), paper(2, received_at="2026-03-02 16:44:59")))
    expect(late, {"received_at": "closed at 16:45:00 on 2 March 2026"})
    assert db.session.scalars(select(Call).where(Call.code == GRANT)).one().closes_at is not None


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_nothing_is_lodged_under_a_scheme_that_is_not_open(world: World, status: str) -> None:
    set_status(status)
    (fault,) = checked(world, as_csv(paper())).faults
    assert (fault.row, status in fault.sentence) == (0, True), fault


def test_nothing_is_lodged_by_whom_the_enterprise_is_close_to(world: World) -> None:
    roti = db.session.scalars(select(Enterprise).where(Enterprise.registry_number == ROTI)).one()
    with transaction():
        relate(world.desk, roti.id, "Owns a share.")
    rows = as_csv(paper(1, registry_number=ROTI))
    expect(checked(world, rows), {"": "connected with this enterprise"})


def test_who_has_left_is_not_taken_for_a_contact(world: World) -> None:
    with transaction():
        world.person("rival.my").active = False
    row = paper(1, registry_number=ROTI, contact_email="rival.my@world.example")
    expect(checked(world, as_csv(row)), {"contact_email": "has left"})
    assert db.session.scalar(select(func.count(Person.id)))


def test_the_answers_are_read_as_the_form_reads_them(world: World) -> None:
    (row,) = checked(world, as_csv(paper())).rows
    assert row.answers == GRANT_ANSWERS
    assert row.values["turnover"] == "2400000.00"


def test_however_a_file_was_written_it_says_the_same(world: World) -> None:
    row = {**paper(), "employees": 24, "project_cost": 160000, "amount": 80000.0}
    written = (as_csv(paper()), as_csv(paper(), delimiter=";"), as_xlsx(row))
    assert len({checked(world, content).rows[0].sha256 for content in written}) == 1
    assert checked(world, as_csv(paper(1, employees="25"))).rows[0].sha256 != (
        checked(world, as_csv(paper())).rows[0].sha256
    )
