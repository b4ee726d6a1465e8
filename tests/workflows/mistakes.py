"""A small definition to make mistakes in, one that has every key, and what the loader says of a text."""

from pathlib import Path

import pytest

from workflows.format.loading import load
from workflows.format.reading import Malformed

DATA = Path(__file__).parent / "data"
WHOLE = (DATA / "whole.toml").read_text(encoding="utf-8")
SMALL = """\
name = "small"
version = 1
title = "A small life"
initial = "open"

[states.open]
officer = "Open"
applicant = "Open"
stage = "Only stage"
holder = "applicant"
clock = {days = 3, unit = "working", expires = "close"}

[states.closed]
officer = "Closed"
applicant = "Closed"
holder = "nobody"
clock = "none"
end = true

[acts.close]
label = "Close"
event = "Closed"
from = ["open"]
to = "closed"
by = "system"
"""


def refusal(source: str) -> Malformed:
    """Return what the loader raises for a text."""
    with pytest.raises(Malformed) as caught:
        load(source)
    return caught.value


def changed(text: str, old: str, new: str) -> str:
    """Return a text with one thing written instead of another, which must be there."""
    assert old in text
    return text.replace(old, new, 1)
