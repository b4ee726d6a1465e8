"""Whether the people an agency has can carry cases through a definition: every part, limit, body and quorum.

For each scheme and each span of amounts the search looks for a road to a completed case, and for one to every act of
officers, on which all parts can be taken by different people at once. Delegations are left out: who has a duty only for a
time is no ground to build on. Other institutions are looked at only where people of theirs are given.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workflows.authority import bands_of
from workflows.definition import Workflow
from workflows.rules import duty_label
from workflows.soundness.crew import MOST, Asked, Case, Life, Officer, Road, Span, spans
from workflows.soundness.matrix import amounts
from workflows.soundness.roads import Roads
from workflows.soundness.seating import Lack, lacking
from workflows.soundness.witness import WARNING, Finding

__all__ = ["Officer", "lacks"]
RULE = "staffing"
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# Place in the file, who, for what.
Key = tuple[str, str, str]


@dataclass
class _Need:
    """How many more people are needed at most, on which road, and for which amounts of each scheme."""

    count: int = 0
    path: tuple[str, ...] = ()
    spans: dict[tuple[str, str], list[Span]] = field(default_factory=dict)


def lacks(
    workflow: Workflow,
    people: Sequence[Officer],
    *,
    schemes: Sequence[tuple[str, str]],
    assessments: int = 2,
    tranche: Workflow | None = None,
) -> tuple[Finding, ...]:
    """Return whom an agency lacks to work by a definition: the fewest people, each in words; empty when it has them all.

    ``schemes`` are pairs of a scheme's code and its currency, ``assessments`` how many a scheme asks for; ``tranche`` is
    the life of its tranches.
    """
    workflows = (workflow,) if tranche is None else (workflow, tranche)
    lives = [Roads(life) for life in workflows]
    needs: dict[Key, _Need] = {}
    found: list[Finding] = []
    for scheme, currency in schemes:
        undecided = list(_undecided(workflows, scheme, currency))
        found += undecided
        for span in spans(workflows, scheme, currency) if not undecided else ():
            case = Case(people, scheme, currency, span, assessments)
            main = Life(lives[0], case)
            rest = [Life(roads, case, roads.workflow.name) for roads in lives[1:]]
            found += [finding for life in (main, *rest) for finding in _about(life)]
            for missing, path in _missing(main, rest):
                _add(needs, main.workflow, case, missing, path)
    told = [_finding(key, need) for key, need in needs.items()]
    return (*dict.fromkeys(found), *told)


def _undecided(workflows: Sequence[Workflow], scheme: str, currency: str) -> Iterator[Finding]:
    """Yield decisions whose matrix has no band for a scheme."""
    for workflow in workflows:
        for decision in workflow.decisions.values():
            if not bands_of(decision, currency, scheme):
                sentence = (
                    f"No band is for {currency} and the scheme {scheme}: nobody decides there."
                )
                yield Finding("authority_gap", f"decisions.{decision.name}", sentence)


def _about(life: Life) -> Iterator[Finding]:
    """Yield what can be said of one life alone."""
    if len(life.came) > MOST:
        sentence = f"There are more than {MOST:,} ways through, too many to look for people on all."
        yield Finding(RULE, f"{life.within}acts", sentence, (), WARNING)
    yield from _voices(life)


def _voices(life: Life) -> Iterator[Finding]:
    """Yield vetoes and casting votes that none of those who vote can give."""
    for decision in life.workflow.decisions.values():
        band, act = life.band(decision), life.vote(decision)
        if band is None or act is None or band.of == 1:
            continue
        electors = [life.case.people[number] for number in life.electors(band, act)]
        tie = [] if decision.tie == "against" else [(decision.tie, "casting vote")]
        for duty, what in (*tie, *((duty, "veto") for duty in decision.veto)):
            if electors and all(duty not in officer.duties for officer in electors):
                label = duty_label(life.workflow, duty)
                span = amounts(life.case.currency, *life.case.span)
                sentence = (
                    f"Scheme {life.case.scheme}, {span}: none of those who vote is {label}, "
                    f"so nobody has the {what}."
                )
                place = f"{life.within}decisions.{decision.name}"
                yield Finding(RULE, place, sentence, (), WARNING)


def _missing(main: Life, rest: list[Life]) -> Iterator[tuple[tuple[Lack, ...], tuple[str, ...]]]:
    """Yield who is missing, and the road they are missing on: first to complete a case, then for each act."""
    whole = main.completed() or [(frozenset(), ())]
    ends = [(a | b, road) for a, road in whole for b, _ in _completed(rest)]
    worst = _fewest(ends)
    if worst[0]:
        yield worst
    nothing: list[Asked] = [frozenset()]
    both = ((main, nothing), *((life, [asked for asked, _ in whole]) for life in rest))
    for life, before in both:
        for act in life.workflow.acts.values():
            found = _fewest([(a | b, road) for a, road in life.through(act) for b in before])
            found = (tuple(lack for lack in found[0] if not worst[0] or lack.nobody), found[1])
            if found[0]:
                yield found


def _completed(rest: list[Life]) -> list[Road]:
    return [road for life in rest for road in life.completed()] or [(frozenset(), ())]


def _fewest(roads: list[Road]) -> tuple[tuple[Lack, ...], tuple[str, ...]]:
    """Return who is missing on the road on which the fewest are."""
    best: tuple[tuple[Lack, ...], tuple[str, ...]] | None = None
    for asked, path in roads:
        found = lacking(asked)
        if best is None or len(found) < len(best[0]):
            best = (found, path)
        if not found:
            break
    return best or ((), ())


def _add(
    needs: dict[Key, _Need],
    workflow: Workflow,
    case: Case,
    missing: tuple[Lack, ...],
    path: tuple[str, ...],
) -> None:
    """Put together what is missing for the same purpose in several schemes and spans of amounts."""
    keys = Counter((m.demand.place, _who(workflow, m), m.demand.purpose) for m in missing)
    for key, count in keys.items():
        need = needs.setdefault(key, _Need(path=path))
        need.count = max(need.count, count)
        held = need.spans.setdefault((case.scheme, case.currency), [])
        if held and held[-1][1] == case.span[0]:
            held[-1] = (held[-1][0], case.span[1])
        elif not held or held[-1][1] != case.span[1]:
            held.append(case.span)


def _who(workflow: Workflow, lack: Lack) -> str:
    """Return who is missing, with the parts those have who could otherwise do it."""
    others = [f"the {duty_label(workflow, part)}" for part in lack.taken]
    if not others:
        return lack.demand.who
    return f"{lack.demand.who} who is not {' or '.join(others)}"


def _finding(key: Key, need: _Need) -> Finding:
    place, who, purpose = key
    count = _NUMBERS[need.count] if need.count < len(_NUMBERS) else str(need.count)
    asked = f"{count} more {who}" if need.count == 1 else f"{count} more people as {who}"
    where = "; ".join(
        f"scheme {scheme}, {' and '.join(amounts(currency, *span) for span in found)}"
        for (scheme, currency), found in need.spans.items()
    )
    sentence = f"Lacking for “{purpose}”: {asked} ({where})."
    return Finding(RULE, place, sentence, need.path)
