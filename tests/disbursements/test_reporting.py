"""The completion report of a grant: asked for by the scheme after the last payment, sent back once, accepted at the end."""

import tomllib
from dataclasses import replace

import pytest

from app.awards import commands as awards
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.schemes.commands import CATALOGUE
from app.schemes.queries import terms
from tests.disbursements.acting import at
from tests.factories import last_event, refused
from tests.world import World

pytestmark = pytest.mark.one_database
SWITCH = "completion_report"


@pytest.fixture
def reporting(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a case that is paid, under a scheme that asks for a report."""
    reference = at(world, "paid")
    scheme = world.case(reference).scheme
    asks = replace(terms(scheme), switches=(SWITCH,))
    monkeypatch.setattr("app.schemes.queries._terms", {scheme.digest: asks})
    world.tranche_to(reference, 2, "paid")
    assert world.case(reference).state == "reporting"
    return reference


def test_a_scheme_of_the_catalogue_asks_for_a_report() -> None:
    text = (CATALOGUE / "asean_exchange.toml").read_text("utf-8")
    shipped = tomllib.loads(text)
    assert (shipped["workflow"], shipped["switches"]) == ("grant", [SWITCH])


def test_the_case_completes_with_the_report_that_is_accepted(world: World, reporting: str) -> None:
    with refused("attachments_given"):
        world.do(reviews.move, reporting, Reasoned(), act="report", actor=world.applicant)
    world.paper(reporting, "report", SWITCH, world.applicant)
    world.do(reviews.move, reporting, Reasoned(), act="report", actor=world.applicant)
    sent = last_event(reporting).record["detail"]["documents"]
    assert [document["kind"] for document in sent] == [SWITCH]
    unclear = Reasoned(note="Say what came of it.")
    world.do(reviews.move, reporting, unclear, act="return_report", actor=world.desk)
    assert world.case(reporting).state == "reporting"
    world.paper(reporting, "report", SWITCH, world.applicant)
    world.do(reviews.move, reporting, Reasoned(), act="report", actor=world.applicant)
    world.do(awards.finish, reporting, Reasoned(), act="accept_report", actor=world.desk)
    assert world.case(reporting).state == "completed"
