"""The closed words of a workflow definition: whatever is not listed here is a mistake in the file."""

STAY = "stay"
# What a guard, or the choice of a way, begins with that asks whether the scheme has a rule switched on.
SWITCH = "switch:"
OWNER = ""
# The decision of this name makes the award; one of another name, such as an endorsement, only decides.
AWARD = "award"

# Duties every agency has. A definition may declare more under [duties].
DUTIES = {
    "applicant": "applicant",
    "desk_officer": "desk officer",
    "assessor": "assessor",
    "approver": "approver",
    "chair": "chair",
    "payment_officer": "payment officer",
    "releaser": "releaser",
    "system": "the system",
}
HOLDERS = frozenset({"applicant", "agency", "institution", "bank", "nobody"})
KINDS = frozenset({"application", "tranche", "proceeding"})
OUTCOMES = frozenset(
    {"completed", "declined", "withdrawn", "lapsed", "cancelled", "refused", "written_off"}
)
UNITS = frozenset({"working", "calendar"})
ASKED = frozenset({"none", "optional", "required"})
LETTERS = frozenset(
    {
        "acknowledgement",
        "information_request",
        "offer",
        "decline",
        "lapse",
        "disbursement_advice",
        "arrears_notice",
        "clawback",
        "change_offer",
        "waiting_list",
    }
)
OFFICERS = "officers"
# What of a case can be seen, and by whom where the definition does not say.
SEEN = {
    "answers": ("applicant", OFFICERS),
    "documents": ("applicant", OFFICERS),
    "assessments": (OFFICERS,),
    "recommendation": (OFFICERS,),
    "decision": ("applicant", OFFICERS),
    "award": ("applicant", OFFICERS),
}
THINGS = frozenset(SEEN)
EDITABLE = frozenset({"answers", "documents"})
VOTES = frozenset({"for", "against", "abstain", "recuse"})
SHARES = frozenset({"majority", "all"})
# What an act does to the running clock beside the natural: a new state starts its own clock.
CLOCK_EFFECTS = frozenset({"natural", "keep", "restart", "extend"})
# What the program does beside moving the case; "move" is nothing beside.
EFFECTS = frozenset(
    {
        "move",
        "submit",
        "resubmit",
        "return",
        "consult",
        "assess",
        "recommend",
        "decide",
        "offer",
        "void",
        "accept",
        "meet_condition",
        "end",
        "lapse",
        "complete",
        "ask",
        "verify",
        "send_back",
        "prepare",
        "check",
        "release",
        "confirm",
        "forward",
        "report_unknown",
        "report_rejected",
        "report_returned",
        "take_out",
        "find",
        "agree",
        "cancel_tranche",
        "propose",
        "send_signed",
        "accept_signed",
        "return_signature",
        "waive_condition",
        "wait_list",
        "take_from_list",
        "revise",
        "undo",
        "finish",
        "approve",
        "enforce",
    }
)
