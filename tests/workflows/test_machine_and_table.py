"""The machine against a table compiled from the same file, on random walks and from many threads."""

import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.circumstances import DUTIES, GOOD, NAMES, TODAY, outcome
from workflows.loading import SHIPPED, load, shipped
from workflows.facts import Actor, Facts
from workflows.choices import CHOICES
from workflows.guards import GUARDS


def table(name: str) -> Callable[[str, str, Facts], str | set[str]]:
    """Compile the file of a definition to a table of its own, without the reader and the machine."""
    acts = tomllib.loads((SHIPPED / f"{name}.toml").read_text("utf-8"))["acts"]

    def look_up(state: str, act: str, facts: Facts) -> str | set[str]:
        stale = {"unchanged"} if facts.expected_version not in (None, facts.version) else set()
        if act not in acts or state not in acts[act]["from"]:
            return stale | {"possible_here"}
        verb, actor = acts[act], facts.actor
        part = verb.get("part", verb["by"])
        required = verb.get("reasons") == "required"
        rules = {
            "duty": verb["by"] in actor.duties,
            "no_interest": not actor.related or verb["by"] == "applicant",
            "separate_hands": verb["by"] == "system" or actor.part in (None, part),
            "reasons_known": not facts.unknown_reasons,
            "reasons_given": bool(facts.reasons) or not required,
            **{g: GUARDS[g].check(facts) is None for g in verb.get("guards", [])},
        }
        failed = stale | {rule for rule, holds in rules.items() if not holds}
        if failed:
            return failed
        if isinstance(verb["to"], str):
            return str(verb["to"])
        return next(str(b["state"]) for b in verb["to"] if _chosen(b.get("when"), facts))

    return look_up


def _chosen(when: str | None, facts: Facts) -> bool:
    return when is None or CHOICES[when](facts)


TABLES = {name: table(name) for name in NAMES}
CIRCUMSTANCES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "actor": st.builds(
            Actor,
            duties=st.frozensets(st.sampled_from((*DUTIES, "system")), min_size=4),
            part=st.sampled_from((None, None, None, *DUTIES, "payment_maker", "payment_checker")),
            related=st.sampled_from((False, False, False, True)),
        ),
        "expected_version": st.sampled_from((None, 7, 7, 7, 6)),
        "reasons": st.sampled_from((("OTH",), ("OTH",), ())),
        "unknown_reasons": st.sampled_from(((), (), (), ("X",))),
        "call_open": st.sampled_from((True, True, False, None)),
        "amount": st.sampled_from((100, 100, 101, 0, None)),
        "assessments": st.integers(0, 2),
        "offer_expires_on": st.sampled_from((TODAY, date(2026, 11, 21))),
        "open_conditions": st.sampled_from((("a", "b"), ("a",), ())),
        "seen_digest": st.sampled_from(("ab", "ab", "cd")),
        "disbursement_open": st.sampled_from((True, True, False)),
    }
)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_on_any_walk_the_machine_agrees_with_the_table(name: str, data: st.DataObject) -> None:
    workflow = shipped(name)
    state, acts = workflow.initial, (*workflow.acts, "nonsense")
    for _ in range(12):
        here = [act.name for act in workflow.acts_from(state)] or list(acts)
        act = data.draw(st.sampled_from((*here, *here, *acts)))
        facts = replace(GOOD, **data.draw(CIRCUMSTANCES))
        found = outcome(workflow, state, act, facts)
        assert found == TABLES[name](state, act, facts)
        state = found if isinstance(found, str) else state


def test_one_machine_serves_eight_threads() -> None:
    source = shipped("grant").source.replace("version = 1", "version = 2")
    workflow = load(source)
    walk = [
        (state, act, replace(GOOD, assessments=count))
        for state in workflow.states
        for act in workflow.acts
        for count in (0, 1)
    ]
    expected = [TABLES["grant"](state, act, facts) for state, act, facts in walk]
    together = Barrier(8)

    def run(shift: int) -> list[str | set[str]]:
        together.wait(timeout=10)
        turned = walk[shift:] + walk[:shift]
        found = [outcome(workflow, *step) for step in turned]
        return found[len(walk) - shift :] + found[: len(walk) - shift]

    with ThreadPoolExecutor(8) as threads:
        for found in threads.map(run, range(0, 160, 20)):
            assert found == expected
