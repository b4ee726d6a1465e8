"""The language of size tests: what each form gives, what it does not guess, what it refuses."""

from decimal import Decimal
from typing import Any

import pytest

from workflows import size
from workflows.size import Bound, Definition

THREE = (
    Bound("micro", Decimal(10)),
    Bound("small", Decimal(50), reached=False),
    Bound("medium", Decimal(100)),
)
LABELS = {name: name.capitalize() for name in size.MEASURES}
BOTH = [{"by": "employees"}, {"by": "turnover"}]
AGREE = {"agree": 2, "of": [*BOTH, {"by": "assets"}]}
NEW = {"when": "new_firm", "then": {"by": "capital"}, "otherwise": {"by": "turnover"}}
PARENT = {
    "when": "listed_parent",
    "assumed": False,
    "then": {"is": "not_sme"},
    "otherwise": {"any": BOTH},
}


def made(rule: dict[str, Any], **more) -> Definition:
    """Return a definition with the same three limits for every figure."""
    bounds = {"all": dict.fromkeys(("employees", "turnover", "assets", "capital"), THREE)}
    return Definition(
        **{
            "currency": "SGD",
            "law": "A law",
            "source": "A page",
            "address": "",
            "as_of": "2026",
            "note": "",
            "rule": rule,
            "bounds": bounds,
            "labels": LABELS,
        }
        | more
    )


def told(rule: dict[str, Any], figures: dict[str, Any], **more) -> size.Standing:
    numbers = {
        name: value if isinstance(value, bool) else Decimal(value)
        for name, value in figures.items()
    }
    return size.standing(made(rule, **more), numbers)


@pytest.mark.parametrize(
    ("rule", "figures", "wanted"),
    [
        pytest.param({"by": "assets"}, {"assets": 10}, "micro", id="a limit is reached at most"),
        pytest.param({"by": "assets"}, {"assets": "10.01"}, "small", id="and passed by a cent"),
        pytest.param({"by": "assets"}, {"assets": 50}, "medium", id="less than ends before it"),
        pytest.param({"by": "assets"}, {"assets": 101}, "large", id="above all limits"),
        pytest.param({"by": "assets"}, {}, "undetermined", id="no figure"),
        pytest.param({"any": BOTH}, {"employees": 5, "turnover": 101}, "micro", id="any: lowest"),
        pytest.param({"any": BOTH}, {"employees": 5}, "micro", id="any: the lowest is enough"),
        pytest.param({"any": BOTH}, {"employees": 20}, "undetermined", id="any: could be lower"),
        pytest.param({"all": BOTH}, {"employees": 5, "turnover": 60}, "medium", id="all: highest"),
        pytest.param({"all": BOTH}, {"turnover": 101}, "large", id="all: the highest is enough"),
        pytest.param({"all": BOTH}, {"turnover": 5}, "undetermined", id="all: could be higher"),
        pytest.param(
            {"all": [{"by": "employees"}, {"any": [{"by": "turnover"}, {"by": "capital"}]}]},
            {"employees": 20, "turnover": 20},
            "small",
            id="all and any: the missing one cannot change it",
        ),
        pytest.param(
            AGREE, {"employees": 60, "turnover": 5, "assets": 5}, "micro", id="two of three agree"
        ),
        pytest.param(
            AGREE, {"employees": 60, "turnover": 5, "assets": 20}, "medium", id="none agree"
        ),
        pytest.param(
            AGREE, {"turnover": 5, "assets": 5}, "micro", id="two agree without the third"
        ),
        pytest.param(
            AGREE, {"employees": 60, "turnover": 5}, "undetermined", id="the third would tell"
        ),
        pytest.param(NEW, {"new_firm": True, "capital": 20, "turnover": 5}, "small", id="new"),
        pytest.param(NEW, {"new_firm": False, "capital": 20, "turnover": 5}, "micro", id="not new"),
        pytest.param(NEW, {"capital": 20, "turnover": 5}, "undetermined", id="new or not?"),
        pytest.param(NEW, {"new_firm": True, "turnover": 5}, "undetermined", id="new, no capital"),
        pytest.param(PARENT, {"employees": 5, "listed_parent": True}, "not_sme", id="excluded"),
        pytest.param(PARENT, {"employees": 5}, "micro", id="nothing said of a parent"),
    ],
)
def test_a_rule_gives(rule: dict[str, Any], figures: dict[str, Any], wanted: str) -> None:
    assert told(rule, figures).size == wanted


@pytest.mark.parametrize(
    ("rule", "figures", "said"),
    [
        pytest.param(
            {"any": BOTH},
            {"employees": 5, "turnover": 2000},
            ("Employees: 5, which is micro (at most 10).",),
            id="the figure that decided",
        ),
        pytest.param(
            {"all": BOTH},
            {"employees": 5, "turnover": 2000},
            ("Turnover: SGD 2,000, which is large (more than SGD 100).",),
            id="the higher one",
        ),
        pytest.param(
            AGREE,
            {"employees": 60, "turnover": 5, "assets": 20},
            (
                "Employees: 60, which is medium (at most 100).",
                "No 2 of the 3 agree, so the first of them decides.",
            ),
            id="the first of three",
        ),
        pytest.param(
            PARENT,
            {"turnover": 49},
            (
                "Turnover: SGD 49, which is small (less than SGD 50).",
                "Listed_parent: not said, taken as no.",
                "It cannot be said without: Employees.",
            ),
            id="what is taken as so, and what is missing",
        ),
        pytest.param(
            NEW,
            {"new_firm": True, "capital": 3},
            ("Capital: SGD 3, which is micro (at most SGD 10).", "New_firm: yes."),
            id="what a new firm is measured by",
        ),
    ],
)
def test_the_sentences_name(
    rule: dict[str, Any], figures: dict[str, Any], said: tuple[str, ...]
) -> None:
    assert told(rule, figures).decided_by == said


def test_what_is_not_known_is_not_guessed() -> None:
    nothing = told({}, {"employees": 5}, unknown="The numbers were not seen.", bounds={})
    assert (nothing.size, nothing.decided_by) == ("undetermined", ("The numbers were not seen.",))
    assert nothing.missing == ()
    open_end = (Bound("small", Decimal(50)), Bound("medium", None))
    bounds = {"all": {"employees": open_end}}
    assert told({"by": "employees"}, {"employees": 50}, bounds=bounds).size == "small"
    above = told({"by": "employees"}, {"employees": 51}, bounds=bounds)
    assert (above.size, above.missing) == ("undetermined", ())
    assert above.decided_by == (
        "Employees: 51, which is more than 50; where medium ends was not seen.",
    )


def test_too_small_for_a_law_is_no_class_of_it() -> None:
    least = (Bound("small", Decimal(50), least=Decimal(10)),)
    bounds = {"all": {"employees": least, "turnover": least}}
    rule = {"any": BOTH}
    under = told(rule, {"employees": 9, "turnover": 9}, bounds=bounds)
    assert (under.size, under.missing) == ("undetermined", ())
    assert told(rule, {"employees": 9, "turnover": 10}, bounds=bounds).size == "small"
    assert told(rule, {"employees": 9, "turnover": 51}, bounds=bounds).size == "large"


def test_limits_differ_by_sector_and_sectors_have_other_names() -> None:
    bounds = {"making": {"employees": THREE}, "trade": {"turnover": THREE}}
    found = made({"any": BOTH}, bounds=bounds, sectors={"shops": "trade"})
    figures = {"employees": Decimal(5), "turnover": Decimal(60)}
    assert size.standing(found, figures, "making").size == "micro"
    assert size.standing(found, figures, "shops").size == "medium"
    for sector in ("", "mining"):
        lost = size.standing(found, figures, sector)
        assert (lost.size, lost.missing) == ("undetermined", ("sector",))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param([], "not the form", id="no table"),
        pytest.param({"by": "weight"}, "no figure", id="a figure nobody measures"),
        pytest.param({"by": "new_firm"}, "no figure", id="a flag is no figure"),
        pytest.param({"is": "huge"}, "no class", id="a class nobody knows"),
        pytest.param({"any": [{"by": "x"}]}, r"rule.any\[0\]", id="inside a list"),
        pytest.param({**NEW, "when": "turnover"}, "so or not", id="a figure is no flag"),
        pytest.param({**NEW, "then": {}}, "rule.then", id="an empty branch"),
        pytest.param({"agree": 2}, "not the form", id="agreeing about nothing"),
    ],
)
def test_a_rule_is_refused(rule, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        raise ValueError("\n".join(size.mistakes(rule)))


def test_a_rule_says_what_it_looks_at() -> None:
    assert list(size.mistakes(PARENT)) == []
    assert size.measures(PARENT) == {"listed_parent", "employees", "turnover"}
    assert size.measures(AGREE) == {"assets", "employees", "turnover"}
