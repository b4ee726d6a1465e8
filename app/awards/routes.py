"""The effects on an award."""

from app.applications.access import Verb
from app.applications.schemas import Agreed
from app.awards import commands
from app.awards.schemas import ConditionInput
from app.reviews.schemas import ReasonedInput

VERBS = (
    Verb("offer", ReasonedInput, commands.offer),
    Verb("accept", Agreed, commands.accept),
    Verb("meet_condition", ConditionInput, commands.meet_condition),
    Verb("end", ReasonedInput, commands.end),
)
