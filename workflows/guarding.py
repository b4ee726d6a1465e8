"""How a rule is registered: its name, the clause it comes from, its check."""

from collections.abc import Callable
from dataclasses import dataclass

from workflows.facts import Facts

Check = Callable[[Facts], str | None]


@dataclass(frozen=True)
class Guard:
    """A rule: its name, the clause it comes from, and its check."""

    name: str
    clause: str
    needs_input: bool
    check: Check


GUARDS: dict[str, Guard] = {}


def guard(clause: str, *, needs_input: bool = False) -> Callable[[Check], Check]:
    """Register a check as a rule under its own name; ``needs_input`` marks one that looks at what is being entered."""

    def register(check: Check) -> Check:
        GUARDS[check.__name__] = Guard(check.__name__, clause, needs_input, check)
        return check

    return register
