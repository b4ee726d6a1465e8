"""The closed words of a workflow definition: whatever is not listed here is a mistake in the file."""

STAY = "stay"
OWNER = ""

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
KINDS = frozenset({"application", "tranche"})
OUTCOMES = frozenset({"completed", "declined", "withdrawn", "lapsed", "cancelled"})
UNITS = frozenset({"working", "calendar"})
ASKED = frozenset({"none", "optional", "required"})
LETTERS = frozenset(
    {"acknowledgement", "information_request", "offer", "decline", "lapse", "disbursement_advice"}
)
# What of a case can be seen or edited.
THINGS = frozenset({"answers", "documents", "assessments", "recommendation", "decision", "award"})
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
        "assess",
        "recommend",
        "decide",
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
        "report_unknown",
        "report_rejected",
    }
)
