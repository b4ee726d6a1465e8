"""Where an invoice was met before, in every case of the installation, and which case a person is told of."""

import pytest

from app.awards.queries import awarded, tranche
from app.claims import queries
from tests.claims.claiming import REIMBURSED, claimed, disbursing, scheme
from tests.pages.browser import Browser
from tests.pages.test_queries import counted
from tests.world import World


def two_cases(world: World, *costs: str) -> tuple[str, str]:
    """Return two cases that claim the same invoices."""
    first = disbursing(world)
    claimed(world, first, *costs)
    second = world.at("disbursing")
    claimed(world, second, *costs)
    return first, second


def told(world: World, reference: str, officer: str) -> list[str]:
    """Return where an officer is told that the invoices of a case stand too."""
    found = queries.standing(tranche(awarded(world.case(reference)), 1))
    assert found is not None
    rows = queries.elsewhere(world.case(reference), found.lines, world.person(officer))
    return [one.reference for one in rows]


def test_a_case_is_named_to_whom_may_know_of_it(world: World) -> None:
    first, second = two_cases(world, "20,000.00")
    assert told(world, second, "desk.my") == [first]
    assert told(world, second, "desk.vn") == ["another case"]


def test_many_lines_are_looked_for_at_once(world: World) -> None:
    _, second = two_cases(world, "20.00", "30.00", "40.00")
    case, found = world.case(second), queries.standing(tranche(awarded(world.case(second)), 1))
    assert found is not None
    lines, officer = found.lines, world.person("desk.my")
    with counted() as statements:
        assert len(queries.elsewhere(case, lines, officer)) == 3
    assert len([one for one in statements if "FROM claim_line" in one]) == 1


@pytest.mark.parametrize("who", ["applicant.my", "desk.my"])
def test_how_tranches_are_claimed_is_asked_once_for_a_case(world: World, who: str) -> None:
    scheme(REIMBURSED)
    asked = []
    for shares in ((100,), (25, 25, 25, 25)):
        reference = world.at("recommendation")
        world.recommend(reference, shares)
        world.approve(reference)
        browser = Browser(world.app, who)
        with counted() as statements:
            assert browser.get(f"/cases/{reference}").status_code == 200
        asked.append(len([one for one in statements if "FROM retained_tranche" in one]))
    assert asked == [1, 1]
