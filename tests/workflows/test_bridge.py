"""The bridge of amounts: money moves along known ways only, and every identity holds after any walk."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.bridge import (
    PLACES,
    WAYS,
    Bridge,
    Line,
    Movement,
    impossible,
    lines,
    moved,
    possible,
    replay,
    wrong,
)

START = Bridge("MYR", requested=100_000_00, recommended=90_000_00)


def moves(*steps: tuple[str, str, int]) -> tuple[Movement, ...]:
    """Return movements of whole ringgit, with events 11, 12, 13 and so on."""
    return tuple(
        Movement(source, target, amount * 100, event)
        for event, (source, target, amount) in enumerate(steps, 11)
    )


LIFE = moves(
    ("outside", "reserved", 80_000),
    ("reserved", "undrawn", 75_000),
    ("reserved", "released", 5_000),
    ("outside", "undrawn", 10_000),
    ("undrawn", "claimed", 40_000),
    ("claimed", "verified", 30_000),
    ("claimed", "undrawn", 10_000),
    ("verified", "instructed", 30_000),
    ("instructed", "verified", 30_000),
    ("verified", "instructed", 30_000),
    ("instructed", "paid", 30_000),
    ("paid", "verified", 30_000),
    ("verified", "instructed", 30_000),
    ("instructed", "paid", 30_000),
    ("paid", "clawed_back", 2_000),
    ("undrawn", "released", 15_000),
)


def test_a_whole_life_adds_up() -> None:
    bridge = replay(LIFE, START)
    assert bridge == Bridge(
        currency="MYR",
        requested=100_000_00,
        recommended=90_000_00,
        undrawn=40_000_00,
        paid=28_000_00,
        clawed_back=2_000_00,
        released=20_000_00,
        approved=80_000_00,
        raised=10_000_00,
        accepted=75_000_00,
        lapsed=5_000_00,
        cut=15_000_00,
        gross_paid=60_000_00,
        returned=30_000_00,
    )
    assert bridge.committed == 70_000_00
    assert wrong(bridge) == ()


# What may move where


@pytest.mark.parametrize(
    ("source", "target"),
    [(source, target) for source in ("outside", *PLACES) for target in PLACES],
)
def test_money_moves_along_the_known_ways_and_no_other(source: str, target: str) -> None:
    assert possible(source, target) == ((source, target) in WAYS)
    full = replace(START, **dict.fromkeys(PLACES, 100))  # type: ignore[arg-type]
    refusals = impossible(full, Movement(source, target, 100, 7))
    known = f"Event 7: money does not move from {source!r} to {target!r}."
    assert refusals == (() if (source, target) in WAYS else (known,))


def test_the_ways_are_these() -> None:
    assert sorted(
        f"{source} > {target}: {way.words}" for (source, target), way in WAYS.items()
    ) == [
        "claimed > undrawn: sent back or refused",
        "claimed > verified: verified",
        "instructed > paid: paid",
        "instructed > verified: rejected by the bank",
        "outside > reserved: approved",
        "outside > undrawn: raised by a variation",
        "paid > clawed_back: clawed back",
        "paid > verified: returned by the bank",
        "reserved > released: lapsed, withdrawn or cancelled",
        "reserved > undrawn: accepted",
        "undrawn > claimed: claimed",
        "undrawn > released: cut",
        "verified > instructed: released to the bank",
        "verified > undrawn: given up before payment",
    ]


@pytest.mark.parametrize(
    ("movement", "sentences"),
    [
        pytest.param(
            Movement("reserved", "undrawn", 80_000_01, 12),
            ["Event 12: MYR 80,000.01 cannot be accepted, as only MYR 80,000.00 is approved and not yet accepted."],
            id="more is accepted than was approved",
        ),
        pytest.param(
            Movement("instructed", "paid", 1, 12),
            ["Event 12: MYR 0.01 cannot be paid, as only MYR 0.00 is with the bank and not yet confirmed."],
            id="money is paid that never went to the bank",
        ),
        pytest.param(
            Movement("paid", "clawed_back", 1, 12),
            ["Event 12: MYR 0.01 cannot be clawed back, as only MYR 0.00 is held by the enterprise."],
            id="money is clawed back that was never paid",
        ),
        pytest.param(
            Movement("outside", "paid", 0, 12),
            [
                "Event 12: money does not move from 'outside' to 'paid'.",
                "Event 12: the amount moved must be more than zero.",
            ],
            id="everything that is wrong is named at once",
        ),
    ],
)  # fmt: skip
def test_a_movement_that_cannot_be_made_is_refused(
    movement: Movement, sentences: list[str]
) -> None:
    bridge = replay(LIFE[:1], START)
    said = [sentence.replace("\u00a0", " ") for sentence in impossible(bridge, movement)]
    assert said == sentences
    with pytest.raises(ValueError, match="Event 12"):
        moved(bridge, movement)


def test_a_replay_names_every_movement_that_cannot_be_made() -> None:
    steps = moves(
        ("outside", "reserved", 10),
        ("reserved", "undrawn", 11),
        ("reserved", "undrawn", 10),
        ("undrawn", "paid", 5),
    )
    with pytest.raises(ValueError, match=r"^Event 12: .* Event 14: money does not move") as refused:
        replay(steps, START)
    assert "Event 13" not in str(refused.value)


# What was stored


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        pytest.param(
            {"gross_paid": 50_000_00},
            ["Gross paid is MYR 50,000.00, but paid + returned + clawed back is MYR 60,000.00."],
            id="a payment was not counted",
        ),
        pytest.param(
            {"released": 19_999_99},
            [
                "Approved + raised is MYR 90,000.00, but reserved + undrawn + claimed + verified + instructed"
                " + paid + clawed back + released is MYR 89,999.99.",
                "Released is MYR 19,999.99, but lapsed + cut is MYR 20,000.00.",
            ],
            id="a sen is lost",
        ),
        pytest.param(
            {"accepted": 74_000_00},
            [
                "Approved is MYR 80,000.00, but reserved + accepted + lapsed is MYR 79,000.00.",
                "Committed is MYR 69,000.00, but undrawn + claimed + verified + instructed + paid"
                " + clawed back is MYR 70,000.00.",
            ],
            id="less accepted than moved",
        ),
        pytest.param({"claimed": -1_00, "verified": 1_00}, ["Claimed is below zero: MYR -1.00."], id="a place below zero, where all sums hold"),
    ],
)  # fmt: skip
def test_stored_amounts_that_do_not_add_up_are_named(
    change: dict[str, int], sentences: list[str]
) -> None:
    found = wrong(replace(replay(LIFE, START), **change))  # type: ignore[arg-type]
    assert [sentence.replace("\u00a0", " ") for sentence in found] == sentences


# Any walk


@st.composite
def walks(draw: st.DrawFn) -> tuple[Movement, ...]:
    """Return movements that were each possible when they were made."""
    bridge, walk = START, []
    for event in range(draw(st.integers(1, 25))):
        open_ways = [way for way in WAYS if way[0] == "outside" or bridge.at(way[0])]
        source, target = draw(st.sampled_from(open_ways))
        most = 10**12 if source == "outside" else bridge.at(source)
        walk.append(Movement(source, target, draw(st.integers(1, most)), event))
        bridge = moved(bridge, walk[-1])
    return tuple(walk)


@given(walk=walks())
def test_any_walk_keeps_every_identity(walk: tuple[Movement, ...]) -> None:
    bridge = START
    for movement in walk:
        bridge = moved(bridge, movement)
        assert wrong(bridge) == ()
        for source, target in WAYS:
            much = Movement(source, target, 1 + (source != "outside" and bridge.at(source)), 99)
            assert bool(impossible(bridge, much)) == (source != "outside")
    assert bridge == replay(walk, START)
    brought = sum(m.amount for m in walk if m.source == "outside")
    assert sum(bridge.at(place) for place in PLACES) == brought


@given(walk=walks())
def test_every_total_is_the_one_before_it_with_the_lines_between(
    walk: tuple[Movement, ...],
) -> None:
    shown = lines(replay(walk, START), walk)
    running = shown[0].amount
    sign = {"less": -1, "plus": 1, "note": 0, "total": 0}
    for line in shown[1:]:
        assert line.amount >= 0
        running += sign[line.kind] * line.amount
        assert line.kind != "total" or line.amount == running


# The page


def test_the_bridge_of_a_page_names_the_events_behind_each_line() -> None:
    shown = lines(replay(LIFE, START), LIFE, requested=(1,), recommended=(5, 6))
    assert [(line.kind, line.label, line.amount // 100, line.events) for line in shown] == [
        ("total", "Requested", 100_000, (1,)),
        ("less", "not recommended", 10_000, (5, 6)),
        ("total", "Recommended", 90_000, (5, 6)),
        ("less", "not approved", 10_000, (11,)),
        ("total", "Approved", 80_000, (11,)),
        ("less", "lapsed, withdrawn or cancelled", 5_000, (13,)),
        ("total", "Accepted", 75_000, (12,)),
        ("plus", "raised by a variation", 10_000, (14,)),
        ("less", "cut", 15_000, (26,)),
        ("total", "Committed", 70_000, (12, 14, 26)),
        ("less", "not yet claimed", 40_000, (12, 14, 15, 17, 26)),
        ("total", "Claimed", 30_000, (15, 17)),
        ("total", "Verified", 30_000, (16,)),
        ("total", "Sent to the bank", 30_000, (18, 19, 20, 22, 23)),
        ("total", "Paid to the enterprise", 30_000, (21, 22, 24)),
        ("less", "clawed back", 2_000, (25,)),
        ("total", "Held by the enterprise", 28_000, (21, 22, 24, 25)),
        ("note", "Returned by the bank after payment", 30_000, (22,)),
    ]


def test_one_event_that_moved_money_twice_is_named_once() -> None:
    walk = (
        *LIFE[:5],
        Movement("claimed", "verified", 5, 16),
        Movement("claimed", "undrawn", 3, 16),
    )
    shown = lines(replay(walk, START), walk)
    assert Line("less", "being verified", 40_000_00 - 8, (15, 16)) in shown


@pytest.mark.parametrize(
    ("start", "labels"),
    [
        pytest.param(Bridge("MYR"), [], id="nothing was named"),
        pytest.param(Bridge("MYR", 5_00), ["Requested"], id="an application without advice"),
        pytest.param(
            Bridge("MYR", 5_00, 6_00),
            ["Requested", "more recommended", "Recommended"],
            id="more is recommended than was requested",
        ),
    ],
)
def test_before_approval_the_bridge_ends_at_what_was_named(
    start: Bridge, labels: list[str]
) -> None:
    assert [line.label for line in lines(start, ())] == labels
