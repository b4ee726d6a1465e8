"""What a worker does after a drawdown was paid: the next version of the repayment schedule."""

from typing import Any

from app.applications.queries import by_id
from app.awards.queries import awarded
from app.repayments.commands import redraw


def make(args: dict[str, Any]) -> None:
    """Nothing is slow here: the arithmetic runs inside the finishing transaction, on what stands then."""


def keep(args: dict[str, Any], _result: None) -> None:
    """Keep the schedule that follows from everything drawn so far."""
    redraw(awarded(by_id(args["application_id"])), args["event_id"])
