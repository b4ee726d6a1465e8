"""The effects of a decision: votes, and the refusal that makes an earlier yes void."""

from app.applications.access import Verb
from app.decisions import commands
from app.decisions.schemas import AgainstInput, ForInput
from app.reviews.schemas import ReasonedInput

VERBS = (
    Verb("decide:for", ForInput, commands.vote),
    Verb("decide:against", AgainstInput, commands.vote),
    Verb("decide:abstain", AgainstInput, commands.vote),
    Verb("decide:recuse", AgainstInput, commands.vote),
    Verb("void", ReasonedInput, commands.void),
)
