"""A workflow completed by a scheme: its authority matrix and its service clocks in the place of those of the template.

What comes of it is a definition like any other, with a digest of its own: whoever proves a case needs nothing beside it.
"""

import tomllib
from typing import Any

import tomli_w

from app.schemes.compose.terms import SchemeTerms
from workflows.format.reading import Malformed


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
    raw |= {"name": f"{raw['name']}-{terms.code.lower()}", "version": terms.version}
    return tomli_w.dumps(raw)


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
