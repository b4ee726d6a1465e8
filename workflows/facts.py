"""What a rule may look at: frozen values gathered inside the transaction, never database rows."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Failure:
    """One rule that did not hold: its name, the sentence for the person, and the clause it comes from."""

    rule: str
    sentence: str
    clause: str


@dataclass(frozen=True)
class Delegated:
    """A duty another person handed to the actor for a period; local days, both inclusive.

    ``giver`` is the mark and ``name`` the name of that person; ``ended`` is the day it was taken back, if it was.
    ``limit`` bounds amounts in minor units, ``None`` where the duty decides no amounts. ``giver_part`` and
    ``giver_related`` say where the giver stands in this case: one who may not act cannot have another act.
    """

    number: int
    duty: str
    giver: str
    name: str
    valid_from: date
    valid_to: date
    ended: date | None = None
    limit: int | None = None
    giver_part: str | None = None
    giver_related: bool = False

    @property
    def giver_number(self) -> int:
        """Return the number of the giver, without the word before it."""
        return int(self.giver.partition(":")[2])

    def in_force(self, day: date) -> bool:
        """Tell whether the delegation holds on a local day."""
        return self.valid_from <= day <= self.valid_to and (self.ended is None or day < self.ended)


@dataclass(frozen=True)
class Actor:
    """The person who acts, as far as a rule may know.

    ``duties`` are the duties of the person; ``part`` is the part the person already has in this case, if any;
    ``related`` says that the person belongs to the enterprise or has declared an interest in it. ``institution`` is the
    part the person's agency plays in the case, "" where it owns the case, ``agency`` its code. ``mark`` is how events
    name the person.
    The system itself is the actor with the duty "system".
    """

    duties: frozenset[str]
    part: str | None = None
    related: bool = False
    institution: str = ""
    delegated: tuple[Delegated, ...] = ()
    mark: str = ""
    agency: str = ""


@dataclass(frozen=True)
class Vote:
    """A vote that was cast: whose it is, which (for, against, abstain, recuse), on which amount in minor units.

    ``duties`` are those the vote was cast under, for vetoes and casting votes; ``cast_by`` is who cast it for the person,
    ``agency`` the code of the agency whose vote it is, where agencies vote.
    """

    person: str
    vote: str
    duties: frozenset[str]
    amount: int | None = None
    cast_by: str = ""
    agency: str = ""


SYSTEM = Actor(duties=frozenset({"system"}))


@dataclass(frozen=True)
class Facts:
    """The facts of one act. Amounts are integer minor units of the case's currency; ``today`` is the scheme's local date.

    A fact that was not gathered stays ``None`` and the guards that need it refuse: rules fail closed.
    ``failed_rules`` and ``unmet_rules`` are name, sentence and clause of the eligibility rules that speak against an
    application, and against its first disbursement: there is nothing unmet once money is out.
    ``call_closed`` says in words why the call is not open. ``strands`` are pairs of a strand's name and the step it is at; ``votes`` those cast in the present round of the
    decision, oldest first, and ``result`` what they come to with the vote being cast; ``behalf_of`` is the number of the
    delegation the person chose to act under; ``attached`` kind and SHA-256 of the documents attached for the act; ``clock_over`` whether the running
    clock has run out, ``extended`` whether it was extended. ``asked`` are the codes of the agencies that are asked where
    agencies vote, ``objections`` how many rounds of theirs ended against; ``through_facility`` tells that the money goes to
    the facility of the enterprise's country, ``releases`` how many have released a payment of the ``releases_needed``, ``tranche_conditions`` the sentences of
    the conditions that keep the tranche from being paid, ``account_settled`` that the account to be paid to is not being changed, ``found_paid`` what a person found of a payment without an answer;
    ``award_standing`` that the award is accepted and has not ended, ``approvals`` how many have approved a proceeding of the
    ``approvals_needed``, ``more`` what it takes of the budget; ``signatory`` that the person may sign for the enterprise, ``own`` that the
    person proposed it; ``offered`` is the amount of an offer, ``ahead`` the cases that wait longer and could be served; ``rate_known`` that the amount can be told in its currency.
    """

    actor: Actor
    version: int
    today: date
    expected_version: int | None = None
    reasons: tuple[str, ...] = ()
    unknown_reasons: tuple[str, ...] = ()
    note: str = ""
    call_open: bool | None = None
    call_closed: str = ""
    problems: tuple[str, ...] | None = None
    missing_documents: tuple[str, ...] | None = None
    failed_rules: tuple[tuple[str, str, str], ...] | None = None
    unmet_rules: tuple[tuple[str, str, str], ...] | None = None
    assessed_by_actor: bool | None = None
    assessments: int | None = None
    assessments_required: int | None = None
    recommended_outcome: str | None = None
    requested: int | None = None
    recommended: int | None = None
    amount: int | None = None
    authority_limit: int | None = None
    authority_instrument: str | None = None
    budget_left: int | None = None
    offer_expires_on: date | None = None
    open_conditions: tuple[str, ...] | None = None
    condition_open: bool | None = None
    tranche_conditions: tuple[str, ...] | None = None
    disbursement_open: bool | None = None
    earlier_unpaid: tuple[int, ...] | None = None
    tranches_unpaid: int | None = None
    award_left: int | None = None
    file_digest: str | None = None
    seen_digest: str | None = None
    releases: int | None = None
    releases_needed: int | None = None
    released_by_actor: bool | None = None
    account_settled: bool | None = None
    found_paid: bool | None = None
    award_standing: bool | None = None
    approvals: int | None = None
    approvals_needed: int | None = None
    approved_by_actor: bool | None = None
    signatory: bool | None = None
    own: bool | None = None
    offered: int | None = None
    ahead: tuple[str, ...] | None = None
    more: int | None = None
    outcome: str | None = None
    attached: tuple[tuple[str, str], ...] | None = None
    switches: frozenset[str] | None = None
    strands: tuple[tuple[str, str], ...] = ()
    votes: tuple[Vote, ...] | None = None
    result: str | None = None
    behalf_of: int | None = None
    scheme: str = ""
    currency: str = ""
    authority_body: str | None = None
    extended: bool | None = None
    clock_over: bool | None = None
    asked: tuple[str, ...] | None = None
    objections: int | None = None
    through_facility: bool | None = None
    rate_known: bool | None = None
    money: dict[str, str] = field(default_factory=dict, hash=False, compare=False)

    def told(self, name: str) -> str:
        """Return an amount as people read it, for a guard's sentence."""
        return self.money.get(name, str(getattr(self, name)))
