"""Entries of a definition as people read them, whatever they are: for differences, findings and the pages of versions."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workflows.definition import Band, Branch, Clock, Workflow
from workflows.money import formatted
from workflows.rules import duty_label
from workflows.soundness.witness import Finding
from workflows.vocabulary import DUTIES
from workflows.wording import clock_words


def finding_line(found: Finding) -> str:
    """Return a finding on one line: where, what, and the road that shows it."""
    road = found.told()
    return f"{found.place}: {found.sentence}" + (f" [{road}]" if road else "")


def entry(value: Any, workflow: Workflow) -> str:
    """Return an entry as people read it: duties by their label, amounts with their currency, clocks in words."""
    if value is None or value in ("", (), {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    told = _TOLD.get(type(value))
    return told(value, workflow) if told else str(value)


def _names(value: Sequence[Any], workflow: Workflow) -> str:
    if all(isinstance(item, str) for item in value):
        known = {**DUTIES, **workflow.duties}
        return ", ".join(duty_label(workflow, v) if v in known else v for v in value)
    return ", else ".join(entry(item, workflow) for item in value)


def _table(value: Mapping[str, Any], workflow: Workflow) -> str:
    return "; ".join(f"{key}: {entry(inner, workflow)}" for key, inner in value.items())


def _branch(value: Branch, _: Workflow) -> str:
    asked = (
        value.state,
        f"when {value.when}" if value.when else "",
        f"for {value.outcome}" if value.outcome else "",
        f"with the letter {value.letter}" if value.letter else "",
    )
    return " ".join(filter(None, asked))


def _clock(value: Clock, workflow: Workflow) -> str:
    return clock_words(workflow, value)


def _band(value: Band, workflow: Workflow) -> str:
    by = duty_label(workflow, value.by) + (f" of {value.body}" if value.body else "")
    scheme = f" in {value.scheme}" if value.scheme else ""
    votes = f"{value.needed} of {value.of}, at least {value.present} present"
    return f"{_amounts(value)}{scheme}: {by}, {votes}"


def _amounts(band: Band) -> str:
    if not band.currency:
        return "without an amount"
    above = f"above {formatted(band.above, band.currency)}" if band.above else ""
    if band.up_to is None:
        return above or f"any amount in {band.currency}"
    return f"{above} up to {formatted(band.up_to, band.currency)}".strip()


_TOLD: dict[type, Callable[[Any, Workflow], str]] = {
    tuple: _names,
    dict: _table,
    Branch: _branch,
    Clock: _clock,
    Band: _band,
}
