"""Names in a definition: each that is used is declared, and each thing stands where it may."""

import pytest

from tests.workflows.mistakes import SMALL, WHOLE, changed, refusal
from workflows import vocabulary

DUTIES = ", ".join(sorted({*vocabulary.DUTIES, "clerk", "minister"}))
SEEING = ", ".join(sorted({*vocabulary.DUTIES, "clerk", "minister", "officers"}))


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        pytest.param(
            'initial = "draft"', 'initial = "drft"',
            "line 6: initial: 'drft' is not a state: did you mean 'draft'?",
            id="an initial state that does not exist",
        ),
        pytest.param(
            'answers = ["applicant", "officers"]', 'answers = ["applicant", "ofishers"]',
            f"line 16: see.answers: 'ofishers' is not one of {SEEING}: did you mean 'officers'?",
            id="a duty that sees and does not exist",
        ),
        pytest.param(
            'see = {answers = ["applicant"]}', 'see = {answers = ["nobody_at_all"]}',
            "line 26: states.draft: see.answers: 'nobody_at_all' is not one of",
            id="a duty that sees in a state and does not exist",
        ),
        pytest.param(
            'documents = ["applicant"]}', 'documents = ["officers"]}',
            f"line 27: states.draft: edit.documents: 'officers' is not one of {DUTIES}: did you mean 'desk_officer'?",
            id="officers as a whole who edit",
        ),
        pytest.param(
            'escalate = "minister"', 'escalate = "officers"',
            f"line 34: states.checks: clock.escalate: 'officers' is not one of {DUTIES}: did you mean 'desk_officer'?",
            id="officers as a whole to whom a late case is brought",
        ),
        pytest.param(
            "warn = 2", "warn = 10",
            "line 34: states.checks: clock.warn: expected fewer than the 10 days the clock has.",
            id="a warning before the clock begins",
        ),
        pytest.param(
            'expires = "give_up"', 'expires = "give_in"',
            "line 34: states.checks: clock.expires: 'give_in' is not an act: did you mean 'give_up'?",
            id="a clock that expires into nothing",
        ),
        pytest.param(
            'expires = "give_up"', 'expires = "wait"',
            "line 34: states.checks: clock.expires: expected an act by the system from 'checks'; 'wait' is none.",
            id="a clock that expires into what a person does",
        ),
        pytest.param(
            'clock.unit = "calendar"', 'clock.unit = "calendar"\nclock.expires = "give_up"',
            "line 42: states.council: clock.expires: expected an act by the system from 'council'; "
            "'give_up' is none.",
            id="a clock that expires into an act of another state",
        ),
        pytest.param(
            "money = true", 'money = true\noutcome = "lapsed"',
            "line 49: states.paying: outcome: only an end has an outcome.", id="an outcome before the end",
        ),
        pytest.param(
            'outcome = "declined"', 'outcome = "declined"\nmoney = true',
            "line 65: states.refused: money: no money moves in a case that was declined.",
            id="money for a declined case",
        ),
        pytest.param(
            'clock = "none"\nend = true\noutcome = "declined"',
            'clock = {days = 1, unit = "calendar"}\nend = true\noutcome = "declined"',
            'line 62: states.refused: clock: an end has no clock; expected "none".', id="an end with a clock",
        ),
        pytest.param(
            'state = "checks"', 'state = "checkz"',
            "line 68: strands.figures: state: 'checkz' is not a state: did you mean 'checks'?",
            id="work in a state that does not exist",
        ),
        pytest.param(
            'state = "checks"', 'state = "done"',
            "line 68: strands.figures: state: 'done' is an end; no work is done there.", id="work at an end",
        ),
        pytest.param(
            'veto = ["minister"]', 'veto = ["premier"]',
            f"line 73: decisions.award: veto: 'premier' is not one of {DUTIES}.", id="a veto of nobody",
        ),
        pytest.param(
            'tie = "minister"', 'tie = "minstrel"',
            "line 74: decisions.award: tie: 'minstrel' is not one of against,", id="a casting vote of nobody",
        ),
        pytest.param(
            'by = "approver"\nbody', 'by = "aprover"\nbody',
            f"line 86: decisions.award: bands[2].by: 'aprover' is not one of {DUTIES}: did you mean 'approver'?",
            id="a band that nobody decides",
        ),
        pytest.param(
            '"switch:course"', '"switch:curse"',
            "line 112: acts.submit: guards: 'curse' is not declared under [switches]: did you mean 'course'?",
            id="a switch that does not exist",
        ),
        pytest.param(
            'when = "strands_done"', 'when = "switch:curse"',
            "line 130: acts.finish: to[1].when: 'curse' is not declared under [switches]: did you mean 'course'?",
            id="a way by a switch that does not exist",
        ),
        pytest.param(
            'per = "town"', 'per = "tower"',
            "line 208: decisions.consent: per: 'tower' is not declared under [institutions]; there are guarantor, town.",
            id="votes of an institution that does not exist",
        ),
        pytest.param(
            'institution = "town"\n', "",
            "line 214: acts.consent: institution: expected 'town', each of whose agencies has one vote.",
            id="a vote of agencies that a person casts",
        ),
        pytest.param(
            'decision = "consent"\nvote = "for"', 'decision = "consent"\nvote = "recuse"',
            "line 223: acts.consent: vote: an agency answers or not; it does not stand aside.",
            id="an agency that stands aside",
        ),
        pytest.param(
            'town = ["award"]', 'tower = ["award"]',
            "line 226: confined.tower: 'tower' is not declared under [institutions]; there are guarantor, town.",
            id="a confined institution that does not exist",
        ),
        pytest.param(
            'from = "draft"', 'from = "daft"',
            "line 109: acts.submit: from: 'daft' is not a state: did you mean 'draft'?",
            id="an act from a state that does not exist",
        ),
        pytest.param(
            'to = "checks"', 'to = "checkz"',
            "line 110: acts.submit: to: 'checkz' is not a state: did you mean 'checks'?",
            id="an act to a state that does not exist",
        ),
        pytest.param(
            '{state = "paying", when', '{state = "pying", when',
            "line 175: acts.approve: to[1].state: 'pying' is not a state: did you mean 'paying'?",
            id="a way, on a line of its own, to a state that does not exist",
        ),
        pytest.param(
            'by = "system"', 'by = ["system", "clerk"]\npart = "clerk"',
            "line 166: acts.give_up: by: the system acts alone or not at all.", id="a system that has company",
        ),
        pytest.param(
            'by = "system"', 'by = "system"\npart = "clerk"',
            "line 167: acts.give_up: part: the system stands nowhere in a case.", id="a system with a part",
        ),
        pytest.param(
            'part = "checker"\nstrand = "figures"\nstep = {from = "open", to = "half"}',
            'strand = "figures"\nstep = {from = "open", to = "half"}',
            "line 115: acts.halve: part: missing; expected a part, as several duties may act.",
            id="several duties without a part",
        ),
        pytest.param(
            'step = {from = "open", to = "half"}', "",
            "line 115: acts.halve: step: missing; expected {from = [...], to = ...}, as a strand is moved.",
            id="a strand without a step",
        ),
        pytest.param(
            'from = "open", to = "half"', 'from = "opn", to = "half"',
            "line 123: acts.halve: step.from: 'opn' is not a step of figures: did you mean 'open'?",
            id="a step that does not exist",
        ),
        pytest.param(
            'strand = "figures"\nstep = {from = "open", to = "half"}', 'step = {from = "open", to = "half"}',
            "line 122: acts.halve: step: a step needs the strand it moves.", id="a step without a strand",
        ),
        pytest.param(
            'strand = "figures"\nstep = {from = "open", to = "half"}',
            'strand = "letters"\nstep = {from = "open", to = "half"}',
            "line 122: acts.halve: strand: 'letters' is not declared under [strands]; there are figures.",
            id="a strand that does not exist",
        ),
        pytest.param(
            'from = ["checks"]\nto = "stay"\nby = ["clerk"', 'from = ["checks", "council"]\nto = "stay"\nby = ["clerk"',
            "line 118: acts.halve: from: expected ['checks'] alone, where figures is done.",
            id="work done elsewhere",
        ),
        pytest.param(
            'decision = "guarantee"\nvote = "for"', 'decision = "grantee"\nvote = "for"',
            "line 189: acts.guarantee: decision: 'grantee' is not declared under [decisions]: did you mean 'guarantee'?",
            id="a vote in a decision that does not exist",
        ),
        pytest.param(
            'voids = "award"', 'voids = "reward"',
            "line 200: acts.refuse: voids: 'reward' is not declared under [decisions]: did you mean 'award'?",
            id="a decision that does not exist made void",
        ),
        pytest.param(
            'institution = "guarantor"', 'institution = "lender"',
            "line 188: acts.guarantee: institution: 'lender' is not declared under [institutions]; "
            "there are guarantor, town.",
            id="an institution that does not exist",
        ),
        pytest.param(
            'kind = "application"', 'kind = "tranche"',
            'line 71: decisions: a definition of the kind "tranche" has none; they belong to the case.',
            id="a tranche that is decided on",
        ),
    ],
)  # fmt: skip
def test_a_name_that_nothing_answers_to_is_named(old: str, new: str, mistake: str) -> None:
    told = refusal(changed(WHOLE, old, new)).mistakes
    assert [found for found in told if found.startswith(mistake)], told


def test_a_state_held_by_an_institution_needs_one() -> None:
    told = refusal(changed(SMALL, 'holder = "applicant"', 'holder = "institution"')).mistakes
    assert told == [
        "line 10: states.open: holder: no institution is declared under [institutions]."
    ]


@pytest.mark.parametrize(
    ("declared", "mistake"),
    [
        pytest.param(
            'duties = {clerk = "clerk"}',
            "line 5: duties.clerk: declared, but nobody acts, sees or decides by it.",
            id="a duty nobody has a use for",
        ),
        pytest.param(
            'institutions = {lender = "lender"}',
            "line 5: institutions.lender: declared, but it has no act.",
            id="an institution without an act",
        ),
        pytest.param(
            'switches.on = {sentence = "On.", clause = "On"}',
            "line 5: switches.on: declared, but no act has it as a guard or asks for it.",
            id="a switch that switches nothing",
        ),
        pytest.param(
            'decisions.it = {title = "It", bands = [{by = "approver"}]}',
            "line 5: decisions.it: declared, but no act is a vote.",
            id="a decision nobody takes",
        ),
        pytest.param(
            'strands.work = {label = "Work", state = "open", steps = ["one", "two"]}',
            "line 5: strands.work: declared, but no act moves it.",
            id="work nobody does",
        ),
    ],
)
def test_what_is_declared_and_not_used_is_a_mistake(declared: str, mistake: str) -> None:
    assert refusal(changed(SMALL, "\n[states.open]", f"{declared}\n[states.open]")).mistakes == [
        mistake
    ]
