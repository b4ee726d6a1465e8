"""The machine, the compiled table, the lists and a second reading of the file agree, on any walk and from many threads."""

import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.circumstances import NAMES, TODAY, good, outcome
from tests.workflows.generated import by_chance, definitions
from tests.workflows.walking import KNOWN, PEOPLE, SecondReading, Walker
from workflows.definition import Workflow
from workflows.facts import Actor, Facts
from workflows.format.loading import SHIPPED, load
from workflows.machine import Refused, Step, fire, options, why_not
from workflows.table import Place, allowed_acts, compiled

EXAMPLE = (Path(__file__).parent / "data" / "shared_loan.toml").read_text("utf-8")
OURS = {**{name: (SHIPPED / f"{name}.toml").read_text("utf-8") for name in NAMES}}
OURS["shared_loan"] = EXAMPLE
SEEDS = st.integers(0, 2**32 - 1)
# The rules a list knows of: who the person is, not what the case holds.
OF_THE_PERSON = {"duty", "delegation_in_force", "no_interest", "separate_hands", "institution"}


def counted(facts: Facts, step: Step) -> Facts:
    """Return the facts as the machine saw them: with the votes counted and the strand moved."""
    act = step.act
    moved = tuple(
        (name, str(act.step_to) if name == act.strand else at) for name, at in facts.strands
    )
    return replace(facts, result=step.result, strands=moved)


def hold_together(source: str, seed: int, steps: int) -> None:
    workflow, reading, chance = load(source), SecondReading(source), by_chance(seed)
    for state, act, facts, step in Walker(workflow, chance).walk(steps):
        failures = why_not(workflow, state, act, facts)
        if facts.behalf_of is None and not facts.actor.delegated:
            assert {f.rule for f in failures} & KNOWN == reading.failed(state, act, facts)
        if step is None:
            with pytest.raises(Refused) as refused:
                fire(workflow, state, act, facts)
            assert refused.value.failures == failures != ()
        else:
            agree(workflow, reading, state, counted(facts, step), step)
        lists(workflow, state, facts)


def agree(workflow: Workflow, reading: SecondReading, state: str, facts: Facts, step: Step) -> None:
    table, act = compiled(workflow), step.act.name
    assert table.target(state, act, facts) == step.target.name
    assert reading.target(state, act, facts) == step.target.name
    assert step.target.name in table.reaches(state, act) == set(step.act.targets(state))
    if step.target.name != state:
        begun = {s.name: s.steps[0] for s in workflow.strands_in(step.target.name)}
        assert dict(step.strands) == begun


def lists(workflow: Workflow, state: str, facts: Facts) -> None:
    offered = options(workflow, state, facts)
    assert [o.act for o in offered] == [a for a in workflow.acts_from(state) if a.by != ("system",)]
    for option in offered:
        spoken = why_not(workflow, state, option.act.name, facts)
        assert spoken[: len(option.failures)] == option.failures
    if facts.behalf_of is None:
        actor = facts.actor
        place = Place(state, actor.part, actor.related, actor.institution)
        (allowed,) = allowed_acts(workflow, [place], actor, facts.today)
        assert list(allowed) == [
            o.act for o in offered if not {f.rule for f in o.failures} & OF_THE_PERSON
        ]


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(sorted(OURS)), seed=SEEDS)
def test_on_any_walk_through_our_definitions_all_agree(name: str, seed: int) -> None:
    hold_together(OURS[name], seed, steps=25)


@settings(max_examples=120, deadline=None)
@given(source=definitions(), seed=SEEDS)
def test_on_any_walk_through_any_definition_all_agree(source: str, seed: int) -> None:
    hold_together(source, seed, steps=15)


@settings(max_examples=60, deadline=None)
@given(source=definitions(sound=False), seed=SEEDS)
def test_a_definition_with_flaws_is_walked_by_the_same_rules(source: str, seed: int) -> None:
    hold_together(source, seed, steps=15)


@settings(max_examples=40, deadline=None)
@given(source=st.one_of(definitions(), definitions(sound=False)))
def test_every_name_of_the_file_is_in_the_record(source: str) -> None:
    raw, workflow = tomllib.loads(source), load(source)
    for key in ("states", "acts", "strands", "decisions", "switches", "duties", "institutions"):
        assert list(getattr(workflow, key)) == list(raw.get(key, {}))
    assert workflow.source == source
    assert load(source) == workflow


def test_walks_by_chance_come_everywhere() -> None:
    """The walks would prove nothing if they stayed at the beginning."""
    workflow = load(EXAMPLE)
    seen: set[str] = set()
    for seed in range(150):
        seen |= {
            step.act.name for _, _, _, step in Walker(workflow, by_chance(seed)).walk(60) if step
        }
    assert seen == set(workflow.acts)


def everything(workflow: Workflow) -> Iterator[tuple[str, str, Facts]]:
    """Go through every state and act, for somebody who has every duty and everything in order."""
    person = Actor(frozenset({*PEOPLE, "system"}), mark="P-1")
    for state in workflow.states:
        begun = tuple((s.name, s.steps[0]) for s in workflow.strands_in(state))
        for act in workflow.acts:
            yield state, act, replace(good(workflow), actor=person, strands=begun, today=TODAY)


def test_one_machine_serves_eight_threads() -> None:
    # A text that was never loaded before: the threads race to build its machine as well.
    workflow = load(EXAMPLE.replace("version = 1", "version = 2"))
    table = compiled(workflow)
    walk = list(everything(workflow)) * 4
    before = [outcome(load(EXAMPLE), *step) for step in walk]
    together = Barrier(8)

    def run(shift: int) -> list[str | set[str]]:
        together.wait(timeout=10)
        turned = walk[shift:] + walk[:shift]
        found = [outcome(workflow, *step) for step in turned]
        return found[len(walk) - shift :] + found[: len(walk) - shift]

    with ThreadPoolExecutor(8) as threads:
        for found in threads.map(run, range(0, 160, 20)):
            assert found == before
    went = [(step, to) for step, to in zip(walk, before, strict=True) if isinstance(to, str)]
    assert len(went) > 30
    assert all(to in table.reaches(state, act) for (state, act, _), to in went)
