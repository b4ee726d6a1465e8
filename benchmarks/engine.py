"""What the rules cost: ``fire`` against a bare ``transitions`` trigger, the table against the machine, lists, soundness.

``python -m benchmarks.engine``: batches of the things compared alternate in one run, and the best batch of each is taken,
because a machine only ever adds time. All figures are CPU time of this process, so that other programs do not count.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import cycle, islice

from tests.workflows.generated import definition
from workflows.definition import Workflow
from workflows.facts import Actor, Facts
from workflows.format.loading import SHIPPED, load, shipped
from workflows.machine import _Row, fire, machine
from workflows.soundness import findings
from workflows.table import Place, allowed_acts, compiled

STATES, ACTS = 12, 40
GUARDS = ("call_open", "answers_complete", "documents_present", "eligible", "within_budget")
BATCHES, SIZE = 150, 400
DUTIES = ("applicant", "desk_officer", "assessor", "approver")
TODAY = date(2026, 11, 22)
FACTS = Facts(
    actor=Actor(frozenset({"desk_officer"}), part="desk_officer", mark="officer:1"),
    version=7,
    today=TODAY,
    expected_version=7,
    reasons=("OTH",),
    call_open=True,
    problems=(),
    missing_documents=(),
    failed_rules=(),
    amount=100,
    budget_left=100,
)
CASES = 1_000


def main() -> None:
    """Measure and print."""
    workflow = load(_ring())
    walk = list(islice(_walk(workflow), SIZE))
    bare, fired, looked_up = _steps(workflow, walk)
    _told("fire, five guards, against a bare trigger", fired * 1e6, "us", fired / bare, 2, "most")
    _told("bare trigger against the table", bare * 1e6, "us", bare / looked_up, 20, "least")
    _bar("acts allowed for 1,000 cases", _lists(), 0.010)
    largest = max((shipped(path.stem) for path in SHIPPED.glob("*.toml")), key=_size)
    _bar(f"soundness of {largest.name}, {len(largest.acts)} acts", _sound(largest), 0.200)
    _bar("soundness of 200 states, 1,000 acts", _sound(load(definition(200, 1000, 1))), 5.0)


def _told(what: str, figure: float, unit: str, ratio: float, bar: float, end: str) -> None:
    held = ratio <= bar if end == "most" else ratio >= bar
    print(f"{what:45} {figure:9.2f} {unit}  ratio {ratio:6.2f}  (at {end} {bar})  {_held(held)}")


def _bar(what: str, seconds: float, bar: float) -> None:
    figures = f"{seconds * 1e3:9.2f} ms  ratio {seconds / bar:6.2f}  (at most {bar * 1e3:.0f} ms)"
    print(f"{what:45} {figures}  {_held(seconds <= bar)}")


def _held(holds: bool) -> str:  # noqa: FBT001 - the whole question
    return "held" if holds else "MISSED"


def _ring() -> str:
    """Return a definition of forty acts in a ring of states, each act with five guards and a choice."""
    lines = ['name = "ring"', "version = 1", 'title = "A ring"', 'initial = "s0"']
    for n in range(STATES):
        lines += [
            f"[states.s{n}]",
            f'officer = "State {n}"',
            f'applicant = "State {n}"',
            'holder = "agency"',
            'clock = "none"',
        ]
    for n in range(ACTS):
        lines += [
            f"[acts.a{n}]",
            f'label = "Act {n}"',
            f'event = "Act {n}"',
            f'from = ["s{n % STATES}"]',
            f'to = [{{state = "s0", when = "last_condition"}}, {{state = "s{(n + 1) % STATES}"}}]',
            'by = "desk_officer"',
            'reasons = "required"',
            f"guards = [{', '.join(map(repr, GUARDS))}]",
        ]
    return "\n".join(lines)


def _walk(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """Go round and round, taking every act that starts in a state in turn."""
    turns = {state: cycle(workflow.acts_from(state)) for state in workflow.states}
    state = workflow.initial
    while True:
        act = next(turns[state])
        yield state, act.name
        state = act.branches[-1].state


def _steps(workflow: Workflow, walk: list[tuple[str, str]]) -> tuple[float, float, float]:
    """Return the seconds of one step: the bare trigger, ``fire``, and the look-up in the table."""
    events, table = machine(workflow).events, compiled(workflow)

    def bare() -> None:
        row = _Row(workflow.initial)
        for _, act in walk:
            events[act].trigger(row, FACTS)

    def fired() -> None:
        for state, act in walk:
            fire(workflow, state, act, FACTS)

    def looked_up() -> None:
        for state, act in walk:
            table.target(state, act, FACTS)

    return tuple(best / len(walk) for best in _best((bare, fired, looked_up)))  # type: ignore[return-value]


def _best(runs: tuple[Callable[[], None], ...]) -> list[float]:
    """Return the best batch of each run in seconds; batches alternate."""
    found: list[list[float]] = [[] for _ in runs]
    for _ in range(BATCHES):
        for times, run in zip(found, runs, strict=True):
            began = time.process_time()
            run()
            times.append(time.process_time() - began)
    return [min(times) for times in found]


def _lists() -> float:
    """Return the CPU seconds of the acts allowed on a page of cases, each standing differently."""
    workflow = shipped("grant")
    states, parts = list(workflow.states), (None, *DUTIES)
    places = [
        Place(states[n % len(states)], parts[n % len(parts)], related=n % 7 == 0)
        for n in range(CASES)
    ]
    actor = Actor(frozenset(DUTIES[1:]), mark="officer:1")
    return _cpu(lambda: allowed_acts(workflow, places, actor, TODAY))


def _sound(workflow: Workflow) -> float:
    return _cpu(lambda: findings(replace(workflow)))


def _cpu(run: Callable[[], object]) -> float:
    """Return the least CPU seconds of five runs."""
    times = []
    for _ in range(5):
        began = time.process_time()
        run()
        times.append(time.process_time() - began)
    return min(times)


def _size(workflow: Workflow) -> int:
    return len(workflow.states) + len(workflow.acts)


if __name__ == "__main__":
    main()
