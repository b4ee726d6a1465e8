"""prov reads a PROV-JSON file, writes it again, and compares the two. Run by the readers' Python."""

import json
import sys
from pathlib import Path

from prov.model import (
    ProvActivity,
    ProvAgent,
    ProvDocument,
    ProvEntity,
)

read = ProvDocument.deserialize(
    content=Path(sys.argv[1]).read_text(encoding="utf-8"), format="json"
)
again = ProvDocument.deserialize(content=read.serialize(format="json"), format="json")
kinds = {"activities": ProvActivity, "agents": ProvAgent, "entities": ProvEntity}
flat = read.flattened()
json.dump(
    {
        "same": read == again,
        **{name: len(list(flat.get_records(kind))) for name, kind in kinds.items()},
    },
    sys.stdout,
)
