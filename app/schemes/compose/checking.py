"""What a scheme must hold together: checked on every text that is read, and more of it on one that is to be published."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from app.countries.queries import MEMBERS, calendars, country, served
from app.schemes.compose import asking, bounds, lending
from app.schemes.compose.terms import ELSEWHERE, HOME, ILLUSTRATIVE, SchemeTerms
from workflows.eligibility import CONDITIONS, NOT_ELIGIBLE
from workflows.money import DECIMALS
from workflows.vocabulary import LETTERS, UNITS

# A rubric scores from 0 to 5.
ANCHORS = 6
WHOLE = 100
# As long as the key of a condition or a course may be.
LONGEST_KEY = 40
# So many of the words still to be said are named.
NAMED = 3
STATUSES = frozenset({"open", "suspended", "closed"})
INSTRUMENTS = frozenset({"grant", "co-payment", "loan", "guarantee"})
ONE_PER = frozenset({"", "call", "scheme"})
# Questions the program itself looks at, and the kinds they may have.
NEEDED = {
    "amount": ("money", "computed"),
    "project_cost": ("money", "computed"),
    "project_title": ("text",),
    "bank_account": ("account", "text"),
    "bank_bic": ("bic", "text"),
    "account_holder": ("text",),
}
NEEDED_OF_LOAN = {
    "own_equity": ("money", "computed"),
    "instalments": ("whole_number",),
    "method": ("choice",),
}
# Figures that say in ``basis`` where they come from.
FIGURES = (
    "ceiling",
    "floor",
    "share_max_pct",
    "accept_within_days",
    "reply_within_days",
    "assessments",
    "target_days",
    "calls",
    "criteria",
)
FIGURES_OF = {
    "loan": ("rate_pct", "instalments_max", "grace_principal", "day_count"),
    "guarantee": ("cover_pct", "fee_pct"),
    "authority": ("authority",),
    "clocks": ("clocks",),
    "courses": ("courses",),
}


def inconsistent(terms: SchemeTerms) -> list[str]:
    """Return everything in a scheme that does not hold together, a sentence each with its place."""
    return [
        *_unserved(terms),
        *_instrument(terms),
        *_money(terms),
        *bounds.mistakes(terms),
        *_calls(terms),
        *_form(terms),
        *_rubric(terms),
        *_life(terms),
        *_left_open(terms),
        *asking.mistakes(terms),
        *_words(terms),
    ]


def unpublishable(terms: SchemeTerms) -> list[str]:
    """Return what a scheme still lacks to be published: every figure with its basis, every closure with its reason.

    An earlier program published schemes without: they are read, but no new one is.
    """
    named = _figures(terms)
    keys = {source.key for source in terms.sources if source.key}
    found = [
        f'basis: {name} is missing; name a source or "{ILLUSTRATIVE}".'
        for name in sorted(named - terms.basis.keys())
    ]
    found += [
        f"basis: {name} is no figure of this scheme." for name in sorted(terms.basis.keys() - named)
    ]
    found += [
        f"basis: {name}: no source has the key {words.partition(':')[0]!r}."
        for name, words in terms.basis.items()
        if words.partition(":")[0] not in {*keys, ILLUSTRATIVE}
    ]
    if terms.status != "open" and not terms.status_note:
        found.append(f"status_note: say why the scheme is {terms.status}, and since when.")
    return found


def _figures(terms: SchemeTerms) -> set[str]:
    """Return the figures of a scheme that say where they come from."""
    named = set(FIGURES)
    for part, figures in FIGURES_OF.items():
        if getattr(terms, part):
            named |= set(figures)
    if terms.loan is not None:
        named |= set(lending.agreed_figures(terms.loan))
    return named | set(terms.claims.figures)


def _unserved(terms: SchemeTerms) -> Iterator[str]:
    if terms.country not in served():
        yield f"country: {terms.country!r} is not one of {', '.join(served())}."
    if terms.calendar and terms.calendar not in calendars():
        yield f"calendar: {terms.calendar!r} is not one of {', '.join(calendars())}."
    for code in terms.open_to:
        if code not in MEMBERS:
            yield f"open_to: {code!r} is not one of {', '.join(MEMBERS)}."
    for name, options in (
        ("status", STATUSES),
        ("instrument", INSTRUMENTS),
        ("one_per", ONE_PER),
    ):
        if getattr(terms, name) not in options:
            listed = ", ".join(sorted(filter(None, options)))
            yield f"{name}: {getattr(terms, name)!r} is not one of {listed}."


def _instrument(terms: SchemeTerms) -> Iterator[str]:
    for part in ("loan", "guarantee"):
        if terms.instrument == part and getattr(terms, part) is None:
            yield f"{part}: missing; the instrument is a {part}."


def _money(terms: SchemeTerms) -> Iterator[str]:
    if terms.currency not in DECIMALS:
        yield f"currency: {terms.currency!r} is not one that is served."
    elif not terms.regional and terms.country in served():
        own = country(terms.country).currencies
        if terms.currency not in own:
            listed = " or ".join(own)
            yield f"currency: {terms.currency} is not of {country(terms.country).name}, where it is {listed}."
    if terms.ceiling < terms.floor:
        yield f"ceiling: {terms.ceiling} is below the floor of {terms.floor}."
    if not 0 < terms.share_max_pct <= WHOLE:
        yield "share_max_pct: expected more than 0 and at most 100."


def _calls(terms: SchemeTerms) -> Iterator[str]:
    codes = Counter(call.code for call in terms.calls)
    yield from (f"calls: {code!r} stands twice." for code, times in codes.items() if times > 1)
    timed = []
    for call in terms.calls:
        moments = [at for at in (call.opens_at, call.closes_at) if at is not None]
        if any(at.tzinfo is None for at in moments):
            yield f"calls: {call.code!r} needs the offset of its time zone."
            continue
        if call.closes_at is not None and call.closes_at <= call.opens_at:
            yield f"calls: {call.code!r} closes before it opens."
        timed.append(Window(call.code, call.opens_at, call.closes_at))
    if not terms.calls_may_overlap:
        yield from overlaps(timed)


@dataclass(frozen=True)
class Window:
    """When a call takes applications; ``closes_at`` is ``None`` for a standing one."""

    code: str
    opens_at: datetime
    closes_at: datetime | None


def overlaps(windows: Iterable[Window]) -> Iterator[str]:
    """Name each two calls that would take applications at the same time."""
    for one, other in combinations(sorted(windows, key=lambda window: window.opens_at), 2):
        if one.closes_at is None or one.closes_at > other.opens_at:
            yield f"calls: {one.code!r} is still open when {other.code!r} opens; they may not overlap."


def _form(terms: SchemeTerms) -> Iterator[str]:
    asked = {question.key: question for question in terms.questions}
    for key, kinds in sorted(_needed(terms).items()):
        question = asked.get(key)
        if question is None:
            yield f"sections: the question {key!r} is missing."
            continue
        if question.kind not in kinds:
            yield f"sections: question {key!r} is one of {', '.join(kinds)}, not {question.kind!r}."
        if question.kind == "computed" and question.unit != "money":
            yield f"sections: question {key!r} comes to money; its unit is not {question.unit!r}."
        if question.when or not question.required:
            yield f"sections: question {key!r} must always be answered."
    if not terms.conditions:
        yield "conditions: at least one; the last that is met opens disbursement."


def _needed(terms: SchemeTerms) -> dict[str, tuple[str, ...]]:
    """Return the questions the program reads; financing by sale is repaid in one way only."""
    if terms.loan is None:
        return NEEDED
    asked = NEEDED | NEEDED_OF_LOAN
    if terms.loan.sale is not None:
        del asked[lending.METHOD]
    return asked


def _rubric(terms: SchemeTerms) -> Iterator[str]:
    if sum(criterion.weight_pct for criterion in terms.criteria) != WHOLE:
        yield "criteria: the weights must sum to 100."
    for criterion in terms.criteria:
        if len(criterion.anchors) != ANCHORS:
            yield f"criteria: {criterion.key!r} needs six anchors, for 0 to 5."
        if criterion.weight_pct <= 0:
            yield f"criteria: {criterion.key!r} weighs nothing."
    if terms.criteria and all(criterion.may_not_apply for criterion in terms.criteria):
        yield "criteria: one of them must always apply."


def _life(terms: SchemeTerms) -> Iterator[str]:
    """Find what cannot be of the clocks, the institutions and the rules."""
    for state, clock in terms.clocks.items():
        if clock.unit not in UNITS:
            yield f"clocks.{state}: {clock.unit!r} is not one of {', '.join(sorted(UNITS))}."
        if clock.days < 1:
            yield f"clocks.{state}: expected at least one day."
        elif not 0 <= clock.warn < clock.days:
            yield f"clocks.{state}: a reminder {clock.warn} days before the end of {clock.days} days comes too late or too early."
    by_country = [name for name, code in terms.institutions.items() if code in {HOME, ELSEWHERE}]
    if by_country and set(terms.focal_points) != set(terms.countries):
        yield f"focal_points: one agency for each country in open_to, for {', '.join(by_country)}."
    for rule in terms.rules:
        if rule.otherwise not in {NOT_ELIGIBLE, CONDITIONS}:
            yield f"rules: {rule.name}: {rule.otherwise!r} is not {NOT_ELIGIBLE} or {CONDITIONS}."


def _left_open(terms: SchemeTerms) -> Iterator[str]:
    """Find what could not be kept as a condition of an award, or as a certificate that counts."""
    conditions = [condition.key for condition in terms.conditions]
    left = [rule.name for rule in terms.rules if rule.otherwise == CONDITIONS]
    for key in (*conditions, *left):
        if len(key) > LONGEST_KEY:
            yield f"conditions: {key!r} is longer than {LONGEST_KEY} characters."
    for key in sorted(set(conditions) & set(left)):
        yield f"conditions: {key!r} is also the name of a rule that may become a condition."
    for course in terms.courses:
        if not course.issuers:
            yield f"courses: {course.key!r}: name who certifies it."
        if len(course.key) > LONGEST_KEY:
            yield f"courses: {course.key!r} is longer than {LONGEST_KEY} characters."


def _words(terms: SchemeTerms) -> Iterator[str]:
    for kind in terms.letters:
        if kind not in LETTERS:
            yield f"letters: no letter is called {kind!r}."
    places = asking.places(terms)
    for tag, words in terms.languages.items():
        yield from (
            f"languages.{tag}: the form has no {key!r}." for key in words if key not in places
        )
        missing = [key for key in places if key not in words]
        if missing:
            first = ", ".join(missing[:NAMED])
            more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
            yield f"languages.{tag}: still to be said: {first}{more}."
