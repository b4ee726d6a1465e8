"""The definitions that are drawn in the tests: those shipped, those of others, ours with everything in it, made ones."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.foreign.converter import convert
from tests.workflows.generated import definition
from workflows.definition import Workflow
from workflows.format.loading import SHIPPED, load, shipped

SHIPPED_ONES = [shipped(file.stem) for file in sorted(SHIPPED.glob("*.toml"))]
HERE = Path(__file__).parent
FOREIGN = HERE.parent / "foreign" / "definitions"
HOSTILE = "\"><script>alert(1)</script> & 'x'\n; # %% --> [*] \u202eקפה\u202c `|`"


@cache
def parallel() -> Workflow:
    """Return a definition with parallel work, votes, another institution, switches and a clock with everything."""
    return load((HERE / "data" / "parallel.toml").read_text("utf-8"))


@cache
def hostile() -> Workflow:
    """Return a definition in which every text that people write is meant to break out of the drawing."""
    text = json.dumps(HOSTILE)
    source = (HERE / "data" / "parallel.toml").read_text("utf-8")
    words = ("officer", "applicant", "before", "label", "title", "event", "sentence", "clause")
    lines = [
        f"{line.partition(' = ')[0]} = {text}" if line.startswith(words) and " = " in line else line
        for line in source.splitlines()
    ]
    return load("\n".join(lines).replace('"the guarantee corporation"', text))


def every() -> Iterator[object]:
    """Go through all of them, as rows of a table."""
    yield from (pytest.param(workflow, id=workflow.name) for workflow in SHIPPED_ONES)
    yield pytest.param(parallel(), id="parallel work and a guarantor")
    yield pytest.param(hostile(), id="hostile names")
    for file in sorted(FOREIGN.glob("*.json")):
        yield pytest.param(convert(json.loads(file.read_text("utf-8"))).workflow, id=file.stem)
    for states in (4, 10, 24):
        made = load(definition(states, 2 * states + 6, seed=states))
        yield pytest.param(made, id=f"{states} states by chance")
