"""Published schedules, read from the file that says where each is from and what convention it follows."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.workflows.schedule.loans import CENT, drawn
from workflows.schedule import Drawdown, Row, Terms

FILE = Path(__file__).parents[1] / "data/repayment-schedules.json"
PUBLISHED = json.loads(FILE.read_text("utf-8"))
MONTH_ENDS = {"FIRST_DAY_OF_NEXT_MONTH": "first_of_next", "LAST_DAY_OF_MONTH": "last_day"}
GRACE = ("grace_principal", "grace_deferred")


def terms(case: dict[str, Any]) -> Terms:
    """Return the terms of a published case."""
    step = case.get("instalment_multiple_of")
    return Terms(
        method=case["method"],
        annual_rate_pct=Decimal(case["annual_rate_pct"]),
        instalments=case["instalments"],
        day_count=case["day_count"],
        money_step=Decimal(case.get("money_step", CENT)),
        instalment_step=Decimal(step) if step else None,
        every=case["every"],
        unit=case["unit"].lower(),
        month_end=MONTH_ENDS[case.get("month_end", "LAST_DAY_OF_MONTH")],  # type: ignore[arg-type]
        level_basis=case.get("emi_basis", "factors"),
        smooth_last=case.get("smooth_last", False),
        down_payment_pct=Decimal(case.get("down_payment_pct", 0)),
        **{kind: case[kind] for kind in GRACE if kind in case},
    )


def drawdowns(case: dict[str, Any]) -> list[Drawdown]:
    """Return what is drawn in a published case."""
    later = [(d["date"], d["amount"]) for d in case.get("later_drawdowns", [])]
    return [
        drawn(amount, dt.date.fromisoformat(day))
        for day, amount in [(case["disbursement_date"], case["principal"]), *later]
    ]


def printed(rows: tuple[Row, ...], case: dict[str, Any]) -> list[dict[str, str]]:
    """Return rows as the case has them: all, or the first where it does not have all."""
    shown = rows if case["complete"] else rows[: len(case["rows"])]
    return [
        {
            "due": row.due.isoformat(),
            "principal": str(row.principal),
            "interest": str(row.interest),
            "total": str(row.total),
        }
        for row in shown
    ]
