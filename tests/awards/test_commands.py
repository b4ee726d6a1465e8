"""Decision, offer and award: authority and budget hold to the last unit, and budget comes back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts import commands as accounts
from app.accounts.commands import Grant
from app.awards import commands
from app.awards.models import Award
from app.awards.queries import award, awarded, conditions, tranches
from app.db import db, transaction
from app.decisions.commands import Cast
from app.decisions.models import Decision
from app.decisions.queries import decision
from app.reviews import commands as reviews
from app.reviews.commands import Advice, Reasoned
from app.trail.queries import events_of
from tests.answers import GRANT, LOAN
from tests.factories import Days, budget, invalid, last_event, refused, rows
from tests.world import World

REASON = Reasoned(("BREACH",), "The line was bought before.")
EVER = (date(2026, 1, 1), date(2030, 1, 1))


def untouched(world: World, reference: str) -> bool:
    """Tell whether a case still waits for its decision, with nothing reserved."""
    case = world.case(reference)
    kept = rows(Decision, case) + rows(Award, case)
    return (case.state, kept, budget(), len(events_of(reference))) == ("decision", [], (0, 0), 6)


# Amounts


@pytest.mark.parametrize(
    ("call", "amount"),
    [
        pytest.param(GRANT, "80000.00", id="all that was recommended"),
        pytest.param(GRANT, "79999.99", id="a sen less"),
        pytest.param(GRANT, "MYR 1", id="very little"),
        pytest.param(LOAN, "1.500.000.000", id="all that was recommended, in dong"),
    ],
)
def test_an_amount_up_to_the_recommendation_is_approved(
    world: World, call: str, amount: str
) -> None:
    reference = world.at("decision", call)
    world.approve(reference, amount)
    found = awarded(world.case(reference))
    assert budget(call) == (found.amount_minor, 0)
    assert sum(row.amount_minor for row in tranches(found)) == found.amount_minor
    assert last_event(reference).record["detail"]["amount"] == found.amount_minor


@pytest.mark.parametrize(
    ("amount", "rules"),
    [
        pytest.param("80000.01", {"approved_within_recommended"}, id="a sen over the advice"),
        pytest.param("0", {"approved_within_recommended"}, id="nothing"),
        pytest.param("0.00", {"approved_within_recommended"}, id="nothing, to the sen"),
        pytest.param(
            "99999999999.99",
            {"approved_within_recommended", "within_authority", "within_budget"},
            id="over everything at once",
        ),
    ],
)
def test_an_amount_over_the_recommendation_is_refused(
    world: World, amount: str, rules: set[str]
) -> None:
    reference = world.at("decision")
    with refused(*rules):
        world.approve(reference, amount)
    assert untouched(world, reference)


@pytest.mark.parametrize("amount", ["-1", "1e3", "80000.001", "USD 5", "NaN"])
def test_an_amount_that_cannot_be_read_is_refused(world: World, amount: str) -> None:
    reference = world.at("decision")
    with invalid("amount"):
        world.approve(reference, amount)
    assert untouched(world, reference)


def test_an_amount_too_small_for_its_tranches_is_refused(world: World) -> None:
    reference = world.at("decision")
    with invalid("amount"):
        world.approve(reference, "0.01")
    assert untouched(world, reference)


# Authority


def authorise(world: World, **changed: Any) -> None:
    given = {
        "scheme_code": "MY-BAP",
        "currency": "MYR",
        "limit_minor": 80_000_00,
        "instrument": "Order 7/2026",
        "valid_from": EVER[0],
        "valid_to": EVER[1],
    }
    with transaction():
        accounts.authorise(world.small_approver, Grant(**{**given, **changed}))


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"limit_minor": 79_999_99}, id="a limit a sen too small"),
        pytest.param({"scheme_code": "MY-OTHER"}, id="for another scheme"),
        pytest.param({"currency": "USD"}, id="in another currency"),
        pytest.param({"valid_to": date(2026, 11, 22)}, id="that ended yesterday"),
        pytest.param({"valid_from": date(2026, 11, 24)}, id="that begins tomorrow"),
    ],
)
def test_an_authority_does_not_reach(
    world: World, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    Days(monkeypatch).noon("2026-11-23")
    reference = world.at("decision")
    authorise(world, **changed)
    with refused("within_authority"):
        world.approve(reference, actor=world.small_approver)
    assert untouched(world, reference)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({}, id="exactly to the amount"),
        pytest.param({"valid_to": date(2026, 11, 23)}, id="on its last day"),
        pytest.param({"valid_from": date(2026, 11, 23)}, id="on its first day"),
    ],
)
def test_an_authority_reaches_and_is_kept_with_the_decision(
    world: World, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    Days(monkeypatch).noon("2026-11-23")
    reference = world.at("decision")
    authorise(world, **changed)
    world.approve(reference, actor=world.small_approver)
    taken = last_event(reference).record["detail"]["authority"]
    assert taken == {"instrument": "Order 7/2026", "limit": 80_000_00, "currency": "MYR"}
    found = decision(world.case(reference))
    assert found is not None
    assert (found.outcome, found.amount_minor) == ("approve", 80_000_00)
    assert found.authority_id is not None


def test_an_approver_without_any_authority_decides_nothing(world: World) -> None:
    reference = world.at("decision")
    world.desk_two.duties = ["approver"]
    with refused("within_authority"):
        world.approve(reference, actor=world.desk_two)


# Offer and award


def test_an_offer_says_when_it_ends_and_on_which_terms(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    Days(monkeypatch).noon("2026-11-23")
    reference = world.at("offered", LOAN)
    found = awarded(world.case(reference))
    assert (found.offered_on, found.expires_on) == (date(2026, 11, 23), date(2026, 12, 23))
    assert found.terms == {
        "rate_pct": "4.00",
        "instalments": 24,
        "method": "annuity",
        "day_count": "ACT/365F",
        "grace_principal": 0,
    }
    detail = last_event(reference).record["detail"]
    assert (detail["terms"], detail["expires_on"]) == (found.terms, "2026-12-23")


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        pytest.param("80000", (40, 60), [32_000_00, 48_000_00], id="two parts"),
        pytest.param("80000", (100,), [80_000_00], id="one part"),
        pytest.param("5000.01", (33, 33, 34), [1_650_00, 1_650_00, 1_700_01], id="with rounding"),
    ],
)
def test_tranches_make_the_award(
    world: World, amount: str, shares: tuple[int, ...], parts: list[int]
) -> None:
    reference = world.at("recommendation", amount=amount)
    world.recommend(reference, shares)
    world.approve(reference)
    planned = tranches(awarded(world.case(reference)))
    assert [row.amount_minor for row in planned] == parts
    assert [(row.number, row.state) for row in planned] == [
        (number, "planned") for number in range(1, len(shares) + 1)
    ]


def test_an_award_is_accepted_once(world: World) -> None:
    reference = world.at("accepted")
    with refused("possible_here"):
        world.do(commands.accept, reference, actor=world.applicant)
    assert awarded(world.case(reference)).accepted_at is not None


def test_disbursement_opens_with_the_last_condition(world: World) -> None:
    reference = world.at("accepted")
    first, last = (row.key for row in conditions(awarded(world.case(reference))))
    meet = commands.meet_condition
    world.do(meet, reference, first, "Seen.", actor=world.desk)
    assert world.case(reference).state == "accepted"
    for key in (first, "nonsense"):
        with refused("condition_open"):
            world.do(meet, reference, key, "Seen again.", actor=world.desk)
    world.do(meet, reference, last, "Seen.", actor=world.desk)
    assert world.case(reference).state == "disbursing"
    found = last_event(reference)
    assert (found.record["detail"], found.disclosed) == ({"condition": last}, {"evidence": "Seen."})


def test_cancelling_needs_a_reason_the_scheme_knows(world: World) -> None:
    reference = world.at("offered")
    with refused("reasons_given"):
        world.cancel(reference, Reasoned())
    with refused("reasons_known"):
        world.cancel(reference, Reasoned(("INC-DOC",)))


def test_nothing_is_awarded_before_the_decision(world: World) -> None:
    reference = world.at("decision")
    assert award(world.case(reference)) is None
    with refused("possible_here"):
        world.do(commands.accept, reference, actor=world.applicant)


def test_the_database_holds_one_award_for_a_case_and_its_amount(world: World) -> None:
    found = awarded(world.case(world.at("offered")))
    found.undrawn_minor += 1
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_an_advice_in_shares_of_nothing_is_not_approved(world: World) -> None:
    reference = world.at("recommendation")
    advice = Advice("approve", "80000", (("Part", Decimal(50)),), "")
    world.do(reviews.recommend, reference, advice, actor=world.desk)
    with pytest.raises(ValueError, match="sum to 100"):
        world.approve(reference)
    assert budget() == (0, 0)


def test_an_approval_keeps_its_note_private(world: World) -> None:
    reference = world.at("decision")
    world.vote(reference, "approve", Cast("80000", note="Well made."))
    found = last_event(reference)
    assert found.disclosed == {"note": "Well made."}
    assert "Well made" not in found.entry
