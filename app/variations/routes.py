"""The kinds of changes there are, with their forms."""

from app.applications import queries as applications
from app.applications.models import Application
from app.proceedings.access import Form
from app.proceedings.compose import Kind
from app.variations import commands, compose
from app.variations.schemas import AccountInput, CutInput, VariationInput


def _cooling_off(application: Application) -> int:
    return applications.terms(application).payments.cooling_off_days


KINDS = (
    Kind(
        name=compose.VARIATION,
        title="Variation",
        definition="agreed_change",
        open_to=compose.open_to_change,
        draw=compose.variation,
        effects={"in_force": commands.vary},
        words=compose.told_variation,
    ),
    Kind(
        name=compose.CUT,
        title="Cut of the undrawn rest",
        definition="agency_act",
        open_to=compose.open_to_cut,
        draw=compose.cut,
        effects={"in_force": commands.cut},
        words=compose.told_variation,
    ),
    Kind(
        name=compose.ACCOUNT,
        title="Another bank account",
        definition="account_change",
        open_to=compose.open_to_account,
        draw=compose.account,
        effects={
            "entered": commands.enter_account,
            "in_use": commands.use_account,
            "dropped": commands.drop_account,
        },
        words=compose.told_account,
        waits={"waiting": _cooling_off},
    ),
)
FORMS = (
    Form(compose.VARIATION, VariationInput, "proceedings/_variation.html"),
    Form(compose.CUT, CutInput, "proceedings/_note.html"),
    Form(compose.ACCOUNT, AccountInput, "proceedings/_account.html"),
)
