"""What a rule may look at: frozen values gathered inside the transaction, never database rows."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Actor:
    """The person who acts, as far as a rule may know.

    ``duties`` are the duties of the person; ``part`` is the part the person already has in this case, if any;
    ``related`` says that the person belongs to the enterprise or has declared an interest in it.
    The system itself is the actor with the duty "system".
    """

    duties: frozenset[str]
    part: str | None = None
    related: bool = False


SYSTEM = Actor(duties=frozenset({"system"}))


@dataclass(frozen=True)
class Facts:
    """The facts of one act. Amounts are integer minor units of the case's currency; ``today`` is the scheme's local date.

    A fact that was not gathered stays ``None`` and the guards that need it refuse: rules fail closed.
    """

    actor: Actor
    version: int
    today: date
    expected_version: int | None = None
    reasons: tuple[str, ...] = ()
    unknown_reasons: tuple[str, ...] = ()
    note: str = ""
    call_open: bool | None = None
    problems: tuple[str, ...] | None = None
    missing_documents: tuple[str, ...] | None = None
    failed_rules: tuple[tuple[str, str, str], ...] | None = None
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
    disbursement_open: bool | None = None
    earlier_unpaid: tuple[int, ...] | None = None
    tranches_unpaid: int | None = None
    award_left: int | None = None
    file_digest: str | None = None
    seen_digest: str | None = None
    money: dict[str, str] = field(default_factory=dict, hash=False, compare=False)

    def told(self, name: str) -> str:
        """Return an amount as people read it, for a guard's sentence."""
        return self.money.get(name, str(getattr(self, name)))
