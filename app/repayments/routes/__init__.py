"""Loans after the money is out: their pages, the interface, and what may be proposed about one."""

from app.proceedings.access import Form
from app.proceedings.compose import Kind
from app.repayments.commands import entering
from app.repayments.compose import drafts, telling
from app.repayments.routes import arrears, lending, schedules, trying
from app.repayments.routes.blueprints import api, pages
from app.repayments.schemas import RateInput, RepaymentInput, RestructuringInput, SaidInput

__all__ = ["FORMS", "KINDS", "api", "arrears", "lending", "pages", "schedules", "trying"]

KINDS = (
    Kind(
        name=drafts.REPAYMENT,
        title="Repayment",
        definition="receipt",
        open_to=drafts.open_to_repayment,
        draw=drafts.repayment,
        effects={"booked": entering.book},
        words=telling.told_repayment,
    ),
    Kind(
        name=drafts.RESTRUCTURING,
        title="Restructuring of the loan",
        definition="agreed_change",
        open_to=drafts.open_to_change,
        draw=drafts.restructuring,
        effects={"in_force": entering.restructure},
        words=telling.told_restructuring,
    ),
    Kind(
        name=drafts.RATE,
        title="Change of the rate",
        definition="agency_act",
        open_to=drafts.open_to_rate,
        draw=drafts.rate_change,
        effects={"in_force": entering.change_rate},
        words=telling.told_rate,
    ),
    Kind(
        name=drafts.WRITE_OFF,
        title="Write-off of the loan",
        definition="agency_act",
        open_to=drafts.open_to_change,
        draw=drafts.write_off,
        effects={"in_force": entering.write_off},
        words=telling.told_write_off,
    ),
    Kind(
        name=drafts.NOTICE,
        title="Letter about arrears",
        definition="arrears_notice",
        open_to=drafts.open_to_notice,
        draw=drafts.notice,
        effects={"sent": entering.note_notice},
        words=telling.told_notice,
    ),
)
FORMS = (
    Form(drafts.REPAYMENT, RepaymentInput, "repayments/_receipt.html"),
    Form(drafts.RESTRUCTURING, RestructuringInput, "repayments/_restructuring.html"),
    Form(drafts.RATE, RateInput, "repayments/_rate.html"),
    Form(drafts.WRITE_OFF, SaidInput, "proceedings/_note.html"),
    Form(drafts.NOTICE, SaidInput, "proceedings/_note.html"),
)
