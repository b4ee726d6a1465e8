"""The regional fund in the world of the tests: its secretariat and bodies, the focal points of three countries, and its road.

A case is of an enterprise of Malaysia that operates in Singapore and Viet Nam as well.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from argon2 import PasswordHasher

from app.accounts import commands as accounts
from app.accounts.commands import Grant
from app.accounts.models import Agency, Person
from app.accounts.queries import agency_by_code
from app.applications.queries import today
from app.awards import commands as awards
from app.db import db, transaction
from app.decisions import commands as decisions
from app.decisions.commands import Cast
from app.disbursements import commands as disbursements
from app.disbursements.commands import BankAnswer
from app.documents.commands import Upload, keep
from app.rates.commands import record as record_rate
from app.reviews import commands as reviews
from app.reviews.commands import Advice, Reasoned, Scores
from app.schemes.commands import CATALOGUE, publish
from app.submissions import commands as submissions
from tests.people import newcomer
from tests.world import PASSWORD, World, pdf

CALL, SCHEME = "ASEAN-SDF-2026", "ASEAN-SDF"
TEXT = (CATALOGUE / "regional.toml").read_text("utf-8")
SILENT = 'switches = ["silence_is_consent"]\n'
FUND = {
    "appraiser": ("appraiser",),
    "reader": ("assessor",),
    **{f"member.{n}": ("committee_member",) for n in range(1, 5)},
    "member.5": ("chair", "committee_member"),
    **{f"board.{n}": ("board_member",) for n in range(1, 4)},
    "final": ("final_approver",),
    "finance": ("fund_officer",),
    "maker.fund": ("payment_officer",),
    "checker.fund": ("payment_officer",),
    "releaser.fund": ("releaser",),
}
FOCAL: dict[str, dict[str, tuple[str, ...]]] = {
    "MY": {"focal.my": ("focal_officer",), "endorser.my": ("endorser",)},
    "SG": {"endorser.sg": ("endorser",), "deputy.sg": ("endorser",)},
    "VN": {"endorser.vn": ("endorser",), "focal.vn": ("focal_officer", "endorser")},
}
BODIES = {
    "committee_member": "Technical and investment committee",
    "board_member": "Board",
    "final_approver": "",
}
ANSWERS: dict[str, Any] = {
    "size_class": "small",
    "cross_border": "operates",
    "operates_in": ["MY", "SG", "VN"],
    "operations": [
        {"country": "SG", "activity": "Sells through a shop of its own"},
        {"country": "VN", "activity": "Buys green coffee from a partner"},
    ],
    "project_title": "Roastery for three markets",
    "purpose": "A second roasting line.",
    "started": "no",
    "project_cost": "120000.00",
    "amount": "50000.00",
    "pay_through": "direct",
    "account_holder": "Kopi Contoh Sdn Bhd",
    "bank_bic": "CONTMYKLXXX",
    "bank_account": "98765432109876",
    "truth": "yes",
}
AT_HOME: dict[str, Any] = {"cross_border": "trades", "operates_in": [], "operations": []}


def settle_fund(text: str = TEXT) -> None:
    """Register the fund and the focal points, record a rate, and publish the scheme."""
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with transaction():
        fund = _agency("ASEAN-SEC", "ID")
        for name, duties in FUND.items():
            _seat(_person(name, duties, fund, hashed), duties)
        for code in ("BN-DARE", "KH-MISTI", "ID-UMKM", "LA-DOSMEP", "MM-DISI"):
            _agency(code, code[:2])
        for code in ("PH-DTI", "SG-ESG", "TH-OSMEP", "TL-IADE"):
            _agency(code, code[:2])
        for country, people in FOCAL.items():
            named = {"MY": "MY-SMECORP", "SG": "SG-ESG", "VN": "VN-SMEDF"}[country]
            agency = agency_by_code(named)
            assert agency is not None
            for name, duties in people.items():
                _person(name, duties, agency, hashed)
        record_rate("MYR", date(2026, 11, 20), "4.42", "Example Bank, middle rate")
        publish(text)


def _agency(code: str, country: str) -> Agency:
    account = {"name": code, "town": "Town", "number": "5123456789", "bic": "CONTMYKLXXX"}
    agency = Agency(
        code=code,
        name=f"Agency {code}",
        country=country,
        address="1 Example Street\nTown",
        contact="office@agency.example",
        account=account,
    )
    db.session.add(agency)
    return agency


def _person(name: str, duties: tuple[str, ...], agency: Agency, hashed: str) -> Person:
    person = newcomer(name, duties, hashed)
    person.agency = agency
    db.session.add(person)
    db.session.flush()
    return person


def _seat(person: Person, duties: tuple[str, ...]) -> None:
    """Give somebody the authority of the body the duty sits in."""
    # Whoever releases payments sits in no body.
    for duty in sorted((BODIES.keys() | {"releaser"}) & set(duties)):
        days = (date(2026, 1, 1), date(2030, 1, 1))
        accounts.authorise(
            person,
            Grant(SCHEME, "USD", 100_000_00, "Example charter", *days, duty, BODIES.get(duty, "")),
        )


@dataclass(frozen=True)
class Fund:
    """The road of a case of the fund, act by act."""

    world: World

    def person(self, name: str) -> Person:
        """Return somebody by the part of the e-mail address before the @."""
        return self.world.person(name)

    def state(self, reference: str) -> str:
        """Return where a case stands."""
        return self.world.case(reference).state

    def draft(self, **changed: Any) -> str:
        """Return the reference of a draft with every answer and document."""
        applicant = self.person("applicant.my")
        store = self.world.app.extensions["saluran.settings"].storage_dir
        with transaction():
            reference = submissions.begin(CALL, actor=applicant).reference
            submissions.answer(reference, {**ANSWERS, **changed}, version=None, actor=applicant)
            for kind in ("registration", "proposal"):
                upload = Upload(f"{kind}.pdf", pdf(kind))
                document = keep(upload, store=store, most_bytes=10**6, actor=applicant)
                submissions.attach(reference, kind, document, actor=applicant)
        return reference

    def move(self, reference: str, act: str, name: str, *reasons: str) -> Any:
        """Take an act that does nothing beside, with a note."""
        said = Reasoned(reasons, "Seen and found in order.")
        return self.world.do(reviews.move, reference, said, act=act, actor=self.person(name))

    def vote(self, reference: str, act: str, name: str, *reasons: str, amount: str = "") -> Any:
        """Vote."""
        cast = Cast(amount, reasons, "After careful reading.")
        return self.world.do(decisions.vote, reference, cast, act=act, actor=self.person(name))

    def again(self, reference: str) -> Any:
        """Ask the member states again."""
        said = Reasoned(note="The enterprise has answered.")
        return self.world.do(
            decisions.consult, reference, said, act="ask_again", actor=self.person("appraiser")
        )

    def paper(self, reference: str, act: str, kind: str, name: str) -> None:
        """Attach a document that an act asks for."""
        self.world.paper(reference, act, kind, self.person(name))

    def at(self, state: str, **changed: Any) -> str:
        """Return a case that travelled to a state, with everybody in favour."""
        reference = self.draft(**changed)
        self.on(reference, state)
        return reference

    def on(self, reference: str, state: str) -> None:
        """Let a case go on to a state, with everybody in favour."""
        while (here := self.state(reference)) != state:
            self._steps()[here](reference)

    def _steps(self) -> dict[str, Callable[[str], Any]]:
        applicant, do = self.person("applicant.my"), self.world.do
        return {
            "draft": lambda r: do(submissions.submit, r, actor=applicant),
            "verification": lambda r: self.move(r, "verify", "focal.my"),
            "endorsement": lambda r: self.move(r, "endorse", "endorser.my"),
            "appraisal": self.assess,
            "recommendation": self.recommend,
            "consultation": self.consent,
            "committee": lambda r: [self.vote(r, "support", f"member.{n}") for n in (2, 3, 4)],
            "board": lambda r: [self.vote(r, "concur", f"board.{n}") for n in (1, 2)],
            "final_approval": lambda r: self.vote(r, "approve", "final", amount="50000.00"),
            "offered": lambda r: do(awards.accept, r, actor=applicant),
            "commitment": lambda r: self.move(r, "commit", "finance"),
            "agreement": self.conditions,
            "disbursing": lambda r: [self.pay(r, number) for number in (1, 2)],
            "reporting": self.report,
            "report_check": lambda r: self.move(r, "accept_report", "appraiser"),
        }

    def assess(self, reference: str) -> None:
        """Give the same score for every criterion."""
        given = Scores(dict.fromkeys(("regional", "feasibility", "cost"), 4), "Read with care.")
        self.world.do(reviews.assess, reference, given, actor=self.person("reader"))

    def recommend(self, reference: str) -> None:
        """Recommend the whole amount in two tranches."""
        tranches = (("Line", Decimal(60)), ("Shops", Decimal(40)))
        advice = Advice("approve", "50000.00", tranches, "Sound.")
        self.world.do(reviews.recommend, reference, advice, actor=self.person("appraiser"))

    def consent(self, reference: str) -> None:
        """Let both member states have no objection."""
        for name in ("endorser.sg", "endorser.vn"):
            self.vote(reference, "no_objection", name)

    def conditions(self, reference: str) -> None:
        """Record every condition precedent as met."""
        for key in ("agreement", "account"):
            finance = self.person("finance")
            self.world.do(awards.meet_condition, reference, key, "Seen.", actor=finance)

    def release(self, reference: str, number: int) -> None:
        """Bring a tranche to the bank."""
        do, digest = self.world.do, self.world.digest
        applicant, finance = self.person("applicant.my"), self.person("finance")
        do(disbursements.ask, reference, number, "Now.", act="claim", actor=applicant)
        do(disbursements.verify, reference, number, "", actor=finance)
        do(disbursements.prepare, reference, number, actor=self.person("maker.fund"))
        for command, name in (
            (disbursements.check, "checker.fund"),
            (disbursements.release, "releaser.fund"),
        ):
            seen = digest(reference, number)
            do(command, reference, number, seen, actor=self.person(name))

    def pay(self, reference: str, number: int, day: date | None = None) -> Any:
        """Let the bank pay a tranche."""
        self.release(reference, number)
        return self.confirm(reference, number, day)

    def confirm(self, reference: str, number: int, day: date | None = None) -> Any:
        """Confirm that the bank has paid."""
        answer = BankAnswer(f"BANK-{number}", day or self.today(reference))
        maker = self.person("maker.fund")
        return self.world.do(disbursements.confirm, reference, number, answer, actor=maker)

    def forward(self, reference: str, number: int, name: str = "maker.my") -> None:
        """Let the facility of the country pay on."""
        answer = BankAnswer(f"ON-{number}", self.today(reference))
        self.world.do(disbursements.forward, reference, number, answer, actor=self.person(name))

    def report(self, reference: str) -> None:
        """Send the completion report."""
        self.paper(reference, "report", "completion_report", "applicant.my")
        self.move(reference, "report", "applicant.my")

    def today(self, reference: str) -> date:
        """Return the local day of the fund."""
        return today(self.world.case(reference))
