"""Reading a definition: every mistake is named with its line, all at once, and what is written is what is read."""

import hashlib

import pytest

from tests.workflows.malformed import BAND, BANDS, FORM
from tests.workflows.mistakes import SMALL, WHOLE, changed, refusal
from workflows.definition import Band, Branch, Clock, Strand, Switch
from workflows.format.grammar import CHAPTERS
from workflows.format.loading import load, published


@pytest.mark.parametrize(("old", "new", "line", "mistake"), FORM)
def test_a_mistake_is_named_with_its_line_and_place(
    old: str, new: str, line: int, mistake: str
) -> None:
    told = refusal(changed(SMALL, old, new)).mistakes
    assert [m for m in told if m.startswith(f"line {line}: {mistake}")], told


@pytest.mark.parametrize(("band", "mistake", "key"), BANDS)
def test_a_mistake_of_a_band_is_named_with_its_number(band: str, mistake: str, key: str) -> None:
    told = refusal(SMALL + BAND + band).mistakes
    line = (SMALL + BAND + band).count("\n") + 1
    assert f"line {line}: decisions.award: bands[1].{key}: {mistake}" in told


@pytest.mark.parametrize(
    ("band", "mistake"),
    [
        pytest.param(
            'currency = "VND"\nup_to = "1.5"',
            "bands[1].up_to: VND amounts have no decimals.",
            id="an amount finer than its currency",
        ),
        pytest.param(
            'up_to = "1.5"',
            "bands[1].up_to: an amount needs the currency of its band.",
            id="an amount without a currency",
        ),
        pytest.param(
            'currency = "MYR"\nabove = "2"\nup_to = "2.00"',
            "bands[1].up_to: expected more than `above`: no amount falls in this band.",
            id="a band in which no amount falls",
        ),
    ],
)
def test_amounts_fit_their_band(band: str, mistake: str) -> None:
    told = refusal(SMALL + BAND + band).mistakes
    line = (SMALL + BAND + band).count("\n") + 1
    assert f"line {line}: decisions.award: {mistake}" in told


@pytest.mark.parametrize(
    ("source", "mistake"),
    [
        pytest.param(
            "states = 1",
            "line 1: states: expected at least one table [states.NAME], found 1.",
            id="states that are a number",
        ),
        pytest.param(
            "\n[states]\nopen = 1",
            "line 3: states.open: expected a table [states.NAME], found 1.",
            id="a state that is a number",
        ),
        pytest.param(
            "\n[acts]",
            "line 2: acts: expected at least one table [acts.NAME], found {}.",
            id="no act",
        ),
        pytest.param(
            "name = ", "line 1: Not TOML: Invalid value (at end of document).", id="a text cut off"
        ),
        pytest.param(
            "a = 1\nb = ]\nc = 1",
            "line 2: Not TOML: Invalid value (at line 2, column 5).",
            id="a text that is no TOML",
        ),
        pytest.param(
            "a = " + "[" * 9_999 + "]" * 9_999,
            "line 1: Lists or tables are nested too deep.",
            id="lists without end",
        ),
        pytest.param(
            "version = " + "1" * 5_000,
            "line 1: Not TOML: a number or a character that cannot be read.",
            id="a number without end",
        ),
        pytest.param(
            "name = '\ud800'",
            "line 1: Not TOML: a number or a character that cannot be read.",
            id="half a character",
        ),
    ],
)
def test_a_text_that_is_no_definition_is_refused(source: str, mistake: str) -> None:
    assert mistake in refusal(source).mistakes


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file_and_none_twice() -> None:
    chosen = {"a misspelt key of an act", "version nought", "an unknown unit of days"}
    rows = [row.values for row in FORM if row.id in chosen]
    wrong = SMALL
    for old, new, *_ in reversed(rows):
        wrong = changed(wrong, str(old), str(new))
    lines = [int(mistake.split()[1].rstrip(":")) for mistake in refusal(wrong).mistakes]
    assert lines == [2, 11, 26] == sorted({int(str(row[2])) for row in rows})


def test_a_file_is_named_with_the_line_as_editors_find_it() -> None:
    found = refusal(changed(SMALL, "version = 1", "version = 0"))
    head = "small.toml:2: version: expected a whole number"
    assert [mistake[: len(head)] for mistake in found.of_file("small.toml")] == [head]
    assert str(found).startswith("definition: line 2: version: expected")


def test_what_is_written_is_what_is_read() -> None:
    whole = load(WHOLE)
    head = (whole.name, whole.version, whole.title, whole.kind, whole.initial)
    assert head == ("whole", 7, "Every key of the format", "application", "draft")
    assert whole.duties == {"clerk": "clerk", "minister": "minister"}
    assert whole.institutions == {"guarantor": "the guarantor", "town": "a town"}
    assert whole.see == {"answers": ("applicant", "officers"), "assessments": ("clerk",)}
    assert whole.strands == {"figures": Strand("figures", "Figures", "checks", ("open", "half", "done"))}  # fmt: skip
    assert whole.switches == {"course": Switch("course", "The course comes first.", "Scheme: course")}  # fmt: skip
    assert whole.stages == ("Application",)


def test_states_are_read_with_their_clocks() -> None:
    states = load(WHOLE).states
    assert list(states) == ["draft", "checks", "council", "paying", "done", "refused"]
    assert states["checks"].clock == Clock(10, "working", "give_up", 2, "minister", 5)
    assert states["council"].clock == Clock(30, "calendar")
    assert states["draft"].clock is None
    assert states["draft"].before == "You write"
    assert states["draft"].edit == {"answers": ("applicant",), "documents": ("applicant",)}
    assert states["draft"].see == {"answers": ("applicant",)}
    assert (states["paying"].money, states["paying"].end, states["paying"].outcome) == (True, False, None)  # fmt: skip
    assert (states["done"].money, states["done"].end, states["done"].outcome) == (False, True, "completed")  # fmt: skip


def test_decisions_are_read_with_their_bands_in_minor_units() -> None:
    award, guarantee, consent = load(WHOLE).decisions.values()
    assert (consent.per, guarantee.per, load(WHOLE).confined) == ("town", "", {"town": ("award",)})
    assert (award.title, award.veto, award.tie) == ("Decision on the award", ("minister",), "minister")  # fmt: skip
    assert award.bands == (
        Band("MYR", "MSME-1", 0, 5_000_000, "approver", "", 1, 1, 1),
        Band("MYR", "MSME-1", 5_000_000, None, "approver", "Council", 5, "majority", 3),
    )
    assert (guarantee.veto, guarantee.tie) == ((), "against")
    assert guarantee.bands == (Band("VND", "", 1, 2, "approver", "", 1, 1, 1),)


def test_acts_are_read_with_all_they_ask_for() -> None:
    acts = load(WHOLE).acts
    assert acts["submit"].sources == ("draft",)
    assert acts["submit"].guards == ("call_open", "switch:course")
    assert (acts["submit"].does, acts["submit"].letter) == ("submit", "acknowledgement")
    assert (acts["halve"].by, acts["halve"].part) == (("clerk", "desk_officer"), "checker")
    assert (acts["halve"].strand, acts["halve"].step_from, acts["halve"].step_to) == ("figures", ("open",), "half")  # fmt: skip
    assert (acts["halve"].blind, acts["finish"].blind) == (True, False)
    assert acts["finish"].branches == (Branch("council", "strands_done"), Branch("stay", None))
    assert acts["finish"].step_from == ("open", "half")
    assert acts["sort_out"].branches == (
        Branch("refused", None, "refuse", "decline"),
        Branch("council", None, "pass"),
    )
    assert (acts["sort_out"].cancels, acts["sort_out"].clock) == (True, "keep")
    refuse = acts["refuse"]
    assert (refuse.does, refuse.voids) == ("void", "award")
    assert (acts["guarantee"].decision, acts["guarantee"].vote) == ("guarantee", "for")
    assert (refuse.institution, refuse.part) == ("guarantor", "approver")
    assert (refuse.reasons, refuse.note, refuse.confirms) == ("required", "required", True)
    assert refuse.attachments == {"minute": "Minute of the council"}


def test_what_is_not_said_has_its_default() -> None:
    wait = load(WHOLE).acts["wait"]
    assert (wait.does, wait.reasons, wait.note, wait.letter) == ("move", "none", "optional", None)
    assert (wait.decision, wait.vote, wait.institution, wait.voids) == (None, None, "", None)
    assert (wait.strand, wait.step_from, wait.step_to, wait.cancels) == (None, (), None, False)
    assert (wait.guards, wait.attachments, wait.confirms) == ((), {}, False)
    small = load(SMALL)
    assert (small.kind, small.duties, small.see, small.strands) == ("application", {}, {}, {})


@pytest.mark.parametrize(
    ("act", "does", "vote"),
    [
        pytest.param("approve", "decide", "for", id="approving is a vote for"),
        pytest.param("decline", "decide", "against", id="declining is a vote against"),
        pytest.param("withdraw", "end", None, id="withdrawing ends"),
        pytest.param("claim", "ask", None, id="claiming asks for a tranche"),
        pytest.param("release", "release", None, id="an effect's own name is its effect"),
        pytest.param("ponder", "move", None, id="any other name does nothing beside"),
    ],
)
def test_an_act_whose_name_says_what_it_does_need_not_say_it(
    act: str, does: str, vote: str | None
) -> None:
    named = changed(SMALL, "acts.close", f"acts.{act}").replace('"close"', f'"{act}"')
    found = load(named).acts[act]
    assert (found.does, found.vote) == (does, vote)


def test_a_vote_decides_and_what_makes_void_voids_without_saying_so() -> None:
    acts = load(WHOLE.replace('does = "void"\n', "")).acts
    assert (acts["guarantee"].does, acts["refuse"].does) == ("decide", "void")


def test_every_key_is_in_the_file_that_is_to_have_every_key() -> None:
    keys = {key.name for _, _, table in CHAPTERS for key in table.keys}
    assert {key for key in keys if key not in WHOLE} == set()


def test_the_digest_is_that_of_the_text() -> None:
    assert load(SMALL).digest == hashlib.sha256(SMALL.encode()).hexdigest()
    assert load(SMALL + "\n").digest != load(SMALL).digest
    assert published(SMALL) is published(SMALL)


def test_the_system_stands_nowhere_in_a_case() -> None:
    assert load(SMALL).acts["close"].part is None
    named = changed(SMALL, 'by = "system"', 'by = "approver"').replace(', expires = "close"', "")
    assert load(named).acts["close"].part == "approver"
