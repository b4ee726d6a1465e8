"""Every act that moves money, each taken by whom it is for: what a walk through all of them is made of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from app import clock
from app.accounts.models import Person
from app.applications.models import Application
from app.awards import commands as awards
from app.awards.models import Award
from app.awards.queries import award, awarded, conditions, tranche, tranches
from app.budgets import commands as budgets
from app.budgets.commands import Wish
from app.db import db, transaction
from app.decisions import commands as decisions
from app.decisions.commands import listing
from app.disbursements import commands
from app.disbursements.commands import BankAnswer, Finding, answers
from app.disbursements.queries import instruction
from app.disbursements.queries.answers import line, waiting
from app.documents.commands import Upload
from app.errors import Conflict, Missing, Problem
from app.proceedings import commands as proceedings
from app.proceedings.queries import proceedings as proceedings_of
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.schemes import queries as schemes
from app.variations.compose import CUT, VARIATION, Change, Line
from tests.answers import GRANT
from tests.awards.books import written
from tests.budgets.transfers import OTHER
from tests.disbursements.banks import HEAD
from tests.factories import Days, budget_of, let_clocks_run_out
from tests.workflows.banking.said import table
from tests.world import World
from workflows.machine import Refused
from workflows.money import from_minor

WHY = Reasoned(note="As the minute says.")
OTHER_REASON = Reasoned(("OTH",), "As the minute says.")
WHOLE = 10_000
MOST_DAYS = 200


@dataclass(frozen=True)
class Place:
    """What an act is about: a case, the number of its tranche or proceeding, and a share in ten-thousandths of the amount in question."""

    reference: str = ""
    number: int = 0
    share: int = WHOLE


class Walk:
    """Cases whose money goes wherever it can; ``taken`` are the acts that were."""

    def __init__(self, world: World, references: tuple[str, ...], days: Days) -> None:
        """Begin on the day after everything that the cases went through before."""
        self.world, self.references, self.days = world, references, days
        self.begun = clock.today("Asia/Kuala_Lumpur") + timedelta(days=1)
        self.taken: set[str] = set()
        self.restart()

    def restart(self) -> None:
        """Begin again, at noon of the first day."""
        self.passed, self.files = 0, 0
        self.days.noon(self.begun.isoformat())

    def tried(self, name: str, place: Place) -> bool:
        """Take an act, and tell whether it was possible; one that is refused has changed nothing."""
        before = written()
        try:
            if place.reference:
                self.world.country = place.reference[:2]
            ACTS[name](self, place)
        except (Refused, Problem):
            assert written() == before, f"{name} was refused and changed something."
            return False
        self.taken.add(name)
        return True

    def acts(self, mood: str) -> list[tuple[str, Place]]:
        """Return the acts among which one is chosen in a mood.

        In all but the mood for "anything" they begin where a case, its tranches and proceedings stand: those that carry them
        "on", where there are some, those "aside" of it, or with those that "end" a case and leave little to walk through.
        """
        if mood == "anything":
            return [
                (name, Place(case, number))
                for name in ACTS
                for case in self.references
                for number in NUMBERS
            ]
        found = self._fitting()
        if mood == "end":
            return found
        aside = [(name, place) for name, place in found if name not in ENDINGS]
        on = [(name, place) for name, place in aside if name not in ASIDE]
        return on if on and mood == "on" else aside

    def _fitting(self) -> list[tuple[str, Place]]:
        db.session.rollback()
        found = [(name, Place()) for name in WITHOUT_CASE]
        for reference in self.references:
            found += self._of_case(self.world.case(reference))
        return [(name, place) for name, place in found if name in ACTS]

    def _of_case(self, case: Application) -> Iterator[tuple[str, Place]]:
        from_here = schemes.workflow(case.workflow_digest).acts_from(case.state)
        for act in from_here:
            # What is asked for later has been met by then.
            if act.name != "meet_condition" or case.state == "accepted":
                yield act.name, Place(case.reference)
        made = award(case)
        if made is None or made.accepted_at is None or made.ended_at is not None:
            return
        for kind in ("raise", "lower", "plan", "cut"):
            yield kind, Place(case.reference)
        for row in proceedings_of(case):
            for act in schemes.workflow(row.workflow_digest).acts_from(row.state):
                yield f"change_{act.name}", Place(case.reference, row.number)
        life = schemes.workflow(case.scheme.tranche_digest)
        for part in tranches(made):
            for act in life.acts_from(part.state):
                for name in SEVERAL.get(act.name, (act.name,)):
                    yield name, Place(case.reference, part.number)

    def done(self, command: Any, place: Place, *args: Any, by: str, **more: Any) -> Any:
        """Run a command on a case as somebody of its agency or enterprise."""
        actor: Person = getattr(self.world, by)
        return self.world.do(command, place.reference, *args, actor=actor, **more)

    def amount(self, place: Place, minor: int) -> str:
        """Return the share of an amount that a place names, as it is typed."""
        case = self.world.case(place.reference)
        return str(from_minor(minor * place.share // WHOLE, case.currency))

    def award(self, place: Place) -> Award:
        """Return the award of a case as it stands in the database."""
        return awarded(self.world.case(place.reference))

    @property
    def today(self) -> date:
        """Return the day the walk has come to."""
        return self.begun + timedelta(days=self.passed)


Taken = Callable[[Walk, Place], Any]


# Cases


def _approve(walk: Walk, place: Place) -> None:
    asked = walk.world.case(place.reference).requested_minor or 0
    walk.world.approve(place.reference, walk.amount(place, asked))


def _revise(walk: Walk, place: Place) -> None:
    typed = walk.amount(place, walk.award(place).reserved_minor)
    walk.done(awards.revise, place, typed, WHY, act="revise", by="member")


def _meet(walk: Walk, place: Place) -> None:
    left = [row.key for row in conditions(walk.award(place)) if row.met_at is None]
    walk.done(awards.meet_condition, place, *(left or ["nothing"])[:1], "Seen.", by="desk")


def _cancel(walk: Walk, place: Place) -> None:
    if walk.world.case(place.reference).state in ("offered", "accepted"):
        walk.world.paper(place.reference, "cancel", "minute", walk.world.approver)
    walk.done(awards.end, place, OTHER_REASON, act="cancel", by="approver")


def _reasoned(command: Any, act: str, by: str, said: Reasoned = WHY) -> Taken:
    return lambda walk, place: walk.done(command, place, said, act=act, by=by)


# Changes of what was agreed


def _vary(direction: str, walk: Walk, place: Place) -> None:
    case, found = walk.world.case(place.reference), walk.award(place)
    size = found.amount_minor - found.released_minor
    room = (case.requested_minor or 0) - size if direction == "raise" else found.undrawn_minor
    step = max(room, 0) * place.share // WHOLE
    more = {"raise": step, "lower": -step, "plan": 0}[direction]
    undrawn = found.undrawn_minor + more
    parts = [undrawn // 2, undrawn - undrawn // 2]
    lines = tuple(
        Line(f"Part {number}", str(from_minor(part, case.currency)))
        for number, part in enumerate(parts, start=1)
        if part
    )
    amount = str(from_minor(size + more, case.currency)) if more else ""
    given = Change(amount, lines)
    walk.done(proceedings.propose, place, VARIATION, given, WHY.note, by="desk")


def _cut(walk: Walk, place: Place) -> None:
    walk.done(proceedings.propose, place, CUT, None, WHY.note, by="desk")


def _change(act: str, by: str) -> Taken:
    def take(walk: Walk, place: Place) -> None:
        said = (place.number, WHY)
        walk.done(proceedings.take, place, *said, act=act, by=by)

    return take


# Tranches


def _ask(act: str) -> Taken:
    return lambda walk, place: walk.done(
        commands.ask, place, place.number, "", act=act, by="applicant"
    )


def _on_file(command: Any, by: str) -> Taken:
    def take(walk: Walk, place: Place) -> None:
        found = instruction(tranche(walk.award(place), place.number))
        digest = found.batch.sha256 if found else ""
        walk.done(command, place, place.number, digest, by=by)

    return take


def _said(command: Any, act: str, by: str, said: Any = WHY) -> Taken:
    return lambda walk, place: walk.done(command, place, place.number, said, act=act, by=by)


def _confirm(walk: Walk, place: Place) -> None:
    answer = BankAnswer("BANK-1", walk.today)
    walk.done(commands.confirm, place, place.number, answer, by="maker")


def _find(walk: Walk, place: Place, *, paid: bool) -> None:
    answer = BankAnswer("BANK-2", walk.today) if paid else None
    found = Finding(answer, "Statement 7 of the bank.")
    walk.done(commands.find_out, place, place.number, found, act="find", by="maker")


def _bank(status: str, walk: Walk, place: Place) -> None:
    """Let the bank answer in a file; a line that is left to a person is no act."""
    sent = instruction(tranche(walk.award(place), place.number))
    if sent is None:
        raise Missing("The bank answers to nothing.")
    walk.files += 1
    amount = from_minor(sent.amount_minor, sent.currency)
    row = (sent.end_to_end_id, status, "", str(amount), sent.currency, walk.today.isoformat())
    content = table(HEAD, ",".join((*row, f"REF-{walk.files}")))
    with transaction():
        report = answers.take(Upload("answers.csv", content), actor=walk.world.maker)
    (number,) = waiting(report)
    db.session.rollback()
    with transaction():
        answers.apply(number)
    if line(number).state == "open":
        raise Conflict(line(number).why)


# Budgets and time


def _move_budget(walk: Walk, place: Place, *, ways: tuple[str, str], agreed: bool = True) -> None:
    source, target = (budget_of(code) for code in ways)
    amount = max((source.left_minor or 0) * place.share // WHOLE, 1)
    wish = Wish(source.id, target.id, amount, "The second call is out.", "Order 9/2026")
    walk.world.country = "MY"
    with transaction():
        made = budgets.propose_transfer(wish, actor=walk.world.budget)
        if agreed:
            budgets.authorise_transfer(made.id, actor=walk.world.budget_two)
        else:
            budgets.refuse_transfer(made.id, "Wait.", actor=walk.world.budget_two)


def _time_passes(walk: Walk, place: Place) -> None:
    if walk.passed >= MOST_DAYS:
        raise Conflict("The walk has taken long enough.")
    walk.passed += 31 if place.share > WHOLE // 2 else 8
    walk.days.noon(walk.today.isoformat())
    let_clocks_run_out()


# Acts that are told apart by what is said with them.
SEVERAL = {"find": ("find", "find_unpaid"), "bank_pays": ("bank_pays", "bank_pends")}
ENDINGS = frozenset({"withdraw", "cancel", "screen_out", "cut", "time_passes"})
WITHOUT_CASE = ("move_budget", "move_budget_back", "refuse_transfer", "time_passes")
ASIDE = frozenset(
    {"raise", "lower", "plan", "change_take_back", "change_refuse", "change_disagree", "send_back", "take_out"}
    | {"refuse_file", "refuse_release", "undo_approval", "revise", "wait_list", *WITHOUT_CASE}
)
NUMBERS = (1, 2, 3)
ACTS: dict[str, Taken] = {
    "approve": _approve,
    "revise": _revise,
    "undo_approval": _reasoned(decisions.undo, "undo_approval", "member"),
    "accept": lambda walk, place: walk.done(awards.accept, place, by="applicant"),
    "meet_condition": _meet,
    "withdraw": _reasoned(awards.end, "withdraw", "applicant"),
    "cancel": _cancel,
    "wait_list": _reasoned(listing.wait_list, "wait_list", "desk"),
    "take_from_list": _reasoned(listing.take_from_list, "take_from_list", "desk"),
    "screen_out": _reasoned(reviews.move, "screen_out", "desk", OTHER_REASON),
    "raise": partial(_vary, "raise"),
    "lower": partial(_vary, "lower"),
    "plan": partial(_vary, "plan"),
    "cut": _cut,
    "change_approve": _change("approve", "approver"),
    "change_refuse": _change("refuse", "approver"),
    "change_take_back": _change("take_back", "desk"),
    "change_agree": _change("agree", "applicant"),
    "change_disagree": _change("disagree", "applicant"),
    "claim": _ask("claim"),
    "draw_down": _ask("draw_down"),
    "verify": lambda walk, place: walk.done(commands.verify, place, place.number, "", by="desk"),
    "send_back": _said(commands.send_back, "send_back", "desk", OTHER_REASON),
    "prepare": lambda walk, place: walk.done(commands.prepare, place, place.number, by="maker"),
    "check": _on_file(commands.check, "checker"),
    "release": _on_file(commands.release, "releaser"),
    "take_out": _said(commands.take_out, "take_out", "maker"),
    "refuse_file": _said(commands.take_out, "refuse_file", "checker"),
    "refuse_release": _said(commands.take_out, "refuse_release", "releaser"),
    "confirm": _confirm,
    "report_unknown": _said(commands.report_unknown, "report_unknown", "maker", ""),
    "report_rejected": _said(
        commands.report_rejected, "report_rejected", "maker", Reasoned(("BANK-REJ",), "Closed.")
    ),
    "find": partial(_find, paid=True),
    "find_unpaid": partial(_find, paid=False),
    "agree": _said(commands.agree, "agree", "releaser", ""),
    "disagree": _said(commands.move, "disagree", "releaser"),
    "bank_pays": partial(_bank, "ACSC"),
    "bank_rejects": partial(_bank, "RJCT"),
    "bank_returns": partial(_bank, "returned"),
    "bank_pends": partial(_bank, "PDNG"),
    "move_budget": partial(_move_budget, ways=(GRANT, OTHER)),
    "move_budget_back": partial(_move_budget, ways=(OTHER, GRANT)),
    "refuse_transfer": partial(_move_budget, ways=(GRANT, OTHER), agreed=False),
    "time_passes": _time_passes,
}
