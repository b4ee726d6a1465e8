"""Files of the wrong form: what is written instead of what, the line, and the mistake that is named for it.

The loader refuses each, and so does the JSON Schema.
"""

import pytest

NAME = "(letters, digits, _ and -, beginning with a letter, at most {})"

FORM = [
    pytest.param(
        'name = "small"\n', "", 1, f"name: missing; expected a name {NAME.format(40)}.",
        id="a missing name",
    ),
    pytest.param(
        '"small"', '"a small one"', 1, f"name: expected a name {NAME.format(40)}, found \"a small one\".",
        id="a name with blanks",
    ),
    pytest.param(
        '"small"', f'"{"s" * 41}"', 1,
        f"name: expected a name {NAME.format(40)}, found \"{'s' * 39}….",
        id="a name that is too long",
    ),
    pytest.param('"A small life"', '""', 3, 'title: expected a text, found "".', id="an empty title"),
    pytest.param('"A small life"', '"  "', 3, 'title: expected a text, found "  ".', id="a blank title"),
    pytest.param(
        '"A small life"', r'"A\u0000"', 3, r'title: expected a text, found "A\u0000".',
        id="a title with a character no database takes",
    ),
    pytest.param(
        "version = 1", "version = 0", 2,
        "version: expected a whole number from 1 to 1000000, found 0.", id="version nought",
    ),
    pytest.param(
        "version = 1", "version = true", 2,
        "version: expected a whole number from 1 to 1000000, found true.",
        id="a version that is no number",
    ),
    pytest.param(
        "version = 1", "version = 99999999999", 2,
        "version: expected a whole number from 1 to 1000000, found 99999999999.",
        id="a version no database takes",
    ),
    pytest.param(
        "version = 1", 'version = 1\nkind = "life"', 3,
        "kind: 'life' is not one of application, tranche, proceeding.", id="an unknown kind",
    ),
    pytest.param(
        "version = 1", "version = 1\nverison = 2", 3,
        "the file: unknown key 'verison': did you mean 'version'?", id="a misspelt key of the file",
    ),
    pytest.param(
        "version = 1", 'version = 1\ncolour = "red"', 3,
        "the file: unknown key 'colour'; there are name, version, title, kind, initial, duties, institutions, "
        "see, confined, states, strands, decisions, switches, acts.",
        id="an unknown key of the file",
    ),
    pytest.param(
        "version = 1", "version = 1\nsee = {moon = []}", 3,
        "see: no thing is called 'moon'; there are answers, documents, assessments, recommendation, decision, award.",
        id="a thing nobody can see",
    ),
    pytest.param(
        "version = 1", "version = 1\nsee = 1", 3,
        "see: expected a table of things and duties, found 1.", id="no table of things",
    ),
    pytest.param(
        "version = 1", "version = 1\nduties = {chair = \"chair\"}", 3,
        "duties.chair: 'chair' is there already and is not declared again.",
        id="a duty every agency has, declared again",
    ),
    pytest.param(
        "version = 1", "version = 1\nduties = {officers = \"all\"}", 3,
        "duties.officers: 'officers' is there already and is not declared again.",
        id="a duty called officers",
    ),
    pytest.param(
        "version = 1", "version = 1\nduties = {clerk = \"\"}", 3,
        'duties.clerk: expected a text, found "".', id="a duty without a label",
    ),
    pytest.param(
        "version = 1", "version = 1\nduties = 1", 3,
        "duties: expected a table of duties and labels, found 1.", id="no table of duties",
    ),
    pytest.param(
        "[states.open]", "[states.stay]", 6,
        "states.stay: 'stay' means the state the case is in and is no state's name.",
        id="a state called stay",
    ),
    pytest.param(
        "[states.open]", '[states."my state"]', 6,
        f"states.my state: expected a state's name {NAME.format(60)}.", id="a state with a blank",
    ),
    pytest.param(
        "[states.open]", f"[states.{'s' * 61}]", 6,
        f"states.{'s' * 61}: expected a state's name {NAME.format(60)}.", id="a state with too long a name",
    ),
    pytest.param(
        "[acts.close]", f"[acts.{'a' * 41}]", 20,
        f"acts.{'a' * 41}: expected an act's name {NAME.format(40)}.", id="an act with too long a name",
    ),
    pytest.param(
        'stage = "Only stage"', 'stag = "Only stage"', 9,
        "states.open: unknown key 'stag': did you mean 'stage'?", id="a misspelt key of a state",
    ),
    pytest.param(
        'officer = "Open"\n', "", 6, "states.open: officer: missing; expected a text.",
        id="a state without its name for officers",
    ),
    pytest.param(
        'applicant = "Open"', "applicant = 1", 8, "states.open: applicant: expected a text, found 1.",
        id="a name that is no text",
    ),
    pytest.param(
        'holder = "nobody"', 'holder = "nobdy"', 16,
        "states.closed: holder: 'nobdy' is not one of applicant, agency, institution, bank, nobody: "
        "did you mean 'nobody'?",
        id="an unknown holder",
    ),
    pytest.param(
        'clock = "none"\n', "", 13,
        'states.closed: clock: missing; expected "none" or a table such as {days = 5, unit = "working"}.',
        id="a state that says nothing of a clock",
    ),
    pytest.param(
        'clock = "none"', 'clock = "never"', 17,
        'states.closed: clock: expected "none" or a table such as {days = 5, unit = "working"}, found "never".',
        id="a clock that is a word",
    ),
    pytest.param(
        "days = 3", "days = -3", 11,
        "states.open: clock.days: expected a whole number from 1 to 36500, found -3.",
        id="a clock that runs backwards",
    ),
    pytest.param(
        "days = 3", "days = 3, warn = -1", 11,
        "states.open: clock.warn: expected a whole number from 0 to 36500, found -1.",
        id="a warning after the time is over",
    ),
    pytest.param(
        'unit = "working"', 'unit = "lunar"', 11,
        "states.open: clock.unit: 'lunar' is not one of working, calendar.", id="an unknown unit of days",
    ),
    pytest.param(
        "days = 3", "hours = 8, days = 3", 11,
        "states.open: clock: unknown key 'hours'; there are days, unit, warn, escalate, expires, extension.",
        id="an unknown key of a clock",
    ),
    pytest.param(
        "end = true", 'end = "yes"', 18, 'states.closed: end: expected true or false, found "yes".',
        id="an end that is a word",
    ),
    pytest.param(
        "end = true", 'end = true\noutcome = "fun"', 19,
        "states.closed: outcome: 'fun' is not one of completed, declined, withdrawn, lapsed, cancelled, refused, written_off.",
        id="an unknown outcome of an end",
    ),
    pytest.param(
        "end = true", 'end = true\nedit = {award = "approver"}', 19,
        "states.closed: edit: no thing is called 'award'; there are answers, documents.",
        id="a thing nobody can edit",
    ),
    pytest.param(
        'label = "Close"\n', "", 20, "acts.close: label: missing; expected a text.", id="an act without a label"
    ),
    pytest.param(
        'from = ["open"]', "from = []", 23,
        f"acts.close: from: expected a state {NAME.format(60)}, or a list, found [].", id="an act from nowhere",
    ),
    pytest.param(
        'from = ["open"]', 'from = ["open", "open"]', 23,
        'acts.close: from: "open" is named twice.', id="a state named twice",
    ),
    pytest.param(
        'from = ["open"]', 'from = [\n    "open",\n    7,\n]', 25,
        f"acts.close: from[2]: expected a state {NAME.format(60)}, found 7.",
        id="a source that is a number, on a line of its own",
    ),
    pytest.param(
        'to = "closed"', "to = 1", 24,
        f"acts.close: to: expected a state {NAME.format(60)} or a list of {{state = \"...\", when = \"...\"}}, found 1.",
        id="a destination that is a number",
    ),
    pytest.param(
        'to = "closed"', 'to = ["closed"]', 24,
        'acts.close: to[1]: expected {state = "...", when = "..."}, found "closed".',
        id="a destination in a list without a table",
    ),
    pytest.param(
        'to = "closed"', 'to = [\n  {state = "closed", when = "full_moon"},\n  {state = "closed"},\n]', 25,
        "acts.close: to[1].when: no choice is called 'full_moon'; there are last_assessment, last_condition, "
        "decided_for, decided_against, strands_done, others_asked, through_facility, last_release, found_unpaid, last_approval.",
        id="an unknown choice",
    ),
    pytest.param(
        'to = "closed"', 'to = [{state = "closed", if = "x"}]', 24,
        "acts.close: to[1]: unknown key 'if'; there are state, when, outcome, letter.",
        id="an unknown key of a destination",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\nguards = ["call_opn"]', 26,
        "acts.close: guards[1]: no guard is called 'call_opn': did you mean 'call_open'?",
        id="a misspelt guard",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\nguards = ["switch:"]', 26,
        "acts.close: guards[1]: no guard is called 'switch:'; there are", id="a switch without a name",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\nguard = ["call_open"]', 26,
        "acts.close: unknown key 'guard': did you mean 'guards'?", id="a misspelt key of an act",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\nreasons = "maybe"', 26,
        "acts.close: reasons: 'maybe' is not one of none, optional, required.", id="an unknown wish for reasons",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\nconfirms = 1', 26,
        "acts.close: confirms: expected true or false, found 1.", id="a confirmation that is a number",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\nletter = "ofer"', 26,
        "acts.close: letter: no letter is called 'ofer': did you mean 'offer'?", id="a misspelt letter",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\ndoes = "dance"', 26,
        "acts.close: does: no effect is called 'dance'; there are", id="something the program cannot do",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\nattachments = {minute = 1}', 26,
        "acts.close: attachments.minute: expected a text, found 1.", id="a document without a label",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\nstep = "next"', 26,
        'acts.close: step: expected a table {from = ["..."], to = "..."}, found "next".',
        id="a step that is a word",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\n[strands.work]\nlabel = "Work"\nstate = "open"\nsteps = ["one"]', 29,
        f"strands.work: steps: expected a step {NAME.format(40)}, or a list of at least 2, found [\"one\"].",
        id="work of one step",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\n[switches.on]\nsentence = "On."', 26,
        "switches.on: clause: missing; expected a text.", id="a switch without a clause",
    ),
    pytest.param(
        'by = "system"', 'by = "system"\n[decisions.award]\ntitle = "Award"', 26,
        "decisions.award: bands: missing; expected one table [[decisions.NAME.bands]] or more.",
        id="a decision nobody takes",
    ),
]  # fmt: skip

# The band of a decision that stands below the small definition, on its sixth line.
BAND = """
[decisions.award]
title = "Award"

[[decisions.award.bands]]
by = "approver"
"""
BANDS = [
    pytest.param(
        'currency = "EUR"',
        "no currency is called 'EUR'; there are BND, IDR, KHR, LAK, MMK, MYR, PHP, SGD, THB, USD, VND.",
        "currency", id="a currency that is not served",
    ),
    pytest.param(
        'currency = "MYR"\nup_to = 100.5', 'expected an amount as text, such as "100000.00", found 100.5.',
        "up_to", id="an amount that is not exact",
    ),
    pytest.param(
        'currency = "MYR"\nabove = "-1"', 'expected an amount as text, such as "100000.00", found "-1".',
        "above", id="an amount below nought",
    ),
    pytest.param(
        'currency = "MYR"\nabove = "1e3"', 'expected an amount as text, such as "100000.00", found "1e3".',
        "above", id="an amount as a power of ten",
    ),
    pytest.param(
        "needed = 0", 'expected a whole number from 1 to 1000 or one of "majority", "all", found 0.',
        "needed", id="a decision without a vote",
    ),
    pytest.param(
        'needed = "most"', "'most' is not one of majority, all.", "needed", id="an unknown share",
    ),
    pytest.param(
        "of = 1.5", "expected a whole number from 1 to 1000, found 1.5.", "of", id="half a member",
    ),
]  # fmt: skip
