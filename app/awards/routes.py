"""The acts on an award, for pages and interface."""

from flask import Blueprint

from app.applications.access import Verb, register
from app.applications.schemas import Agreed, Noted
from app.awards import commands
from app.awards.schemas import ApproveInput, ConditionInput
from app.reviews.schemas import ReasonedInput

pages = Blueprint("awards", __name__)
api = Blueprint("awards_api", __name__, url_prefix="/api/v1")

register(
    pages,
    api,
    (
        Verb("approve", ApproveInput, commands.approve),
        Verb("accept", Agreed, commands.accept),
        Verb("meet_condition", ConditionInput, commands.meet_condition),
        Verb("withdraw", Noted, commands.withdraw),
        Verb("cancel", ReasonedInput, commands.cancel),
    ),
)
