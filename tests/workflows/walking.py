"""Walks by chance through a definition, and a second reading of its file that knows neither the reader nor the machine."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

from tests.workflows.circumstances import DUTIES, TODAY, good
from workflows.choices import CHOICES
from workflows.definition import Workflow
from workflows.facts import Actor, Delegated, Facts, Vote
from workflows.guards import GUARDS
from workflows.machine import Step, fire, why_not
from workflows.vocabulary import SWITCH

PEOPLE = (*DUTIES, "chair", "auditor", "guarantee_officer")
PARTS = (None, None, None, *PEOPLE, "payment_maker", "payment_checker", "visitor")
MARKS = ("P-1", "P-2", "P-3", "P-4")
ATTACHED = tuple((kind, "0" * 64) for kind in ("minute", "question", "file"))
# What the second reading knows of who may act, entered reasons and guards; votes and delegation it leaves to others.
KNOWN = {"possible_here", "unchanged", "duty", "no_interest", "separate_hands", "institution"}
KNOWN |= {"reasons_known", "reasons_given", "note_given", "outcome_chosen", *GUARDS}


@dataclass
class Walker:
    """A case on its way: where it is, where its strands are, and which votes were cast there."""

    workflow: Workflow
    chance: Random
    state: str = ""
    strands: tuple[tuple[str, str], ...] = ()
    votes: tuple[Vote, ...] = ()

    def __post_init__(self) -> None:
        self.state = self.workflow.initial
        self.strands = tuple((s.name, s.steps[0]) for s in self.workflow.strands_in(self.state))

    def walk(self, steps: int) -> Iterator[tuple[str, str, Facts, Step | None]]:
        """Try an act again and again; yields where, which act, the facts, and the step if it was allowed."""
        for _ in range(steps):
            here = [act.name for act in self.workflow.acts_from(self.state)]
            act = self.chance.choice([*here, *here, *here, *self.workflow.acts, "nonsense"])
            facts = replace(
                good(self.workflow),
                strands=self.strands,
                votes=self.votes,
                **circumstances(self.chance, self.workflow, act),
            )
            allowed = not why_not(self.workflow, self.state, act, facts)
            step = fire(self.workflow, self.state, act, facts) if allowed else None
            yield self.state, act, facts, step
            if step is not None:
                self.take(step, facts)

    def take(self, step: Step, facts: Facts) -> None:
        """Stand where the step leads."""
        stays = step.target.name == self.state
        vote = step.act.vote
        cast: tuple[Vote, ...] = ()
        if stays and vote and step.result is None:
            amount = facts.amount if vote == "for" else None
            cast = (Vote(facts.actor.mark, vote, facts.actor.duties, amount),)
        self.votes = (*self.votes, *cast) if stays else ()
        self.state, self.strands = step.target.name, step.strands


def circumstances(chance: Random, workflow: Workflow, act: str) -> dict[str, Any]:
    """Return facts by chance, mostly such that the act is allowed."""

    def mostly(values: tuple[Any, ...]) -> Any:
        """Return the first, and now and then another."""
        return values[0] if chance.random() < 0.85 else chance.choice(values[1:])

    verb = workflow.acts.get(act)
    by = verb.by if verb else ("approver",)
    duties = mostly((frozenset(by), frozenset(chance.sample((*PEOPLE, "system"), 4))))
    number = chance.choice((1, 2))
    handed = Delegated(number, by[0], chance.choice(MARKS), "Somebody", TODAY, TODAY)
    actor = Actor(
        duties=duties,
        part=mostly((None, *PARTS)),
        related=mostly((False, True)),
        institution=mostly((verb.institution if verb else "", "", "guarantor", "partner")),
        delegated=mostly(((), (handed,), (replace(handed, ended=TODAY),))),
        mark=chance.choice(MARKS),
    )
    return {
        "actor": actor,
        "behalf_of": mostly((None, 1)),
        "expected_version": mostly((7, None, 6)),
        "reasons": mostly((("OTH",), ())),
        "unknown_reasons": mostly(((), ("X",))),
        "note": mostly(("So it is.", " ")),
        "call_open": mostly((True, False, None)),
        "amount": mostly((100, 101, 0, None)),
        "assessments": chance.randrange(3),
        "offer_expires_on": chance.choice((TODAY, date(2026, 11, 21))),
        "open_conditions": chance.choice((("a", "b"), ("a",), ())),
        "seen_digest": mostly(("ab", "cd")),
        "disbursement_open": mostly((True, False)),
        "attached": mostly((ATTACHED, (), None)),
        "switches": mostly((frozenset(workflow.switches), frozenset(), None)),
        "extended": mostly((False, True, None)),
        "clock_over": mostly((True, False, None)),
        "outcome": chance.choice((*(verb.outcomes if verb else ()), None)),
    }


class SecondReading:
    """The acts of a file looked up in its TOML tables alone."""

    def __init__(self, source: str) -> None:
        self.raw = tomllib.loads(source)

    def failed(self, state: str, act: str, facts: Facts) -> set[str]:
        """Return the names of the rules that fail, of those this reading knows."""
        stale = {"unchanged"} if facts.expected_version not in (None, facts.version) else set()
        verb = self.raw["acts"].get(act)
        if verb is None or state not in verb["from"]:
            return stale | {"possible_here"}
        by = [verb["by"]] if isinstance(verb["by"], str) else verb["by"]
        actor, guards = facts.actor, verb.get("guards", [])
        outcomes = [b["outcome"] for b in self.ways(verb, state) if "outcome" in b]
        ours = {"applicant"} == set(by)
        rules = {
            "duty": not actor.duties.isdisjoint(by),
            "no_interest": not actor.related or ours,
            "separate_hands": "system" in by or actor.part in (None, verb.get("part", by[0])),
            "institution": actor.institution == verb.get("institution", "")
            or ours
            or "system" in by,
            "reasons_known": not facts.unknown_reasons,
            "reasons_given": bool(facts.reasons) or verb.get("reasons") != "required",
            "note_given": bool(facts.note.strip()) or verb.get("note") != "required",
            "outcome_chosen": not outcomes or facts.outcome in outcomes,
            **{g: GUARDS[g].check(facts) is None for g in guards if not g.startswith(SWITCH)},
        }
        return stale | {rule for rule, holds in rules.items() if not holds}

    def target(self, state: str, act: str, facts: Facts) -> str:
        """Return where an act leads under facts that have the votes counted and the strand moved."""
        chosen = next(
            way for way in self.ways(self.raw["acts"][act], state) if self.open(way, state, facts)
        )
        return state if chosen["state"] == "stay" else str(chosen["state"])

    def ways(self, verb: dict[str, Any], state: str) -> list[dict[str, Any]]:
        """Return the destinations of an act as tables."""
        return [{"state": verb["to"]}] if isinstance(verb["to"], str) else verb["to"]

    def open(self, way: dict[str, Any], state: str, facts: Facts) -> bool:
        """Tell whether a way is open under the facts."""
        if way.get("outcome", facts.outcome) != facts.outcome:
            return False
        if way.get("when") == "strands_done":
            strands = self.raw.get("strands", {}).items()
            last = {name: s["steps"][-1] for name, s in strands if s["state"] == state}
            return dict(facts.strands) == last
        return "when" not in way or CHOICES[way["when"]](facts)
