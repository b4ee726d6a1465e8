"""Who there is: agencies, enterprises, people with their duties and authorities, and their sessions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Model, UTCDateTime


class Agency(Model):
    """A body that runs schemes and employs officers. ``account`` is what it pays from where no ``PayingAccount`` says otherwise.

    It has a decision trail of its own, for what concerns no single case: who delegated what to whom, which workflow was
    published. ``trail_seq`` and ``trail_hash`` are its head. ``kind`` is "agency", or "service_centre" for one that only
    helps enterprises to apply.
    """

    __tablename__ = "agency"
    __table_args__ = (CheckConstraint("kind IN ('agency', 'service_centre')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    address: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(String(200))
    account: Mapped[dict[str, str]] = mapped_column(JSON)
    kind: Mapped[str] = mapped_column(String(20), default="agency", server_default="agency")
    trail_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    trail_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")

    @property
    def reference(self) -> str:
        """Return how the trail names the agency."""
        return f"agency:{self.code}"

    @property
    def agency_code(self) -> str:
        """Return whose trail it is: the agency's own."""
        return self.code


class PayingAccount(Model):
    """An account an agency pays from, for a scheme or a currency of its own where they are named ("": any).

    ``account`` has name, town, number and bic; ``format`` is the form of payment file its bank takes, and may be missing;
    "iban" marks an IBAN, "clearing_system" with "clearing_member" is the bank's number in its country.
    """

    __tablename__ = "paying_account"
    __table_args__ = (UniqueConstraint("agency_id", "scheme_code", "currency"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    scheme_code: Mapped[str] = mapped_column(String(40), default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    account: Mapped[dict[str, str]] = mapped_column(JSON)


class Enterprise(Model):
    """An SME as a legal entity. ``language`` is the language tag of its name, for pages and letters."""

    __tablename__ = "enterprise"
    __table_args__ = (UniqueConstraint("country", "registry_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    registry_number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(Text)


class Person(Model):
    """Somebody who signs in: an applicant of one enterprise, or an officer of one agency with duties.

    ``signs`` says that an applicant is an authorised signatory: may bind the enterprise, such as by accepting an offer.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("(agency_id IS NULL) <> (enterprise_id IS NULL)", name="one_home"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(200))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"))
    duties: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(default=True)
    signs: Mapped[bool] = mapped_column(default=False, server_default=false())
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    agency: Mapped[Agency | None] = relationship()
    enterprise: Mapped[Enterprise | None] = relationship()

    @property
    def applies(self) -> bool:
        """Tell whether this is a person of an enterprise."""
        return self.enterprise_id is not None

    @property
    def advises(self) -> bool:
        """Tell whether this is an adviser of a service centre: helps enterprises to apply, and decides nothing."""
        return "adviser" in self.duties

    @property
    def beside(self) -> bool:
        """Tell whether this person stands on the applicant's side: reads a case as its applicant does."""
        return self.applies or self.advises

    @property
    def reads_as(self) -> frozenset[str]:
        """Return the duties by which the person reads a case: an adviser sees what the applicant sees."""
        return frozenset({"applicant"} if self.advises else self.duties)

    @property
    def mark(self) -> str:
        """Return how events name this person: a pseudonymous number, never a name."""
        return f"{'applicant' if self.applies else 'officer'}:{self.id}"


class Authority(Model):
    """The instrument, limit and currency under which a person may decide; amounts in minor units, dates inclusive.

    ``duty`` is the role it is given for, ``body`` the body the person sits in by it, "" for the agency itself.
    """

    __tablename__ = "authority"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    duty: Mapped[str] = mapped_column(String(40), default="approver", server_default="approver")
    body: Mapped[str] = mapped_column(String(80), default="", server_default="")
    scheme_code: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3))
    limit_minor: Mapped[int] = mapped_column(BigInteger)
    instrument: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date]
    valid_to: Mapped[date]


class Mandate(Model):
    """An auditor may read the cases of an agency, of every agency when it names none; dates inclusive.

    The agency an auditor belongs to needs no mandate. ``instrument`` is the act or letter that gives it.
    """

    __tablename__ = "mandate"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    instrument: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date]
    valid_to: Mapped[date]


class Interest(Model):
    """An interest of a person in an enterprise, or only in one case of it: it hides the cases from that person.

    ``kind`` is "declared" by the person, or "related_party": an enterprise the officer owns or works for. ``case`` is the
    reference of the one case, "" for every case of the enterprise.
    """

    __tablename__ = "interest"
    __table_args__ = (
        UniqueConstraint("person_id", "enterprise_id", "case"),
        CheckConstraint("kind IN ('declared', 'related_party')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    case: Mapped[str] = mapped_column(String(40), default="", server_default="")
    kind: Mapped[str] = mapped_column(String(20), default="declared", server_default="declared")
    reason: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SignIn(Model):
    """A session on the server: only the SHA-256 of its token is kept, and it can be ended at any time.

    ``carried`` is what one page hands to the next: a notice, or a form with its errors.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    carried: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Answered(Model):
    """The answer given to a request with an idempotency key: the same request is answered as before."""

    __tablename__ = "answered"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(80))
    request_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
