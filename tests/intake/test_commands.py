"""Importing a file: cases as if they had been handed in, all of a file or nothing of it, and each paper once."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.db import db
from app.documents.commands import Upload
from app.errors import Conflict, Invalid, Missing
from app.intake import commands, queries
from app.letters.queries import letters
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.schemes import queries as schemes
from app.submissions import commands as submissions
from app.submissions.models import Submission
from app.submissions.queries import missing_documents
from app.trail.queries import events_of
from tests.answers import GRANT, LOAN
from tests.audit.bundles import made
from tests.factories import do_the_work, last_event, refused, rows
from tests.intake.files import as_csv, as_xlsx, paper
from tests.intake.importing import asked, cases, count, everything, imported
from tests.letters.test_render import text
from tests.world import World

KOPI = "201901000005"
TWO = as_csv(paper(1), paper(2, registry_number=KOPI, contact_email="applicant.my@world.example"))


# What a row becomes


def test_each_row_becomes_a_case_that_was_handed_in(world: World) -> None:
    found = imported(world, TWO)
    assert (found.state, found.done, found.total, found.content) == ("imported", 2, 2, b"")
    new, known = (world.case(reference) for reference in cases(found))
    assert (new.state, new.requested_minor, new.trail_seq) == ("submitted", 80_000_00, 1)
    assert (new.enterprise.name, new.enterprise.country) == ("Kertas Contoh Sdn Bhd", "MY")
    assert (new.applicant.email, new.applicant.duties) == ("rahim1@kertas.example", ["applicant"])
    assert (known.enterprise.name, known.applicant.id) == (
        "Kopi Contoh Sdn Bhd",
        world.applicant.id,
    )


def test_the_event_and_the_frozen_copy_say_what_was_seen_on_paper(world: World) -> None:
    found = imported(world, as_csv(paper()))
    case = world.case(cases(found)[0])
    event = last_event(case.reference)
    seen = {"quotation": 2, "specification": 1}
    assert (event.kind, event.actor, event.record["part"]) == (
        "lodge",
        world.desk.mark,
        "lodging_officer",
    )
    assert event.record["detail"]["paper"] == {
        "paper_reference": "P-1",
        "received_at": "2026-03-02T08:45:00.000000Z",
        "documents": seen,
        "batch": found.id,
    }
    assert event.disclosed == {"archive": "Room 2, shelf 14"}
    (copy,) = rows(Submission, case)
    kept = {name: copy.frozen["paper"][name] for name in ("archive", "documents")}
    assert kept == {"archive": "Room 2, shelf 14", "documents": seen}
    filing = queries.filing(case)
    assert filing is not None
    assert (filing.paper_reference, filing.row, filing.documents) == ("P-1", 2, seen)


def test_nobody_knows_the_password_of_a_new_person(world: World) -> None:
    one, other = (
        world.case(cases(imported(world, as_csv(paper(number))))[0]).applicant.password
        for number in (1, 2)
    )
    assert one != other
    assert one.startswith("$argon2id$")


def test_whoever_lodged_a_case_does_not_screen_it(world: World) -> None:
    (reference,) = cases(imported(world, as_csv(paper())))
    with refused("separate_hands"):
        world.do(reviews.move, reference, Reasoned(), act="take_up", actor=world.desk)
    world.do(reviews.move, reference, Reasoned(), act="take_up", actor=world.desk_two)
    assert world.case(reference).state == "screening"


def test_a_case_that_is_returned_still_has_its_papers(world: World) -> None:
    (reference,) = cases(imported(world, as_csv(paper())))
    two = world.desk_two
    world.do(reviews.move, reference, Reasoned(), act="take_up", actor=two)
    said = Reasoned(("INC-DOC",), "The second page.")
    world.do(reviews.return_for_information, reference, said, actor=two)
    case = world.case(reference)
    assert missing_documents(case) == ()
    world.do(submissions.resubmit, reference, "Here it is.", actor=case.applicant)
    first, second = rows(Submission, world.case(reference))
    assert second.frozen["paper"] == first.frozen["paper"]


def test_nobody_lodges_a_case_beside_an_import(world: World) -> None:
    reference = world.draft()
    with pytest.raises(Missing):
        world.do(submissions.submit, reference, act="lodge", actor=world.desk)
    with refused("duty", "no_interest", "separate_hands"):
        world.do(submissions.submit, reference, act="lodge", actor=world.applicant)


def test_the_verifier_takes_it_for_what_it_is(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = cases(imported(world, TWO))[0]
    do_the_work()
    (letter,) = letters(world.case(reference))
    assert letter.kind == "acknowledgement"
    assert "was received on 2 March 2026 under the number P-1" in text(letter.pdf)
    code, said = made(world, tmp_path, kind="all", documents="no").verdict(capsys)
    assert code == 0, said
    assert "in order" in said


# All or nothing, and once


def test_of_a_file_with_a_bad_row_nothing_is_imported(world: World) -> None:
    before = everything()
    found = imported(world, as_csv(paper(1), paper(2, amount="much"), paper(3, archive="")))
    assert (found.state, found.content) == ("refused", b"")
    places = [(line["row"], line["column"]) for line in found.report]
    assert places == [(3, "amount"), (4, "archive")]
    # That it was asked for, and what it came to.
    assert everything() == before | {"event": before["event"] + 2}
    told = [event.record["detail"] for event in events_of("agency:MY-SMECORP")][-1]
    assert told == {"batch": found.id, "outcome": "refused", "rows": 3, "lodged": 0, "known": 0}


def test_the_same_file_again_imports_nothing_twice(world: World) -> None:
    first = imported(world, TWO)
    before = count()
    again = imported(world, TWO)
    assert (again.state, count()) == ("imported", before)
    assert cases(again) == cases(first)
    assert [line["known"] for line in again.report] == [True, True]
    assert again.report[0]["sentence"] == "Already imported as {case}"


def test_a_file_that_has_grown_imports_what_is_new(world: World) -> None:
    (first,) = cases(imported(world, as_xlsx(paper(1))))
    more = imported(world, as_csv(paper(1), paper(2)))
    assert [line["known"] for line in more.report] == [True, False]
    assert cases(more)[0] == first


def test_a_paper_with_another_content_is_an_error(world: World) -> None:
    (first,) = cases(imported(world, as_csv(paper(1))))
    found = imported(world, as_csv(paper(1, amount="70000.00")))
    (line,) = found.report
    assert (found.state, line["column"]) == ("refused", "paper_reference")
    assert "imported as {case}, with another content" in line["sentence"]
    assert line["reference"] == first


def test_a_person_may_file_two_papers(world: World) -> None:
    own = {"registry_number": "202001990001", "contact_email": "rahim@kertas.example"}
    first, second = cases(imported(world, as_csv(paper(1, **own), paper(2, **own))))
    assert world.case(first).applicant.id == world.case(second).applicant.id


def one_only(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """Let an enterprise have one application in the call."""
    scheme = queries.call(GRANT, actor=world.desk).scheme
    terms = replace(schemes.terms(scheme), one_per="call")
    monkeypatch.setitem(schemes._terms, scheme.digest, terms)


def test_an_enterprise_that_may_have_one_application_has_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_only(monkeypatch, world)
    own = {"registry_number": "202001990001", "contact_email": "rahim@kertas.example"}
    found = imported(world, as_csv(paper(1, **own), paper(2, **own)))
    assert [(line["row"], line["column"]) for line in found.report] == [(3, "registry_number")]
    (first,) = cases(imported(world, as_csv(paper(1, **own))))
    found = imported(world, as_csv(paper(2, **own)))
    assert found.report[0]["reference"] == first
    assert imported(world, as_csv(paper(1, **own))).state == "imported"


# What is not taken in


def test_what_is_not_taken_in(world: World) -> None:
    for name in ("assessor", "auditor", "applicant", "records"):
        with pytest.raises(Missing):
            commands.ask(GRANT, Upload("a.csv", TWO), actor=getattr(world, name))
    with pytest.raises(Missing):
        commands.ask(LOAN, Upload("a.csv", TWO), actor=world.desk)
    for content, said in ((b"", "empty"), (b"x" * 6_000_000, "larger than 5 MB")):
        with pytest.raises(Invalid) as caught:
            commands.ask(GRANT, Upload("a.csv", content), actor=world.desk)
        assert said in caught.value.errors["file"][0]
    for _ in range(commands.MOST_WAITING):
        asked(world, TWO)
    with pytest.raises(Conflict):
        commands.ask(GRANT, Upload("a.csv", TWO), actor=world.desk)
    db.session.rollback()
