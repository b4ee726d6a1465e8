"""What the verifier remembers of a stream while it reads its events: no more than the next event is measured against."""

from sys import intern
from typing import Any

from workflows.evidence.definitions import Definition
from workflows.evidence.report import PEOPLE, STEPS, Report

Event = dict[str, Any]
"""An entry as it was recorded."""


NO_STRANDS: dict[str, str] = {}


class Ballot:
    """A vote that was cast: whose it is, who cast it, which, under which duties, on which amount in minor units.

    ``agency`` is the agency whose vote it is, where agencies vote.
    """

    __slots__ = ("agency", "amount", "cast_by", "decision", "duties", "person", "told", "vote")

    def __init__(self, event: Event, decision: str, vote: str, amount: int | None) -> None:
        self.decision = decision
        told = event["detail"].get("duties")
        self.cast_by: str = event["actor"]
        self.person: str = event.get("on_behalf_of") or self.cast_by
        self.vote = vote
        self.duties = frozenset(told or (event["duty"],))
        self.told = told is not None
        self.amount = amount
        self.agency: str = event["detail"].get("agency", "")


class Slice:
    """One tranche: its definition, where it stands, and the digest of its payment file."""

    __slots__ = ("file", "flow", "state")

    def __init__(self, flow: Definition, state: str) -> None:
        self.flow = flow
        self.state = state
        self.file = ""


class Pending:
    """One proceeding: its life, where it stands, and what was proposed by whom.

    ``said`` is its kind, its terms and its amount in minor units, ``approved`` who approved it, ``received`` what came in on
    what it demands.
    """

    __slots__ = ("approved", "by", "flow", "received", "said", "state")

    def __init__(self, flow: Definition, state: str, by: str) -> None:
        self.flow = flow
        self.state = state
        self.by = by
        self.said: dict[str, Any] = {}
        self.approved: tuple[str, ...] = ()
        self.received = 0


class Case:
    """One stream: the end of its chain, and for a case where it stands.

    ``first`` is the number of the first event shown; a stream that begins later than with its first event is ``late``: what
    was before is not known. There are as many of these as cases, so that each is kept small: ``hands`` are persons and their
    parts in turn, ``ballots`` the votes of rounds that are open, ``rounds`` the decision of each round that is over,
    ``asked`` the agencies that were asked where agencies vote, ``proceedings`` what was proposed about the award by its number.
    ``paid`` and ``demanded`` are what was paid, and what of it was demanded back, in minor units.
    ``hidden`` counts the values that are committed to and not shown, ``erased`` names the law under
    which values were erased, ``sealed`` tells that the seal's head of it was seen.
    """

    __slots__ = (
        "advice",
        "agency",
        "approved",
        "aside",
        "asked",
        "at",
        "ballots",
        "demanded",
        "erased",
        "first",
        "flow",
        "hands",
        "hash",
        "hidden",
        "letters",
        "name",
        "paid",
        "proceedings",
        "requested",
        "rounds",
        "sealed",
        "seq",
        "state",
        "strands",
        "tranches",
    )

    def __init__(self, name: str, agency: str) -> None:
        self.name = name
        self.agency = intern(agency)
        self.first = self.seq = 0
        self.hash = self.at = self.state = ""
        self.hidden = 0
        self.erased = ""
        self.sealed = False
        self.flow: Definition | None = None
        self.strands = NO_STRANDS
        self.hands: tuple[str, ...] = ()
        self.aside: dict[str, int] | None = None
        self.tranches: dict[int, Slice] | None = None
        self.proceedings: dict[int, Pending] | None = None
        self.ballots: tuple[Ballot, ...] = ()
        self.rounds: tuple[str, ...] = ()
        self.asked: tuple[str, ...] = ()
        self.letters: dict[int, str] | None = None
        self.requested: int | None = None
        self.advice: tuple[str, int | None, str] | None = None
        self.approved: int | None = None
        self.paid = self.demanded = 0

    def stands(self, person: str, part: str) -> str:
        """Return where a person stands in the case: from now on in a part, unless the person stands somewhere already."""
        if person in self.hands:
            return self.hands[self.hands.index(person) + 1]
        self.hands = (*self.hands, intern(person), part)
        return part

    @property
    def late(self) -> bool:
        """Tell whether the stream began before what is shown of it."""
        return self.first > 1

    @property
    def over(self) -> bool:
        """Tell whether the case has ended."""
        return self.flow is not None and self.flow.states[self.state].end

    @property
    def moves_money(self) -> bool:
        """Tell whether money may move where the case stands."""
        return self.flow is not None and self.flow.states[self.state].money

    def forget(self) -> None:
        """Drop what only a case that goes on is measured against.

        Who stood where still counts for what is proposed after the end, and tranches where a bank may send money back.
        """
        self.ballots, self.rounds, self.asked = (), (), ()
        if not self.moves_money:
            self.tranches = None


class Told:
    """Names the place of what a rule finds, and counts what the rules have shown."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.stream, self.seq, self.line = "", 0, 0
        self.shown: dict[str, int] = {}

    @property
    def where(self) -> str:
        """Return stream, event and file."""
        return f"{self.stream}, event {self.seq} (events.jsonl, line {self.line})"

    def wrong(self, check: str, what: str) -> None:
        """Report that an event breaks a rule."""
        self.report.broken(check, self.where, what, stream=self.stream)

    def unrecorded(self, check: str, what: str) -> None:
        """Report that an event does not say what a rule needs."""
        self.report.unrecorded(check, f"{self.where}: {what}")

    def held(self, check: str) -> None:
        """Count an event that a rule was asked about."""
        self.shown[check] = self.shown.get(check, 0) + 1

    def close(self) -> None:
        """Hand the counts over."""
        # Of each step it is asked who took it.
        self.shown[PEOPLE] = self.shown.get(STEPS, 0)
        for check, count in self.shown.items():
            self.report.held(check, count)
        self.shown = {}
