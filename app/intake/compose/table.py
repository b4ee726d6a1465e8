"""A file as a table of texts: what is common to both formats, and how much a file may hold."""

from dataclasses import dataclass

# All of them are saved in one transaction, which takes about ten seconds: on SQLite everybody who writes waits for it, and
# for no more than fifteen.
MOST_ROWS = 1_000
MOST_COLUMNS = 500
LONGEST_CELL = 10_000
MOST_BYTES = 5 * 1024 * 1024


class Unreadable(Exception):
    """The file cannot be read at all; the text says why, for the person who sent it."""


@dataclass(frozen=True)
class Line:
    """A row of a file: its number as a spreadsheet counts, its cells, and by place what cannot be taken from a cell."""

    number: int
    cells: tuple[str, ...]
    faults: dict[int, str]

    @property
    def empty(self) -> bool:
        """Tell whether nothing is written in the row."""
        return not self.faults and not any(self.cells)


@dataclass(frozen=True)
class Table:
    """The first row of a file, and the rows under it in which something is written."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]


def table(found: list[Line]) -> Table:
    """Return a table from the rows of a file; raises ``Unreadable`` for none, for faults in the first row, for too many."""
    if not found or found[0].empty:
        raise Unreadable("The first row of the file is empty; it holds the names of the columns.")
    head, rest = found[0], [line for line in found[1:] if not line.empty]
    if head.faults:
        raise Unreadable(f"The first row of the file: {next(iter(head.faults.values()))}")
    if not rest:
        raise Unreadable("The file has no application: only the names of the columns.")
    if len(rest) > MOST_ROWS:
        raise Unreadable(f"The file has more than {MOST_ROWS:,} applications. Send several files.")
    header = list(head.cells)
    while header and not header[-1]:
        header.pop()
    return Table(tuple(header), tuple(rest))


def too_wide() -> Unreadable:
    """Return what is said of a file with too many columns."""
    return Unreadable(f"The file has more than {MOST_COLUMNS} columns.")


def too_long() -> str:
    """Return what is said of a cell with too much text."""
    return f"A cell holds at most {LONGEST_CELL:,} characters."
