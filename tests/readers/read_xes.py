"""pm4py reads an XES file, discovers a model from it, and replays the log on that model. Run by the readers' Python."""

import json
import sys

import pm4py

log = pm4py.read_xes(sys.argv[1])
net, initial, final = pm4py.discover_petri_net_inductive(log)
fits = pm4py.fitness_token_based_replay(log, net, initial, final)
traces = log.groupby("case:concept:name", sort=True)
json.dump(
    {
        "events": len(log),
        "traces": {name: list(trace["concept:name"]) for name, trace in traces},
        "resources": sorted(log["org:resource"].unique()),
        "transitions": len(net.transitions),
        "fitness": fits["log_fitness"],
    },
    sys.stdout,
)
