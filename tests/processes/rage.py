"""The kill test: people work, processes die, and afterwards everything must add up."""

import threading

from flask import Flask

from app.bootstrap.stack import Stack
from tests.processes.chaos import Chaos
from tests.processes.crowd import Traveller, wait_for
from tests.processes.proof import Report, Told, prove, start

TRAVELLERS = 3
LAST_CASE_SECONDS = 90.0
# A killed job's entry can be claimed again after the lease; the sweep looks twice a second.
SETTINGS = {
    "SALURAN_LEASE_SECONDS": "5",
    "SALURAN_RESEND_SECONDS": "1",
    "SALURAN_SWEEP_SECONDS": "0.5",
}


def rage(stack: Stack, app: Flask, *, kills: int, seed: int) -> Report:
    """Let people work on a running system, kill its processes so many times, and prove what is left.

    Raises nothing for what does not hold: the report says it.
    """
    with app.app_context():
        since = start()
    enough = threading.Event()
    travellers = [Traveller(stack.port, f"{seed}-{number}", enough) for number in range(TRAVELLERS)]
    chaos = Chaos(stack, seed, lambda: sum(len(found.ledger.acts) for found in travellers))
    for traveller in travellers:
        traveller.start()
    try:
        chaos.rage(kills)
    finally:
        enough.set()
    wait_for(travellers, LAST_CASE_SECONDS)
    told = Told(
        roads={ref: road for found in travellers for ref, road in found.roads.items()},
        drafts=[ref for found in travellers for ref in found.ledger.drafts],
        acts=[act for found in travellers for act in found.ledger.acts],
        repeated=sum(found.ledger.repeated for found in travellers),
    )
    report = Report(seed, chaos.kills, told)
    prove(app, since, report)
    report.faults += [wrong for found in travellers for wrong in found.wrong]
    return report
