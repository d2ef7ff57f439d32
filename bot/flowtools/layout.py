"""Where the boxes of a picture go: layers from top to bottom, few crossings, long arrows led through the gaps between boxes.

The usual way of layered drawing (Sugiyama, Tagawa, Toda 1981): break loops, give every box a layer, put stand-ins where an arrow
passes a layer, order each layer by the mean place of its neighbours, then give coordinates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Edge = tuple[str, str]
Point = tuple[float, float]
GAP_X, GAP_Y, PASSAGE = 28.0, 74.0, 18.0
_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A placed box: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The middle of its width."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Placed boxes, the points that each arrow passes between them, and which arrows lead back up."""

    boxes: Mapping[str, Box]
    bends: Mapping[Edge, tuple[Point, ...]]
    back: frozenset[Edge]
    width: float
    height: float


def lay_out(first: str, sizes: Mapping[str, tuple[float, float]], edges: Sequence[Edge]) -> Layout:
    """Places for boxes of the given sizes (width, height). Every box has to be reachable from `first`."""
    back = _back_edges(first, edges)
    ahead = [edge for edge in edges if edge not in back]
    layer_of = _layers(sizes, ahead)
    chains, passages = _chains(ahead, layer_of)
    layers = _ordered({**layer_of, **passages}, [link for chain in chains.values() for link in pairwise(chain)])
    return _place(layers, sizes, chains, back)


def _back_edges(first: str, edges: Sequence[Edge]) -> frozenset[Edge]:
    """The edges that close a loop, met in a walk from the first box."""
    back: set[Edge] = set()
    open_, done = set(), set()

    def walk(at: str) -> None:
        open_.add(at)
        for source, target in edges:
            if source != at:
                continue
            if target in open_:
                back.add((source, target))
            elif target not in done:
                walk(target)
        open_.discard(at)
        done.add(at)

    walk(first)
    return frozenset(back)


def _layers(sizes: Mapping[str, tuple[float, float]], edges: Sequence[Edge]) -> dict[str, int]:
    """Each box one layer below the lowest box that leads to it."""
    layer = dict.fromkeys(sizes, 0)
    for _ in sizes:
        moved = False
        for source, target in edges:
            if layer[target] <= layer[source]:
                layer[target], moved = layer[source] + 1, True
        if not moved:
            break
    return layer


def _chains(edges: Sequence[Edge], layer: Mapping[str, int]) -> tuple[dict[Edge, tuple[str, ...]], dict[str, int]]:
    """Each edge as a chain of neighbours in neighbouring layers, with stand-ins where it passes a layer."""
    chains: dict[Edge, tuple[str, ...]] = {}
    passages: dict[str, int] = {}
    for source, target in edges:
        between = [f"{source}>{target}@{number}" for number in range(layer[source] + 1, layer[target])]
        passages.update({name: layer[source] + 1 + step for step, name in enumerate(between)})
        chains[source, target] = (source, *between, target)
    return chains, passages


def _ordered(layer: Mapping[str, int], links: Sequence[Edge]) -> list[list[str]]:
    """The layers, each ordered by the mean place of its neighbours above and below, swept down and up."""
    layers: list[list[str]] = [[] for _ in range(max(layer.values(), default=0) + 1)]
    for name in layer:
        layers[layer[name]].append(name)
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for source, target in links:
        above.setdefault(target, []).append(source)
        below.setdefault(source, []).append(target)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for names in layers[1:] if down else layers[-2::-1]:
            place = {name: index for row in layers for index, name in enumerate(row)}
            near = above if down else below
            names.sort(key=lambda name, near=near, place=place: _mean([place[one] for one in near.get(name, ())], place[name]))  # type: ignore[misc]
    return layers


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _place(
    layers: Sequence[Sequence[str]],
    sizes: Mapping[str, tuple[float, float]],
    chains: Mapping[Edge, tuple[str, ...]],
    back: frozenset[Edge],
) -> Layout:
    widths = [sum(sizes.get(name, (PASSAGE, 0.0))[0] for name in row) + GAP_X * (len(row) - 1) for row in layers]
    total = max(widths, default=0.0)
    placed: dict[str, Box] = {}
    top = 0.0
    for row, width in zip(layers, widths, strict=True):
        height = max((sizes.get(name, (0.0, 0.0))[1] for name in row), default=0.0)
        left = (total - width) / 2
        for name in row:
            own = sizes.get(name, (PASSAGE, height))
            placed[name] = Box(left, top, *own)
            left += own[0] + GAP_X
        top += height + GAP_Y
    bends = {edge: tuple(point for name in chain[1:-1] for point in _through(placed[name])) for edge, chain in chains.items()}
    return Layout({name: placed[name] for name in sizes}, bends, back, total, max(0.0, top - GAP_Y))


def _through(passage: Box) -> tuple[Point, Point]:
    return (passage.middle, passage.y), (passage.middle, passage.y + passage.height)
