"""The duty of a budget officer: with which others it goes, and what it does not let a person do."""

import pytest

from app.accounts.compose import CENTRE, misfits
from app.accounts.models import Agency
from app.db import transaction
from app.registry.commands import may_record
from tests.world import World

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("duties", "kind", "said"),
    [
        pytest.param(["budget_officer"], "agency", [], id="it stands alone"),
        pytest.param(["approver", "budget_officer"], "agency", [], id="it goes with another"),
        pytest.param(
            ["auditor", "budget_officer"],
            "agency",
            ["An auditor holds no other duty, such as budget_officer."],
            id="not with that of an auditor",
        ),
        pytest.param(
            ["budget_officer"],
            CENTRE,
            ["A service centre has no such duty: budget_officer."],
            id="not at a service centre",
        ),
    ],
)
def test_who_may_be_a_budget_officer(duties: list[str], kind: str, said: list[str]) -> None:
    assert misfits(duties, at=Agency(kind=kind)) == said


def test_a_budget_officer_alone_records_nothing_of_enterprises(world: World) -> None:
    with transaction():
        world.desk.duties = ["budget_officer"]
    assert not may_record(world.desk)
    assert may_record(world.desk_two)
