"""The documents keep up with the program: what is there is named, what is shown runs, what is linked exists."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import create_app
from app.bootstrap.environment import ROOT
from app.db import Model
from app.letters.render.letter import KINDS
from config import Settings
from workflows.evidence.chain import canonical, leaf_hash
from workflows.format.loading import SHIPPED, shipped

WORKFLOWS = [shipped(file.stem) for file in sorted(SHIPPED.glob("*.toml"))]
PAGES = sorted((ROOT / "docs").glob("*.md"))
VERIFIER = re.compile(r"```python\n(.*?)```", re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^]]*\]\((?!https?:)([^)#]+)")
WRITTEN_ONCE = re.compile(r"UNCHANGEABLE = \((.*?)\)", re.DOTALL)


def text() -> str:
    """Return every page of the documents."""
    return "\n".join(page.read_text() for page in PAGES)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("state", {name for workflow in WORKFLOWS for name in workflow.states}),
        ("act", {name for workflow in WORKFLOWS for name in workflow.acts}),
        ("letter", set(KINDS)),
    ],
)
def test_the_documents_name_every(kind: str, names: set[str]) -> None:
    pages = text()
    assert {name for name in names if f"`{name}`" not in pages} == set()


def test_the_operators_page_lists_every_setting() -> None:
    settings = set(re.findall(r"SALURAN_[A-Z_]+", (ROOT / "config.py").read_text()))
    page = (ROOT / "docs" / "operators.md").read_text()
    listed = set(re.findall(r"^\| `(SALURAN_[A-Z_]+)`", page, re.MULTILINE))
    assert listed == settings


def test_the_operators_page_shows_the_grants_that_are_shipped() -> None:
    grants = (ROOT / "deploy" / "grants.sql").read_text().rstrip()
    assert grants in (ROOT / "docs" / "operators.md").read_text()


def granted(right: str, tmp_path: Path) -> set[str]:
    """Return the tables on which the application's role has a right."""
    create_app(Settings.for_tests(f"sqlite:///{tmp_path / 'unused.db'}", "unix:///none", tmp_path))
    grants = (ROOT / "deploy" / "grants.sql").read_text()
    statements = [
        # A right on single columns is none on the table.
        sql
        for sql in grants.split(";")
        if re.search(rf"(GRANT|,) {right}(?! \()", sql)
    ]
    words = set(re.findall(r"\w+", " ".join(sql.split(" ON\n")[-1] for sql in statements)))
    return words & set(Model.metadata.tables)


def test_the_application_may_write_every_table(tmp_path: Path) -> None:
    assert granted("INSERT", tmp_path) == set(Model.metadata.tables)


def test_the_application_may_not_change_what_is_written_once(tmp_path: Path) -> None:
    versions = sorted((ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    lists = [WRITTEN_ONCE.search(version.read_text()) for version in versions]
    once = {name for found in lists if found for name in re.findall(r'"(\w+)"', found[1])}
    assert {"event", "ballot"} <= once
    assert granted("UPDATE", tmp_path) & once == set()


@pytest.mark.parametrize(
    "page",
    [*PAGES, *sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs" / "decisions").glob("*.md"))],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def chain() -> list[str]:
    """Return the lines of an export: two cases, of three events and of one."""
    lines, last = [], ""
    for seq in (1, 2, 3):
        lines.append(canonical({"stream": "A-1", "seq": seq, "prev": last, "type": "ví dụ"}))
        last = leaf_hash(lines[-1])
    return [*lines, canonical({"stream": "B-1", "seq": 1, "prev": "", "type": "submit"})]


def verified(lines: list[str], folder: Path) -> tuple[int, str]:
    """Run the ten lines of the auditors' page on an export; return their exit status and what they say."""
    found = VERIFIER.search((ROOT / "docs" / "auditors.md").read_text())
    assert found is not None
    export = folder / "trail.jsonl"
    export.write_text("".join(line + "\n" for line in lines))
    command = [sys.executable, "-I", "-c", found[1], str(export)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.returncode, answer.stdout + answer.stderr


def test_the_ten_lines_print_the_end_of_every_chain(tmp_path: Path) -> None:
    lines = chain()
    expected = f"A-1 3 {leaf_hash(lines[2])}\nB-1 1 {leaf_hash(lines[3])}\n"
    assert verified(lines, tmp_path) == (0, expected)


def edited(line: str) -> str:
    """Return a record with another type, written as canonically as before."""
    return canonical({**json.loads(line), "type": "changed"})


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        pytest.param([edited(chain()[0]), *chain()[1:]], "A-1 event 2", id="a record was changed"),
        pytest.param([chain()[0], *chain()[2:]], "A-1 event 3", id="an event is missing"),
        pytest.param(chain()[1:], "A-1 event 2", id="the first event is missing"),
        pytest.param([chain()[1], chain()[0]], "A-1 event 2", id="two events changed places"),
        pytest.param([chain()[0], chain()[0]], "A-1 event 1", id="an event stands twice"),
    ],
)
def test_the_ten_lines_find_where_a_chain_does_not_hold(
    lines: list[str], place: str, tmp_path: Path
) -> None:
    assert verified(lines, tmp_path) == (
        1,
        f"{place}: does not follow the one before it\n",
    )
