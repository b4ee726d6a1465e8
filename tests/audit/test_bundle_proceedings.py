"""The bundle of a case with a variation, a payment that came back and a clawback is proved, and what is changed in it is found."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from app.disbursements import commands as disbursements
from app.proceedings import commands
from app.variations.compose import Change, Line
from tests.audit.bundles import Got, made
from tests.disbursements.banks import answered, said
from tests.recoveries.clawing import act, demanded, received
from tests.world import World

pytestmark = pytest.mark.one_database


def varied(world: World) -> str:
    """Return a case whose award of MYR 60,000.00 is raised to 70,000.00, whose first payment came back and was paid again."""
    reference = world.at("decision")
    world.approve(reference, "60000")
    for step in ("accepted", "disbursing"):
        dict(world._road())[step](reference)
    world.tranche_to(reference, 1, "paid")
    (line,) = answered(world, said(reference, "returned", amount="24000.00"))
    assert line.state == "applied", line.why
    change = Change("70000", (Line("The rest", "46000"),))
    world.do(commands.propose, reference, "variation", change, "More.", actor=world.desk)
    act(world, reference, 1, "approve", world.member)
    act(world, reference, 1, "agree", world.applicant)
    paid_again(world, reference)
    return reference


def paid_again(world: World, reference: str) -> None:
    """Pay the first tranche once more after its payment came back."""
    world.do(disbursements.prepare, reference, 1, actor=world.maker)
    for command, actor in (
        (disbursements.check, world.checker),
        (disbursements.release, world.releaser),
    ):
        world.do(command, reference, 1, world.digest(reference, 1), actor=actor)
    world.confirm(reference, 1)


@pytest.fixture
def found(world: World, tmp_path: Path) -> Got:
    """Return the bundle of such a case, of which MYR 5,000.00 was clawed back."""
    reference = varied(world)
    number = demanded(world, reference, "5000.00")
    received(world, reference, "5000.00")
    assert number == 2
    return made(world, tmp_path, kind="cases", cases=reference)


def test_it_is_proved_with_the_definition_of_every_life(
    found: Got, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = found.verdict(capsys)
    assert (code, "VERDICT: PROVED" in report, "BROKEN" in report) == (0, True, False), report
    lives = {
        name.rpartition("-")[0].removeprefix("workflows/") for name in found.folder("workflows")
    }
    assert lives == {"grant", "claim", "agreed_change", "clawback", "receipt"}
    letters = [e for e in found.lines("events.jsonl") if e["type"] == "issue_letter"]
    assert {"clawback", "change_offer"} <= {event["detail"]["letter"] for event in letters}


# What is changed; the act of the event, what it says, and what it is made to say.
DIGITS = [
    ("by how much the award is raised", "agree", '"more":1000000', '"more":1000001'),
    ("what came back from the bank", "bank_returns", '"amount":2400000', '"amount":2400001'),
    ("what is demanded back", "approve", '"amount":500000', '"amount":500001'),
    ("what was paid back", "confirm", '"amount":500000', '"amount":400000'),
]


def test_one_digit_that_is_another_is_found(found: Got, capsys: pytest.CaptureFixture[str]) -> None:
    lines = found.text("events.jsonl").splitlines(keepends=True)
    for what, kind, old, new in DIGITS:
        wanted = [n for n, text in enumerate(lines) if f'"type":"{kind}"' in text and old in text]
        number = wanted[-1]
        event = json.loads(lines[number])
        changed = [*lines]
        changed[number] = lines[number].replace(old, new, 1)
        rewrite(found, "".join(changed).encode())
        code, report = found.verdict(capsys)
        where = f"{event['stream']}, event {event['seq']} (events.jsonl, line {number + 1})"
        assert (code, where in report) == (1, True), f"{what}: {report}"


def rewrite(found: Got, events: bytes) -> None:
    """Write the bundle with other events, and a manifest that names them."""
    held = {name: found.zip.read(name) for name in found.names} | {"events.jsonl": events}
    manifest = json.loads(held["manifest.json"])
    manifest["files"]["events.jsonl"] = hashlib.sha256(events).hexdigest()
    held["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(found.path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in held.items():
            target.writestr(name, content)
