"""Which schemes a definition is looked at with: whom the agency lacks for it, and whose tranches it is for."""

import pytest

from app.accounts.models import Agency
from app.db import db
from app.schemes.models import Scheme
from app.versions.compose import checked
from app.versions.queries import staffing
from tests.workflows_of_agencies import proposed, published, text
from tests.world import World
from workflows.format.loading import load, shipped


def agency(world: World) -> Agency:
    """Return the agency of the first designer."""
    found = world.designer.agency
    assert found is not None
    return found


def used(world: World, code: str, *, workflow: str, currency: str = "MYR") -> None:
    """Give the agency a second scheme, after the terms of the first, with another life of its cases."""
    first = staffing._schemes(agency(world))[0]
    values = {c.name: getattr(first, c.name) for c in Scheme.__table__.columns if c.name != "id"}
    changed = {"code": code, "digest": code, "workflow_digest": workflow, "currency": currency}
    db.session.add(Scheme(**{**values, **changed}))
    db.session.flush()


def lacking(world: World, name: str) -> list[str]:
    """Return the rules of what the agency lacks for a shipped workflow."""
    return [found.rule for found in staffing.staffing_findings(shipped(name), agency(world))]


def test_an_agency_that_has_the_people_lacks_none(world: World) -> None:
    assert lacking(world, "grant") == []


def test_a_scheme_that_uses_another_workflow_is_not_looked_at(world: World) -> None:
    used(world, "MY-OTHER", workflow=shipped("loan").digest, currency="VND")
    assert lacking(world, "grant") == []


def test_a_scheme_that_uses_this_one_is_looked_at(world: World) -> None:
    used(world, "MY-SECOND", workflow=shipped("grant").digest)
    assert "staffing" in lacking(world, "grant")


def test_where_no_scheme_uses_it_yet_every_one_is_looked_at(world: World) -> None:
    new = load(text())
    assert staffing.staffing_findings(new, agency(world)) == ()
    used(world, "MY-SECOND", workflow=shipped("grant").digest)
    assert staffing.staffing_findings(new, agency(world)) != ()


@pytest.mark.parametrize(
    ("tranche", "case"), [("claim", "grant"), ("drawdown", "loan"), ("grant", None)]
)
def test_the_catalogue_pairs_the_shipped_workflows(tranche: str, case: str | None) -> None:
    found = {one.name for one in staffing.parents(shipped(tranche), None)}
    assert case in found if case else not found


def test_a_scheme_of_the_agency_pairs_its_own(world: World) -> None:
    new = published(text(), author=world.designer, checker=world.designer_two)
    used(world, "AA-FIRST", workflow=new.digest)
    assert staffing.parents(shipped("claim"), agency(world)) == (new, shipped("grant"))


def test_what_nobody_pairs_has_no_parent(world: World) -> None:
    source = shipped("claim").source.replace('name = "claim"', 'name = "instalment"')
    assert staffing.parents(load(source), agency(world)) == ()


def test_a_checker_sees_a_tranche_together_with_the_life_of_its_case(world: World) -> None:
    source = shipped("claim").source.replace('name = "claim"', 'name = "instalment"')
    found = proposed(source, author=world.designer)
    assert [f for f in checked(found, agency(world)).findings if f.severity == "error"] == []
