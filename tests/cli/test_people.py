"""Numbers of enterprises in a file of people: all wrong ones are named, and right ones kept as registries write them."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts.models import Enterprise, Person
from app.db import db
from tests.cli.test_commands import PEOPLE, counts, run, written
from tests.world import World

OTHERS = """
[[enterprises]]
country = "SG"
registry_number = "202699001A"
name = "Wrong Pte Ltd"
language = "en"
address = "4 Example Road"
[[enterprises]]
country = "ID"
registry_number = "123"
name = "Salah"
language = "id"
address = "5 Example Road"
"""


@pytest.mark.one_database
def test_every_wrong_number_is_named_and_nobody_is_registered(world: World, tmp_path: Path) -> None:
    before = counts()
    wrong = PEOPLE.replace("0099900060", "0099900061").replace('["approver"]', '["king"]')
    answer = run(world, "people", "load", written(tmp_path, wrong + OTHERS))
    assert answer.exit_code == 1
    for said in (
        "0099900061: The check digit of this enterprise code is not right",
        "202699001A: The check letter of this UEN is not right",
        "123: This is no NIB",
        "approver@example.example: ",
    ):
        assert said in answer.output
    db.session.remove()
    assert counts() == before


@pytest.mark.one_database
def test_a_number_is_kept_as_its_registry_writes_it(world: World, tmp_path: Path) -> None:
    for name in ("a.owner", "b.owner"):
        typed = PEOPLE.replace("0099900060", "009.990.0060").replace("a.owner", name)
        typed = typed.replace("A.Owner", name).replace("approver@", f"{name}.approver@")
        answer = run(world, "people", "load", written(tmp_path, typed))
        assert answer.exit_code == 0, answer.output
    found = db.session.scalars(select(Enterprise).where(Enterprise.name == "Example Co., Ltd."))
    assert [one.registry_number for one in found] == ["0099900060"]
    owner = db.session.scalars(
        select(Person).where(Person.email == "b.owner@example.example")
    ).one()
    assert owner.enterprise is not None
    assert owner.enterprise.registry_number == "0099900060"
