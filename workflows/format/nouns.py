"""The keys of what a definition declares beside its acts: states, clocks, parallel work, decisions, switches."""

from workflows.format import words
from workflows.format.gathered import Either, Key, Listed, Names, Only, Rights, Table
from workflows.format.shapes import Amount, Flag, Name, Number, Text, Word
from workflows.vocabulary import DUTIES, OFFICERS

SHORT = 40
LONGEST_CLOCK = 36_500
LARGEST_BODY = 1_000

LABEL = Text()
STATE_NAME = Name(what="a state")
DUTY = Name(SHORT, offered=DUTIES, what="a duty")
VIEWER = Name(SHORT, offered={**DUTIES, OFFICERS: "every duty but the applicant's"}, what="a duty")
SEE = Rights(words.THING, Names(VIEWER))
_STEP = Name(SHORT, what="a step")

CLOCK = Table(
    'a table such as {days = 5, unit = "working"}',
    (
        Key("days", Number(1, LONGEST_CLOCK), "How many days the state may take."),
        Key("unit", Word(words.UNIT), "Which days count."),
        Key(
            "warn",
            Number(0, LONGEST_CLOCK),
            "How many of the days before the last one the holder is warned; 0: not at all.",
            0,
        ),
        Key("escalate", DUTY, "The duty that has a late case on its list.", None),
        Key(
            "expires",
            Name(SHORT, what="an act"),
            "The act the system takes when the time is over.",
            None,
        ),
        Key(
            "extension",
            Number(0, LONGEST_CLOCK),
            "How many days one extension adds; 0: none is allowed.",
            0,
        ),
    ),
)

STATE = Table(
    "a table [states.NAME]",
    (
        Key("officer", LABEL, "The state's name for officers."),
        Key("applicant", LABEL, "The state's name for the applicant."),
        Key(
            "before",
            Text(empty=True),
            "What the applicant reads before it is reached; without it, it is not announced.",
            "",
        ),
        Key(
            "stage",
            Text(empty=True),
            "The step of the road it belongs to; states that follow one another share a stage.",
            "",
        ),
        Key("holder", Word(words.HOLDER), "Who has the ball."),
        Key(
            "clock",
            Either((Only("none"), CLOCK)),
            'How long it may take; `"none"` says that nothing counts here.',
        ),
        Key("end", Flag(), "Whether the case ends here.", default=False),
        Key("outcome", Word(words.OUTCOME), "How an end ended.", None),
        Key("money", Flag(), "Whether money may move in it.", default=False),
        Key(
            "see",
            SEE,
            "Who sees what while the case is here; a thing not named follows `[see]`.",
            {},
        ),
        Key(
            "edit",
            Rights(words.EDITED, Names(DUTY)),
            "Who changes what while the case is here; otherwise nobody.",
            {},
        ),
    ),
)

STRAND = Table(
    "a table [strands.NAME]",
    (
        Key("label", LABEL, "What the work is called."),
        Key(
            "state",
            STATE_NAME,
            "The state in which it is done; all strands of a state start when it is entered.",
        ),
        Key(
            "steps",
            Names(_STEP, least=2),
            "Its steps: the first is where it starts, the last is done.",
        ),
    ),
)

BAND = Table(
    "one table [[decisions.NAME.bands]] or more",
    (
        Key(
            "currency",
            Word(words.CURRENCY, called="currency"),
            "ISO 4217 code; without it, the band is for decisions without an amount.",
            "",
        ),
        Key(
            "scheme",
            Text(empty=True),
            "Code of the scheme it is for; without it, for every scheme that has no bands of its own.",
            "",
        ),
        Key("above", Amount(), "It begins above this amount.", None),
        Key("up_to", Amount(), "It ends with this amount; without it, it has no limit.", None),
        Key("by", DUTY, "The duty that decides."),
        Key(
            "body",
            Text(empty=True),
            "The body whose members vote; without it, the agency itself.",
            "",
        ),
        Key(
            "of",
            Number(1, LARGEST_BODY),
            "How many members vote; where agencies do, as many as were asked.",
            1,
        ),
        Key(
            "needed",
            Either((Number(1, LARGEST_BODY), Word(words.SHARE))),
            'How many votes for are needed: a number, `"majority"` or `"all"` of the members who may vote.',
            1,
        ),
        Key(
            "present",
            Number(1, LARGEST_BODY),
            "How many must have voted; a recusal never shrinks the body below it.",
            1,
        ),
    ),
)

DECISION = Table(
    "a table [decisions.NAME]",
    (
        Key("title", LABEL, "What is decided."),
        Key(
            "bands",
            Listed(BAND, BAND.told),
            "The authority matrix: who decides about which amounts.",
        ),
        Key("veto", Names(DUTY), "Duties whose vote against ends it.", ()),
        Key(
            "tie",
            Name(
                SHORT,
                offered={"against": "A tie does not carry.", **DUTIES},
                what='"against" or a duty',
            ),
            'What an equal vote means: `"against"`, or the duty whose vote then counts.',
            "against",
        ),
        Key(
            "per",
            Name(SHORT, what="an institution"),
            "The institution each of whose agencies has one vote; without it, each person has one.",
            "",
        ),
    ),
)

SWITCH = Table(
    "a table [switches.NAME]",
    (
        Key("sentence", LABEL, "What a person reads where the scheme has not switched it on."),
        Key("clause", LABEL, "The clause it comes from."),
    ),
)

STEP = Table(
    'a table {from = ["..."], to = "..."}',
    (
        Key("from", Names(_STEP, least=1), "The steps at which the strand may be."),
        Key("to", _STEP, "The step it is at afterwards."),
    ),
)
