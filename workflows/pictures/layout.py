"""A layered drawing of a graph: which layer a node is in, the order within a layer, and where each stands.

The method is that of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures"
(1981): layers by longest path, an order by barycentres that keeps the best found, and places that pull neighbours above
each other. An edge over several layers has a stand-in in each of them, so that everything drawn has its own room.
"""

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Links = Sequence[tuple[Key, Key]]
Rows = list[list[Key]]

_SWEEPS = 12
_ROUNDS = 200


def ranks(groups: Sequence[Sequence[str]], edges: Links[str], first: str) -> dict[str, int]:
    """Return the layer of each node: groups (stages) follow each other, within one a node is below those before it.

    Two nodes with an edge between them are never in one layer.
    """
    found: dict[str, int] = {}
    base = 0
    for group in groups:
        roots = [first, *group] if first in group else group
        inside = [(a, b) for a, b in edges if a in group and b in group]
        depth = _longest(group, _forward(roots, inside))
        found |= {name: base + depth[name] for name in group}
        base += max(depth.values(), default=-1) + 1
    return found


def _forward(roots: Sequence[str], edges: Links[str]) -> list[tuple[str, str]]:
    """Return the edges that do not lead back to where a walk from the roots, in their order, came from."""
    following: dict[str, list[str]] = {name: [] for name in roots}
    for a, b in edges:
        following[a].append(b)
    kept: list[tuple[str, str]] = []
    done: set[str] = set()
    for root in roots:
        if root not in done:
            _walk(root, following, done, kept)
    return kept


def _walk(
    root: str, following: Mapping[str, list[str]], done: set[str], kept: list[tuple[str, str]]
) -> None:
    done.add(root)
    path = {root: iter(following[root])}
    while path:
        name = next(reversed(path))
        beyond = next(path[name], None)
        if beyond is None:
            del path[name]
        elif beyond not in path:
            kept.append((name, beyond))
            if beyond not in done:
                done.add(beyond)
                path[beyond] = iter(following[beyond])


def _longest(names: Sequence[str], edges: Links[str]) -> dict[str, int]:
    """Return for each node the length of the longest path to it; the edges have no cycle."""
    depth = dict.fromkeys(names, 0)
    for _ in names:
        moved = False
        for a, b in edges:
            if depth[b] <= depth[a]:
                depth[b] = depth[a] + 1
                moved = True
        if not moved:
            break
    return depth


def ordered(rows: Rows[Key], links: Links[Key], outermost: frozenset[Key]) -> Rows[Key]:
    """Return the rows with few crossings of links between neighbouring rows; ``outermost`` keep to the left."""
    above, below = _neighbours(links)
    best = current = [sorted(row, key=lambda key: key not in outermost) for row in rows]
    fewest = _crossings(current, below)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        current = _swept(current, above if down else below, outermost, down=down)
        crossings = _crossings(current, below)
        if crossings < fewest:
            best, fewest = current, crossings
    return best


def _neighbours(links: Links[Key]) -> tuple[dict[Key, list[Key]], dict[Key, list[Key]]]:
    above: dict[Key, list[Key]] = {}
    below: dict[Key, list[Key]] = {}
    for a, b in links:
        below.setdefault(a, []).append(b)
        above.setdefault(b, []).append(a)
    return above, below


def _swept(
    rows: Rows[Key],
    neighbours: Mapping[Key, list[Key]],
    outermost: frozenset[Key],
    *,
    down: bool,
) -> Rows[Key]:
    found = [list(row) for row in rows]
    for n in range(len(rows)) if down else reversed(range(len(rows))):
        beside = n - 1 if down else n + 1
        if not 0 <= beside < len(rows):
            continue
        place = {key: float(at) for at, key in enumerate(found[beside])}
        own = {key: float(at) for at, key in enumerate(found[n])}
        centre = {key: _mean([place[k] for k in neighbours.get(key, ())], own[key]) for key in own}
        sides = {key: (key not in outermost, centre[key], own[key]) for key in own}
        found[n].sort(key=sides.__getitem__)
    return found


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _crossings(rows: Rows[Key], below: Mapping[Key, list[Key]]) -> int:
    found = 0
    for upper, lower in pairwise(rows):
        place = {key: at for at, key in enumerate(lower)}
        ends = [
            place[key]
            for above in upper
            for key in sorted(below.get(above, ()), key=place.__getitem__)
        ]
        found += sum(a > b for n, a in enumerate(ends) for b in ends[n + 1 :])
    return found


def placed(
    rows: Rows[Key], links: Mapping[tuple[Key, Key], int], widths: Mapping[Key, int]
) -> dict[Key, int]:
    """Return the middle of each key in pixels from the left: in the order of its row, never upon another.

    ``widths`` include the distance kept; the number of a link says how strongly its two keys pull each other into line.
    """
    beside: dict[Key, list[tuple[Key, int]]] = {}
    for (a, b), strength in links.items():
        beside.setdefault(a, []).append((b, strength))
        beside.setdefault(b, []).append((a, strength))
    pull = {key: float(sum(strength for _, strength in found)) for key, found in beside.items()}
    at: dict[Key, float] = {}
    for row in rows:
        at |= spread(row, dict.fromkeys(row, 0.0), widths, pull)
    for turn in range(_ROUNDS):
        for row in rows if turn % 2 == 0 else reversed(rows):
            wish = {key: _wish(at, key, beside.get(key, ())) for key in row}
            at |= spread(row, wish, widths, pull)
    left = min((at[key] - widths[key] / 2 for key in at), default=0.0)
    return {key: round(x - left) for key, x in at.items()}


def _wish(at: Mapping[Key, float], key: Key, beside: Sequence[tuple[Key, int]]) -> float:
    whole = sum(strength for _, strength in beside)
    return sum(at[k] * strength for k, strength in beside) / whole if whole else at[key]


def spread(
    row: Sequence[Key],
    wish: Mapping[Key, float],
    widths: Mapping[Key, int],
    pull: Mapping[Key, float],
) -> dict[Key, float]:
    """Return places as near the wished ones as the widths and the order allow, nearest for those that pull the most.

    It is the least sum of squares, found by pooling neighbours that would stand upon each other. Without a pull it is 1.
    """
    offsets: list[float] = []
    for n, key in enumerate(row):
        offsets.append(offsets[-1] + (widths[row[n - 1]] + widths[key]) / 2 if n else 0.0)
    pools: list[tuple[float, float, int]] = []
    for key, offset in zip(row, offsets, strict=True):
        pool = (wish[key] - offset, pull.get(key, 1.0), 1)
        while pools and pools[-1][0] > pool[0]:
            pool = _pooled(pools.pop(), pool)
        pools.append(pool)
    levels = [mean for mean, _, count in pools for _ in range(count)]
    return {key: level + off for key, level, off in zip(row, levels, offsets, strict=True)}


def _pooled(
    left: tuple[float, float, int], right: tuple[float, float, int]
) -> tuple[float, float, int]:
    whole = left[1] + right[1]
    return (left[0] * left[1] + right[0] * right[1]) / whole, whole, left[2] + right[2]
