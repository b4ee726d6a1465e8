"""Running other programs quietly."""

import sys

import pytest

from app.bootstrap.shell import Stopped, last_lines, run_quietly, succeeds


@pytest.mark.parametrize(
    ("says", "text", "count", "expected"),
    [
        ("only the end is shown", "a\nb\nc\n", 2, "b\nc"),
        ("empty lines say nothing", "a\n\n  \nb\n", 2, "a\nb"),
        ("short output is shown whole", "a", 9, "a"),
        ("silence stays silence", "", 3, ""),
    ],
)
def test_the_end_of_an_output(says: str, text: str, count: int, expected: str) -> None:
    assert last_lines(text, count) == expected


def test_a_program_that_succeeds_is_heard() -> None:
    assert run_quietly([sys.executable, "-c", "print('done')"], "No.") == "done\n"


def test_a_program_that_fails_shows_its_last_words_and_our_sentence() -> None:
    with pytest.raises(Stopped) as stopped:
        run_quietly([sys.executable, "-c", "import sys; sys.exit('it broke')"], "It cannot go on.")
    assert str(stopped.value) == "it broke\nIt cannot go on."


def test_what_is_added_to_the_environment_arrives() -> None:
    program = "import os; print(os.environ['COLOUR'], 'PATH' in os.environ)"
    assert (
        run_quietly([sys.executable, "-c", program], "No.", env={"COLOUR": "red"}) == "red True\n"
    )


@pytest.mark.parametrize(
    ("says", "argv", "expected"),
    [
        ("status 0 is success", [sys.executable, "-c", ""], True),
        ("another status is not", [sys.executable, "-c", "raise SystemExit(3)"], False),
        ("a program that is not there does not succeed", ["/nowhere/program"], False),
    ],
)
def test_success(says: str, argv: list[str], expected: bool) -> None:
    assert succeeds(argv) is expected
