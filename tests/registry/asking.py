"""A scheme that asks for what is known of an enterprise beside its answers, and what officers record of it."""

from datetime import date, timedelta

from app import clock
from app.accounts.models import Person
from app.db import transaction
from app.registry import commands
from app.registry.commands import Looked, Passed
from app.registry.models import Certificate
from app.schemes.commands import publish
from app.schemes.models import Scheme
from tests.schemes.texts import GRANT, changed
from tests.world import World

COURSE, ISSUER = "credit", "Example Institute of Credit"
SIZE = """
[size]
measures = {employees = "employees", turnover = "turnover", listed_parent = "listed_parent"}
sector = "sector"
sectors = {manufacturing = "manufacturing", services = "services"}
"""
COURSES = f"""
[[courses]]
key = "{COURSE}"
label = "Course on credit"
issuers = ["{ISSUER}", "Another Institute"]
valid_months = 24
"""
RULES = {
    "right_size": ('{fact = "size", one_of = ["micro", "small", "medium"]}', "not_eligible"),
    "in_registry": ('{not = {fact = "registry", one_of = ["not_found", "struck_off"]}}', "not_eligible"),
    "looked_up": ('{fact = "registry", is = "verified"}', "conditions"),
    "course_passed": ('{fact = "certificate:credit", is = "valid"}', "conditions"),
    "course_first": ('{fact = "certificate:credit", is = "valid"}', "not_eligible"),
    "at_home": ('{fact = "enterprise_country", is = "MY"}', "not_eligible"),
    "one_at_a_time": ('{fact = "other_applications", at_most = 0}', "not_eligible"),
    "few_people": ('{answer = "employees", at_most = 10}', "conditions"),
}  # fmt: skip


def rules(*names: str) -> str:
    """Return rules by name; each fails with the sentence "NAME is not so."."""
    return "".join(
        f'\n[[rules]]\nname = "{name}"\nsentence = "{name} is not so."\nclause = "Clause of {name}"\n'
        f'test = {RULES[name][0]}\notherwise = "{RULES[name][1]}"\n'
        for name in names
    )


def text(*names: str) -> str:
    """Return the grant with courses, a size test and more rules."""
    source = changed(GRANT, ("version = 4\n", "version = 7\n"))
    source = changed(source, ("[basis]\n", '[basis]\ncourses = "illustrative"\n'))
    return source + SIZE + COURSES + rules(*names)


def asking(world: World, *names: str) -> Scheme:
    """Publish the grant anew with more rules: its call goes over to them."""
    with transaction():
        found = publish(text(*names))
    # Whatever a case did under other rules is not what it does under these.
    world.written = True  # type: ignore[attr-defined]
    return found


def today() -> date:
    """Return the local day of the scheme."""
    return clock.today("Asia/Kuala_Lumpur")


def certify(
    world: World, number: str = "C-1", *, days: int | None = None, actor: Person | None = None
) -> Certificate:
    """Record a certificate that holds for some days more, or for as long as the scheme takes it."""
    until = None if days is None else today() + timedelta(days=days)
    passed = Passed(COURSE, "Somebody", ISSUER, number, today() - timedelta(days=30), until)
    with transaction():
        return commands.record_certificate(home(world), passed, actor=actor or world.desk)


def look(world: World, outcome: str, *, actor: Person | None = None) -> int:
    """Record what the registry said; returns the number of the check."""
    with transaction():
        found = Looked(outcome, "Public search of the register", "Seen on the screen.")
        return commands.record_check(home(world), found, actor=actor or world.desk).id


def home(world: World) -> int:
    """Return the number of the enterprise that applies."""
    number = world.person("applicant.my").enterprise_id
    assert number is not None
    return number
