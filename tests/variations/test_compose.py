"""What a variation may be: everything that does not fit the award is told at once, and nothing is begun."""

from datetime import date
from typing import Any

import pytest

from app.awards.queries import awarded
from app.db import transaction
from app.proceedings.compose import KINDS
from app.proceedings.queries import proceeding, proceedings
from app.variations.compose import VARIATION, Change
from tests.claims import claiming
from tests.factories import Days, invalid
from tests.pages.test_queries import counted
from tests.variations.changing import change, disbursing, propose
from tests.world import World

pytestmark = pytest.mark.one_database

WRONG = [
    pytest.param("planned", change("USD 70000", "70000"), {"amount"}, id="another currency"),
    pytest.param("planned", change("70000.001", "70000"), {"amount"}, id="finer than a sen"),
    pytest.param("planned", change("-1", "70000"), {"amount"}, id="less than nothing"),
    pytest.param("planned", change("80000.01", "80000.01"), {"amount"}, id="a sen more than was requested"),
    pytest.param("claimed", change("23999.99"), {"amount"}, id="a sen less than is claimed"),
    pytest.param("paid", change("23999.99"), {"amount"}, id="a sen less than is paid"),
    pytest.param("planned", change("0"), {"amount"}, id="nothing"),
    pytest.param("planned", change(), {"amount"}, id="no change at all"),
    pytest.param("planned", change("60000"), {"amount"}, id="the size it has"),
    pytest.param("planned", change("70000"), {"tranches"}, id="another size without a plan"),
    pytest.param("planned", change("70000", "30000", "39999.99"), {"tranches"}, id="a plan that comes to a sen less"),
    pytest.param("planned", change("", "60000.01"), {"tranches"}, id="a plan that comes to a sen more"),
    pytest.param("paid", change("", "60000"), {"tranches"}, id="a plan that counts in what is paid"),
    pytest.param("planned", change("", "60000", "0"), {"tranches"}, id="a tranche of nothing"),
    pytest.param("planned", change("", "USD 1", "many"), {"tranches.0.amount", "tranches.1.amount"}, id="tranches that cannot be read"),
    pytest.param("planned", change(costs_to=date(2027, 1, 1)), {"costs_to"}, id="a day for costs where none is laid down"),
    pytest.param("planned", change("USD 1", "1.001", costs_to=date(2027, 1, 1)), {"amount", "tranches.0.amount", "costs_to"},
                 id="everything at once"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "given", "fields"), WRONG)
def test_a_variation_is_not(world: World, first: str, given: Change, fields: set[str]) -> None:
    reference = disbursing(world)
    world.tranche_to(reference, 1, first)
    with invalid(*fields) as errors:
        propose(world, reference, given)
    assert all(text.endswith(".") for texts in errors.values() for text in texts)
    assert proceedings(world.case(reference)) == []


def test_costs_do_not_end_on_a_day_that_is_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    Days(monkeypatch).noon("2026-11-23")
    reference = disbursing(world)
    with transaction():
        awarded(world.case(reference)).costs_from = date(2026, 11, 1)
    with invalid("costs_to"):
        propose(world, reference, change(costs_to=date(2026, 11, 22)))
    propose(world, reference, change(costs_to=date(2026, 11, 23)))


TOLD: list[Any] = [
    pytest.param(change("70000", "30000", "40000"), {"Award from then on": "MYR 70,000.00", "Raised by": "MYR 10,000.00",
                 "Tranche 1": "MYR 30,000.00: Step 1", "Tranche 2": "MYR 40,000.00: Step 2"}, id="a raise"),
    pytest.param(change("50000", "50000"), {"Award from then on": "MYR 50,000.00", "Given back to the budget": "MYR 10,000.00",
                 "Tranche 1": "MYR 50,000.00: Step 1"}, id="a reduction"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "told"), TOLD)
def test_a_variation_is_told_with_all_that_changes(
    world: World, given: Change, told: dict[str, str]
) -> None:
    reference = disbursing(world)
    row = proceeding(world.case(reference), propose(world, reference, given))
    words = {label: text.replace("\u00a0", " ") for label, text in KINDS[VARIATION].words(row)}
    assert words == {"Award until now": "MYR 60,000.00", **told}


def test_what_was_kept_back_of_claims_is_asked_for_once(world: World) -> None:
    """And once which of the tranches it is in, whatever their number."""
    claiming.scheme('mode = "reimbursement"\nwindow_months = 12\nretention_pct = "10"')
    reference = disbursing(world)
    claiming.claimed(world, reference, "40,000.00")
    claiming.verify(world, reference)
    case, award = world.case(reference), awarded(world.case(reference))
    desk = world.desk
    with counted() as statements:
        draft = KINDS[VARIATION].draw(case, award, change("70000", "30000", "20000"), desk)
    assert draft.terms["more"] == 10_000_00
    assert len([one for one in statements if "retained_tranche" in one]) == 2
