"""Before the first money the rules of eligibility are asked again, on the frozen answers and the facts of that day."""

from collections.abc import Callable

import pytest

from app.awards.commands import meet_condition
from app.awards.queries import awarded
from app.db import transaction
from app.disbursements import commands
from app.registry.commands import revoke_certificate
from app.registry.queries import certificates
from app.reviews.commands import Reasoned
from app.submissions.queries import checks
from app.trail.queries import events_of
from tests.factories import Days, last_event
from tests.pages.browser import Browser
from tests.registry.asking import asking, certify, home, look, today
from tests.world import World
from workflows.machine import Refused

pytestmark = pytest.mark.one_database

START = "2027-03-01"
Later = Callable[[World, Days], None]


def prepare(world: World, reference: str, number: int = 1) -> None:
    world.do(commands.prepare, reference, number, actor=world.maker)


def why_not(world: World, reference: str) -> list[tuple[str, str]]:
    """Return rule and sentence of what speaks against preparing the first payment."""
    version = world.case(reference).version
    with pytest.raises(Refused) as caught:
        prepare(world, reference)
    assert world.case(reference).version == version
    assert [check.occasion for check in checks(world.case(reference))] == ["submission"]
    return [(failure.rule, failure.sentence) for failure in caught.value.failures]


def reached(world: World, days: Days, state: str, *rules: str) -> str:
    """Return a case whose first tranche reached a state; its enterprise was certified for ten days when it was handed in."""
    days.noon(START)
    world.at("submitted")
    asking(world, *rules)
    certify(world, days=10)
    reference = world.at("disbursing")
    world.tranche_to(reference, 1, state)
    return reference


def expired(_world: World, days: Days) -> None:
    days.noon("2027-03-12")


def last_day(_world: World, days: Days) -> None:
    days.noon("2027-03-11")


def revoked(world: World, _days: Days) -> None:
    (found,) = certificates(home(world))
    with transaction():
        revoke_certificate(home(world), found.id, "It was lent.", actor=world.desk)


def struck_off(world: World, _days: Days) -> None:
    look(world, "struck_off")


def renewed(world: World, days: Days) -> None:
    expired(world, days)
    certify(world, "C-2")


STILL = "Still to be done before the first disbursement: "


@pytest.mark.parametrize(
    ("rule", "later", "sentence"),
    [
        pytest.param("course_first", last_day, "", id="on the last day of the certificate"),
        pytest.param(
            "course_first", expired, "course_first is not so.",
            id="it expired since it was handed in",
        ),
        pytest.param(
            "course_passed", expired, f"{STILL}course_passed is not so.",
            id="it expired, and was to be there before the money",
        ),
        pytest.param("course_passed", renewed, "", id="it expired and was renewed"),
        pytest.param("course_first", revoked, "course_first is not so.", id="it was revoked"),
        pytest.param(
            "course_passed", revoked, f"{STILL}course_passed is not so.",
            id="it was revoked, and was to be there before the money",
        ),
        pytest.param("in_registry", struck_off, "in_registry is not so.", id="it was struck off"),
        pytest.param("right_size", struck_off, "", id="struck off, and no rule asks for it"),
    ],
)  # fmt: skip
def test_the_first_payment_is_prepared_or_not(
    world: World, monkeypatch: pytest.MonkeyPatch, rule: str, later: Later, sentence: str
) -> None:
    days = Days(monkeypatch)
    reference = reached(world, days, "verified", rule)
    (before,) = checks(world.case(reference))
    assert before.outcome == "eligible"
    later(world, days)
    if sentence:
        assert why_not(world, reference) == [("still_eligible", sentence)]
        return
    prepare(world, reference)
    (_, again) = checks(world.case(reference))
    assert (again.occasion, again.outcome) == ("disbursement", "eligible")
    event = last_event(reference)
    assert (again.event_id, event.kind) == (event.id, "prepare")
    assert event.record["detail"]["eligibility"] == "eligible"
    assert {one["rule"] for one in event.record["detail"]["criteria"]} >= {rule}


def test_a_condition_that_was_met_is_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    days = Days(monkeypatch)
    days.noon(START)
    asking(world, "few_people", "course_passed")
    reference = world.at("accepted")
    for key in ("agreement", "account", "few_people", "course_passed"):
        world.do(meet_condition, reference, key, "Seen.", actor=world.desk)
    world.tranche_to(reference, 1, "verified")
    prepare(world, reference)
    (_, again) = checks(world.case(reference))
    assert (again.occasion, again.outcome) == ("disbursement", "eligible_with_conditions")


def test_every_rule_that_fails_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    days = Days(monkeypatch)
    reference = reached(world, days, "verified", "course_first", "in_registry", "course_passed")
    expired(world, days)
    look(world, "not_found")
    ((_, said),) = why_not(world, reference)
    assert said == (
        f"course_first is not so. in_registry is not so. {STILL}course_passed is not so."
    )


@pytest.mark.one_database
def test_the_page_says_why_the_payment_cannot_be_prepared(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(monkeypatch)
    reference = reached(world, days, "verified", "course_first")
    maker = Browser(world.app, "maker.my")
    assert 'id="act-prepare-1"' in maker.get(f"/cases/{reference}").text
    revoked(world, days)
    page = maker.get(f"/cases/{reference}").text
    assert 'id="act-prepare-1"' not in page
    assert "course_first is not so." in page
    certify(world, "C-2")
    assert 'id="act-prepare-1"' in maker.get(f"/cases/{reference}").text
    prepare(world, reference)
    page = maker.get(f"/cases/{reference}").text
    for said in ("When it was handed in, 1 March 2027", "Before the first disbursement, 1 March"):
        assert said in page


def test_once_money_is_out_nobody_asks_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    days = Days(monkeypatch)
    reference = reached(world, days, "paid", "course_first")
    expired(world, days)
    world.tranche_to(reference, 2, "prepared")
    assert [check.occasion for check in checks(world.case(reference))] == [
        "submission",
        "disbursement",
    ]
    prepared = [event for event in events_of(reference) if event.kind == "prepare"]
    assert ["eligibility" in event.record["detail"] for event in prepared] == [True, False]
    assert awarded(world.case(reference)).disbursed_minor > 0


def test_before_any_money_each_payment_is_asked_about(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(monkeypatch)
    reference = reached(world, days, "released", "course_first")
    rejected = Reasoned(("BANK-REJ",), "No such account.")
    world.do(commands.report_rejected, reference, 1, rejected, actor=world.maker)
    expired(world, days)
    assert today().isoformat() == "2027-03-12"
    with pytest.raises(Refused):
        prepare(world, reference)
