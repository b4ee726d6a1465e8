"""Each rule holds, fails, and refuses when it was not told what it needs to know."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.workflows import spending
from workflows.choices import CHOICES
from workflows.facts import Actor, Facts
from workflows.format.loading import SHIPPED, load
from workflows.guards import GUARDS
from workflows.vocabulary import SWITCH

DATA = Path(__file__).parent / "data"
TODAY, YESTERDAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 21), date(2026, 11, 23)
RULE = ("rule", "Too large.", "Clause")


def facts(**more: Any) -> Facts:
    return Facts(actor=Actor(frozenset()), version=1, today=TODAY, **more)


HOLDS = [
    pytest.param("call_open", {"call_open": True}, id="the call is open"),
    pytest.param("answers_complete", {"problems": ()}, id="no answer is wrong"),
    pytest.param("documents_present", {"missing_documents": ()}, id="no document is missing"),
    pytest.param("eligible", {"failed_rules": ()}, id="no rule of eligibility fails"),
    pytest.param("still_eligible", {"unmet_rules": ()}, id="every rule of eligibility still holds"),
    pytest.param("rate_known", {"rate_known": True}, id="the amount can be told in a second currency"),
    pytest.param("within_clock", {"clock_over": False}, id="the time still runs"),
    pytest.param("objected_once", {"objections": 1}, id="the first objection"),
    pytest.param("not_yet_assessed", {"assessed_by_actor": False}, id="the first assessment"),
    pytest.param(
        "recommended_within_requested",
        {"amount": 100, "requested": 100, "recommended_outcome": "approve"},
        id="the whole of what was requested",
    ),
    pytest.param(
        "recommended_within_requested", {"recommended_outcome": "decline"},
        id="who recommends to decline names no amount",
    ),
    pytest.param(
        "approved_within_recommended",
        {"amount": 100, "recommended": 100, "recommended_outcome": "approve"},
        id="the whole of what was recommended",
    ),
    pytest.param(
        "within_authority", {"amount": 100, "authority_limit": 100}, id="exactly the limit"
    ),
    pytest.param("within_budget", {"amount": 100, "budget_left": 100}, id="exactly the budget"),
    pytest.param("offer_open", {"offer_expires_on": TODAY}, id="the last day"),
    pytest.param("offer_expired", {"offer_expires_on": YESTERDAY}, id="the day after"),
    pytest.param("condition_open", {"condition_open": True}, id="an open condition"),
    pytest.param("disbursement_open", {"disbursement_open": True}, id="in disbursement"),
    pytest.param("earlier_tranches_paid", {"earlier_unpaid": ()}, id="all before is paid"),
    pytest.param("within_award", {"amount": 60, "award_left": 60}, id="exactly what is left"),
    pytest.param("file_unchanged", {"file_digest": "ab", "seen_digest": "ab"}, id="the same file"),
    pytest.param("all_tranches_paid", {"tranches_unpaid": 0}, id="nothing left to pay"),
]  # fmt: skip
FAILS = [
    pytest.param(
        "rate_known", {"rate_known": False},
        "No rate of exchange is known yet for the currency of your country, so that the amount cannot be told in it. "
        "The fund records one; hand the application in after that.", id="no rate was recorded",
    ),
    pytest.param(
        "within_clock", {"clock_over": True},
        "The time for votes by circulation is over. Vote at a sitting.", id="the time is over",
    ),
    pytest.param(
        "objected_once", {"objections": 2}, "There was an objection again; it stands.", id="the second objection",
    ),
    pytest.param(
        "call_open", {"call_open": False}, "The call is not open for applications.",
        id="the call is closed",
    ),
    pytest.param(
        "answers_complete", {"problems": ("Sector", "Amount")},
        "These answers need attention: Sector; Amount.", id="two answers are wrong",
    ),
    pytest.param(
        "documents_present", {"missing_documents": ("Quotations (1 of 2)",)},
        "Still to be attached: Quotations (1 of 2).", id="a document is missing",
    ),
    pytest.param(
        "eligible", {"failed_rules": (RULE, ("other", "Not local.", "Clause"))},
        "Too large. Not local.", id="two rules of eligibility fail",
    ),
    pytest.param(
        "still_eligible", {"unmet_rules": (RULE, ("other", "Not certified.", "Clause"))},
        "Too large. Not certified.", id="two rules of eligibility hold no more",
    ),
    pytest.param(
        "not_yet_assessed", {"assessed_by_actor": True}, "You have already assessed this case.",
        id="a second assessment by the same person",
    ),
    pytest.param(
        "recommended_within_requested",
        {"amount": 101, "requested": 100, "money": {"amount": "MYR 1.01", "requested": "MYR 1.00"}},
        "MYR 1.01 is more than the MYR 1.00 requested.", id="more than was requested",
    ),
    pytest.param(
        "recommended_within_requested", {"amount": 0, "requested": 100},
        "Say which amount you recommend.", id="nothing is recommended",
    ),
    pytest.param(
        "recommended_within_requested", {"amount": -1, "requested": 100},
        "Say which amount you recommend.", id="less than nothing is recommended",
    ),
    pytest.param(
        "recommended_within_requested", {"amount": 1}, "Say which amount you recommend.",
        id="nobody knows what was requested",
    ),
    pytest.param(
        "approved_within_recommended",
        {"amount": 101, "recommended": 100, "recommended_outcome": "approve"},
        "101 is more than the 100 recommended.", id="more than was recommended",
    ),
    pytest.param(
        "approved_within_recommended",
        {"amount": 100, "recommended": 100, "recommended_outcome": "decline"},
        "Nothing was recommended for approval.", id="declining was recommended",
    ),
    pytest.param(
        "approved_within_recommended", {"amount": 100, "recommended_outcome": "approve"},
        "Nothing was recommended for approval.", id="no amount was recommended",
    ),
    pytest.param(
        "approved_within_recommended",
        {"amount": -1, "recommended": 100, "recommended_outcome": "approve"},
        "Say which amount you approve.", id="less than nothing is approved",
    ),
    pytest.param(
        "within_authority", {"amount": 101, "authority_limit": 100},
        "101 is above your authority of 100.", id="one unit over the limit",
    ),
    pytest.param(
        "within_authority", {"amount": 1},
        "You hold no authority in force for this scheme and currency.", id="no authority",
    ),
    pytest.param(
        "within_authority", {"authority_limit": 100}, "None is above your authority of 100.",
        id="no amount to hold against the limit",
    ),
    pytest.param(
        "within_budget", {"amount": 101, "budget_left": 100},
        "101 is more than the 100 left in the budget of the call.", id="one unit over the budget",
    ),
    pytest.param(
        "offer_open", {"offer_expires_on": YESTERDAY},
        "The acceptance period of the offer is over.", id="the day after the last",
    ),
    pytest.param(
        "offer_expired", {"offer_expires_on": TODAY},
        "The acceptance period of the offer is not over.", id="the last day is not over",
    ),
    pytest.param(
        "offer_expired", {"offer_expires_on": TOMORROW},
        "The acceptance period of the offer is not over.", id="a day is left",
    ),
    pytest.param(
        "condition_open", {"condition_open": False}, "This condition is not open.",
        id="the condition was met before",
    ),
    pytest.param(
        "disbursement_open", {"disbursement_open": False},
        "Conditions precedent are still open, or the award is closed.", id="not in disbursement",
    ),
    pytest.param(
        "earlier_tranches_paid", {"earlier_unpaid": (1, 2)}, "Tranche 1, 2 is not paid yet.",
        id="tranches before are not paid",
    ),
    pytest.param(
        "within_award", {"amount": 61, "award_left": 60},
        "This would disburse more than the award.", id="one unit over the award",
    ),
    pytest.param(
        "file_unchanged", {"file_digest": "ab", "seen_digest": "cd"},
        "The payment file is not the one you looked at. Open the case again and compare.",
        id="another file was looked at",
    ),
    pytest.param(
        "file_unchanged", {"file_digest": "", "seen_digest": ""},
        "The payment file is not the one you looked at. Open the case again and compare.",
        id="no file was looked at",
    ),
    pytest.param(
        "all_tranches_paid", {"tranches_unpaid": 1}, "Tranches are still to be paid.",
        id="a tranche is left",
    ),
]  # fmt: skip

HOLDS += spending.HOLDS
FAILS += spending.FAILS


@pytest.mark.parametrize(("name", "given"), HOLDS)
def test_a_guard_holds(name: str, given: dict[str, Any]) -> None:
    assert GUARDS[name].check(facts(**given)) is None


@pytest.mark.parametrize(("name", "given", "sentence"), FAILS)
def test_a_guard_fails(name: str, given: dict[str, Any], sentence: str) -> None:
    assert GUARDS[name].check(facts(**given)) == sentence


@pytest.mark.parametrize("name", sorted(GUARDS))
def test_a_guard_that_was_told_nothing_refuses(name: str) -> None:
    assert GUARDS[name].check(facts())


@pytest.mark.parametrize(("name", "given"), [row for row in HOLDS if "decline" not in str(row.id)])
def test_a_guard_refuses_when_any_of_its_facts_is_missing(name: str, given: dict[str, Any]) -> None:
    for left_out in given:
        known = {key: value for key, value in given.items() if key != left_out}
        if (name, left_out) != ("recommended_within_requested", "recommended_outcome"):
            assert GUARDS[name].check(facts(**known))


def test_every_guard_has_a_row_where_it_holds_and_one_where_it_fails() -> None:
    assert {row.values[0] for row in HOLDS} == set(GUARDS)
    assert {row.values[0] for row in FAILS} == set(GUARDS)


def test_every_guard_and_choice_is_used_by_a_definition() -> None:
    workflows = [
        load(f.read_text("utf-8")) for folder in (SHIPPED, DATA) for f in folder.glob("*.toml")
    ]
    acts = [act for workflow in workflows for act in workflow.acts.values()]
    assert {g for act in acts for g in act.guards if not g.startswith(SWITCH)} == set(GUARDS)
    ways = {b.when for act in acts for b in act.branches if b.when}
    assert {when for when in ways if not when.startswith(SWITCH)} == set(CHOICES)


def test_a_rule_says_what_it_is_and_where_it_comes_from() -> None:
    for name, guard in GUARDS.items():
        assert guard.name == name
        assert guard.clause
        assert guard.check.__doc__
    sentences = Counter(guard.check.__doc__ for guard in GUARDS.values())
    assert max(sentences.values()) == 1


@pytest.mark.parametrize(
    ("name", "given", "chosen"),
    [
        pytest.param(
            "last_assessment", {"assessments": 1, "assessments_required": 2}, True,
            id="the second of two",
        ),
        pytest.param(
            "last_assessment", {"assessments": 0, "assessments_required": 2}, False,
            id="the first of two",
        ),
        pytest.param(
            "last_assessment", {"assessments": 0, "assessments_required": 1}, True,
            id="the first of one",
        ),
        pytest.param("last_assessment", {"assessments": 0}, False, id="two unless it is said"),
        pytest.param("last_assessment", {}, False, id="nobody counted the assessments"),
        pytest.param("last_condition", {"open_conditions": ("a",)}, True, id="one is open"),
        pytest.param("last_condition", {"open_conditions": ("a", "b")}, False, id="two are open"),
        pytest.param("last_condition", {"open_conditions": ()}, False, id="none is open"),
        pytest.param("last_condition", {}, False, id="nobody counted the conditions"),
        pytest.param("decided_for", {"result": "for"}, True, id="the votes are for"),
        pytest.param("decided_for", {"result": "against"}, False, id="the votes are not for"),
        pytest.param("decided_for", {}, False, id="nothing is decided for yet"),
        pytest.param("decided_against", {"result": "against"}, True, id="the votes are against"),
        pytest.param("decided_against", {"result": "for"}, False, id="the votes are not against"),
        pytest.param("decided_against", {}, False, id="nothing is decided against yet"),
        pytest.param("others_asked", {"asked": ("SG-1",)}, True, id="one is asked"),
        pytest.param("others_asked", {"asked": ()}, False, id="none is asked"),
        pytest.param("others_asked", {}, False, id="nobody said who is asked"),
        pytest.param("through_facility", {"through_facility": True}, True, id="through the facility"),
        pytest.param("through_facility", {}, False, id="nobody said how it is paid"),
    ],
)  # fmt: skip
def test_a_choice_between_destinations(name: str, given: dict[str, Any], chosen: bool) -> None:
    assert CHOICES[name](facts(**given)) is chosen
