"""The accounts an agency pays from, as a file of people has them: what is wrong with them, and their rows."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from app.accounts.models import Agency, PayingAccount
from app.db import db
from app.disbursements.render import PROFILES
from workflows.money import DECIMALS

PLACE = ("scheme", "currency", "account")
# What has to be told of an account, and what may be told beside.
NEEDED = ("name", "town", "number", "bic")
BESIDE = ("format", "iban", "clearing_system", "clearing_member", "decimals", "country")


def misheld(agencies: list[dict[str, Any]]) -> Iterator[str]:
    """Yield everything that is wrong with the accounts of agencies, a sentence each, led by the code of the agency."""
    for agency in agencies:
        for sentence in _of_agency(agency):
            yield f"{agency['code']}: {sentence}"


def _of_agency(agency: dict[str, Any]) -> Iterator[str]:
    yield from _misformed(agency.get("account", {}))
    accounts = agency.get("accounts", [])
    if not isinstance(accounts, list) or not all(_whole(one) for one in accounts):
        yield "accounts is a list of tables, each with scheme, currency and account."
        return
    for (scheme, currency), count in Counter(_place(one) for one in accounts).items():
        if count > 1:
            yield (
                f"{count} accounts are for {scheme or 'any scheme'} in {currency or 'any currency'}; "
                "say one."
            )
    for one in accounts:
        yield from _misgiven(one)


def _whole(given: Any) -> bool:
    return isinstance(given, dict) and isinstance(given.get("account"), dict)


def _place(given: dict[str, Any]) -> tuple[str, str]:
    return str(given.get("scheme", "")), str(given.get("currency", ""))


def _misgiven(given: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with one account, and with what it is for."""
    held: dict[str, Any] = given["account"]
    for key in sorted(given.keys() - set(PLACE)):
        yield f"{key!r} is not known beside an account; say {', '.join(PLACE)}."
    _, currency = _place(given)
    if currency not in ("", *DECIMALS):
        yield f"The currency {currency!r} is none that is paid in here."
    for key in NEEDED:
        if not held.get(key):
            yield f"An account has a {key}."
    for key in sorted(held.keys() - {*NEEDED, *BESIDE}):
        yield f"{key!r} is not known in an account; it has {', '.join((*NEEDED, *BESIDE))}."
    for key in sorted(key for key, value in held.items() if not isinstance(value, str)):
        yield f"Write the {key} of an account as text, in quotes."
    yield from _misformed(held)


def _misformed(held: dict[str, Any]) -> Iterator[str]:
    form = held.get("format", "")
    if form not in ("", *PROFILES):
        yield f"No payment file has the form {form!r}; the forms are {', '.join(PROFILES)}."
    decimals = held.get("decimals", "0")
    if isinstance(decimals, str) and decimals not in ("0", "1", "2", "3"):
        yield f"{decimals!r} decimals are none that a bank asks for."


def pays_from(agency: Agency, accounts: list[dict[str, Any]]) -> None:
    """Register the accounts an agency pays from; one that is known for a scheme and a currency stays as it is."""
    found = select(PayingAccount).where(PayingAccount.agency_id == agency.id)
    known = {(row.scheme_code, row.currency) for row in db.session.scalars(found)}
    for given in accounts:
        scheme, currency = _place(given)
        if (scheme, currency) not in known:
            db.session.add(
                PayingAccount(
                    agency_id=agency.id,
                    scheme_code=scheme,
                    currency=currency,
                    account=given["account"],
                )
            )
