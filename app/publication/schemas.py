"""What is asked of the pages on the decision trail."""

from typing import Any

from marshmallow import fields
from marshmallow.validate import Range

from app.accounts.schemas import Input

# As many events as a checkpoint can name.
MOST = 10**15 - 1
_SENTENCE = f"Enter a whole number from 0 to {MOST}."
_ERRORS: dict[str, Any] = {"invalid": _SENTENCE, "required": "Name the size of your checkpoint."}


class GrowthInput(Input):
    """From which size to which the tree is to be shown to have grown."""

    old = fields.Integer(
        required=True, validate=Range(0, MOST, error=_SENTENCE), error_messages=_ERRORS
    )
    new = fields.Integer(
        load_default=None, validate=Range(0, MOST, error=_SENTENCE), error_messages=_ERRORS
    )
