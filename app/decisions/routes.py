"""The effects of a decision: votes, and the refusal that makes an earlier yes void."""

from app.applications.access import Verb
from app.decisions import commands
from app.decisions.commands import listing
from app.decisions.schemas import AgainstInput, ConcurInput, ForInput
from app.reviews.schemas import ReasonedInput

VERBS = (
    Verb("decide:for", ForInput, commands.vote),
    Verb("decide:against", AgainstInput, commands.vote),
    Verb("decide:abstain", AgainstInput, commands.vote),
    Verb("decide:recuse", AgainstInput, commands.vote),
    Verb("concur:for", ConcurInput, commands.vote),
    Verb("concur:against", AgainstInput, commands.vote),
    Verb("concur:abstain", AgainstInput, commands.vote),
    Verb("concur:recuse", AgainstInput, commands.vote),
    Verb("consult", ReasonedInput, commands.consult),
    Verb("void", ReasonedInput, commands.void),
    Verb("undo", ReasonedInput, commands.undo),
    Verb("wait_list", ReasonedInput, listing.wait_list),
    Verb("take_from_list", ReasonedInput, listing.take_from_list),
)
