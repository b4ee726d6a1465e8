"""Two service centres with their advisers, and consents of the enterprises of the world to them."""

from datetime import timedelta

from argon2 import PasswordHasher
from sqlalchemy import select

from app import clock
from app.accounts.models import Agency, Person
from app.consents.commands import Consenting, give_consent
from app.consents.models import Consent
from app.db import db, transaction
from app.documents.commands import Upload, keep
from app.submissions import commands as submissions
from tests.answers import DOCUMENTS, GRANT, GRANT_ANSWERS
from tests.people import newcomer
from tests.world import PASSWORD, World, pdf

CENTRE, OTHER = "MY-PUSAT", "VN-TRUNGTAM"
ADVISERS = {"adviser": CENTRE, "adviser_two": CENTRE, "adviser.vn": OTHER}


def settle_centres(world: World) -> None:
    """Register a service centre in Malaysia and one in Viet Nam, with their people."""
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with transaction():
        found = {}
        for code, country in ((CENTRE, "MY"), (OTHER, "VN")):
            found[code] = Agency(
                code=code,
                name=f"Centre {country}",
                country=country,
                address="2 Example Street",
                contact="help@centre.example",
                account={},
                kind="service_centre",
            )
        for name, code in ADVISERS.items():
            person = newcomer(name, ("adviser",), hashed)
            person.agency = found[code]
            db.session.add(person)
    db.session.remove()
    assert world.person("adviser").advises


def consent(
    world: World,
    agency: str = CENTRE,
    scope: tuple[str, ...] = ("file", "refer"),
    days: int = 30,
    actor: Person | None = None,
    note: str = "",
) -> int:
    """Let the applicant, or somebody else, consent; returns the number."""
    until = clock.today("Asia/Kuala_Lumpur") + timedelta(days=days)
    with transaction():
        given = give_consent(
            Consenting(agency, scope, until, note), actor=actor or world.person("applicant.my")
        )
        return given.id


def agency(code: str) -> Agency:
    """Return an agency as it stands."""
    db.session.expire_all()
    return db.session.scalars(select(Agency).where(Agency.code == code)).one()


def consented(number: int) -> Consent:
    """Return a consent as it stands."""
    db.session.expire_all()
    return db.session.get_one(Consent, number)


def prepared(world: World, number: int, *, whole: bool = True, by: str = "adviser") -> str:
    """Return the reference of a draft that an adviser wrote under a consent."""
    actor = world.person(by)
    with transaction():
        reference = submissions.begin_for(number, GRANT, actor=actor).reference
        if whole:
            submissions.answer(reference, GRANT_ANSWERS, version=None, actor=actor)
            for place, kind in enumerate(DOCUMENTS[GRANT]):
                store = world.app.extensions["saluran.settings"].storage_dir
                upload = Upload(f"{kind}.pdf", pdf(f"{kind} {place}"))
                document = keep(upload, store=store, most_bytes=10**6, actor=actor)
                submissions.attach(reference, kind, document, actor=actor)
    return reference
