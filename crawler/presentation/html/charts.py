"""Small charts as inline SVG. Their colours and fonts are those of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from math import ceil, floor, log10
from typing import NamedTuple

from markupsafe import Markup

from crawler.log_sanitizer import escape_controls
from crawler.presentation.html.page import environment

WIDTH, TOP, LEFT, RIGHT, BOTTOM = 360, 26, 44, 336, 150
"""Width of a chart in its own units (three stand in a row on a laptop's screen), and the edges of its plot."""

LABEL_HEIGHT = 20
"""Units below the plot, for labels."""

BAR_STEP = 22
"""Units from one horizontal bar to the next."""

NAME_CHARS, CHAR_WIDTH = 32, 5.6
"""Most characters of a bar's name that are shown, and the units that each takes."""

MAX_LABELS = 5
"""Labels on the x axis: so many times fit without overlap."""


class Label(NamedTuple):
    """A text at an axis."""

    axis: str
    """``x`` or ``y``."""
    x: float
    y: float
    text: str


class Bar(NamedTuple):
    """A rectangle, with its value as a tooltip that needs no script."""

    x: float
    y: float
    width: float
    height: float
    text: str


class Dot(NamedTuple):
    """A point of a line, with its value as a tooltip."""

    x: float
    y: float
    text: str


def bars(title: str, values: Mapping[str, float]) -> Markup:
    """Horizontal bars, one for each name."""
    names = [_shorten(escape_controls(name)) for name in values]
    plot_x = round(12 + CHAR_WIDTH * max(map(len, names), default=0))
    bottom = TOP + BAR_STEP * max(1, len(values))
    ticks = axis_ticks(max(values.values(), default=0))
    scale = (RIGHT - plot_x) / ticks[-1]
    middles = [TOP + BAR_STEP * (number + 0.5) for number in range(len(names))]
    places = [(round(plot_x + scale * tick, 1), tick) for tick in ticks]
    return _draw(
        title,
        bottom,
        guides=[f"M{x} {TOP}V{bottom}" for x, _ in places],
        labels=[Label("x", x, bottom + 14, _number(tick)) for x, tick in places]
        + [Label("y", plot_x - 5, middle, name) for middle, name in zip(middles, names, strict=True)],
        bars=[
            Bar(plot_x, middle - 8, round(scale * value, 1), 16, _number(value))
            for middle, value in zip(middles, values.values(), strict=True)
        ],
    )


def columns(title: str, labels: Sequence[str], values: Sequence[float], *, is_line: bool = False) -> Markup:
    """Vertical bars in a given order, or a line over time; some of them have their label on the axis."""
    ticks = axis_ticks(max(values, default=0))
    scale, gap = (BOTTOM - TOP) / ticks[-1], (RIGHT - LEFT) / max(1, len(labels))
    heights = [(round(BOTTOM - scale * tick, 1), tick) for tick in ticks]
    middles = [round(LEFT + gap * (number + 0.5), 1) for number in range(len(labels))]
    shown = [*zip(middles, labels, strict=True)][:: max(1, -(-len(labels) // MAX_LABELS))]
    dots = [Dot(x, round(BOTTOM - scale * value, 1), _number(value)) for x, value in zip(middles, values, strict=True)]
    bars = [Bar(round(x - 0.4 * gap, 1), y, round(0.8 * gap, 1), round(BOTTOM - y, 1), text) for x, y, text in dots]
    return _draw(
        title,
        BOTTOM,
        guides=[f"M{LEFT} {y}H{RIGHT}" for y, _ in heights],
        labels=[Label("y", LEFT - 5, y, _number(tick)) for y, tick in heights]
        + [Label("x", x, BOTTOM + 14, escape_controls(label)) for x, label in shown],
        bars=[] if is_line else bars,
        dots=dots if is_line else [],
    )


def axis_ticks(maximum: float) -> list[float]:
    """Round numbers from 0 to a value or just above it, five at most."""
    if maximum <= 0:
        return [0, 1]
    power = 10.0 ** floor(log10(maximum / 4))
    step = next((power * factor for factor in (1, 2, 5) if 4 * power * factor >= maximum), 10 * power)
    return [step * number for number in range(ceil(maximum / step) + 1)]


def _draw(
    title: str,
    bottom: int,
    *,
    guides: Sequence[str],
    labels: Sequence[Label],
    bars: Sequence[Bar] = (),
    dots: Sequence[Dot] = (),
) -> Markup:
    """The chart; the first of the guides is the axis."""
    svg = environment().get_template("chart.svg")
    size = {"width": WIDTH, "height": bottom + LABEL_HEIGHT}
    return Markup(svg.render(title=title, guides=guides, labels=labels, bars=bars, dots=dots, **size))  # noqa: S704  it escapes


def _shorten(name: str) -> str:
    return name if len(name) <= NAME_CHARS else f"{name[: NAME_CHARS - 1]}…"


def _number(value: float) -> str:
    """A number in few characters: 950, 1.5k, 20M."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(value) >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def largest(values: Mapping[str, float], most: int) -> dict[str, float]:
    """The largest values, and the sum of all others."""
    ordered = sorted(values.items(), key=lambda pair: -pair[1])
    rest = sum(value for _, value in ordered[most:])
    return dict(ordered[:most]) | ({"all others": rest} if rest else {})


def column_sums(rows: Iterable[Sequence[float]]) -> list[float]:
    """The sum of each column of some rows, which may differ in length."""
    return [sum(column) for column in zip_longest(*rows, fillvalue=0.0)]
