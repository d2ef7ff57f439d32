"""A flow as an SVG picture that needs no other program: one box a node, one arrow a way, words in the author's language."""

from collections.abc import Iterator
from html import escape
from itertools import pairwise
from textwrap import wrap

from bot.engine.definition import END, Flow, Node
from bot.flowtools.describing import Translate, node_lines, title
from bot.flowtools.layout import Box, Edge, Layout, Point, lay_out
from bot.flowtools.ways import Way, ways_of
from bot.flowtools.wording import phrase

_WIDTH, _LINE, _PAD = 250.0, 16.0, 10.0
_LETTERS, _LABEL_LETTERS, _TITLE_LETTERS = 36, 30, 68
_MOST_LINES = 14
_MARGIN, _HEAD = 24.0, 44.0
_COLOURS = {"ask": "#dbeafe", "form": "#dcfce7", "call": "#ede9fe", "do": "#fef3c7", "say": "#f3f4f6"}
_STYLE = (
    "text{font:12px sans-serif;fill:#111827}.name{font-weight:bold}.title{font-size:16px;font-weight:bold}"
    ".label{font-size:11px;fill:#374151;paint-order:stroke;stroke:#ffffff;stroke-width:3px}"
    ".box{stroke:#6b7280}.way{fill:none;stroke:#6b7280}.back{stroke-dasharray:5 4}"
)

Line = tuple[str, str]


def picture(flow: Flow, translate: Translate, lang: str | None = None) -> str:
    """The SVG text. Nodes that no way leads to are left out; `flows check` names them."""
    texts = {name: _box_lines(flow.nodes[name], translate, lang) for name in _reachable(flow)}
    edges = _edges(flow, list(texts), lang)
    sizes = {name: (_WIDTH, len(lines) * _LINE + 2 * _PAD) for name, lines in texts.items()}
    layout = lay_out(flow.first, sizes, list(edges))
    heading = wrap(title(flow, lang), _TITLE_LETTERS)
    top = _HEAD + 20 * len(heading)
    width, height = max(layout.width, 640.0) + 2 * _MARGIN + 60, layout.height + top + 2 * _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
        f"<title>{escape(title(flow, lang))}</title><style>{_STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#6b7280"/></marker></defs><rect width="100%" height="100%" fill="#ffffff"/>',
        *(f'<text class="title" x="{_MARGIN}" y="{28 + 20 * number}">{escape(line)}</text>' for number, line in enumerate(heading)),
        *_legend(lang, top - 20),
        f'<g transform="translate({_MARGIN} {top + _MARGIN})">',
        *_ways(layout, edges),
        *(_box(name, layout.boxes[name], lines, flow.nodes[name]) for name, lines in texts.items()),
        *_labels(layout, edges),
        "</g></svg>",
    ]
    return "\n".join(parts) + "\n"


def _reachable(flow: Flow) -> list[str]:
    found: list[str] = []
    ahead = [flow.first]
    while ahead:
        name = ahead.pop(0)
        if name in found or name not in flow.nodes:
            continue
        found.append(name)
        ahead += [way.go for way in ways_of(flow.nodes[name])]
    return found


def _edges(flow: Flow, names: list[str], lang: str | None) -> dict[Edge, str]:
    """Each pair of nodes with the words of every way between them."""
    edges: dict[Edge, list[Way]] = {}
    for name in names:
        for way in ways_of(flow.nodes[name]):
            if way.go in names:
                edges.setdefault((name, way.go), []).append(way)
    return {edge: " ; ".join(dict.fromkeys(way.describe(lang) for way in ways)) for edge, ways in edges.items()}


def _box_lines(node: Node, translate: Translate, lang: str | None) -> list[Line]:
    lines: list[Line] = [("name", node.name)]
    for kind, text in node_lines(node, translate, lang):
        lines += [(kind, part) for part in wrap(text.replace("« ", "«\u00a0").replace(" »", "\u00a0»"), _LETTERS)]
    ends = [way.describe(lang) for way in ways_of(node) if way.go == END]
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], ("say", "…")]
    if ends:
        lines += [("end", part) for part in wrap(f"{' ; '.join(ends)} → {phrase('tree_end', lang)}", _LETTERS)]
    return lines


def _box(name: str, box: Box, lines: list[Line], node: Node) -> str:
    kind = "form" if node.form else "call" if node.call else "ask" if node.ask else "do" if node.do else "say"
    rect = (
        f'<rect class="box" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.0f}" height="{box.height:.0f}"'
        f' rx="6" fill="{_COLOURS[kind]}"/>'
    )
    texts = "".join(
        f'<text class="{"name" if style == "name" else "line"}" x="{box.x + _PAD:.1f}" y="{box.y + _PAD + _LINE * number + 12:.1f}">'
        f"{escape(text)}</text>"
        for number, (style, text) in enumerate(lines)
    )
    return f'<g id="{escape(name)}">{rect}{texts}</g>'


def _ways(layout: Layout, edges: dict[Edge, str]) -> Iterator[str]:
    for edge in edges:
        if edge in layout.back:
            yield f'<path class="way back" d="{_back_path(layout, edge)}" marker-end="url(#tip)"/>'
            continue
        points = [_port_out(layout, edges, edge), *layout.bends[edge], _port_in(layout, edges, edge)]
        yield f'<path class="way" d="{_curve(points)}" marker-end="url(#tip)"/>'


def _curve(points: list[Point]) -> str:
    """A line that leaves and arrives upright and passes its points."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x, y), (to_x, to_y) in pairwise(points):
        half = (y + to_y) / 2
        path += f" C{x:.1f} {half:.1f} {to_x:.1f} {half:.1f} {to_x:.1f} {to_y:.1f}"
    return path


def _back_path(layout: Layout, edge: Edge) -> str:
    """A dashed way back, around the right of both boxes."""
    source, target = layout.boxes[edge[0]], layout.boxes[edge[1]]
    right = max(source.x + source.width, target.x + target.width) + 36
    start, end = source.y + source.height / 2, target.y + target.height / 2 + (12 if source is target else 0)
    return (
        f"M{source.x + source.width:.1f} {start:.1f} C{right:.1f} {start:.1f} {right:.1f} {end:.1f} {target.x + target.width:.1f} {end:.1f}"
    )


def _port_out(layout: Layout, edges: dict[Edge, str], edge: Edge) -> Point:
    box = layout.boxes[edge[0]]
    siblings = [one for one in edges if one[0] == edge[0] and one not in layout.back]
    order = sorted(siblings, key=lambda one: layout.bends[one][0][0] if layout.bends[one] else layout.boxes[one[1]].middle)
    return box.x + box.width * (order.index(edge) + 1) / (len(order) + 1), box.y + box.height


def _port_in(layout: Layout, edges: dict[Edge, str], edge: Edge) -> Point:
    box = layout.boxes[edge[1]]
    siblings = [one for one in edges if one[1] == edge[1] and one not in layout.back]
    order = sorted(siblings, key=lambda one: layout.bends[one][-1][0] if layout.bends[one] else layout.boxes[one[0]].middle)
    return box.x + box.width * (order.index(edge) + 1) / (len(order) + 1), box.y


def _labels(layout: Layout, edges: dict[Edge, str]) -> Iterator[str]:
    """The words of each way, just above where it arrives; several at one box stand in steps."""
    arriving: dict[str, int] = {}
    for edge, words in edges.items():
        lines = wrap(words, _LABEL_LETTERS) or [""]
        if edge in layout.back:
            box = layout.boxes[edge[0]]
            x, y = box.x + box.width + 6, box.y + box.height / 2 - 4 - 12 * (len(lines) - 1)
        else:
            step = arriving.setdefault(edge[1], 0)
            arriving[edge[1]] = step + len(lines)
            x, y = _port_in(layout, edges, edge)
            x, y = x + 5, y - 10 - 12 * (step + len(lines) - 1)
        for number, line in enumerate(lines):
            yield f'<text class="label" x="{x:.1f}" y="{y + 12 * number:.1f}">{escape(line)}</text>'


def _legend(lang: str | None, top: float) -> Iterator[str]:
    for number, (kind, colour) in enumerate(_COLOURS.items()):
        x = _MARGIN + number * 118
        yield f'<rect class="box" x="{x}" y="{top}" width="14" height="14" fill="{colour}"/>'
        yield f'<text class="label" x="{x + 20}" y="{top + 11}">{escape(phrase("legend_" + kind, lang))}</text>'
