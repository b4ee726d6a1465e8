"""Checking a whole file before anything of it is saved: every row, against the file, the scheme and what is known already."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Enterprise, Person
from app.applications.models import Application
from app.applications.queries import dollars
from app.intake import queries
from app.intake.compose import Fault, Reader, Row, Unreadable, doubled, misfits, read
from app.schemes import queries as schemes
from app.schemes.compose.judging import Given, judge
from app.schemes.compose.terms import SchemeTerms
from app.schemes.models import Call
from app.submissions import queries as submissions
from workflows.definition import Act, Workflow
from workflows.facts import Actor, Facts
from workflows.machine import why_not

_EVERY = 50

Tell = Callable[[int, int], None]


@dataclass
class Checked:
    """What a file comes to: its rows, those of them that became cases before with their references, and all faults.

    ``scheme`` is the digest of the scheme version it was checked against.
    """

    scheme: str
    rows: list[Row] = field(default_factory=list)
    known: dict[int, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def lodging(workflow: Workflow) -> Act | None:
    """Return the act by which an officer hands in what came on paper, ``None`` where the workflow has none."""
    acts = workflow.acts_from(workflow.initial)
    return next((act for act in acts if act.does == "submit" and queries.DESK in act.by), None)


def was_open(call: Call, moment: datetime) -> str:
    """Return why a paper received at a moment is not in time, "" when it is."""
    zone = schemes.zone_of(call.scheme)
    if moment < call.opens_at:
        return f"The call opened at {clock.in_words(call.opens_at, zone)}."
    if call.closes_at is not None and moment >= call.closes_at:
        return f"The call closed at {clock.in_words(call.closes_at, zone)}."
    return ""


def shut(call: Call) -> str:
    """Return why nothing can be lodged from paper under a call, whenever it was received; "" when it can."""
    scheme = call.scheme
    if scheme.status != "open":
        return schemes.standing(scheme)
    if lodging(schemes.workflow(scheme.workflow_digest)) is None:
        return "By the workflow of this scheme nothing is lodged from paper."
    return ""


def check(call: Call, content: bytes, officer: Person, tell: Tell) -> Checked:
    """Check a file for a call; ``tell`` is told how many rows of how many were looked at."""
    terms = schemes.terms(call.scheme)
    checked = Checked(call.scheme.digest)
    if reason := shut(call):
        checked.faults.append(Fault(0, "", reason))
        return checked
    try:
        table = read(content)
    except Unreadable as error:
        checked.faults.append(Fault(0, "", str(error)))
        return checked
    checked.faults += (Fault(1, column, said) for column, said in misfits(table.header, terms))
    reader = Reader(table, terms, zone=schemes.zone_of(call.scheme), now=clock.now())
    if not reader.lines:
        checked.faults.append(Fault(0, "", "The file has no application, only the row of hints."))
    total = len(reader.lines)
    for done, line in enumerate(reader.lines, 1):
        checked.rows.append(reader.row(line))
        if done % _EVERY == 0:
            # Read is half of looked at.
            tell(done // 2, total)
    _Judge(call, terms, officer, checked).look(tell)
    for row in checked.rows:
        checked.faults += row.faults
    return checked


class _Judge:
    """Looks at the rows of a file against each other and against what is known already."""

    def __init__(self, call: Call, terms: SchemeTerms, officer: Person, checked: Checked) -> None:
        self._call = call
        self._terms = terms
        self._checked = checked
        self._workflow = schemes.workflow(call.scheme.workflow_digest)
        rows = checked.rows
        self._filed = queries.filed(call.id, {row.paper_reference for row in rows})
        self._people = queries.people({row.email for row in rows})
        self._enterprises = {
            (country, number): found
            for country in terms.countries
            for number, found in queries.enterprises(
                country, {row.registry_number for row in rows if row.country == country}
            ).items()
        }
        numbers = [found.id for found in self._enterprises.values()]
        self._interests = queries.interests(officer, numbers)
        names = (terms.exclusive(call.code, number) for number in numbers)
        self._taken = queries.taken([name for name in names if name])
        self._actor = Actor(duties=accounts.acting(officer), mark=officer.mark)
        # In which row somebody, or an enterprise, stands first.
        self._emails: dict[str, Row] = {}
        self._once: dict[tuple[str, str], Row] = {}

    def look(self, tell: Tell) -> None:
        """Look at every row."""
        total = len(self._checked.rows)
        for done, row in enumerate(self._checked.rows, 1):
            if not self._known(row):
                self._row(row)
            if done % _EVERY == 0 or done == total:
                tell((total + done) // 2, total)
        doubled(self._checked.rows)

    def _known(self, row: Row) -> bool:
        """Tell whether a row became a case before; then nothing else of it matters."""
        found = self._filed.get(row.paper_reference)
        if found is None:
            return False
        if found.sha256 in ("", row.sha256):
            self._checked.known[row.number] = found.reference
            row.faults.clear()
            return True
        said = "This paper was imported as {case}, with another content."
        row.fault("paper_reference", said, found.reference)
        return False

    def _row(self, row: Row) -> None:
        if row.received_at and (late := was_open(self._call, row.received_at)):
            row.fault("received_at", late)
        enterprise = self._enterprises.get((row.country, row.registry_number))
        if row.email:
            self._contact(row, enterprise)
        if row.registry_number:
            self._alone(row, enterprise)
        self._rules(row, enterprise)

    def _contact(self, row: Row, enterprise: Enterprise | None) -> None:
        known = self._people.get(row.email)
        own = enterprise is not None and known is not None and known.enterprise_id == enterprise.id
        if known is not None and not own:
            row.fault("contact_email", "This is the e-mail address of somebody else.")
        elif known is not None and not known.active:
            row.fault("contact_email", "Whoever had this e-mail address has left.")
        first = self._emails.setdefault(row.email, row)
        if (first.country, first.registry_number) != (row.country, row.registry_number):
            said = f"Row {first.number} has this e-mail address for another enterprise."
            row.fault("contact_email", said)

    def _alone(self, row: Row, enterprise: Enterprise | None) -> None:
        if not self._terms.one_per:
            return
        within = f"under this {self._terms.one_per}"
        name = enterprise and self._terms.exclusive(self._call.code, enterprise.id)
        if name in self._taken:
            said = f"The enterprise has {{case}} {within}; it may have one application."
            row.fault("registry_number", said, self._taken[name])
        first = self._once.setdefault((row.country, row.registry_number), row)
        if first is not row:
            said = f"Row {first.number} is of the same enterprise; it may have one {within}."
            row.fault("registry_number", said)

    def _rules(self, row: Row, enterprise: Enterprise | None) -> None:
        """Ask the act what speaks against it, on a case that is never saved."""
        act = lodging(self._workflow)
        if act is None:
            return
        scheme = self._call.scheme
        case = Application(
            call=self._call,
            scheme=scheme,
            agency_id=scheme.agency_id,
            enterprise=enterprise or enterprise_of(row),
            enterprise_id=enterprise.id if enterprise else None,
            answers=row.answers,
            currency=scheme.currency,
            strands={},
        )
        related = enterprise is not None and enterprise.id in self._interests
        facts = Facts(
            actor=replace(self._actor, related=related),
            version=0,
            today=clock.today(schemes.zone_of(scheme)),
            scheme=scheme.code,
            currency=scheme.currency,
            switches=frozenset(self._terms.switches),
            # Asked of each column, where it can be told which.
            call_open=True,
            problems=(),
            missing_documents=(),
            failed_rules=(),
            rate_known=dollars.rate_known(case),
        )
        given = Given(row.values, row.asked, row.country, row.complete)
        found = judge(self._terms, given, submissions.known_of(case))
        for _, sentence, clause in submissions.told(found.against):
            row.fault("", f"{sentence} ({clause})")
        for failure in why_not(self._workflow, self._workflow.initial, act.name, facts):
            row.fault("", failure.sentence)


def enterprise_of(row: Row) -> Enterprise:
    """Return an enterprise that nobody has registered yet."""
    return Enterprise(
        country=row.country,
        registry_number=row.registry_number,
        name=row.cells["enterprise_name"],
        language=row.cells["enterprise_language"],
        address=row.cells["enterprise_address"],
    )
