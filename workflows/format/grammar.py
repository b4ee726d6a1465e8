"""Every key of a definition, once: what the loader reads, what editors complete, what the reference table shows."""

from workflows.format import words
from workflows.format.gathered import Either, Key, Listed, Named, Names, Table
from workflows.format.nouns import (
    BAND,
    CLOCK,
    DECISION,
    DUTY,
    LABEL,
    SEE,
    SHORT,
    STATE,
    STATE_NAME,
    STEP,
    STRAND,
    SWITCH,
)
from workflows.format.shapes import Flag, Guard, Name, Number, Word
from workflows.vocabulary import DUTIES, OFFICERS, STAY

LARGEST_VERSION = 1_000_000
GUARD = Guard(words.GUARD)

BRANCH = Table(
    '{state = "...", when = "..."}',
    (
        Key("state", STATE_NAME, f'A state, or `"{STAY}"`.'),
        Key(
            "when",
            Guard(words.CHOICE, called="choice"),
            "What must hold for this way to be taken; `switch:NAME` where the scheme has a rule switched on.",
            None,
        ),
        Key(
            "outcome",
            Name(SHORT, what="an outcome"),
            "What the person must have chosen for this way.",
            None,
        ),
        Key(
            "letter",
            Word(words.LETTER, called="letter"),
            "The letter of this way, where the ways of one act have different ones.",
            None,
        ),
    ),
)

ACT = Table(
    "a table [acts.NAME]",
    (
        Key("label", LABEL, "The act as a button says it."),
        Key("event", LABEL, "The act as the trail tells it afterwards."),
        Key("from", Names(STATE_NAME, least=1), "The states in which it can be taken."),
        Key(
            "to",
            Either((STATE_NAME, Listed(BRANCH, f"a list of {BRANCH.told}"))),
            f'Where it leads: a state, `"{STAY}"`, or a list of ways of which the first that holds is taken.',
        ),
        Key(
            "by",
            Names(DUTY, least=1),
            'The duties that may take it; `"system"` alone makes it automatic.',
        ),
        Key(
            "part",
            Name(SHORT, what="a part"),
            "Where the person stands in the case from then on. One person has one part in a case. "
            "It is the duty where one duty is named; where there are several, it must be given.",
            None,
        ),
        Key("guards", Names(GUARD), "The rules that must hold.", ()),
        Key("reasons", Word(words.WISH), "Coded reasons, from the scheme's list.", "none"),
        Key("note", Word(words.WISH), "Free words.", "optional"),
        Key(
            "attachments",
            Named(Name(SHORT, what="a kind of document"), LABEL, "a table of kinds and labels"),
            "Documents that must be attached for the act: kind and label.",
            {},
        ),
        Key("letter", Word(words.LETTER, called="letter"), "The letter it causes.", None),
        Key(
            "confirms",
            Flag(),
            "Whether the person is asked once more before it is done.",
            default=False,
        ),
        Key(
            "does",
            Word(words.EFFECT, called="effect"),
            "What the program does beside moving the case; a vote, and an act whose name says it, need not repeat it.",
            None,
        ),
        Key(
            "decision", Name(SHORT, what="a decision"), "The decision in which it is a vote.", None
        ),
        Key("vote", Word(words.VOTE), "Which vote it is.", None),
        Key(
            "institution",
            Name(SHORT, what="an institution"),
            "The institution whose officers take it; without it, the agency that owns the case.",
            "",
        ),
        Key(
            "voids",
            Name(SHORT, what="a decision"),
            "The decision of another institution that is void from then on.",
            None,
        ),
        Key("strand", Name(SHORT, what="a strand"), "The strand of parallel work it moves.", None),
        Key("step", STEP, "The step of the strand it ends and the one it begins.", None),
        Key("cancels", Flag(), "Whether it ends parallel work that is not done.", default=False),
        Key("clock", Word(words.CLOCK_EFFECT), "What it does to the running clock.", "natural"),
        Key(
            "blind",
            Flag(),
            "Whether those who may still take it do not see what others gave in it.",
            default=False,
        ),
    ),
)

FILE = Table(
    "a definition",
    (
        Key("name", Name(SHORT), "The definition's name."),
        Key("version", Number(1, LARGEST_VERSION), "Its version; a change needs a higher one."),
        Key("title", LABEL, "What it is, in words."),
        Key("kind", Word(words.KIND), "What it is the life of.", "application"),
        Key("initial", STATE_NAME, "The state in which a case begins."),
        Key(
            "duties",
            Named(
                Name(SHORT, what="a duty's name"),
                LABEL,
                "a table of duties and labels",
                taken=(*DUTIES, OFFICERS),
                why="is there already and is not declared again",
            ),
            "Duties beside those every agency has, with their labels.",
            {},
        ),
        Key(
            "institutions",
            Named(
                Name(SHORT, what="an institution's name"),
                LABEL,
                "a table of institutions and labels",
            ),
            "Other bodies that have a part, such as a guarantor, with their labels.",
            {},
        ),
        Key("see", SEE, "Who sees what of a case, unless a state says otherwise.", {}),
        Key(
            "confined",
            Named(
                Name(SHORT, what="an institution"),
                Names(Word(words.THING)),
                "a table of institutions and things",
            ),
            "Institutions that see of a case only what they have to do there, and beside that the things listed.",
            {},
        ),
        Key(
            "states",
            Named(
                Name(what="a state's name"),
                STATE,
                "at least one table [states.NAME]",
                1,
                taken=(STAY,),
                why="means the state the case is in and is no state's name",
            ),
            "The places in the life of a case.",
        ),
        Key(
            "strands",
            Named(Name(SHORT, what="a strand's name"), STRAND, "tables [strands.NAME]"),
            "Work that runs beside other work within a state.",
            {},
        ),
        Key(
            "decisions",
            Named(Name(SHORT, what="a decision's name"), DECISION, "tables [decisions.NAME]"),
            "Who decides, and how votes become a result.",
            {},
        ),
        Key(
            "switches",
            Named(Name(SHORT, what="a switch's name"), SWITCH, "tables [switches.NAME]"),
            "Rules of your own that a scheme switches on; the guard is `switch:NAME`.",
            {},
        ),
        Key(
            "acts",
            Named(Name(SHORT, what="an act's name"), ACT, "at least one table [acts.NAME]", 1),
            "What can be done.",
        ),
    ),
)

# Tables in the order in which they are explained, with how they are written.
CHAPTERS: tuple[tuple[str, str, Table], ...] = (
    ("The file", "", FILE),
    ("A state", "[states.NAME]", STATE),
    ("A clock", "clock = {...}", CLOCK),
    ("An act", "[acts.NAME]", ACT),
    ("A way of an act", "to = [{...}, ...]", BRANCH),
    ("Parallel work", "[strands.NAME]", STRAND),
    ("A step of parallel work", "step = {...}", STEP),
    ("A decision", "[decisions.NAME]", DECISION),
    ("A band of the authority matrix", "[[decisions.NAME.bands]]", BAND),
    ("A switch", "[switches.NAME]", SWITCH),
)
