"""Drives the whole demonstration against a running system and leaves its papers in a folder."""

import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from app import clock
from demo import harvest, summary
from demo.auditing import audit, erase, keep_checkpoint
from demo.cast import PEOPLE, Cast
from demo.designers import design
from demo.dossier import DOMAIN, Dossier, dossiers
from demo.helping import advise, import_paper
from demo.paying import pay_together
from demo.play import play
from demo.played import Played
from demo.repaying import repay
from demo.summary import Line

# One day more than an offer is open for acceptance.
DAYS_AHEAD = 31
FOLDERS = ("letters", "payments", "bank", "trail", "evidence")


def drive(base_url: str, out: Path, clock_file: Path) -> None:
    """Play every dossier, move the clock, collect the papers, print the table. Raises ``Unexpected``."""
    began = time.monotonic()
    # The days a dossier names are those of the system, also once its clock has moved.
    clock.rehearse(clock_file)
    folders = {name: out / name for name in FOLDERS}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    cast = Cast(base_url)
    cases = _play_all(dossiers(), cast)
    told = _scenes(cases, cast, folders)
    click.echo("Waiting for the letters ...")
    harvest.wait_for_letters(cases, cast)
    kept = keep_checkpoint(cast, folders["evidence"])
    _let_time_pass(cases, cast, clock_file)
    told.append(repay(cases, cast))
    lines = _collected(cases, cast, folders)
    click.echo("Erasing one case, making the evidence and proving it ...")
    told.append(audit(erase(cases, cast), cast, folders["evidence"], kept))
    report = "\n\n".join([summary.text(lines), *told]) + "\n"
    (out / "summary.txt").write_text(report, encoding="utf-8")
    (out / "summary.csv").write_text(summary.table(lines), encoding="utf-8", newline="")
    click.echo(f"\n{report}")
    click.echo(
        f"{len(cases)} cases in {time.monotonic() - began:.0f} s. Letters, payment files, trail and evidence: {out}"
    )


def _scenes(cases: list[Played], cast: Cast, folders: dict[str, Path]) -> list[str]:
    """Play what happens across cases and beside them; return what came of it, a paragraph each."""
    click.echo("Driving a payment file of two cases and the answers of the bank")
    told = [pay_together(cases, cast, folders["bank"])]
    click.echo("Driving the scheme designers")
    told.append(design(cases, cast))
    click.echo("Driving the service centres and the import of paper")
    return [*told, f"{advise(cases, cast)}\n{import_paper(cast)}"]


def _collected(cases: list[Played], cast: Cast, folders: dict[str, Path]) -> list[Line]:
    """Leave payment files and trail in the folder; return what came of each case."""
    for case in cases:
        harvest.payments(case, cast, folders["payments"])
    harvest.trail(cases, cast, folders["trail"])
    return [_line(case, cast, folders) for case in cases]


def _let_time_pass(cases: list[Played], cast: Cast, clock_file: Path) -> None:
    click.echo(
        f"Moving the clock ahead by {DAYS_AHEAD} days: an offer nobody accepted must lapse ..."
    )
    clock_file.write_text(f"{DAYS_AHEAD}\n", encoding="ascii")
    cast.sign_in_again()
    harvest.wait_for_lapse(cases, cast)
    harvest.check_ends(cases, cast)


def seed(base_url: str) -> None:
    """Play each dossier a different part of the way, so that there is work for every duty. Raises ``Unexpected``."""
    plan = dossiers()
    _play_all([_part(one, n / len(plan)) for n, one in enumerate(plan)], Cast(base_url))


def _part(dossier: Dossier, share: float) -> Dossier:
    """Return a dossier cut short after a share of its steps, or where a refusal would depend on other cases."""
    steps = dossier.steps[: round(len(dossier.steps) * share)]
    refusals = [n for n, step in enumerate(steps) if step.expect_refusal]
    return replace(dossier, steps=steps[: refusals[0]] if refusals else steps)


def _play_all(plan: list[Dossier], cast: Cast) -> list[Played]:
    steps = sum(1 + len(dossier.steps) for dossier in plan)
    with _progress(steps) as moved:
        return [play(dossier, cast, moved) for dossier in plan]


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[str], None]]:
    """Show one moving line on a terminal, and a plain line for each case elsewhere."""
    if not sys.stdout.isatty():
        yield _Plain().moved
        return
    with click.progressbar(
        length=steps, label="Driving", show_eta=False, item_show_func=_named
    ) as bar:
        yield lambda word: bar.update(1, word)


def _named(word: str | None) -> str | None:
    return word


class _Plain:
    """Says the name of each case once, when it begins."""

    def __init__(self) -> None:
        self._last = ""

    def moved(self, word: str) -> None:
        name = word.partition(":")[0]
        if name != self._last:
            click.echo(f"Driving {name}")
        self._last = name


def _line(case: Played, cast: Cast, folders: dict[str, Path]) -> Line:
    events = harvest.events_of(case, folders["trail"])
    return Line(
        reference=case.reference,
        enterprise=_enterprises()[f"{case.dossier.applicant}@{DOMAIN}"],
        scheme=case.dossier.call.rpartition("-")[0],
        asked=summary.asked(events),
        approved=summary.approved(events),
        disbursed=summary.disbursed(events),
        came_back=summary.came_back(events),
        state=case.dossier.ends_in,
        letters=str(harvest.letters(case, cast, folders["letters"])),
        events=str(len(events)),
    )


def _enterprises() -> dict[str, str]:
    """Return the name of the enterprise of each applicant, by e-mail address."""
    named: dict[str, str] = {}
    for file in PEOPLE.glob("*.toml"):
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        names = {found["registry_number"]: found["name"] for found in raw.get("enterprises", [])}
        named |= {
            person["email"]: names[person["enterprise"]]
            for person in raw["people"]
            if "enterprise" in person
        }
    return named
