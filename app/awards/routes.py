"""The effects on an award."""

from app.applications.access import Verb
from app.applications.schemas import Agreed
from app.awards import commands
from app.awards.schemas import ConditionInput, RevisedInput, WaiverInput
from app.reviews.schemas import ReasonedInput

VERBS = (
    Verb("offer", ReasonedInput, commands.offer),
    Verb("accept", Agreed, commands.accept),
    Verb("meet_condition", ConditionInput, commands.meet_condition),
    Verb("end", ReasonedInput, commands.end),
    Verb("finish", ReasonedInput, commands.finish),
    Verb("send_signed", ReasonedInput, commands.send_signed),
    Verb("accept_signed", ReasonedInput, commands.accept_signed),
    Verb("return_signature", ReasonedInput, commands.return_signature),
    Verb("revise", RevisedInput, commands.revise),
    Verb("waive_condition", WaiverInput, commands.waive_condition),
)
