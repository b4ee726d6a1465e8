"""Two people act at the same moment: cases are carried along their whole way, with a race at every fork."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self

from flask import Flask

from app import clock
from app.awards import commands as awards
from app.db import db
from app.decisions import commands as decisions
from app.decisions.commands import Cast
from app.disbursements import commands as disbursements
from app.disbursements.commands import BankAnswer
from app.reviews import commands as reviews
from app.reviews.commands import Advice, Reasoned, Scores
from tests.factories import leave
from tests.processes.rivals import Contender, Rivals
from tests.world import World

AMOUNT = "6000.00"
AMOUNT_MINOR = 600_000
SCORES = Scores({"growth": 4, "feasibility": 4, "cost": 4}, "")
SHARES = (25, 25, 25, 25)
PASS, WITHDRAW, CANCEL, APPROVE, DECLINE = (
    {"act": act} for act in ("pass", "withdraw", "cancel", "approve", "decline")
)


@dataclass(frozen=True)
class Outcome:
    """How a race ended: by name who won, the rules that were given to who lost, what else was told, and our own faults."""

    won: tuple[str, ...]
    rules: tuple[frozenset[str], ...]
    told: tuple[str, ...]
    errors: tuple[str, ...]


class Races:
    """Runs races in two processes and keeps their outcomes by kind; a context manager that ends the processes."""

    def __init__(self, app: Flask, number: int = 2) -> None:
        """Take an application on a database with the world's people; ``number`` is how many race at most."""
        self.outcomes: dict[str, list[Outcome]] = defaultdict(list)
        self.world = World(app)
        self._rivals = Rivals(app.extensions["saluran.settings"], number)

    def __enter__(self) -> Self:
        """Have the processes wait."""
        return self

    def __exit__(self, *exception: object) -> None:
        """End the processes."""
        self._rivals.__exit__(*exception)

    def race(self, kind: str, *contenders: Contender) -> Outcome:
        """Let contenders start at the same moment, each in a process of its own."""
        db.session.remove()
        ends = self._rivals.race(*contenders)
        outcome = Outcome(
            tuple(found.who for found, end in zip(contenders, ends, strict=True) if end.done),
            tuple(end.rules for end in ends if end.rules is not None),
            tuple(end.told for end in ends if end.told),
            tuple(end.error for end in ends if end.error),
        )
        self.outcomes[kind].append(outcome)
        return outcome

    def version(self, reference: str) -> int:
        """Return the version that both look at."""
        return self.world.case(reference).version

    # The road.

    def screened(self) -> str | None:
        """Return a case that passed screening although its applicant withdrew at that moment, or nothing."""
        reference = self.world.at("screening", amount=AMOUNT)
        version = self.version(reference)
        outcome = self.race(
            "withdraw or pass",
            Contender("applicant", awards.end, reference, (Reasoned(),), version, WITHDRAW),
            Contender("desk", reviews.move, reference, (Reasoned(),), version, PASS),
        )
        return reference if outcome.won == ("desk",) else None

    def assessed(self, reference: str) -> str:
        """Return a case that two of three assessors have read, who all wanted to be first."""
        version = self.version(reference)
        first = self.race(
            "two assessors",
            Contender("assessor", reviews.assess, reference, (SCORES,), version),
            Contender("assessor_two", reviews.assess, reference, (SCORES,), version),
        )
        late = "assessor_two" if first.won == ("assessor",) else "assessor"
        version = self.version(reference)
        self.race(
            "two assessors",
            Contender(late, reviews.assess, reference, (SCORES,), version),
            Contender("everything", reviews.assess, reference, (SCORES,), version),
        )
        shares = tuple((f"Part {number}", share) for number, share in enumerate(SHARES, 1))
        advice = Advice("approve", AMOUNT, shares, "")  # type: ignore[arg-type]
        self.world.do(reviews.recommend, reference, advice, actor=self.world.desk)
        return reference

    def decided(self, reference: str, *, blind: bool) -> str | None:
        """Return a case that was approved although another approver declined it, or nothing."""
        version = None if blind else self.version(reference)
        said = Cast(reasons=("CAP-FUND",))
        outcome = self.race(
            "approve or decline",
            Contender("approver", decisions.vote, reference, (Cast(AMOUNT),), version, APPROVE),
            Contender("small_approver", decisions.vote, reference, (said,), version, DECLINE),
        )
        return reference if outcome.won == ("approver",) else None

    def afforded(self, one: str, other: str) -> tuple[str, str]:
        """Return the one of two cases that got the last of the budget, then the one that did not."""
        leave(AMOUNT_MINOR * 3 // 2)
        versions = {reference: self.version(reference) for reference in (one, other)}
        outcome = self.race(
            "one budget",
            Contender("approver", decisions.vote, one, (Cast(AMOUNT),), versions[one], APPROVE),
            Contender(
                "small_approver", decisions.vote, other, (Cast(AMOUNT),), versions[other], APPROVE
            ),
        )
        return (one, other) if outcome.won == ("approver",) else (other, one)

    def accepted(self, reference: str) -> str | None:
        """Return a case whose offer was accepted although the award was cancelled, or nothing."""
        said = Reasoned(("BREACH",))
        self.world.paper(reference, "cancel", "minute", self.world.small_approver)
        version = self.version(reference)
        outcome = self.race(
            "accept or cancel",
            Contender("applicant", awards.accept, reference, (), version),
            Contender("small_approver", awards.end, reference, (said,), version, CANCEL),
        )
        return reference if outcome.won == ("applicant",) else None

    def paid(self, reference: str) -> None:
        """Carry a case through its tranches: each is claimed, released and confirmed twice at once."""
        self.world.meet_conditions(reference)
        for number in range(1, len(SHARES) + 1):
            self._twice("claim twice", "applicant", disbursements.ask, reference, (number, ""))
            seen = (number, self._checked(reference, number))
            self._twice("release twice", "releaser", disbursements.release, reference, seen)
            day = clock.today("Asia/Kuala_Lumpur")
            answer = (number, BankAnswer("BANK-1", day))
            self._twice("confirm twice", "maker", disbursements.confirm, reference, answer)

    def _checked(self, reference: str, number: int) -> str:
        """Let the payment of a claimed tranche be prepared and checked; return the digest of the file."""
        world = self.world
        world.do(disbursements.verify, reference, number, "", actor=world.desk)
        world.do(disbursements.prepare, reference, number, actor=world.maker)
        digest = world.digest(reference, number)
        world.do(disbursements.check, reference, number, digest, actor=world.checker)
        return digest

    def _twice(
        self, kind: str, who: str, command: Any, reference: str, args: tuple[Any, ...]
    ) -> None:
        """Let somebody act twice at once: now looking at the same version, now without looking."""
        blind = len(self.outcomes[kind]) % 2
        version = None if blind else self.version(reference)
        more = {"act": "claim"} if command is disbursements.ask else {}
        contender = Contender(who, command, reference, args, version, more)
        self.race(kind, contender, contender)


def run_all(races: Races) -> None:
    """Run two hundred races and more; the cases that win one go on to the next."""
    passed = [reference for _ in range(16) if (reference := races.screened())]
    more = 32 - len(passed)
    passed += [races.world.at("assessment", amount=AMOUNT) for _ in range(more)]
    ready = [races.assessed(reference) for reference in passed]
    offered = [
        reference
        for number, reference in enumerate(ready[:16])
        if races.decided(reference, blind=bool(number % 2))
    ]
    waiting, *others = ready[16:]
    for reference in others:
        winner, waiting = races.afforded(waiting, reference)
        offered.append(winner)
    accepted = [reference for reference in offered[8:] if races.accepted(reference)]
    for reference in offered[:8]:
        races.world.do(awards.accept, reference, actor=races.world.applicant)
    for reference in [*offered[:8], *accepted][:9]:
        races.paid(reference)
