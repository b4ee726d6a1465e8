"""Loans after the money is out: their pages, the interface, and what may be proposed about one."""

from app.proceedings.access import Form
from app.proceedings.compose import Kind
from app.repayments.commands import charging as effects
from app.repayments.commands import entering
from app.repayments.compose import charging, drafts, telling
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
        title="Restructuring",
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
        title="Write-off",
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
    Kind(
        name=charging.LATE_CHARGE,
        title="Late-payment charge",
        definition="agency_act",
        open_to=charging.open_to_charge,
        draw=charging.late_charge,
        effects={"in_force": effects.charge},
        words=charging.told_charge,
    ),
    Kind(
        name=charging.WAIVER,
        title="Waiver of late-payment charges",
        definition="agency_act",
        open_to=charging.open_to_waiver,
        draw=charging.waiver,
        effects={"in_force": effects.waive},
        words=charging.told_waiver,
    ),
)
FORMS = (
    Form(drafts.REPAYMENT, RepaymentInput, "repayments/_receipt.html"),
    Form(drafts.RESTRUCTURING, RestructuringInput, "repayments/_restructuring.html"),
    Form(drafts.RATE, RateInput, "repayments/_rate.html"),
    Form(drafts.WRITE_OFF, SaidInput, "proceedings/_note.html"),
    Form(drafts.NOTICE, SaidInput, "proceedings/_note.html"),
    Form(charging.LATE_CHARGE, SaidInput, "proceedings/_note.html"),
    Form(charging.WAIVER, SaidInput, "proceedings/_note.html"),
)
