"""The acts of a review, for pages and interface."""

from flask import Blueprint

from app.applications.access import Verb, register
from app.applications.schemas import Nothing
from app.reviews import commands
from app.reviews.schemas import AssessInput, ReasonedInput, RecommendInput

pages = Blueprint("reviews", __name__)
api = Blueprint("reviews_api", __name__, url_prefix="/api/v1")

register(
    pages,
    api,
    (
        Verb("take_up", Nothing, commands.take_up),
        Verb("pass", ReasonedInput, commands.pass_screening),
        Verb("return", ReasonedInput, commands.return_for_information),
        Verb("screen_out", ReasonedInput, commands.screen_out),
        Verb("assess", AssessInput, commands.assess),
        Verb("recommend", RecommendInput, commands.recommend),
        Verb("decline", ReasonedInput, commands.decline),
    ),
)
