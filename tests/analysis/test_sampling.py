"""Drawing samples: the published algorithm gives the same cases to anybody, and each method does what it says."""

import hashlib
from datetime import date

import pytest

from app.analysis.compose import sampling
from app.analysis.compose.sampling import Impossible, Unit
from app.analysis.queries.findings import Circumstances, raised

REFERENCES = [f"MY-BAP-2026-{n:05}" for n in range(1, 41)]
UNITS = [Unit(r, n * 100, (f"officer:{n % 3}",)) for n, r in enumerate(REFERENCES)]


def test_the_random_order_is_that_of_the_published_rule() -> None:
    def key(reference: str) -> bytes:
        return hashlib.sha256(b"public seed" + reference.encode()).digest()

    assert sampling.random(UNITS, 7, "public seed") == sorted(REFERENCES, key=key)[:7]
    assert sampling.random(UNITS, 7, "other seed") != sampling.random(UNITS, 7, "public seed")
    assert sampling.random(UNITS[:3], 7, "x") == sampling.random(UNITS[:3], 3, "x")


def test_every_case_is_as_likely_as_any_other() -> None:
    drawn = [one for n in range(400) for one in sampling.random(UNITS, 10, f"seed {n}")]
    times = [drawn.count(reference) for reference in REFERENCES]
    assert sum(times) == 4000
    assert 60 < min(times) <= max(times) < 140


def chosen(amounts: list[int], size: int, seed: str) -> set[int]:
    """Work monetary unit sampling out unit by unit: which cases hold the chosen units."""
    holders = [n for n, amount in enumerate(amounts) for _ in range(amount)]
    interval = len(holders) // size
    start = int.from_bytes(hashlib.sha256(seed.encode()).digest()) % interval
    return {holders[start + n * interval] for n in range(size)}


@pytest.mark.parametrize(
    ("amounts", "size"),
    [
        pytest.param([5, 0, 70, 3, 12, 10], 4, id="one case holds several units"),
        pytest.param([1] * 10, 10, id="every unit is chosen"),
        pytest.param([7, 11, 13, 17, 19], 3, id="the total is no multiple"),
        pytest.param([100], 5, id="one case alone"),
    ],
)
def test_monetary_units_are_drawn_one_in_each_interval(amounts: list[int], size: int) -> None:
    units = [Unit(f"A-{n}", amount) for n, amount in enumerate(amounts)]
    for seed in ("a", "b", "c", "d"):
        expected = [f"A-{n}" for n in sorted(chosen(amounts, size, seed))]
        assert sampling.monetary(units, size, seed) == expected


def test_less_than_one_unit_for_each_is_told() -> None:
    with pytest.raises(Impossible, match="too small"):
        sampling.monetary([Unit("A-1", 3)], 4, "x")


def test_the_largest_come_first_and_nothing_is_no_amount() -> None:
    units = [Unit("A-3", 5), Unit("A-1", 9), Unit("A-2", 9), Unit("A-4", 0)]
    assert sampling.largest(units, 3, "") == ["A-1", "A-2", "A-3"]
    assert sampling.largest(units, 9, "") == ["A-1", "A-2", "A-3"]


def test_each_officer_and_each_flag_has_its_own() -> None:
    drawn = sampling.by_officer(UNITS, 2, "s")
    officers = [unit.officers[0] for one in drawn for unit in UNITS if unit.reference == one]
    assert sorted(officers) == sorted(["officer:0", "officer:1", "officer:2"] * 2)
    flagged = [Unit("A-1", flags=("x", "y")), Unit("A-2", flags=("y",)), Unit("A-3")]
    assert set(sampling.by_flag(flagged, 1, "s")) <= {"A-1", "A-2"}
    assert sampling.by_flag([Unit("A-3")], 1, "s") == []


def test_the_digest_of_a_population_is_over_its_lines() -> None:
    assert sampling.digest(["A-1", "A-2"]) == hashlib.sha256(b"A-1\nA-2\n").hexdigest()


def about(**changed: object) -> Circumstances:
    """Return circumstances that raise no flag, but for what is changed."""
    plain: dict[str, object] = {
        "received_on": date(2026, 11, 2),
        "decided_on": date(2026, 11, 20),
        "works": True,
        "amount": 50_000_00,
        "band": 150_000_00,
        "repeated": False,
        "own": 1,
        "total": 1,
    }
    return Circumstances(**{**plain, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "flags"),
    [
        pytest.param({}, (), id="nothing stands out"),
        pytest.param({"amount": None, "band": None}, (), id="a decline has no amount"),
        pytest.param({"amount": 142_500_00}, ("near_limit",), id="exactly 5 per cent below"),
        pytest.param({"amount": 142_499_99}, (), id="a little more than 5 per cent below"),
        pytest.param({"amount": 150_000_00}, ("near_limit",), id="the limit itself"),
        pytest.param({"band": None}, (), id="a band without limit"),
        pytest.param({"works": False}, ("closed_day",), id="on a closed day"),
        pytest.param({"repeated": True}, ("repeated",), id="the enterprise again"),
        pytest.param({"own": 9, "total": 10}, ("dominant",), id="nine of ten"),
        pytest.param({"own": 8, "total": 10}, (), id="eight of ten are not more than 80 per cent"),
        pytest.param({"own": 9, "total": 9}, (), id="all of too few"),
    ],
)
def test_a_flag_is_raised_exactly_when_its_sentence_holds(
    changed: dict[str, object], flags: tuple[str, ...]
) -> None:
    assert raised(about(**changed)) == flags


def test_a_decision_on_the_day_received_is_flagged() -> None:
    assert raised(about(decided_on=about().received_on)) == ("same_day",)
