"""Schemes from the command line: checked, loaded, listed, shown, suspended and reopened."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.db import db
from app.schemes import queries
from app.schemes.commands import CATALOGUE, catalogue
from app.schemes.compose.whole import code_in
from app.schemes.models import Call, Scheme
from tests.answers import GRANT as CALL
from tests.cli.test_commands import run, written
from tests.schemes.texts import GRANT, changed, table
from tests.world import World

pytestmark = pytest.mark.one_database


def test_loading_the_schemes_twice_is_once_and_says_which_are_left_out(world: World) -> None:
    def published() -> tuple[int | None, ...]:
        return tuple(db.session.scalar(select(func.count()).select_from(t)) for t in (Scheme, Call))

    counts = []
    for _ in range(2):
        answer = run(world, "scheme", "load")
        counts.append(published())
        assert answer.exit_code == 0
        assert "MY-BAP version 4: Business Accelerator Programme" in answer.output
        assert "VN-SMEDF version 4" in answer.output
        left = [code for code in map(code_in, catalogue()) if queries.newest_scheme(code) is None]
        for code in left:
            assert f"{code} is left out: not registered: " in answer.output
    assert counts[0] == counts[1]


def test_the_shipped_schemes_are_in_order(world: World) -> None:
    files = [str(path) for path in sorted(CATALOGUE.glob("*.toml"))]
    answer = run(world, "scheme", "check", *files)
    assert (answer.exit_code, answer.output) == (0, f"{len(files)} files are in order.\n")


CHECKS = [
    pytest.param(
        changed(GRANT, ('ceiling = "200000.00"', "ceiling = 200000.0"), ('currency = "MYR"', 'currency = "MYR"\ncolour = "red"'), ("assessments = 2", 'assessments = "two"')),
        ["ceiling:", "colour:", "assessments:"],
        id="what is no scheme",
    ),
    pytest.param(
        changed(GRANT, ("weight_pct = 40", "weight_pct = 39"), ('ceiling = "guideline"\n', ""), table("[clocks.moon]", "days = 1", 'unit = "working"')),
        ["criteria: the weights must sum to 100.", "basis: ceiling is missing", "basis: clocks is missing", "in a state 'moon'."],
        id="what does not hold together, lacks its source, and does not fit its workflow",
    ),
    pytest.param(
        changed(GRANT, table("[[authority]]", 'by = "approver"', "of = 3", "needed = 5")),
        ["basis: authority is missing", "5 votes for are needed, but the body has 3 members."],
        id="what would not be sound",
    ),
    pytest.param(
        changed(GRANT, ('\nworkflow = "grant"', '\nworkflow = "own_life@3"')),
        ["The agency MY-SMECORP has not published a workflow own_life@3."],
        id="a workflow nobody published",
    ),
    pytest.param(
        changed(GRANT, ('\nworkflow = "grant"', '\nworkflow = "claim"')),
        ["The workflow claim is not the life of a case."],
        id="a workflow of another kind",
    ),
    pytest.param("= =", ["Not TOML"], id="no TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentences"), CHECKS)
def test_every_mistake_of_a_scheme_file_is_named(
    world: World, tmp_path: Path, text: str, sentences: list[str]
) -> None:
    answer = run(world, "scheme", "check", written(tmp_path, text))
    assert answer.exit_code == 1
    for sentence in sentences:
        assert sentence in answer.output


def test_a_scheme_is_suspended_listed_and_reopened(world: World) -> None:
    note = ("--note", "The budget is spent")
    assert run(world, "scheme", "suspend", "MY-BAP", *note).output == "MY-BAP is suspended.\n"
    listed = run(world, "scheme", "list").output
    assert "MY-BAP version 4, MY-SMECORP: Business Accelerator Programme" in listed
    assert ": The budget is spent.\n" in listed
    assert f"{CALL} of MY-BAP: The scheme is suspended since " in listed
    assert run(world, "scheme", "reopen", "MY-BAP", *note).exit_code == 0
    assert f"{CALL} of MY-BAP: It takes applications." in run(world, "scheme", "list").output
    assert run(world, "scheme", "close", "MY-BAP", *note).exit_code == 0


REFUSED = [
    pytest.param(("close", "MY-NONE", "--note", "x"), 1, "no scheme MY-NONE", id="no such scheme"),
    pytest.param(("reopen", "MY-BAP", "--note", "x"), 1, "is open already", id="open already"),
    pytest.param(("suspend", "MY-BAP"), 2, "--note", id="without a reason"),
    pytest.param(("show", "MY-BAP", "--version", "9"), 1, "version 9", id="no such version"),
]


@pytest.mark.parametrize(("words", "status", "sentence"), REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence(
    world: World, words: tuple[str, ...], status: int, sentence: str
) -> None:
    answer = run(world, "scheme", *words)
    assert (answer.exit_code, sentence in answer.output) == (status, True)


def test_the_whole_text_of_a_scheme_is_shown(world: World) -> None:
    whole = (CATALOGUE / "my_bap.toml").read_text("utf-8")
    assert run(world, "scheme", "show", "MY-BAP").output == whole
    assert run(world, "scheme", "show", "MY-BAP", "--version", "4").output == whole
