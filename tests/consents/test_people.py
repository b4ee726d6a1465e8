"""A service centre and its people are registered from a file, as agencies are; what does not fit is told at once."""

from pathlib import Path

import pytest

from app.accounts.queries import agency_by_code, person_by_email
from tests.world import World

FILE = """
[[agencies]]
code = "MY-BANTU"
kind = "service_centre"
name = "Pusat Bantuan Contoh"
country = "MY"
address = "1 Jalan Contoh"
contact = "bantuan@pusat.example"

[[people]]
email = "one@pusat.example"
name = "One"
password = "invented-word"
agency = "MY-BANTU"
duties = ["adviser"]
"""

MISTAKES = [
    pytest.param('duties = ["adviser"]', 'duties = ["desk_officer"]',
                 "A service centre has no such duty: desk_officer.", id="a duty on cases"),
    pytest.param('agency = "MY-BANTU"\nduties', 'agency = "MY-SMECORP"\nduties',
                 "An adviser belongs to a service centre.", id="an adviser of an agency"),
    pytest.param('duties = ["adviser"]', 'duties = ["adviser", "approver"]',
                 "An adviser holds no other duty, such as approver.", id="an adviser who decides"),
    pytest.param('"service_centre"', '"club"', "Nobody is registered", id="a kind that is none"),
]  # fmt: skip


def load(world: World, folder: Path, text: str) -> str:
    file = folder / "people.toml"
    file.write_text(text)
    answer = world.app.test_cli_runner().invoke(args=["people", "load", str(file)])
    return str(answer.output)


def test_a_centre_is_registered_with_its_adviser(world: World, tmp_path: Path) -> None:
    assert load(world, tmp_path, FILE) == "1 people are registered.\n"
    centre, adviser = agency_by_code("MY-BANTU"), person_by_email("one@pusat.example")
    assert centre is not None
    assert adviser is not None
    assert (centre.kind, centre.account) == ("service_centre", {})
    assert (adviser.advises, adviser.applies, adviser.reads_as) == (
        True,
        False,
        frozenset({"applicant"}),
    )


@pytest.mark.one_database
@pytest.mark.parametrize(("old", "new", "said"), MISTAKES)
def test_what_does_not_fit_is_told(
    world: World, tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in FILE
    assert said in load(world, tmp_path, FILE.replace(old, new))
    assert person_by_email("one@pusat.example") is None
