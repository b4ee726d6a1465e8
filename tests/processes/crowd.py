"""People who carry cases through the JSON interface while processes die around them."""

import random
import threading
import time
from collections.abc import Iterator
from typing import Any

from tests.answers import DOCUMENTS, GRANT, GRANT_ANSWERS
from tests.processes.client import Client, Ledger
from tests.world import pdf

# Small, so that the budget of the call is never what stands in the way.
AMOUNT = "6000.00"
PEOPLE = ("applicant", "desk", "assessor", "assessor_two", "approver")
SCORES = {"growth": 4, "feasibility": 4, "cost": 4}
ADVICE = {
    "outcome": "approve",
    "amount": AMOUNT,
    "tranches": [{"purpose": "All", "share_pct": "100"}],
}
MISSING = {"reasons": ["INC-DOC"], "note": "The second quotation cannot be read."}
Step = tuple[str, str, dict[str, Any]]
# Who takes which act with what; the letters are those of submit, return, screen_out and approve.
ROADS: tuple[tuple[Step, ...], ...] = (
    (
        ("applicant", "submit", {}),
        ("desk", "take_up", {}),
        ("desk", "return", MISSING),
        ("applicant", "resubmit", {"note": "Here it is."}),
        ("desk", "screen_out", MISSING),
    ),
    (
        ("applicant", "submit", {}),
        ("desk", "take_up", {}),
        ("desk", "pass", {}),
        ("assessor", "assess", {"scores": SCORES, "comment": "Read with care."}),
        ("assessor_two", "assess", {"scores": SCORES, "comment": "Read with care."}),
        ("desk", "recommend", ADVICE),
        ("approver", "approve", {"amount": AMOUNT}),
        ("applicant", "withdraw", {"note": "Another bank pays."}),
    ),
)


class Traveller(threading.Thread):
    """Carries one case after another from the first form to its end, until it is told that it is enough."""

    def __init__(self, port: int, seed: str, enough: threading.Event) -> None:
        """Describe the traveller; ``start`` lets it go."""
        super().__init__(name=f"traveller {seed}", daemon=True)
        self.ledger = Ledger()
        self.roads: dict[str, tuple[Step, ...]] = {}
        self.wrong: list[str] = []
        self._port = port
        self._random = random.Random(seed)  # noqa: S311 - to be played again, not to be secret
        self._enough = enough

    def run(self) -> None:
        """Travel; whatever goes wrong is kept for the report."""
        try:
            people = {name: Client(self._port, f"{name}.my", self.ledger) for name in PEOPLE}
            for road in self._chosen():
                self._travel(people, road)
        except Exception as error:
            self.wrong.append(f"{self.name}: {error!r}")

    def _chosen(self) -> Iterator[tuple[Step, ...]]:
        while not self._enough.is_set():
            yield self._random.choice(ROADS)

    def _travel(self, people: dict[str, Client], road: tuple[Step, ...]) -> None:
        applicant = people["applicant"]
        reference = applicant.begin(GRANT)
        self.roads[reference] = road
        applicant.answer(reference, {**GRANT_ANSWERS, "amount": AMOUNT})
        for number, kind in enumerate(DOCUMENTS[GRANT]):
            applicant.attach(reference, kind, pdf(f"{kind} {number}"))
        version = applicant.version(reference)
        for who, act, given in road:
            self._think()
            version = people[who].act(reference, act, given, version)

    def _think(self) -> None:
        """Wait as people do, unless there is nothing left to wait for."""
        self._enough.wait(self._random.uniform(0.1, 0.7))


def wait_for(threads: list[Traveller], seconds: float) -> None:
    """Wait until every traveller has ended its last case."""
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
        if thread.is_alive():
            thread.wrong.append(f"{thread.name} has not ended")
