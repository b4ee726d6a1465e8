"""The people of the world of the tests: who there is, and what approvers may decide."""

from dataclasses import replace
from datetime import date

from app.accounts.commands import Grant
from app.accounts.models import Person

OFFICERS = {
    "desk": ("desk_officer",),
    "desk_two": ("desk_officer",),
    "assessor": ("assessor",),
    "assessor_two": ("assessor",),
    "approver": ("approver",),
    "small_approver": ("approver",),
    "member": ("approver",),
    "chair": ("approver", "chair"),
    "maker": ("payment_officer",),
    "checker": ("payment_officer",),
    "releaser": ("releaser",),
    "auditor": ("auditor",),
    "designer": ("scheme_designer",),
    "designer_two": ("scheme_designer",),
    "records": ("records_officer",),
    "records_two": ("records_officer",),
    "budget": ("budget_officer",),
    "budget_two": ("budget_officer",),
    "everything": ("approver", "assessor", "desk_officer", "payment_officer", "releaser"),
}


def newcomer(name: str, duties: tuple[str, ...], hashed: str) -> Person:
    """Return a person called after what the person does."""
    label = name.replace(".", " ").replace("_", " ").title()
    return Person(email=f"{name}@world.example", name=label, password=hashed, duties=sorted(duties))


SEATED = ("approver", "member", "chair")
COMMITTEES = {"MYR": "Grants committee", "VND": "Credit committee"}


def authorities(name: str, scheme: str, currency: str) -> list[Grant]:
    """Return what a person may decide: approvers alone, and three of them as members of a committee; what may be released."""
    if name == "releaser":
        return [replace(authority(name, scheme, currency), duty="releaser")]
    if "approver" not in OFFICERS[name]:
        return []
    alone = authority(name, scheme, currency)
    if name == "everything":
        return [alone, replace(alone, duty="releaser")]
    if name not in SEATED:
        return [alone]
    return [alone, replace(alone, body=COMMITTEES[currency], instrument="Example charter 2/2026")]


def authority(name: str, scheme: str, currency: str) -> Grant:
    """Return what an approver may decide alone: the small one a thousandth of the others."""
    units = {"MYR": 10_000_00, "VND": 100_000_000}[currency]
    limit = units if name == "small_approver" else units * 1000
    return Grant(
        scheme, currency, limit, "Example instrument 1/2026", date(2026, 1, 1), date(2030, 1, 1)
    )
