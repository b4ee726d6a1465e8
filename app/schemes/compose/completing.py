"""A workflow completed by a scheme: its authority matrix and its service clocks in the place of those of the template.

What comes of it is a definition like any other, with a digest of its own: whoever proves a case needs nothing beside it.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import tomli_w

from app.schemes.compose.terms import SchemeTerms
from workflows.authority import bands_of
from workflows.definition import Workflow
from workflows.entries import finding_line
from workflows.format.loading import load
from workflows.format.reading import Malformed
from workflows.soundness import findings

# A completed text is nobody's file: its lines say nothing.
_LINE = re.compile(r"line [0-9]+: ")


def fitted(template: Workflow, terms: SchemeTerms) -> Workflow:
    """Return the workflow of a scheme: the template, completed where it is the life of a case.

    Raises ``Malformed`` with all that does not fit, and all that is unsound in what the scheme made of the template.
    """
    found, wrong = template, list[str]()
    if template.kind == "application" and (terms.authority or terms.clocks):
        try:
            found = load(completed(template.source, terms), name=terms.code)
        except Malformed as error:
            told = [_LINE.sub("", mistake) for mistake in error.mistakes]
            raise Malformed(terms.code, told) from error
        wrong = [finding_line(one) for one in findings(found) if one.severity == "error"]
    wrong = [*misfits(terms, found), *wrong]
    if wrong:
        raise Malformed(terms.code, wrong)
    return found


def misfits(terms: SchemeTerms, workflow: Workflow) -> list[str]:
    """Return what of a workflow a scheme cannot serve, a sentence each: no agency, nobody to decide, no reason to choose."""
    wrong = [*_parts(terms, workflow)] if workflow.kind == "application" else []
    wrong += [
        f"workflow: {decision.title}: no band of the authority matrix is in {terms.currency}."
        for decision in workflow.decisions.values()
        if not bands_of(decision, terms.currency, terms.code)
    ]
    wrong += [
        f"reasons: none serves the act {act.name}, which requires one."
        for act in workflow.acts.values()
        if act.reasons == "required" and not terms.reasons_for(act.name)
    ]
    return wrong


def _parts(terms: SchemeTerms, workflow: Workflow) -> Iterator[str]:
    for name in workflow.institutions:
        if name not in terms.institutions:
            yield f"institutions: no agency is named for {name}."
    for place, named, known in (
        ("institutions", terms.institutions, workflow.institutions),
        ("switches", terms.switches, workflow.switches),
    ):
        for name in named:
            if name not in known:
                yield f"{place}: the workflow {workflow.name} has no {name!r}."


def completed(template: str, terms: SchemeTerms) -> str:
    """Return the text of a scheme's own workflow, the template itself where the scheme says nothing of its own.

    It is named after the template and the scheme and has the scheme's version. Raises ``Malformed`` for a decision or state
    that the template has not, and for a clock in a state that has none.
    """
    if not terms.authority and not terms.clocks:
        return template
    raw = tomllib.loads(template)
    wrong = [*_matrix(raw, terms), *_clocks(raw, terms)]
    if wrong:
        raise Malformed(terms.code, wrong)
    raw |= {"name": name_of(terms), "version": terms.version}
    return tomli_w.dumps(raw)


def template_of(terms: SchemeTerms) -> str:
    """Return the name of the workflow that a scheme names, whether it completes it or not."""
    return terms.workflow.partition("@")[0]


def name_of(terms: SchemeTerms) -> str:
    """Return what the workflow is called that a scheme makes of the one it names."""
    return f"{template_of(terms)}-{terms.code.lower()}"


def _matrix(raw: dict[str, Any], terms: SchemeTerms) -> list[str]:
    decisions = raw.get("decisions", {})
    named = dict.fromkeys(tier.decision for tier in terms.authority)
    for name in named.keys() & decisions.keys():
        decisions[name]["bands"] = [
            _band(row, terms.currency) for row in terms.authority if row.decision == name
        ]
    return [
        f"authority: the workflow {raw['name']} has no decision {name!r}."
        for name in named
        if name not in decisions
    ]


def _band(tier: Any, currency: str) -> dict[str, Any]:
    row = {"currency": currency, "by": tier.by, "of": tier.of, "needed": tier.needed}
    if tier.above != "0":
        row["above"] = tier.above
    if tier.up_to:
        row["up_to"] = tier.up_to
    if tier.body:
        row["body"] = tier.body
    if tier.present != 1:
        row["present"] = tier.present
    return row


def _clocks(raw: dict[str, Any], terms: SchemeTerms) -> list[str]:
    wrong = []
    for name, said in terms.clocks.items():
        clock = raw["states"].get(name, {}).get("clock")
        if not isinstance(clock, dict):
            wrong.append(f"clocks: the workflow {raw['name']} has no clock in a state {name!r}.")
            continue
        clock |= {"days": said.days, "unit": said.unit, "warn": said.warn}
    return wrong
