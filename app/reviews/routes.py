"""The effects of a review."""

from app.applications.access import Verb
from app.reviews import commands
from app.reviews.schemas import AssessInput, ReasonedInput, RecommendInput

VERBS = (
    Verb("move", ReasonedInput, commands.move),
    Verb("return", ReasonedInput, commands.return_for_information),
    Verb("assess", AssessInput, commands.assess),
    Verb("recommend", RecommendInput, commands.recommend),
)
