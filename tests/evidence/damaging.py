"""What can be done to a bundle by somebody who has it: changes of its members before they are packed."""

from tests.evidence.cases import Change

Found = dict[str, bytes]


def put(name: str, content: bytes) -> Change:
    """Return the change that gives a member another content."""
    return lambda found: found.update({name: content})


def drop(name: str) -> Change:
    """Return the change that leaves a member out."""
    return lambda found: found.pop(name)


def swap(name: str, old: str, new: str, times: int = 1) -> Change:
    """Return the change that writes something else in a member."""

    def change(found: Found) -> None:
        assert old.encode() in found[name]
        found[name] = found[name].replace(old.encode(), new.encode(), times)

    return change


def without(name: str, *numbers: int) -> Change:
    """Return the change that leaves lines out of a member, counted from 1."""

    def change(found: Found) -> None:
        kept = found[name].splitlines(keepends=True)
        found[name] = b"".join(line for n, line in enumerate(kept, 1) if n not in numbers)

    return change


def several(*changes: Change) -> Change:
    """Return several changes as one."""

    def change(found: Found) -> None:
        for one in changes:
            one(found)

    return change
