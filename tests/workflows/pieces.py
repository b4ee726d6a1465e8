"""The definitions of the page for scheme designers: its first piece of TOML, and what it grows into piece by piece."""

import re

from app.bootstrap.environment import ROOT

PAGE = (ROOT / "docs" / "workflows.md").read_text(encoding="utf-8")
_PIECE = re.compile(r"^## (.*?)$|```toml\n(.*?)```", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"^(?=\[)", re.MULTILINE)


def pieces() -> list[tuple[str, str]]:
    """Return each piece of TOML on the page with the heading it stands under."""
    found, heading = [], ""
    for match in _PIECE.finditer(PAGE):
        heading = match[1] or heading
        if match[2]:
            found.append((heading, match[2]))
    return found


def grown() -> list[tuple[str, str]]:
    """Return the definition after each piece; a table takes the place of the former one of its name."""
    whole: dict[str, list[str]] = {}
    found = []
    for heading, piece in pieces():
        new: dict[str, list[str]] = {}
        for table in filter(None, _TABLE.split(piece)):
            new.setdefault(table.partition("\n")[0], []).append(table)
        whole |= new
        text = "".join(table.rstrip() + "\n\n" for tables in whole.values() for table in tables)
        found.append((heading, text))
    return found
