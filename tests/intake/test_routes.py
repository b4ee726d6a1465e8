"""The page, the interface and the command of desk officers: a file, how far it is, what came of it; for nobody else."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from app import worker
from app.applications.commands import declare
from app.db import db, transaction
from app.intake.compose import read
from app.intake.models import Batch
from app.trail.queries import events_of
from tests.answers import GRANT, LOAN
from tests.intake.files import as_csv, as_xlsx, paper
from tests.intake.importing import asked, cases, count, entry_of, imported
from tests.interface import API, Interface, problem
from tests.pages.browser import Browser
from tests.world import World

pytestmark = pytest.mark.one_database

GOOD, BAD = as_csv(paper(1), paper(2)), as_csv(paper(1), paper(2, amount="=cmd|' /C calc'!A0"))


def send(browser: Browser, content: bytes, call: str = GRANT, name: str = "papers.csv"):
    return browser.post("/imports", {"call": call, "file": (io.BytesIO(content), name)})


def test_a_file_is_sent_at_the_page_and_told_of_until_it_is_imported(world: World) -> None:
    browser = Browser(world.app, "desk.my")
    answer = send(browser, GOOD)
    assert answer.status_code == 303, answer.text
    place = answer.headers["Location"]
    number = int(place.rpartition("/")[2])
    page = browser.get(place)
    assert page.headers["Refresh"] == "5"
    assert "waiting to be read" in page.text
    with transaction():
        db.session.execute(update(Batch).values(state="running", done=1, total=2))
    page = browser.get(place)
    assert '<progress max="2" value="1"' in page.text
    assert "1 of 2 rows are checked" in page.text
    assert worker.run(entry_of(number)) == "done"
    page = browser.get(place)
    assert "Refresh" not in page.headers
    assert "2 applications were imported" in page.text
    assert f"/cases/{GRANT}-00001" in page.text
    assert "papers.csv" in browser.get("/imports").text
    case = browser.get(f"/cases/{GRANT}-00001").text
    assert "Received on 2 March 2026, 16:45 under the number P-1. Kept: Room 2, shelf 14." in case
    assert "Quotations for the cost: 2" in case


def test_a_report_is_shown_and_can_be_downloaded_without_a_formula(world: World) -> None:
    formula = "=cmd|' /C calc'!A0"
    found = imported(world, as_csv({**paper(1, archive=""), formula: "x"}))
    browser = Browser(world.app, "desk.my")
    page = browser.get(f"/imports/{found.id}").text
    assert "Nothing was imported" in page
    assert "2 mistakes in 2 rows" in page
    table = browser.get(f"/imports/{found.id}.csv")
    assert table.mimetype == "text/csv"
    lines = list(csv.reader(io.StringIO(table.text)))
    assert lines == [
        ["row", "column", "result"],
        ["1", f"'{formula}", "The scheme has no such column."],
        ["2", "archive", "This is empty."],
    ]


WRONG = {
    "no call": ({"call": ""}, GOOD, 422, "Choose the call"),
    "no file": ({}, b"", 422, "Choose a file"),
    "a call of another agency": ({"call": LOAN}, GOOD, 404, "no call"),
    "a call nobody has": ({"call": "MY-NONE"}, GOOD, 404, "no call"),
}


@pytest.mark.parametrize(("sent", "content", "status", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_form_that_is_wrong_is_shown_again(world, sent, content, status, said) -> None:
    answer = send(Browser(world.app, "desk.my"), content, **sent)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_a_file_sent_twice_through_the_interface_is_one_import(world: World) -> None:
    program = Interface(world.app, "desk.my")
    key = {"Idempotency-Key": "0123456789abcdef"}

    def sent(content: bytes):
        # The same separator, as a client that sends its request again.
        body = (
            b'--b\r\nContent-Disposition: form-data; name="call"\r\n\r\n'
            + GRANT.encode()
            + b'\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="p.xlsx"\r\n\r\n'
            + content
            + b"\r\n--b--\r\n"
        )
        kind = "multipart/form-data; boundary=b"
        return program.send(
            "POST", f"{API}/imports", data=body, headers={**key, "Content-Type": kind}
        )

    content = as_xlsx(paper(1))
    first, second = sent(content), sent(content)
    assert (first.status_code, first.data) == (202, second.data), first.text
    problem(sent(as_xlsx(paper(2))), 422)
    number = first.get_json()["id"]
    assert worker.run(entry_of(number)) == "done"
    told = program.get(f"{API}/imports/{number}").get_json()
    assert (told["state"], told["done"], told["total"], count()) == ("imported", 1, 1, 1)
    assert told["report"][0]["reference"] == f"{GRANT}-00001"
    assert [one["id"] for one in program.get(f"{API}/imports").get_json()["imports"]] == [number]


NOT_FOR = ("desk.vn", "maker.my", "auditor.my", "assessor.my")


def test_there_is_nothing_for_anybody_else(world: World) -> None:
    number = asked(world, GOOD)
    before = db.session.get_one(Batch, number).state
    for name in NOT_FOR:
        browser, program = Browser(world.app, name), Interface(world.app, name)
        for path in (
            f"/imports/{number}",
            f"/imports/{number}.csv",
            f"/imports/templates/{GRANT}.csv",
        ):
            assert browser.get(path).status_code == 404, (name, path)
        assert program.get(f"{API}/imports/{number}").status_code == 404, name
        assert send(browser, GOOD).status_code == 404, name
        key = {"Idempotency-Key": "0123456789abcdef"}
        data = {"call": GRANT, "file": (io.BytesIO(GOOD), "a.csv")}
        assert program.send("POST", f"{API}/imports", data=data, headers=key).status_code == 404
    for name in NOT_FOR[1:]:
        assert Browser(world.app, name).get("/imports").status_code == 404
        assert Interface(world.app, name).get(f"{API}/imports").status_code == 404
    assert Browser(world.app, "applicant.my").get("/imports").status_code == 403
    assert db.session.get_one(Batch, number, populate_existing=True).state == before


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_template_names_every_column_and_can_be_filled_in(world: World, kind: str) -> None:
    answer = Browser(world.app, "desk.my").get(f"/imports/templates/{GRANT}.{kind}")
    assert f'filename="{GRANT}.{kind}"' in answer.headers["Content-Disposition"]
    if kind == "csv":
        head, hints = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    else:
        sheet = load_workbook(io.BytesIO(answer.data)).active
        head, hints = ([cell.value for cell in row] for row in sheet.iter_rows())
    row = paper()
    assert set(head) == set(row)
    assert all(hints)
    filled = as_csv(dict(zip(head, hints, strict=True)), {name: row[name] for name in head})
    assert len(read(filled).lines) == 2
    assert [line["row"] for line in imported(world, filled).report] == [3]


# The command


def run(world: World, *arguments: str):
    return world.app.test_cli_runner().invoke(args=["applications", *arguments])


def command(world: World, file: Path, *more: str, officer: str = "desk.my"):
    who = f"{officer}@world.example"
    return run(world, "import", str(file), "--call", GRANT, "--officer", who, *more)


def test_the_command_imports_a_file_and_says_what_came_of_it(world: World, tmp_path: Path) -> None:
    file, report = tmp_path / "papers.csv", tmp_path / "report.csv"
    file.write_bytes(GOOD)
    answer = command(world, file, "--report", str(report))
    assert answer.exit_code == 0, answer.output
    assert "2 of 2 rows are checked." in answer.output
    assert f"row 2: Imported as {GRANT}-00001" in answer.output
    assert "2 imported, 0 imported before." in answer.output
    assert len(report.read_text(encoding="utf-8").splitlines()) == 3
    assert "0 imported, 2 imported before." in command(world, file).output
    kinds = [event.kind for event in events_of("agency:MY-SMECORP")][-4:]
    assert kinds == ["import_applications", "import_ended"] * 2


def test_the_command_refuses_a_file_with_every_reason(world: World, tmp_path: Path) -> None:
    file = tmp_path / "papers.csv"
    file.write_bytes(BAD)
    answer = command(world, file)
    assert answer.exit_code == 1
    assert "row 3, amount: " in answer.output
    assert "Nothing was imported; mistakes: 1." in answer.output
    assert count() == 0


@pytest.mark.parametrize(
    ("officer", "said"),
    [
        pytest.param("nobody", "Nobody signs in as", id="nobody"),
        pytest.param("maker.my", "nothing here for you", id="no desk officer"),
        pytest.param("desk.vn", "no call", id="of another agency"),
    ],
)
def test_the_command_is_for_desk_officers(world: World, tmp_path: Path, officer, said) -> None:
    file = tmp_path / "papers.csv"
    file.write_bytes(GOOD)
    answer = command(world, file, officer=officer)
    assert (answer.exit_code, said in answer.output) == (1, True), answer.output
    assert count() == 0


def test_the_command_writes_a_template(world: World, tmp_path: Path) -> None:
    target = tmp_path / "template.xlsx"
    answer = run(world, "template", GRANT, "--format", "xlsx", "--to", str(target))
    assert answer.exit_code == 0, answer.output
    assert target.read_bytes().startswith(b"PK")
    assert "paper_reference" in run(world, "template", GRANT).output
    assert "There is no call" in run(world, "template", "MY-NONE").output


def test_a_report_names_no_case_that_is_hidden(world: World) -> None:
    found = imported(world, as_csv(paper()))
    (reference,) = cases(found)
    pages = (f"/imports/{found.id}", f"/imports/{found.id}.csv", f"{API}/imports/{found.id}")
    with transaction():
        declare(reference, "A cousin.", actor=world.desk_two)
    for name, named in (("desk.my", True), ("desk_two.my", False)):
        for page in pages:
            who = Interface(world.app, name) if page.startswith(API) else Browser(world.app, name)
            text = who.get(page).text
            assert (reference in text) is named, (name, page)
            assert ("a case that is not for you" in text) is not named, (name, page)


def test_the_cases_of_an_import_are_in_the_queue(world: World) -> None:
    (reference,) = cases(imported(world, as_csv(paper())))
    assert reference in Browser(world.app, "desk.my").get("/queue").text
