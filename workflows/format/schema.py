"""The JSON Schema of definitions, made from the keys the loader reads: editors complete and explain with it.

It knows the form of a file. What only the whole file shows (that a name is declared, that a vote has its ways) the
loader says.
"""

import json
from typing import Any

from workflows.format.grammar import FILE, GUARD
from workflows.format.nouns import DUTY, VIEWER

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE_NAME = "workflow.schema.json"
# Written once and referred to, because they stand in many places.
_SHARED = {"duty": DUTY.schema(), "viewer": VIEWER.schema(), "guard": GUARD.schema()}


def document() -> dict[str, Any]:
    """Return the schema (JSON Schema, draft 2020-12)."""
    return {
        "$schema": DIALECT,
        "title": "Workflow definition",
        "description": "The life of a case as data: states, acts, decisions and clocks.",
        **_short(FILE.schema()),
        "$defs": _SHARED,
    }


def text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def _short(part: Any) -> Any:
    """Return a part of the schema with references in place of what is shared."""
    if isinstance(part, list):
        return [_short(item) for item in part]
    if not isinstance(part, dict):
        return part
    for name, shared in _SHARED.items():
        if part == shared:
            return {"$ref": f"#/$defs/{name}"}
    return {key: _short(value) for key, value in part.items()}
