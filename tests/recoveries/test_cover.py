"""Cover and fee of a guarantee: frozen with the terms of the award, used by page and claim, told in the letter of offer."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.awards.queries import awarded
from app.checkpoints.commands import advance
from app.db import transaction
from app.letters.compose import compose
from app.proceedings.queries import proceeding
from app.recoveries.access import guarantee
from app.schemes.compose.funding import GuaranteeTerms
from app.trail.queries import events_of
from tests.decisions.guaranteed import offered
from tests.recoveries.guaranteeing import claim, lent, settle
from tests.world import World

pytestmark = pytest.mark.one_database


@pytest.fixture
def guaranteed(world: World) -> World:
    """Give a world with a scheme whose loans a second agency guarantees."""
    settle(world)
    return world


AGREED = {"cover_pct": "60", "fee_pct": "1.50"}


def test_cover_and_fee_are_frozen_with_the_terms_when_the_award_is_approved(
    guaranteed: World,
) -> None:
    reference = lent(guaranteed)
    award = awarded(guaranteed.case(reference))
    assert award.terms["guarantee"] == AGREED
    told = [fact.record["detail"].get("terms") for fact in events_of(reference)]
    assert [terms["guarantee"] for terms in told if terms] == [AGREED, AGREED]
    with transaction():
        award.terms = {**award.terms, "guarantee": {"cover_pct": "75", "fee_pct": "0.80"}}
    found = guarantee(reference, guaranteed.desk).cover
    assert (str(found.cover_pct), found.cap, str(found.fee_pct)) == ("75", 1_125_000_000, "0.80")
    number = claim(guaranteed, reference, asked="600000000")
    assert proceeding(guaranteed.case(reference), number).terms["cover_pct"] == "75"


def test_an_award_of_before_goes_by_its_version_of_the_scheme(guaranteed: World) -> None:
    reference = lent(guaranteed)
    award = awarded(guaranteed.case(reference))
    with transaction():
        award.terms = {name: said for name, said in award.terms.items() if name != "guarantee"}
    found = guarantee(reference, guaranteed.desk).cover
    assert (str(found.cover_pct), found.cap, str(found.fee_pct)) == ("60", 900_000_000, "1.50")


@pytest.mark.parametrize(
    ("asked", "share"),
    [
        pytest.param(70, "70", id="what was asked for"),
        pytest.param("80", "80", id="the most"),
        pytest.param(59, "60", id="the least for less than that"),
        pytest.param(81, "60", id="the least for more than the most"),
        pytest.param(None, "60", id="the least where the form does not ask"),
        pytest.param("half", "60", id="the least for what is no number"),
        pytest.param("NaN", "60", id="the least for a number that is none"),
    ],
)
def test_the_share_that_is_frozen_is(asked: Any, share: str) -> None:
    terms = GuaranteeTerms(Decimal(60), Decimal(80), Decimal("1.50"))
    assert terms.agreed(asked) == {"cover_pct": share, "fee_pct": "1.50"}


# The letter of offer


def offered_letter(world: World, reference: str, **change: Any) -> Any:
    """Return what the letter of offer of a case says; ``change`` is what its event says differently."""
    fact = next(fact for fact in events_of(reference) if fact.kind == "guarantee")
    with transaction():
        advance()
    record = {**fact.record, "detail": {**fact.record["detail"], **change}}
    return compose("offer", world.case(reference), replace(fact, record=record)).body


def test_the_letter_of_offer_says_cover_and_fee_in_money(guaranteed: World) -> None:
    said = offered_letter(guaranteed, offered(guaranteed)).guarantee
    assert (said.guarantor, said.cover_pct, said.fee_pct) == ("Guarantor", 60, Decimal("1.50"))
    assert (said.most, said.first_fee) == (900_000_000, 13_500_000)


def test_the_letter_of_an_event_of_before_says_nothing_of_it(guaranteed: World) -> None:
    reference = offered(guaranteed)
    terms = awarded(guaranteed.case(reference)).terms
    before = {name: said for name, said in terms.items() if name != "guarantee"}
    assert offered_letter(guaranteed, reference, terms=before).guarantee is None
