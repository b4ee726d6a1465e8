"""Published awards in the 360Giving Data Standard 1.4 (JSON), for whoever compares what public money goes to."""

from collections.abc import Iterator
from typing import Any

import msgspec

from app import clock
from app.exports.compose import Scope
from app.exports.queries import grants
from workflows.money import from_minor

VERSION = "1.4"
# 360Giving gives each publisher a prefix of its own; this one is not registered, and is changed before publication.
PREFIX = "360G-saluran"
# Amounts are numbers in the standard; written from decimals, so that no binary fraction comes between.
_encode = msgspec.json.Encoder(decimal_format="number").encode


def giving(scope: Scope) -> Iterator[bytes]:
    """Give one grant per award that was accepted and stands."""
    today = clock.now().date().isoformat()
    head = {
        "version": VERSION,
        "identifier": f"{PREFIX}-{scope.label}-{scope.size}",
        "title": f"Grants accepted, {scope.label}",
        "description": _described(scope),
        "issued": today,
        "publisher": {"name": "Saluran", "identifier": f"{PREFIX}-org:{scope.label}"},
    }
    yield _encode(head)[:-1] + b',"grants":['
    first = True
    for rows in grants(scope):
        yield (b"" if first else b",\n") + b",\n".join([_encode(_grant(row)) for row in rows])
        first = False
    yield b"]}\n"


def _described(scope: Scope) -> str:
    if not scope.size:
        return "Nothing is signed yet."
    return f"Decided on the trail {scope.origin} up to its checkpoint of {scope.size} events, root {scope.root}."


def _grant(row: Any) -> dict[str, Any]:
    applied = row.requested_minor
    grant = {
        "id": f"{PREFIX}-{row.reference}",
        "title": f"{row.scheme_name}, {row.reference}",
        "description": f"Grant under {row.call_title} to {row.enterprise}.",
        "currency": row.currency,
        "amountAwarded": from_minor(row.amount_minor, row.currency),
        "amountDisbursed": from_minor(row.disbursed_minor, row.currency),
        "awardDate": row.offered_on.isoformat(),
        "recipientOrganization": [_recipient(row)],
        "fundingOrganization": [
            {"id": f"{PREFIX}-org:{row.agency}", "name": row.agency_name},
        ],
        "grantProgramme": [{"code": row.scheme, "title": row.scheme_name}],
        "fromOpenCall": "Yes",
    }
    if applied is not None:
        grant["amountAppliedFor"] = from_minor(applied, row.currency)
    return grant


def _recipient(row: Any) -> dict[str, str]:
    """Return who receives it: by the publisher's own identifier, as no register here has a list code that is certain."""
    return {
        "id": f"{PREFIX}-org:{row.country}-{row.registry_number}",
        "name": row.enterprise,
        "addressCountry": row.country,
    }
