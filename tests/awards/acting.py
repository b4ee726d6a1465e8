"""Every act that moves money, each taken by whom it is for."""

from datetime import timedelta
from functools import partial
from typing import Any

from app.applications.models import Application
from app.awards import commands as awards
from app.awards.models import Tranche
from app.awards.queries import conditions, tranche
from app.budgets import commands as budgets
from app.budgets.commands import Wish
from app.claims import commands as claims
from app.claims.commands import Asked, Verified
from app.claims.compose import TypedFinding, TypedLine
from app.claims.models import COSTS
from app.claims.queries import kind_of, open_advance, share_pct, standing
from app.db import db, transaction
from app.decisions import commands as decisions
from app.decisions.commands import listing
from app.disbursements import commands
from app.disbursements.commands import BankAnswer, Finding, answers
from app.disbursements.queries import instruction
from app.disbursements.queries.answers import line, waiting
from app.documents.commands import Upload
from app.errors import Conflict, Missing
from app.proceedings import commands as proceedings
from app.proceedings.queries import open_ones
from app.recoveries.compose.clawbacks import Clawback
from app.recoveries.compose.receipts import Came
from app.recoveries.queries import CLAWBACK, CLAWBACK_RECEIPT, demands
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.variations.compose import CUT, VARIATION, Change, Line
from tests.answers import GRANT
from tests.awards.walking import MOST_DAYS, WHOLE, Acts, Place, Taken, Walk
from tests.budgets.transfers import OTHER
from tests.claims import claiming
from tests.disbursements.banks import HEAD
from tests.factories import budget_of, let_clocks_run_out
from tests.workflows.banking.said import table
from workflows.money import from_minor

WHY = Reasoned(note="As the minute says.")
OTHER_REASON = Reasoned(("OTH",), "As the minute says.")


# Cases


def _approve(walk: Walk, place: Place) -> None:
    asked = walk.world.case(place.reference).requested_minor or 0
    walk.world.approve(place.reference, walk.amount(place, asked))


def _revise(walk: Walk, place: Place) -> None:
    typed = walk.amount(place, walk.award(place).reserved_minor)
    walk.done(awards.revise, place, typed, WHY, act="revise", by="member")


def _meet(walk: Walk, place: Place) -> None:
    left = [row.key for row in conditions(walk.award(place)) if row.met_at is None]
    walk.done(awards.meet_condition, place, *(left or ["nothing"])[:1], "Seen.", by="desk")


def _cancel(walk: Walk, place: Place) -> None:
    if walk.world.case(place.reference).state in ("offered", "accepted"):
        walk.world.paper(place.reference, "cancel", "minute", walk.world.approver)
    walk.done(awards.end, place, OTHER_REASON, act="cancel", by="approver")


def _reasoned(command: Any, act: str, by: str, said: Reasoned = WHY) -> Taken:
    return lambda walk, place: walk.done(command, place, said, act=act, by=by)


# Changes of what was agreed


def _vary(direction: str, walk: Walk, place: Place) -> None:
    case, found = walk.world.case(place.reference), walk.award(place)
    size = found.amount_minor - found.released_minor
    room = (case.requested_minor or 0) - size if direction == "raise" else found.undrawn_minor
    step = max(room, 0) * place.share // WHOLE
    more = {"raise": step, "lower": -step, "plan": 0}[direction]
    undrawn = found.undrawn_minor + more
    parts = [undrawn // 2, undrawn - undrawn // 2]
    lines = tuple(
        Line(f"Part {number}", str(from_minor(part, case.currency)))
        for number, part in enumerate(parts, start=1)
        if part
    )
    amount = str(from_minor(size + more, case.currency)) if more else ""
    given = Change(amount, lines)
    walk.done(proceedings.propose, place, VARIATION, given, WHY.note, by="desk")


def _cut(walk: Walk, place: Place) -> None:
    walk.done(proceedings.propose, place, CUT, None, WHY.note, by="desk")


def _change(act: str, by: str) -> Taken:
    def take(walk: Walk, place: Place) -> None:
        said = (place.number, WHY)
        walk.done(proceedings.take, place, *said, act=act, by=by)

    return take


# Tranches


def _ask(act: str) -> Taken:
    def take(walk: Walk, place: Place) -> None:
        case, row = walk.world.case(place.reference), tranche(walk.award(place), place.number)
        lines = (_invoice(walk, place, case, row),) if _by_costs(case, row) else None
        walk.done(claims.ask, place, place.number, Asked("", lines), act=act, by="applicant")

    return take


def _by_costs(case: Application, row: Tranche) -> bool:
    """Tell whether a tranche can be claimed by its costs now."""
    return kind_of(case, row) == COSTS and row.state == "planned"


def _invoice(walk: Walk, place: Place, case: Application, row: Tranche) -> TypedLine:
    """Return a cost whose public share is the advance that is open and a share of the tranche."""
    walk.papers += 1
    document = claiming.uploaded(walk.world, place.reference, place.number)
    share = open_advance(case, walk.award(place)) + row.amount_minor * place.share // WHOLE
    cost = from_minor(int(share * 100 / share_pct(case)), case.currency)
    typed = {"invoice": f"INV-{walk.papers}", "dated": walk.today.isoformat(), "cost": str(cost)}
    return claiming.line(document, **typed)


def _verify(walk: Walk, place: Place, *, whole: bool) -> None:
    claim = standing(tranche(walk.award(place), place.number))
    findings: tuple[TypedFinding, ...] = ()
    if claim and claim.lines and not whole:
        case, line = walk.world.case(place.reference), claim.lines[0]
        accepted = from_minor(line.cost_minor * place.share // WHOLE, case.currency)
        findings = (TypedFinding(line.number, "reduced", str(accepted), "Not all of it."),)
    if not (whole or findings):
        raise Missing("This claim has no lines.")
    given = Verified("Seen.", findings)
    walk.done(claims.verify, place, place.number, given, by="desk")


def _on_file(command: Any, by: str) -> Taken:
    def take(walk: Walk, place: Place) -> None:
        found = instruction(tranche(walk.award(place), place.number))
        digest = found.batch.sha256 if found else ""
        walk.done(command, place, place.number, digest, by=by)

    return take


def _said(command: Any, act: str, by: str, said: Any = WHY) -> Taken:
    return lambda walk, place: walk.done(command, place, place.number, said, act=act, by=by)


def _confirm(walk: Walk, place: Place) -> None:
    answer = BankAnswer("BANK-1", walk.today)
    walk.done(commands.confirm, place, place.number, answer, by="maker")


def _find(walk: Walk, place: Place, *, paid: bool) -> None:
    answer = BankAnswer("BANK-2", walk.today) if paid else None
    found = Finding(answer, "Statement 7 of the bank.")
    walk.done(commands.find_out, place, place.number, found, act="find", by="maker")


def _bank(status: str, walk: Walk, place: Place) -> None:
    """Let the bank answer in a file; a line that is left to a person is no act."""
    sent = instruction(tranche(walk.award(place), place.number))
    if sent is None:
        raise Missing("The bank answers to nothing.")
    walk.files += 1
    amount = from_minor(sent.amount_minor, sent.currency)
    row = (sent.end_to_end_id, status, "", str(amount), sent.currency, walk.today.isoformat())
    content = table(HEAD, ",".join((*row, f"REF-{walk.files}")))
    with transaction():
        report = answers.take(Upload("answers.csv", content), actor=walk.world.maker)
    (number,) = waiting(report)
    db.session.rollback()
    with transaction():
        answers.apply(number)
    if line(number).state == "open":
        raise Conflict(line(number).why)


# Money demanded back


def _demand_back(walk: Walk, place: Place) -> None:
    case, award = walk.world.case(place.reference), walk.award(place)
    left = award.disbursed_minor - demands.demanded(case, award)
    first = walk.today + timedelta(days=30)
    given = Clawback(walk.amount(place, left), "The line was sold.", 2, first)
    walk.done(proceedings.propose, place, CLAWBACK, given, WHY.note, by="desk")


def _receive(walk: Walk, place: Place) -> None:
    """Record that money came in on the oldest demand that is owed."""
    case = walk.world.case(place.reference)
    owed = [row for row in open_ones(case, CLAWBACK) if row.state in demands.OWED]
    if not owed:
        raise Missing("Nothing is demanded back.")
    walk.papers += 1
    left = demands.how_it_stands(owed[0], walk.today).outstanding
    came = Came(walk.amount(place, left), walk.today, f"IN-{walk.papers}", owed[0].number)
    walk.done(proceedings.propose, place, CLAWBACK_RECEIPT, came, "", by="maker")


# Budgets and time


def _move_budget(walk: Walk, place: Place, *, ways: tuple[str, str], agreed: bool = True) -> None:
    source, target = (budget_of(code) for code in ways)
    amount = max((source.left_minor or 0) * place.share // WHOLE, 1)
    wish = Wish(source.id, target.id, amount, "The second call is out.", "Order 9/2026")
    walk.world.country = "MY"
    with transaction():
        made = budgets.propose_transfer(wish, actor=walk.world.budget)
        if agreed:
            budgets.authorise_transfer(made.id, actor=walk.world.budget_two)
        else:
            budgets.refuse_transfer(made.id, "Wait.", actor=walk.world.budget_two)


def _time_passes(walk: Walk, place: Place) -> None:
    if walk.passed >= MOST_DAYS:
        raise Conflict("The walk has taken long enough.")
    walk.passed += 31 if place.share > WHOLE // 2 else 8
    walk.days.noon(walk.today.isoformat())
    let_clocks_run_out()


ACTS: Acts = {
    "approve": _approve,
    "revise": _revise,
    "undo_approval": _reasoned(decisions.undo, "undo_approval", "member"),
    "accept": lambda walk, place: walk.done(awards.accept, place, by="applicant"),
    "meet_condition": _meet,
    "withdraw": _reasoned(awards.end, "withdraw", "applicant"),
    "cancel": _cancel,
    "wait_list": _reasoned(listing.wait_list, "wait_list", "desk"),
    "take_from_list": _reasoned(listing.take_from_list, "take_from_list", "desk"),
    "screen_out": _reasoned(reviews.move, "screen_out", "desk", OTHER_REASON),
    "raise": partial(_vary, "raise"),
    "lower": partial(_vary, "lower"),
    "plan": partial(_vary, "plan"),
    "cut": _cut,
    "change_approve": _change("approve", "approver"),
    "change_refuse": _change("refuse", "approver"),
    "change_take_back": _change("take_back", "desk"),
    "change_agree": _change("agree", "applicant"),
    "change_disagree": _change("disagree", "applicant"),
    "change_confirm": _change("confirm", "checker"),
    "change_strike": _change("strike", "checker"),
    "change_propose_waiver": _change("propose_waiver", "desk"),
    "change_waive": _change("waive", "approver"),
    "change_keep": _change("keep", "approver"),
    "demand_back": _demand_back,
    "receive": _receive,
    "claim": _ask("claim"),
    "draw_down": _ask("draw_down"),
    "verify": partial(_verify, whole=True),
    "verify_in_part": partial(_verify, whole=False),
    "send_back": _said(claims.send_back, "send_back", "desk", OTHER_REASON),
    "prepare": lambda walk, place: walk.done(commands.prepare, place, place.number, by="maker"),
    "check": _on_file(commands.check, "checker"),
    "release": _on_file(commands.release, "releaser"),
    "take_out": _said(commands.take_out, "take_out", "maker"),
    "refuse_file": _said(commands.take_out, "refuse_file", "checker"),
    "refuse_release": _said(commands.take_out, "refuse_release", "releaser"),
    "confirm": _confirm,
    "report_unknown": _said(commands.report_unknown, "report_unknown", "maker", ""),
    "report_rejected": _said(
        commands.report_rejected, "report_rejected", "maker", Reasoned(("BANK-REJ",), "Closed.")
    ),
    "find": partial(_find, paid=True),
    "find_unpaid": partial(_find, paid=False),
    "agree": _said(commands.agree, "agree", "releaser", ""),
    "disagree": _said(commands.move, "disagree", "releaser"),
    "bank_pays": partial(_bank, "ACSC"),
    "bank_rejects": partial(_bank, "RJCT"),
    "bank_returns": partial(_bank, "returned"),
    "bank_pends": partial(_bank, "PDNG"),
    "move_budget": partial(_move_budget, ways=(GRANT, OTHER)),
    "move_budget_back": partial(_move_budget, ways=(OTHER, GRANT)),
    "refuse_transfer": partial(_move_budget, ways=(GRANT, OTHER), agreed=False),
    "time_passes": _time_passes,
}
