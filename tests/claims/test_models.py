"""The database itself keeps what was claimed and what was found on it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import db
from tests.claims.claiming import claimed, disbursing, verify
from tests.world import World

PROTECTED = [
    "UPDATE claim SET amount_minor = 1",
    "UPDATE claim SET salt = ''",
    "DELETE FROM claim",
    "UPDATE claim_line SET cost_minor = 1",
    "UPDATE claim_line SET supplier = ''",
    "DELETE FROM claim_line",
    "UPDATE claim_finding SET outcome = 'refused'",
    "UPDATE claim_finding SET reason = 'Another.'",
    "UPDATE claim_settlement SET payable_minor = 1",
    "DELETE FROM claim_settlement",
]


def test_the_database_keeps_what_was_claimed_and_found(world: World) -> None:
    reference = disbursing(world)
    claimed(world, reference, "20,000.00")
    verify(world, reference)
    for statement in PROTECTED:
        with pytest.raises(DBAPIError, match="is never"), db.session.begin_nested():
            db.session.execute(text(statement))
