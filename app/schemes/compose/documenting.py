"""The page of the facilities for the documents: what the catalogue says, each figure with where it comes from.

The text is Markdown.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from app.countries.queries import country, served
from app.schemes.compose.completing import completed
from app.schemes.compose.funding import CallTerms
from app.schemes.compose.telling import Basis, basis, figures, illustrative, matrix, units
from app.schemes.compose.terms import Course, SchemeTerms, Source
from workflows.definition import Workflow
from workflows.format.loading import published, shipped

HEAD = (
    "# Facilities and schemes\n\n"
    "This page is made from `app/schemes/catalogue/*.toml` by `flask --app wsgi scheme document docs/facilities.md`; a test\n"
    "holds it to the catalogue, so do not write in it. A figure with a source was read there; behind the source stands who speaks\n"
    "(*official*: a law, a ministry or the operator of the scheme; *press*; *secondary*) and as of when. What no source says is\n"
    "*illustrative*: it was filled in so that the scheme can be shown at work. Some figures are both, as their words say: they\n"
    "count as those with a source. Figures are told as applicants read them, agencies by their code. What is known of each\n"
    "country is on the page about [countries](countries.md); how a scheme is written is told\n"
    "[for scheme designers](scheme-designers.md)."
)
FUND = "Regional fund"


def page(schemes: Iterable[SchemeTerms]) -> str:
    """Return the whole page: the member states in the order of their names, then the regional fund."""
    chapters = _chapters(schemes)
    told = [_chapter(name, found) for name, found in chapters.items()]
    return "\n\n".join([HEAD, _summary(chapters), *told]) + "\n"


def _chapters(schemes: Iterable[SchemeTerms]) -> dict[str, list[SchemeTerms]]:
    """Return the schemes by the name of their country, or that of the fund, each by code."""
    found: dict[str, list[SchemeTerms]] = {name: [] for name in sorted(map(_named, served()))}
    found[FUND] = []
    for terms in sorted(schemes, key=lambda terms: terms.code):
        found[FUND if terms.regional else _named(terms.country)].append(terms)
    return found


def _named(code: str) -> str:
    return country(code).name


def _summary(chapters: dict[str, list[SchemeTerms]]) -> str:
    rows = [
        (f"[{name}](#{_anchor(name)})", _codes(found), *_counted(found))
        for name, found in chapters.items()
    ]
    every = [terms for found in chapters.values() for terms in found]
    rows.append(("**All**", str(len(every)), *_counted(every)))
    return _table(
        ("country", "schemes", "figures with a source", "figures that are illustrative"), rows
    )


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")


def _codes(schemes: Sequence[SchemeTerms]) -> str:
    said = (
        terms.code if terms.status == "open" else f"{terms.code} ({terms.status})"
        for terms in schemes
    )
    return f"{len(schemes)}: {', '.join(said)}" if schemes else "0"


def _counted(schemes: Sequence[SchemeTerms]) -> tuple[str, str]:
    """Return how many figures have a source, and how many are illustrative."""
    without = sum(len(illustrative(terms)) for terms in schemes)
    return str(sum(len(terms.basis) for terms in schemes) - without), str(without)


def _chapter(name: str, schemes: Sequence[SchemeTerms]) -> str:
    owners = list(dict.fromkeys(terms.facility for terms in schemes))
    one = f"{owners[0]}." if len(owners) == 1 else ""
    told = [_scheme(terms, owner="" if one else terms.facility) for terms in schemes]
    return "\n\n".join(filter(None, [f"## {name}", one, *told]))


def _scheme(terms: SchemeTerms, *, owner: str) -> str:
    parts = [f"### {terms.code}: {terms.name}", terms.summary, _facts(terms, owner)]
    rows = [(label, value, _origin(found)) for label, value, found in _figures(terms)]
    parts.append(_table(("figure", "value", "where it comes from"), rows))
    if terms.assumed:
        parts.append("What was filled in, and what to mind:\n\n" + _bullets(terms.assumed))
    named = {said.partition(":")[0] for said in terms.basis.values()}
    more = [_source(one) for one in terms.sources if one.key not in named]
    if more:
        parts.append("Sources of what is no figure, such as a rule:\n\n" + _bullets(more))
    return "\n\n".join(parts)


def _facts(terms: SchemeTerms, owner: str) -> str:
    """Return what a scheme is, in points."""
    others = ", ".join(
        f"{part} {code}" for part, code in terms.institutions.items() if code[0] != "@"
    )
    note = f". {terms.status_note}" if terms.status_note else ""
    said = {
        "Facility": owner,
        "Instrument": terms.instrument_name,
        "Agency": terms.agency + (f"; {others}" if others else ""),
        "Status": terms.status + note,
        "Open to": ", ".join(sorted(map(_named, terms.open_to))),
        "Applications": {
            "call": "one of an enterprise in each call",
            "scheme": "one of an enterprise at a time",
        }.get(terms.one_per, ""),
    }
    return _bullets(f"{label}: {words}" for label, words in said.items() if words)


def _figures(terms: SchemeTerms) -> Iterator[tuple[str, str, Basis | None]]:
    """Yield every figure of a scheme by name and value, with its basis."""
    for figure in figures(terms):
        yield figure.label, figure.value, figure.basis
    for key, label, value in _more(terms):
        yield label, value, basis(terms, key)


def _more(terms: SchemeTerms) -> Iterator[tuple[str, str, str]]:
    """Yield what is no single figure and has a basis of its own."""
    yield "calls", "Calls", "; ".join(_call(call, terms.currency) for call in terms.calls)
    weights = (f"{one.weight_pct} % {one.label}" for one in terms.criteria)
    yield "criteria", "Rubric", "; ".join(weights)
    if terms.courses:
        yield "courses", "Courses asked for", "; ".join(_course(one) for one in terms.courses)
    workflow = _workflow(terms)
    if terms.authority:
        rows = matrix(terms, workflow)
        yield "authority", "Who decides", "; ".join(": ".join([f"{a}, {b}", c]) for a, b, c in rows)
    if terms.clocks:
        clocks = (
            f"{workflow.states[state].officer}: {one.days} {one.unit} days"
            for state, one in terms.clocks.items()
        )
        yield "clocks", "Time limits", "; ".join(clocks)


def _workflow(terms: SchemeTerms) -> Workflow:
    return published(completed(shipped(terms.workflow).source, terms))


def _call(call: CallTerms, currency: str) -> str:
    # It is over at the moment it closes: the last day is that of the second before.
    until = f" to {_day(call.closes_at - timedelta(seconds=1))}" if call.closes_at else ""
    return f"{call.code}, from {_day(call.opens_at)}{until}, {units(call.budget, currency)}"


def _course(course: Course) -> str:
    held = f"for {course.valid_months} months" if course.valid_months else "for ever"
    return f"{course.label} by {' or '.join(course.issuers)}, valid {held}"


def _day(moment: datetime) -> str:
    """Return the day of a moment where the scheme is at home: its offset is that of the scheme."""
    return f"{moment.day} {moment:%B %Y}"


def _origin(found: Basis | None) -> str:
    if found is None:
        return "not said"
    if found.source is not None:
        return _source(found.source, found.words)
    return f"illustrative: {found.words}" if found.words else "illustrative"


def _source(source: Source, words: str = "") -> str:
    said = ", ".join(filter(None, [source.grade, source.as_of]))
    return f"{f'{words}: ' if words else ''}[{source.title}]({source.address}) ({said})"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    shown = [heads, ["---"] * len(heads), *([_cell(one) for one in row] for row in rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in shown)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
