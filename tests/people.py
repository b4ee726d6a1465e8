"""The people of the world of the tests: who there is, and what approvers may decide."""

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
    "maker": ("payment_officer",),
    "checker": ("payment_officer",),
    "releaser": ("releaser",),
    "auditor": ("auditor",),
    "everything": ("approver", "assessor", "desk_officer", "payment_officer", "releaser"),
}


def newcomer(name: str, duties: tuple[str, ...], hashed: str) -> Person:
    """Return a person called after what the person does."""
    label = name.replace(".", " ").replace("_", " ").title()
    return Person(email=f"{name}@world.example", name=label, password=hashed, duties=sorted(duties))


def authority(name: str, scheme: str, currency: str) -> Grant:
    """Return what an approver may decide: the small one a thousandth of the others."""
    units = {"MYR": 10_000_00, "VND": 100_000_000}[currency]
    limit = units if name == "small_approver" else units * 1000
    return Grant(
        scheme, currency, limit, "Example instrument 1/2026", date(2026, 1, 1), date(2030, 1, 1)
    )
