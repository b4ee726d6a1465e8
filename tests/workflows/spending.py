"""Rows for the rules on money once it is granted: where each holds, and where it fails with which sentence."""

import pytest

HOLDS = [
    pytest.param("budget_out", {"recommended": 101, "budget_left": 100}, id="the budget is out"),
    pytest.param(
        "first_in_line", {"recommended": 100, "budget_left": 100, "ahead": ()},
        id="nobody waits longer",
    ),
    pytest.param("revised_downwards", {"amount": 99, "offered": 100}, id="less than is offered"),
    pytest.param("signatory", {"signatory": True}, id="an authorised signatory"),
    pytest.param("second_person", {"own": False}, id="another person than who entered it"),
    pytest.param("award_standing", {"award_standing": True}, id="an award in force"),
    pytest.param("not_yet_approved", {"approved_by_actor": False}, id="a first approval"),
    pytest.param("more_within_budget", {"more": 100, "budget_left": 100}, id="exactly what the budget has left"),
    pytest.param("not_yet_released", {"released_by_actor": False}, id="a first release"),
    pytest.param("account_settled", {"account_settled": True}, id="no change of account is open"),
    pytest.param(
        "conditions_of_tranche_met", {"tranche_conditions": ()}, id="no condition is open for the tranche",
    ),
]  # fmt: skip
FAILS = [
    pytest.param(
        "conditions_of_tranche_met", {"tranche_conditions": ("An audit.", "A photo.")},
        "These must be met or waived first: An audit. A photo.", id="two conditions of the tranche are open",
    ),
    pytest.param(
        "budget_out", {"recommended": 100, "budget_left": 100, "money": {"budget_left": "MYR 1.00"}},
        "The budget of the call has MYR 1.00 left, enough for this case.", id="the budget suffices",
    ),
    pytest.param(
        "first_in_line",
        {"recommended": 101, "budget_left": 100, "ahead": (), "money": {"budget_left": "MYR 1.00"}},
        "The budget of the call has MYR 1.00 left, not enough for this case.", id="still too little",
    ),
    pytest.param(
        "first_in_line", {"recommended": 100, "budget_left": 100, "ahead": ("A-1", "A-2")},
        "These wait longer and can be served: A-1, A-2.", id="two others are before",
    ),
    pytest.param(
        "revised_downwards", {"amount": 100, "offered": 100},
        "Enter less than what is offered. For more, undo the approval: it is decided again.",
        id="as much as is offered",
    ),
    pytest.param(
        "revised_downwards", {"amount": 0, "offered": 100}, "Say which amount you offer.",
        id="nothing is not an offer",
    ),
    pytest.param(
        "signatory", {"signatory": False},
        "Only an authorised signatory of the enterprise can do this here. Let one of them do it, "
        "or send a copy that one of them has signed.",
        id="somebody who may not sign",
    ),
    pytest.param(
        "second_person", {"own": True},
        "You entered this yourself; another person has to confirm it.", id="the same person",
    ),
    pytest.param(
        "award_standing", {"award_standing": False},
        "The award is not accepted yet, or has ended.", id="an award that ended",
    ),
    pytest.param(
        "not_yet_approved", {"approved_by_actor": True}, "You have approved this already.",
        id="a second approval by the same person",
    ),
    pytest.param(
        "more_within_budget", {"more": 101, "budget_left": 100},
        "The budget of the call does not have so much left.", id="one unit more than the budget has",
    ),
    pytest.param(
        "not_yet_released", {"released_by_actor": True}, "You have released this payment already.",
        id="a second release by the same person",
    ),
    pytest.param(
        "account_settled", {"account_settled": False},
        "The bank account is being changed. Wait until the change is confirmed and its waiting time is over.",
        id="the account is being changed",
    ),
]  # fmt: skip
