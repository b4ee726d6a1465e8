"""pm4py reads an OCEL 2.0 file: what it finds there, and the process it discovers. Run by the readers' Python."""

import json
import sys

import pm4py

log = pm4py.read_ocel2_json(sys.argv[1])
graph = pm4py.discover_ocdfg(log)
json.dump(
    {
        "events": len(log.events),
        "objects": len(log.objects),
        "relations": len(log.relations),
        "activities": sorted(log.events["ocel:activity"].unique()),
        "types": sorted(log.objects["ocel:type"].unique()),
        "discovered": sorted(graph["activities"]),
    },
    sys.stdout,
)
