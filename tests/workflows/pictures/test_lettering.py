"""How wide words are and where they are broken."""

import pytest

from workflows.pictures.lettering import ELLIPSIS, width, wrapped


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [("ill", "MMM"), ("abc", "ABC"), ("abc", "審査中"), ("a", "aa"), ("", "a")],
)
def test_one_is_wider_than_the_other(narrow: str, wide: str) -> None:
    assert width(narrow, 13) < width(wide, 13)
    assert width(wide, 13) < width(wide, 15)
    assert width(wide, 13) <= width(wide, 13, bold=True)


def test_marks_above_and_below_take_no_room() -> None:
    assert width("e\u0301", 13) == width("e", 13)


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        pytest.param("Approve", ["Approve"], id="what fits stays on one line"),
        pytest.param("Approve the award", ["Approve", "the award"], id="broken between words"),
        pytest.param("a_rather_long_name", ["a_rather_", "long_name"], id="broken behind a stroke"),
        pytest.param("Unterschreiben", ["Unterschrei", "ben"], id="broken where it must be"),
        pytest.param("Do (the\u00a0bank)", ["Do", "(the\u00a0bank)"], id="kept together"),
        pytest.param("", [""], id="nothing is one empty line"),
    ],
)
def test_lines(words: str, lines: list[str]) -> None:
    assert wrapped(words, 13, 70) == lines


@pytest.mark.parametrize(
    "words", ["one two three four five six seven eight nine ten", "x" * 400, "審" * 200]
)
@pytest.mark.parametrize("room", [60, 120])
def test_what_is_too_long_ends_in_an_ellipsis_and_fits(words: str, room: int) -> None:
    lines = wrapped(words, 13, room, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith(ELLIPSIS)
    assert all(width(line, 13) <= room for line in lines)
