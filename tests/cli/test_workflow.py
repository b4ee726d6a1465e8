"""`flask workflow`: definitions checked, compared, drawn, published by two people; cases moved between versions."""

import shutil
from contextvars import Context
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.bootstrap.environment import ROOT
from app.db import db
from app.schemes import queries
from tests.workflows_of_agencies import NAME, published, text
from tests.world import PASSWORD, World
from workflows.format import schema
from workflows.format.loading import SHIPPED, load, shipped

pytestmark = pytest.mark.one_database

SMALL = ROOT / "tests" / "workflows" / "data" / "small.toml"
AUTHOR, CHECKER = ("--as", "designer.my@world.example"), ("--as", "designer_two.my@world.example")


def flask(application: Flask, *words: str, typed: str = "") -> Result:
    """Run `flask workflow` with a database session of its own."""
    db.session.remove()
    runner = application.test_cli_runner()
    return Context().run(runner.invoke, args=["workflow", *words], input=typed)


def written(folder: Path, source: str, name: str = "new.toml") -> str:
    """Write a text to a file and return its address."""
    file = folder / name
    file.write_text(source, encoding="utf-8")
    return str(file)


# check


def test_the_shipped_definitions_are_in_order(application: Flask) -> None:
    files = [str(file) for file in sorted(SHIPPED.glob("*.toml"))]
    answer = application.test_cli_runner().invoke(args=["workflow", "check", *files])
    assert answer.exit_code == 0, answer.output
    assert answer.output.endswith(f"{len(files)} files are in order.\n")


def test_every_mistake_of_every_file_is_named_with_its_line(
    application: Flask, tmp_path: Path
) -> None:
    broken, torn = tmp_path / "broken.toml", tmp_path / "torn.toml"
    source = SMALL.read_text().replace('by = "lawyer"', 'by = "minister"')
    broken.write_text(source.replace('"call_open"', '"lucky"'))
    torn.write_text("name = ")
    answer = application.test_cli_runner().invoke(
        args=["workflow", "check", str(broken), str(torn)]
    )
    assert answer.exit_code == 1
    for name in ("minister", "lucky"):
        lines = broken.read_text().splitlines()
        number = next(n for n, line in enumerate(lines, 1) if name in line)
        assert f"{broken}:{number}: " in answer.output
    assert f"{torn}:1: " in answer.output


def test_what_is_unsound_is_named_with_the_road_that_shows_it(
    application: Flask, tmp_path: Path
) -> None:
    skip = '[acts.skip]\nlabel = "Skip"\nevent = "Skipped"\nfrom = "draft"\nto = "paying"\nby = "desk_officer"\n'
    file = written(tmp_path, f"{SMALL.read_text()}\n{skip}")
    answer = application.test_cli_runner().invoke(args=["workflow", "check", file])
    assert answer.exit_code == 1
    assert f"{file}: " in answer.output
    assert "[draft -skip-> paying]" in answer.output


def test_whether_an_agency_has_the_people(world: World) -> None:
    file = str(SHIPPED / "grant.toml")
    answer = flask(world.app, "check", file, "--agency", "MY-SMECORP")
    assert (answer.exit_code, answer.output) == (0, "1 files are in order.\n")
    for person in (world.releaser, world.everything):
        person.duties = []
    db.session.commit()
    answer = flask(world.app, "check", file, "--agency", "MY-SMECORP")
    assert (answer.exit_code, "releaser" in answer.output) == (1, True)
    answer = flask(world.app, "check", file, "--agency", "MY-NONE")
    assert (answer.exit_code, "MY-NONE is not registered" in answer.output) == (1, True)


# diff, diagram, draw, schema


def test_what_differs_is_told_by_group(application: Flask, tmp_path: Path) -> None:
    new = SMALL.read_text().replace("version = 1", "version = 2").replace("days = 10", "days = 9")
    answer = application.test_cli_runner().invoke(
        args=["workflow", "diff", str(SMALL), written(tmp_path, new)]
    )
    assert answer.output == (
        "head:\n  version: 1 → 2\nstates:\n  states.decision: clock 10 working days → 9 working days\n"
    )


def test_the_same_text_differs_in_nothing(application: Flask) -> None:
    answer = application.test_cli_runner().invoke(args=["workflow", "diff", str(SMALL), str(SMALL)])
    assert answer.output == "Nothing but the text differs.\n"


def test_what_differs_is_drawn(application: Flask, tmp_path: Path) -> None:
    new = written(tmp_path, SMALL.read_text().replace("days = 10", "days = 9"))
    answer = application.test_cli_runner().invoke(
        args=["workflow", "diff", str(SMALL), new, "--diagram"]
    )
    assert answer.output.startswith("stateDiagram-v2\n")
    assert "class s2 changed" in answer.output


def test_published_versions_are_compared_by_their_names(world: World) -> None:
    published(text(), author=world.designer, checker=world.designer_two)
    grant = f"grant@{shipped('grant').version}"
    answer = flask(world.app, "diff", grant, f"{NAME}@1", "--agency", "MY-SMECORP")
    assert f"name: grant → {NAME}" in answer.output
    for words in ((grant, f"{NAME}@1"), (grant, f"{NAME}@7", "--agency", "MY-SMECORP")):
        answer = flask(world.app, "diff", *words)
        assert (answer.exit_code, "There is no file and no" in answer.output) == (1, True)


@pytest.mark.parametrize(
    ("kind", "begins"), [("mmd", "stateDiagram-v2"), ("svg", "<svg")], ids=["Mermaid", "SVG"]
)
def test_a_definition_is_drawn(application: Flask, kind: str, begins: str) -> None:
    answer = application.test_cli_runner().invoke(
        args=["workflow", "diagram", str(SMALL), "--format", kind]
    )
    assert (answer.exit_code, answer.output.lstrip().startswith(begins)) == (0, True)


def test_every_shipped_definition_is_drawn_into_a_folder(
    application: Flask, tmp_path: Path
) -> None:
    answer = application.test_cli_runner().invoke(args=["workflow", "diagram", str(tmp_path)])
    assert (answer.exit_code, answer.output) == (0, "")
    names = {file.stem for file in SHIPPED.glob("*.toml")}
    assert {file.name for file in tmp_path.iterdir()} == {
        f"{name}.{ending}" for name in names for ending in ("mmd", "svg")
    }


def test_drawing_into_a_copy_of_the_documents_changes_nothing(
    application: Flask, tmp_path: Path
) -> None:
    for name in ("officers.md", "states.md"):
        shutil.copy(ROOT / "docs" / name, tmp_path)
    answer = application.test_cli_runner().invoke(args=["workflow", "draw", str(tmp_path)])
    assert (answer.exit_code, answer.output) == (0, "")
    for name in ("officers.md", "states.md"):
        assert (tmp_path / name).read_text() == (ROOT / "docs" / name).read_text()


def test_the_schema_is_printed(application: Flask) -> None:
    answer = application.test_cli_runner().invoke(args=["workflow", "schema"])
    assert answer.output == schema.text()


# propose, publish


def test_two_people_publish(world: World, tmp_path: Path) -> None:
    file = written(tmp_path, text())
    answer = flask(world.app, "propose", file, *AUTHOR, typed=f"{PASSWORD}\n")
    assert answer.exit_code == 0, answer.output
    digest = load(text()).digest
    assert answer.stdout.splitlines() == [f"{NAME} version 1 waits for a second person.", digest]
    answer = flask(world.app, "publish", digest[:12], *CHECKER, typed=f"{PASSWORD}\n")
    assert answer.stdout == f"{NAME} version 1 is published.\n"
    assert queries.workflow_called(f"{NAME}@1", world.designer.agency_id) is not None


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        pytest.param(("publish", "", *CHECKER), PASSWORD, "open proposals", id="no digest"),
        pytest.param(("publish", "ffff", *CHECKER), PASSWORD, "0 open proposals", id="no such one"),
        pytest.param(("publish", "{digest}", *AUTHOR), PASSWORD, "four_eyes", id="its author"),
        pytest.param(
            ("publish", "{digest}", *CHECKER), "guess", "password is not right", id="wrong password"
        ),
        pytest.param(
            ("publish", "{digest}", "--as", "applicant.my@world.example"),
            PASSWORD,
            "for officers of agencies",
            id="an applicant",
        ),
        pytest.param(
            ("propose", "{file}", "--as", "desk.my@world.example"), PASSWORD, "duty", id="no duty"
        ),
        pytest.param(("propose", "{torn}", *AUTHOR), PASSWORD, "line 1", id="a torn text"),
    ],
)
def test_what_is_refused_says_why(
    world: World, tmp_path: Path, words: tuple[str, ...], typed: str, said: str
) -> None:
    places = {
        "digest": load(text()).digest,
        "file": written(tmp_path, text()),
        "torn": written(tmp_path, "name = ", "torn.toml"),
    }
    flask(world.app, "propose", places["file"], *AUTHOR, typed=f"{PASSWORD}\n")
    answer = flask(world.app, *(word.format(**places) for word in words), typed=f"{typed}\n")
    assert (answer.exit_code, said in answer.output) == (1, True), answer.output
    assert queries.workflow_called(f"{NAME}@1", world.designer.agency_id) is None


# migrate


def migrate(world: World, file: str, *more: str, old: str = "grant") -> Result:
    """Run `flask workflow migrate` from the shipped grant to the agency's own version."""
    now = f"{old}@{shipped('grant').version}"
    return flask(
        world.app, "migrate", now, f"{NAME}@1", "--map", file, *more, typed=f"{PASSWORD}\n"
    )


def states(**other: str) -> str:
    """Return the file that maps each state of the shipped grant to itself, but for those that are named."""
    named = {**{name: name for name in shipped("grant").states}, **other}
    return "[states]\n" + "".join(f'{old} = "{new}"\n' for old, new in named.items())


def test_two_people_move_the_cases(world: World, tmp_path: Path) -> None:
    reference = world.at("screening")
    new = published(text(), author=world.designer, checker=world.designer_two)
    file = written(tmp_path, states())
    answer = migrate(world, file, "--reason", "A better clock.", *AUTHOR)
    assert "another scheme designer can carry it out" in answer.output
    answer = migrate(world, file, "--carry-out", *AUTHOR)
    assert (answer.exit_code, "four_eyes" in answer.output) == (1, True)
    answer = migrate(world, file, "--carry-out", *CHECKER)
    assert answer.stdout == f"{reference}\n1 cases moved to {NAME}@1.\n"
    assert world.case(reference).workflow_digest == new.digest


@pytest.mark.parametrize(
    ("source", "more", "said"),
    [
        pytest.param("[states]\n", ("--reason", "x"), "total: ", id="a map that is not total"),
        pytest.param("states = 1", ("--reason", "x"), "Write one table [states]", id="no table"),
        pytest.param("[states", ("--reason", "x"), "Not TOML", id="no TOML"),
        pytest.param(states(), (), "Say why the cases are moved", id="no reason"),
        pytest.param(states(), ("--carry-out",), "No migration is planned", id="no plan"),
    ],
)
def test_a_migration_that_is_refused(
    world: World, tmp_path: Path, source: str, more: tuple[str, ...], said: str
) -> None:
    published(text(), author=world.designer, checker=world.designer_two)
    answer = migrate(world, written(tmp_path, source), *more, *AUTHOR)
    assert (answer.exit_code, said in answer.output) == (1, True), answer.output


def test_each_case_that_does_not_fit_is_listed_and_none_is_moved(
    world: World, tmp_path: Path
) -> None:
    one, other = world.at("assessment"), world.at("assessment")
    changed = text(1, ("[acts.pass]", "[acts.pass_on]"))
    published(changed, author=world.designer, checker=world.designer_two)
    answer = migrate(world, written(tmp_path, states()), "--reason", "x", *AUTHOR)
    assert answer.exit_code == 1
    for reference in (one, other):
        assert f"act_exists: {reference}, step 3 (pass): " in answer.output
        assert world.case(reference).workflow_digest == shipped("grant").digest
