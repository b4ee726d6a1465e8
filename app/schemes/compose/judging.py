"""What the eligibility rules of a scheme come to for the answers to its form, with what is known beside them."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from app.countries.compose import sizes
from app.countries.queries import country
from app.schemes.compose.asking import waits_for
from app.schemes.compose.terms import Question, SchemeTerms, SizeQuestions
from workflows import eligibility
from workflows.eligibility import Result
from workflows.size import UNDETERMINED, Standing

SIZE = "size"
# What a rule found, in one word each.
HOLDS, FAILS, CONDITION = "holds", "fails", "condition"
OPEN, LATER, DOES_NOT_APPLY = "open", "later", "does_not_apply"


@dataclass(frozen=True)
class Given:
    """The answers to a form as typed values, the questions that apply, and the country of the enterprise ("": not known).

    Once they are ``complete`` what is not answered is not answered, and no rule waits for it.
    """

    values: Mapping[str, Any]
    asked: Set[str]
    country: str = ""
    complete: bool = False


@dataclass(frozen=True)
class Judged:
    """What every rule found; ``standing`` tells the size of the enterprise, where a rule asks for it.

    ``later`` names the rules that only wait for facts which are gathered when somebody applies.
    """

    results: tuple[Result, ...]
    facts: dict[str, Any]
    standing: Standing | None = None
    later: frozenset[str] = field(default_factory=frozenset)

    @property
    def outcome(self) -> str:
        """Return what the rules come to that can be told now; the words are those of ``workflows.eligibility``."""
        return eligibility.outcome(
            tuple(one for one in self.results if one.rule.name not in self.later)
        )

    @property
    def told(self) -> list[dict[str, str]]:
        """Return every rule by name with what it found, its sentence and clause; nothing of the answers is in it."""
        return [
            {
                "rule": one.rule.name,
                "result": self._word(one),
                "sentence": one.rule.sentence,
                "clause": one.rule.clause,
            }
            for one in self.results
        ]

    @property
    def against(self) -> tuple[Result, ...]:
        """Return what speaks against an application."""
        return eligibility.failing(self.results, eligibility.NOT_ELIGIBLE)

    @property
    def to_do(self) -> tuple[Result, ...]:
        """Return what must be done before the first money."""
        return eligibility.failing(self.results, eligibility.CONDITIONS)

    def _word(self, found: Result) -> str:
        if found.holds is None:
            return LATER if found.rule.name in self.later else OPEN
        if found.holds:
            return HOLDS if found.applies else DOES_NOT_APPLY
        return CONDITION if found.rule.otherwise == eligibility.CONDITIONS else FAILS


def wanted(terms: SchemeTerms) -> frozenset[str]:
    """Return the facts that the rules of a scheme ask for."""
    return frozenset().union(*(eligibility.facts_needed(rule.test) for rule in terms.rules))


def judge(terms: SchemeTerms, given: Given, facts: Mapping[str, Any]) -> Judged:
    """Ask every rule; ``facts`` are those gathered beside the answers, the size is told from them."""
    standing = _standing(terms, given)
    known = dict(facts)
    if standing is not None and not _waiting(terms, given, standing):
        known[SIZE] = standing.size
    results = eligibility.check(
        terms.rules, given.values, known, unasked=_unasked(terms.questions, given)
    )
    if given.complete:
        results = eligibility.decided(results)
    return Judged(results, known, standing, _later(results, given, known, standing))


def deciding(terms: SchemeTerms) -> tuple[Question, ...]:
    """Return the questions that the rules look at, with those that decide whether they are asked, in order of the form."""
    named = {name for rule in terms.rules for name in eligibility.needs(rule.test)}
    if terms.size is not None and SIZE in wanted(terms):
        named |= {*terms.size.measures.values(), terms.size.sector}
    by_key = {question.key: question for question in terms.questions}
    ahead = [name for name in named if name in by_key]
    while ahead:
        more = waits_for(by_key[ahead.pop()]) - named
        named |= more
        ahead += more
    return tuple(question for question in terms.questions if question.key in named)


def _standing(terms: SchemeTerms, given: Given) -> Standing | None:
    """Return of which size the enterprise is in its country, ``None`` where no rule asks or the country is not known."""
    size = terms.size
    if size is None or not given.country or SIZE not in wanted(terms):
        return None
    counted = {question.key for question in terms.questions if _counts(question, terms, given)}
    measures = {
        name: given.values.get(key) for name, key in size.measures.items() if key in counted
    }
    sector = size.sectors.get(str(given.values.get(size.sector)), "")
    return sizes.standing(given.country, measures, sector)


def _counts(question: Question, terms: SchemeTerms, given: Given) -> bool:
    """Tell whether an answer can be a measure: amounts of money are in the scheme's currency, the test has the country's."""
    money = "money" in (question.kind, question.unit)
    return not money or terms.currency == country(given.country).currency


def _waiting(terms: SchemeTerms, given: Given, standing: Standing) -> bool:
    """Tell whether the size is not known only because a question about it is still to be answered."""
    size = terms.size or SizeQuestions({})
    feeding = {*size.measures.values(), size.sector} & given.asked
    told = given.complete or feeding <= given.values.keys()
    return standing.size == UNDETERMINED and not told


def _unasked(questions: tuple[Question, ...], given: Given) -> frozenset[str]:
    """Return the questions that do not apply; one that waits for an answer still to be given may yet."""
    if given.complete:
        return frozenset(question.key for question in questions) - given.asked
    by_key = {question.key: question for question in questions}

    def may_yet(question: Question, seen: frozenset[str]) -> bool:
        if question.key in given.asked:
            return question.key not in given.values
        if eligibility.holds(question.when, given.values) is not None:
            return False
        ahead = waits_for(question) - seen
        return any(may_yet(by_key[name], seen | ahead) for name in ahead if name in by_key)

    return frozenset(
        question.key
        for question in questions
        if question.key not in given.asked and not may_yet(question, frozenset())
    )


def _later(
    results: tuple[Result, ...],
    given: Given,
    known: Mapping[str, Any],
    standing: Standing | None,
) -> frozenset[str]:
    """Return the rules that cannot be told for want of facts alone; the size is no such fact where the form tells it."""
    here = known.keys() | ({SIZE} if standing is not None else set())
    return frozenset(
        one.rule.name
        for one in results
        if one.holds is None
        and eligibility.facts_needed(one.rule.test) - here
        and (eligibility.needs(one.rule.test) & given.asked) <= given.values.keys()
    )
