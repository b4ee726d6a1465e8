"""A small world for tests: two agencies with their officers, three enterprises, and cases in any state.

People are named by what they do: ``world.desk``, ``world.approver``; cases are made by the real commands.
"""

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pikepdf
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from app.accounts import commands as accounts
from app.accounts.models import Agency, Enterprise, Person
from app.applications.models import Application
from app.applications.queries import find, terms, today
from app.awards import commands as awards
from app.awards.queries import awarded, conditions, tranche
from app.db import db, transaction
from app.decisions import commands as decisions
from app.decisions.commands import Cast
from app.disbursements import commands as disbursements
from app.disbursements.commands import BankAnswer
from app.disbursements.queries import instruction
from app.documents.commands import Upload, keep
from app.reviews import commands as reviews
from app.reviews.commands import Advice, Reasoned, Scores
from app.submissions import commands as submissions
from tests.answers import ASKED, GRANT, LOAN
from tests.people import OFFICERS, authorities, newcomer

PASSWORD = "contoh-ujian-2026"  # noqa: S105 - of invented people
AGENCIES = {"MY": ("MY-SMECORP", "MYR", "MY-BAP"), "VN": ("VN-SMEDF", "VND", "VN-SMEDF")}


@cache
def pdf(text: str = "Quotation") -> bytes:
    """Return a small real PDF of one page; another text gives another file."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(300, 200))
    made.docinfo["/Title"] = text
    buffer = io.BytesIO()
    made.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def settle() -> None:
    """Register the people of the world."""
    # Cheap on purpose: the tests sign in hundreds of times, and a hash carries its own cost.
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    for country, (code, currency, scheme) in AGENCIES.items():
        agency = Agency(
            code=code,
            name=f"Agency {country}",
            country=country,
            address=f"1 Example Street\n{country} Town",
            contact="office@agency.example",
            account={
                "name": f"Agency {country}",
                "town": "Town",
                "number": "5123456789",
                "bic": "CONTMYKLXXX",
            },
        )
        db.session.add(agency)
        for name, duties in OFFICERS.items():
            person = newcomer(f"{name}.{country}".lower(), duties, hashed)
            person.agency = agency
            db.session.add(person)
            db.session.flush()
            for grant in authorities(name, scheme, currency):
                accounts.authorise(person, grant)
    for number, (name, country, registry) in enumerate(
        (
            ("Kopi Contoh Sdn Bhd", "MY", "201901000005"),
            ("Công ty TNHH Ví Dụ", "VN", "0100233488"),
            ("Roti Contoh Sdn Bhd", "MY", "202001000006"),
        )
    ):
        enterprise = Enterprise(
            country=country,
            registry_number=registry,
            name=name,
            language="vi" if country == "VN" else "ms",
            address=f"{number + 1} Jalan Contoh\nTown",
        )
        person = newcomer(
            ("applicant.my", "applicant.vn", "rival.my")[number], ("applicant",), hashed
        )
        person.enterprise = enterprise
        person.signs = True
        db.session.add_all([enterprise, person])


@dataclass
class World:
    """The world of one test."""

    app: Flask
    country: str = "MY"

    def __getattr__(self, name: str) -> Person:
        """Return a person by name, of the country the test plays in."""
        if name not in (*OFFICERS, "applicant", "rival"):
            raise AttributeError(name)
        return self.person(f"{name}.{self.country}".lower())

    def person(self, name: str) -> Person:
        """Return a person by the part of the e-mail address before the @."""
        return db.session.scalars(
            select(Person).where(Person.email == f"{name}@world.example")
        ).one()

    def case(self, reference: str) -> Application:
        """Return a case as it stands in the database."""
        db.session.expire_all()
        return db.session.scalars(
            select(Application).where(Application.reference == reference)
        ).one()

    def draft(self, call: str = GRANT, **changed: str) -> str:
        """Return the reference of a draft with every answer and document."""
        self.country, usual, documents = ASKED.get(call, ASKED[LOAN])
        answers = {**usual, **changed}
        with transaction():
            reference = submissions.begin(call, actor=self.applicant).reference
            submissions.answer(reference, answers, version=None, actor=self.applicant)
            for number, kind in enumerate(documents):
                upload = Upload(f"{kind}.pdf", pdf(f"{kind} {number}"))
                store = self.app.extensions["saluran.settings"].storage_dir
                document = keep(upload, store=store, most_bytes=10**6, actor=self.applicant)
                submissions.attach(reference, kind, document, actor=self.applicant)
        return reference

    def do(self, command: Any, reference: str, *args: Any, actor: Person, **more: Any) -> Any:
        """Run a command in its transaction, on the version that stands."""
        version = more.pop("version", self.case(reference).version)
        with transaction():
            return command(reference, *args, version=version, actor=actor, **more)

    def at(self, state: str, call: str = GRANT, **changed: str) -> str:
        """Return the reference of a case that travelled to a state by the real commands."""
        reference = self.draft(call, **changed)
        for reached, step in self._road():
            if self.case(reference).state == state:
                return reference
            step(reference)
            assert self.case(reference).state == reached or reached == "assessment"
        assert self.case(reference).state == state
        return reference

    def _road(self) -> tuple[tuple[str, Any], ...]:
        return (
            ("submitted", lambda r: self.do(submissions.submit, r, actor=self.applicant)),
            (
                "screening",
                lambda r: self.do(reviews.move, r, Reasoned(), act="take_up", actor=self.desk),
            ),
            (
                "assessment",
                lambda r: self.do(reviews.move, r, Reasoned(), act="pass", actor=self.desk),
            ),
            ("assessment", lambda r: self.assess(r, self.assessor)),
            ("recommendation", lambda r: self.assess(r, self.assessor_two)),
            ("decision", self.recommend),
            ("offered", self.approve),
            ("accepted", lambda r: self.do(awards.accept, r, actor=self.applicant)),
            ("disbursing", self.meet_conditions),
        )

    def assess(self, reference: str, actor: Person, score: int = 4) -> Any:
        """Give the same score for every criterion."""
        keys = [criterion.key for criterion in terms(self.case(reference)).criteria]
        given = Scores(dict.fromkeys(keys, score), "Read with care.")
        return self.do(reviews.assess, reference, given, actor=actor)

    def recommend(self, reference: str, shares: tuple[int, ...] = ()) -> Any:
        """Recommend the whole amount in tranches; what is sold is paid in one."""
        loan = terms(self.case(reference)).loan
        shares = shares or ((100,) if loan and loan.sale else (40, 60))
        tranches = tuple((f"Part {n}", Decimal(share)) for n, share in enumerate(shares, 1))
        amount = str(self.case(reference).answers["amount"])
        return self.do(
            reviews.recommend, reference, Advice("approve", amount, tranches, ""), actor=self.desk
        )

    def approve(
        self, reference: str, amount: str | None = None, actor: Person | None = None
    ) -> Any:
        """Approve what was recommended, or another amount."""
        chosen = amount or str(self.case(reference).answers["amount"])
        return self.vote(reference, "approve", Cast(chosen), actor=actor)

    def vote(
        self, reference: str, act: str, cast: Cast, actor: Person | None = None, **more: Any
    ) -> Any:
        """Vote by an act, as the approver or somebody else."""
        by = actor or self.approver
        return self.do(decisions.vote, reference, cast, act=act, actor=by, **more)

    def paper(self, reference: str, act: str, kind: str, actor: Person) -> None:
        """Attach a document that an act asks its officer for."""
        upload = Upload(f"{kind}.pdf", pdf(kind))
        store = self.app.extensions["saluran.settings"].storage_dir
        with transaction():
            document = keep(upload, store=store, most_bytes=10**6, actor=actor)
            submissions.attach_paper(reference, act, kind, document, actor=actor)

    def cancel(self, reference: str, said: Reasoned, actor: Person | None = None) -> Any:
        """Cancel an award with the minute that this asks for."""
        by = actor or self.approver
        self.paper(reference, "cancel", "minute", by)
        return self.do(awards.end, reference, said, act="cancel", actor=by)

    def meet_conditions(self, reference: str) -> None:
        """Record every condition precedent as met."""
        found = conditions(awarded(self.case(reference)))
        for key in [one.key for one in found if one.before_first_money]:
            self.do(awards.meet_condition, reference, key, "Seen in the original.", actor=self.desk)

    def tranche_to(self, reference: str, number: int, state: str) -> None:
        """Let a tranche travel to a state."""
        act = "draw_down" if awarded(self.case(reference)).terms else "claim"
        road = (
            lambda: self.do(
                disbursements.ask, reference, number, "Please.", actor=self.applicant, act=act
            ),
            lambda: self.do(disbursements.verify, reference, number, "", actor=self.desk),
            lambda: self.do(disbursements.prepare, reference, number, actor=self.maker),
            lambda: self.do(
                disbursements.check,
                reference,
                number,
                self.digest(reference, number),
                actor=self.checker,
            ),
            lambda: self.do(
                disbursements.release,
                reference,
                number,
                self.digest(reference, number),
                actor=self.releaser,
            ),
            lambda: self.confirm(reference, number),
        )
        for step in road:
            if self.tranche_state(reference, number) == state:
                return
            step()
        assert self.tranche_state(reference, number) == state

    def confirm(self, reference: str, number: int, paid_on: date | None = None) -> Any:
        """Confirm that the bank has paid."""
        day = paid_on or today(find(reference, actor=self.desk))
        return self.do(
            disbursements.confirm, reference, number, BankAnswer("BANK-1", day), actor=self.maker
        )

    def tranche_state(self, reference: str, number: int) -> str:
        """Return where a tranche stands."""
        db.session.expire_all()
        return tranche(awarded(self.case(reference)), number).state

    def digest(self, reference: str, number: int) -> str:
        """Return the digest of the payment file of a tranche."""
        found = instruction(tranche(awarded(self.case(reference)), number))
        assert found is not None
        return found.batch.sha256
