"""flatten-tool makes a table of a 360Giving file, as the publishers of grants do. Run by the readers' Python."""

import csv
import json
import sys
import tempfile
from pathlib import Path

import flattentool

with tempfile.TemporaryDirectory() as folder:
    flattentool.flatten(
        sys.argv[1],
        root_list_path="grants",
        main_sheet_name="grants",
        output_name=folder,
        output_format="csv",
    )
    with (Path(folder) / "grants.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
json.dump(
    {"grants": [{"id": row["id"], "amount": row["amountAwarded"]} for row in rows]}, sys.stdout
)
