"""What an intruder would have the worker run: it leaves a file behind."""

import json
from pathlib import Path
from typing import Any


def leave(*given: Any) -> None:
    """Leave a file; RQ calls a callback with the job first, whose ``meta`` names the file."""
    first = given[0]
    name = first if isinstance(first, str) else first.meta["marker"]
    Path(name).write_text(json.dumps([str(one) for one in given]))
