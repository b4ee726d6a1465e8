"""What each closed word of a definition means, for editors and for the reference table."""

from collections.abc import Iterable

from workflows.choices import CHOICES
from workflows.guards import GUARDS
from workflows.money import DECIMALS
from workflows.vocabulary import (
    ASKED,
    CLOCK_EFFECTS,
    EDITABLE,
    EFFECTS,
    HOLDERS,
    KINDS,
    LETTERS,
    OUTCOMES,
    SHARES,
    THINGS,
    UNITS,
    VOTES,
)

MEANINGS = {
    "holder": {
        "applicant": "The applicant has the ball; the service clock of the agency stands still.",
        "agency": "An officer has to act.",
        "institution": "Another institution that takes part has to act.",
        "bank": "The bank has to answer.",
        "nobody": "Nobody has to act: an end.",
    },
    "kind": {
        "application": "The life of a case from the draft to its end.",
        "tranche": "The small life of one slice of the money: a claim or a drawdown.",
        "proceeding": "The small life of something proposed about an award: a change, a write-off, money that comes back.",
    },
    "outcome": {
        "completed": "All was done that was to be done.",
        "declined": "The agency said no.",
        "withdrawn": "The applicant took it back.",
        "lapsed": "A time ran out.",
        "cancelled": "The agency ended what it had granted.",
        "refused": "What was proposed was not agreed to.",
        "written_off": "The agency gave up what was still owed.",
    },
    "unit": {
        "working": "Working days of the scheme's country.",
        "calendar": "Every day counts.",
    },
    "asked": {
        "none": "Not asked for.",
        "optional": "Asked for, may be left out.",
        "required": "The act is refused without.",
    },
    "letter": {
        "acknowledgement": "That the application has arrived.",
        "information_request": "What is missing, and until when.",
        "offer": "The letter of offer.",
        "decline": "The decline with its reasons.",
        "lapse": "That the offer has lapsed.",
        "disbursement_advice": "That money has been paid.",
        "arrears_notice": "That instalments of a loan are overdue.",
        "clawback": "That money has to be paid back, why and by when.",
        "change_offer": "Which change of the award is offered, and until when.",
        "waiting_list": "That the application waits for budget, and what happens next.",
    },
    "thing": {
        "answers": "The answers of the application.",
        "documents": "The documents attached to it.",
        "assessments": "The assessments with their scores.",
        "recommendation": "The recommendation.",
        "decision": "The decision, with its votes and reasons.",
        "award": "The award, with its conditions and tranches.",
    },
    "vote": {
        "for": "A vote for; the amount is part of the motion.",
        "against": "A vote against.",
        "abstain": "Present, but neither for nor against.",
        "recuse": "Stands aside because of an interest: the body is smaller by one, never below `present`.",
    },
    "share": {
        "majority": "More than half of the members who may vote.",
        "all": "Every member who may vote.",
    },
    "clock_effect": {
        "natural": "A new state starts its own clock; within a state the clock runs on.",
        "keep": "The running clock goes on in the new state.",
        "restart": "The clock begins again.",
        "extend": "The running clock gets its extension, once.",
    },
    "effect": {
        "move": "Nothing beside moving the case.",
        "submit": "Freezes answers and documents as a submission.",
        "resubmit": "Freezes them again, as a new submission.",
        "return": "Asks the applicant for information, by a day.",
        "consult": "Asks the agencies of an institution again.",
        "assess": "Records an assessment against the rubric.",
        "recommend": "Records a recommendation with its amount.",
        "decide": "Records a vote; the one that completes the decision decides the case.",
        "offer": "Makes the offer of what was decided.",
        "void": "Makes an earlier decision void.",
        "accept": "Records the acceptance of the offer.",
        "meet_condition": "Records a condition precedent as met.",
        "end": "Ends the case and gives back what was reserved.",
        "lapse": "Ends the offer because its time is over.",
        "complete": "Goes on when the last tranche is paid.",
        "ask": "Asks for a tranche.",
        "verify": "Records that what a tranche was asked for has been verified.",
        "send_back": "Gives a tranche back to the applicant.",
        "prepare": "Makes the payment file.",
        "check": "Records that a second person has checked the payment file.",
        "release": "Releases the payment to the bank.",
        "confirm": "Records that the bank has paid.",
        "forward": "Records that the facility through which the money goes has paid it on.",
        "report_unknown": "Records that the bank's answer is missing.",
        "report_rejected": "Records that the bank has refused.",
        "report_returned": "Records that the bank has sent the money back.",
        "take_out": "Takes a payment back that was not released; its file is void.",
        "find": "Records what a person found of a payment whose answer is missing.",
        "agree": "Records that a second person agrees that the bank has paid.",
        "cancel_tranche": "Ends a tranche that will not be paid.",
        "send_signed": "Keeps the signed copy of the offer until an officer has looked at it.",
        "accept_signed": "Records the acceptance by a signed copy that an officer has confirmed.",
        "return_signature": "Gives a signed copy back; the acceptance period goes on as it was.",
        "waive_condition": "Records a condition as waived by a person with the authority for it.",
        "wait_list": "Puts a case on the waiting list of its call.",
        "take_from_list": "Takes a case from the waiting list when it is its turn.",
        "revise": "Lowers an offer that was not accepted yet; what is not offered any more is given back.",
        "undo": "Makes the approval void, so that it is decided again.",
        "finish": "Ends a case whose money is out; what was never claimed is given back.",
        "propose": "Begins a proceeding with its terms.",
        "approve": "Records an approval of a proceeding; the last one that its amount needs lets it go on.",
        "enforce": "Lets a proceeding take effect.",
    },
}


def _words(kind: str, words: Iterable[str]) -> dict[str, str]:
    """Return each word with its meaning, in the order they are explained; the closed list decides which there are."""
    order = [*(word for word in MEANINGS[kind] if word in words), *sorted(words)]
    return {word: MEANINGS[kind].get(word, "") for word in order}


def _first(text: str | None) -> str:
    """Return the first sentence of a choice as a statement."""
    said = (text or "").removeprefix("Tell whether ").partition(";")[0].rstrip(".")
    return said[:1].upper() + said[1:] + "."


HOLDER = _words("holder", HOLDERS)
KIND = _words("kind", KINDS)
OUTCOME = _words("outcome", OUTCOMES)
UNIT = _words("unit", UNITS)
WISH = _words("asked", ASKED)
LETTER = _words("letter", LETTERS)
THING = _words("thing", THINGS)
EDITED = {word: meaning for word, meaning in THING.items() if word in EDITABLE}
VOTE = _words("vote", VOTES)
SHARE = _words("share", SHARES)
CLOCK_EFFECT = _words("clock_effect", CLOCK_EFFECTS)
EFFECT = _words("effect", EFFECTS)
CURRENCY = {"": "Decisions without an amount."} | {
    code: f"{places or 'No'} decimals." for code, places in DECIMALS.items()
}
GUARD = {name: f"{g.check.__doc__} ({g.clause})" for name, g in GUARDS.items()}
CHOICE = {name: _first(choice.__doc__) for name, choice in CHOICES.items()}
