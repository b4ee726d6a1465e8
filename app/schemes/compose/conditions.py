"""When a question is asked, said as a JSON Schema of the other answers, as far as such a schema can say it."""

from collections.abc import Callable
from typing import Any

from app.schemes.compose.terms import Question, SchemeTerms

Fragment = dict[str, Any]
Test = dict[str, Any]
# The test of a question without one: it always holds.
ALWAYS: Fragment = {}


class Conditions:
    """The conditions of the questions of a form.

    A test holds, fails, or cannot be told while an answer is missing, so that "fails" is not the contrary of "holds": each
    is said of its own. ``None`` stands for what cannot be said, such as a comparison of amounts written as text.
    """

    def __init__(self, terms: SchemeTerms, rule: Callable[[Question, str], Fragment]) -> None:
        self._questions = {question.key: question for question in terms.questions}
        self._currency = terms.currency
        self._rule = rule

    def asked(self, question: Question) -> Fragment | None:
        """Return when a question is asked: always, where it names no condition."""
        return self._told(question.when, holds=True) if question.when else ALWAYS

    def _told(self, test: Test, *, holds: bool) -> Fragment | None:
        if "not" in test:
            return self._told(test["not"], holds=not holds)
        for word in ("any", "all"):
            if word in test:
                parts = [self._told(one, holds=holds) for one in test[word]]
                return _combined(parts, together=(word == "all") is holds)
        question = self._questions.get(test.get("answer", ""))
        value = self._value(question, test, holds=holds) if question else None
        seen = self.asked(question) if question else None
        if question is None or value is None or seen is None:
            return None
        given = {"properties": {question.key: value}, "required": [question.key]}
        return {"allOf": [seen, given]} if seen else given

    def _value(self, question: Question, test: Test, *, holds: bool) -> Fragment | None:
        """Return what an answer is like on which a test of its value holds, or fails."""
        if question.kind == "choices" and "includes" in test:
            held = {"contains": {"const": test["includes"]}}
            rule = self._rule(question, self._currency)
            return {"allOf": [rule, held if holds else {"not": held}]}
        named = [test["is"]] if "is" in test else test.get("one_of")
        if question.kind not in {"choice", "declaration"} or named is None:
            return None
        options = list(question.choices) or ["yes"]
        fitting = [one for one in options if (one in named) is holds]
        # An empty enumeration is not well-formed everywhere.
        return {"enum": fitting} if fitting else {"not": {}}


def _combined(parts: list[Fragment | None], *, together: bool) -> Fragment | None:
    said = [part for part in parts if part is not None]
    if len(said) < len(parts) or not said:
        return None
    return {"allOf" if together else "anyOf": said}
