"""A second call to which budget can go, a transfer as it is sent, and what a page says of it."""

import re
from typing import Any

from app.budgets.commands import Place, allot
from app.budgets.models import WHOLE_LIFE, BudgetTransfer
from app.db import db, transaction
from tests.factories import budget_of
from tests.interface import API, Interface, headers
from tests.world import World

PATH = f"{API}/budgets"
TRANSFERS = f"{PATH}/transfers"

FACILITY, SCHEME = "SME financing facility of Malaysia", "MY-BAP"
OTHER = "MY-OTHER-2026"


def second(world: World, call: str = OTHER, currency: str = "MYR", year: int = WHOLE_LIFE) -> int:
    """Give the agency one more call, with nothing in its budget yet; return the number of the budget."""
    agency = world.person("desk.my").agency
    assert agency is not None
    with transaction():
        allot(Place(FACILITY, SCHEME, call, currency, agency), {year: 0})
    return budget_of(call).id


def sent(**changed: Any) -> dict[str, Any]:
    """Return a transfer of 30.00 from the first call to the second, as a form or a program sends it."""
    said = {"amount": "30.00", "reason": "The second call is out.", "instrument": "Order 9/2026"}
    budgets = {"source": budget_of().id, "target": budget_of(OTHER).id}
    return {**budgets, **said, **changed}


def shown(page: str) -> str:
    """Return the text of a page without its marks, "none" for a dash."""
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    return text.replace("\u2013", "none")


def transfers() -> list[BudgetTransfer]:
    """Return the transfers there are, the oldest first."""
    db.session.expire_all()
    return db.session.query(BudgetTransfer).order_by(BudgetTransfer.id).all()


def proposed(world: World, **changed: Any) -> int:
    """Let the first budget officer propose a transfer; return its number."""
    answer = Interface(world.app, "desk.my").send(
        "POST", TRANSFERS, json=sent(**changed), headers=headers()
    )
    assert answer.status_code == 201, answer.text
    return int(answer.get_json()["id"])
