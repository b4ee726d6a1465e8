"""Numbers of enterprises in a file of people: all wrong ones are named, and right ones kept as registries write them."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts.models import Agency, Enterprise, PayingAccount, Person
from app.accounts.queries import paying_account
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


# The accounts an agency pays from

HELD = 'name = "Held", town = "Town", number = "22", bic = "CONTTHBKXXX"'
ACCOUNTS = f"""
accounts = [
    {{account = {{{HELD}, format = "csv"}}}},
    {{scheme = "TH-A", currency = "THB", account = {{{HELD}}}}},
]
[[enterprises]]"""


def with_accounts(accounts: str) -> str:
    """Return the file of people whose agency has accounts of its own."""
    return PEOPLE.replace("\n[[enterprises]]", accounts, 1)


@pytest.mark.one_database
def test_an_agency_pays_from_the_accounts_of_its_file(world: World, tmp_path: Path) -> None:
    for name in ("a.owner", "b.owner"):
        text = with_accounts(ACCOUNTS).replace("A.Owner", name).replace("approver@", f"{name}.")
        answer = run(world, "people", "load", written(tmp_path, text))
        assert answer.exit_code == 0, answer.output
    agency = db.session.scalars(select(Agency).where(Agency.code == "TH-EX")).one()
    rows = db.session.scalars(select(PayingAccount).where(PayingAccount.agency_id == agency.id))
    assert [(row.scheme_code, row.currency) for row in rows] == [("", ""), ("TH-A", "THB")]
    assert paying_account(agency, "TH-B", "THB")["format"] == "csv"
    assert "format" not in paying_account(agency, "TH-A", "THB")


@pytest.mark.parametrize(
    ("accounts", "sentence"),
    [
        pytest.param("[{account = {%s, format = 'pain.008'}}]", "No payment file has the form 'pain.008'", id="a form that is none"),
        pytest.param("[{account = {name = 'A'}}]", "An account has a number.", id="no number"),
        pytest.param("[{currency = 'EUR', account = {%s}}]", "The currency 'EUR' is none that is paid in here.", id="another currency"),
        pytest.param("[{account = {%s, swift = 'X'}}]", "'swift' is not known in an account", id="a key that is none"),
        pytest.param("[{bank = 'X', account = {%s}}]", "'bank' is not known beside an account", id="a key beside it"),
        pytest.param("[{account = {%s, decimals = 2}}]", "Write the decimals of an account as text", id="a number for a text"),
        pytest.param("[{account = {%s, decimals = 'two'}}]", "'two' decimals are none that a bank asks for.", id="decimals that are none"),
        pytest.param("[{account = {%s}}, {account = {%s}}]", "2 accounts are for any scheme in any currency", id="two for the same"),
        pytest.param("'x'", "accounts is a list of tables", id="no list"),
        pytest.param("[{scheme = 'A'}]", "accounts is a list of tables", id="no account"),
    ],
)  # fmt: skip
@pytest.mark.one_database
def test_an_account_that_nothing_can_be_paid_from(
    world: World, tmp_path: Path, accounts: str, sentence: str
) -> None:
    before = counts()
    text = with_accounts(f"\naccounts = {accounts.replace('%s', HELD)}\n[[enterprises]]")
    answer = run(world, "people", "load", written(tmp_path, text))
    assert answer.exit_code == 1
    assert f"TH-EX: {sentence}" in answer.output
    db.session.remove()
    assert counts() == before
