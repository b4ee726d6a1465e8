"""What `run` keeps and shows."""

from pathlib import Path

from app.bootstrap.runs import database, kept_secret, sign_in_names

PEOPLE = """
[[people]]
email = "mei@agency.example"
name = "Mei Example"
password = "invented-word"
duties = ["desk_officer", "assessor"]
"""


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    first = kept_secret(path)
    assert kept_secret(path) == first
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_person_can_see_how_to_sign_in(tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text(PEOPLE, encoding="utf-8")
    shown = sign_in_names([file]).splitlines()[1].split("  ")
    words = [word.strip() for word in shown if word.strip()]
    assert words == ["mei@agency.example", "invented-word", "desk_officer, assessor", "Mei Example"]


def test_the_database_lies_in_the_folder_of_the_run() -> None:
    assert database(Path("/var/run/x")) == "sqlite:////var/run/x/saluran.db"
