"""Files a person names: each mistake is told with file and line, whatever is wrong with the file itself."""

from pathlib import Path

import click
import pytest

from app.cli.files import check, mistakes
from tests.workflows.mistakes import SMALL, changed
from workflows.format.loading import load


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(SMALL.encode(), [], id="a definition that is in order"),
        pytest.param(
            changed(SMALL, "version = 1", "version = 0").encode(),
            ["{}:2: version: expected a whole number from 1 to 1000000, found 0."],
            id="a definition with a mistake",
        ),
        pytest.param(
            b"name = 1\ntitle = ]",
            ["{}:2: Not TOML: Invalid value (at line 2, column 9)."],
            id="a text that is no TOML",
        ),
        pytest.param(
            b'name = "small"\ntitle = "caf\xe9"\n',
            ["{}:2: expected text in UTF-8."],
            id="a text in another encoding",
        ),
    ],
)
def test_a_mistake_is_told_with_file_and_line(
    content: bytes, told: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "my.toml"
    file.write_bytes(content)
    assert mistakes(file, load) == [line.format(file) for line in told]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert mistakes(tmp_path, load) == [f"{tmp_path}: cannot be read: Is a directory."]


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    files = (tmp_path / "one.toml", tmp_path / "two.toml")
    for file in files:
        file.write_text(changed(SMALL, "version = 1", "version = 0"))
    with pytest.raises(click.ClickException) as caught:
        check(files, load)
    assert [line.partition(":2: ")[0] for line in caught.value.message.splitlines()] == [
        str(file) for file in files
    ]
