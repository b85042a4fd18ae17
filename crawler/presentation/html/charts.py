"""Small charts as inline SVG. Their colours and fonts are those of the page."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from math import ceil, floor, log10
from textwrap import wrap
from typing import NamedTuple

from markupsafe import Markup

from crawler.log_sanitizer import escape_controls
from crawler.presentation.html.page import environment

WIDTH, TOP, LEFT, RIGHT, BOTTOM = 360, 42, 44, 344, 162
"""Width of a chart in its own units (three stand in a row on a laptop's screen), and the edges of its plot."""

LABEL_HEIGHT = 22
"""Units below the plot, for labels."""

BAR_HEIGHT, LINE_HEIGHT = 12, 14
"""Units of a horizontal bar, and of a line of its name above it."""

NAME_CHARS = 52
"""Characters of a bar's name in one line; a longer name has several."""

MAX_LABELS = 5
"""Labels on the x axis: so many times fit without overlap."""

MINUTE, HOUR, DAY = 60, 3_600, 86_400
TIME_STEPS = (
    *(MINUTE * number for number in (1, 2, 5, 10, 15, 30)),
    *(HOUR * number for number in (1, 2, 3, 6, 12)),
    *(DAY * number for number in (1, 2, 5, 7, 14, 30, 90, 180, 365)),
)
"""Seconds between the labels of a time scale."""

STROKES = ("", "6 3", "2 3")
"""Dashes of the lines of a chart: they differ without colour."""

SPARK_WIDTH, SPARK_HEIGHT = 90, 22
"""Units of a chart in a line of a table."""


class Label(NamedTuple):
    """A text at an axis."""

    axis: str
    """``x`` or ``y``, or ``start`` for one that begins at its place."""
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


class Stroke(NamedTuple):
    """A line through points."""

    points: tuple[Dot, ...]
    dashes: str
    """SVG's ``stroke-dasharray``; empty for a solid line."""


def bars(title: str, values: Mapping[str, float]) -> Markup:
    """Horizontal bars, one for each name, with the name above it and its value behind it."""
    ticks = axis_ticks(max(values.values(), default=0), is_whole=_are_whole(values.values()))
    scale = (RIGHT - 40 - 8) / ticks[-1]
    labels: list[Label] = []
    rectangles: list[Bar] = []
    y = TOP
    for name, value in values.items():
        for line in wrap(escape_controls(name), NAME_CHARS) or [""]:
            y += LINE_HEIGHT
            labels.append(Label("start", 12, y - 4, line))
        width = round(scale * value, 1)
        rectangles.append(Bar(8, y, width, BAR_HEIGHT, _number(value)))
        labels.append(Label("start", 8 + width + 4, y + BAR_HEIGHT - 2, _number(value)))
        y += BAR_HEIGHT + 4
    bottom = max(y, TOP + LINE_HEIGHT)
    return _draw(title, bottom - LABEL_HEIGHT + 4, guides=[f"M8 {TOP}V{bottom}"], labels=labels, bars=rectangles)


def columns(title: str, labels: Sequence[str], values: Sequence[float], *, is_line: bool = False) -> Markup:
    """Vertical bars in a given order, or a line over steps of time; some of them have their label on the axis."""
    ticks = axis_ticks(max(values, default=0), is_whole=_are_whole(values))
    scale, gap = (BOTTOM - TOP) / ticks[-1], (RIGHT - LEFT) / max(1, len(labels))
    middles = [round(LEFT + gap * (number + 0.5), 1) for number in range(len(labels))]
    shown = [*zip(middles, labels, strict=True)][:: max(1, -(-len(labels) // MAX_LABELS))]
    dots = tuple(
        Dot(x, round(BOTTOM - scale * value, 1), f"{label}: {_number(value)}")
        for x, value, label in zip(middles, values, labels, strict=True)
    )
    rectangles = [
        Bar(round(x - 0.4 * gap, 1), y, round(0.8 * gap, 1), round(BOTTOM - y, 1), text) for x, y, text in dots
    ]
    return _draw(
        title,
        BOTTOM,
        guides=_heights(scale, ticks),
        labels=[*_values(scale, ticks), *(Label("x", x, BOTTOM + 14, escape_controls(label)) for x, label in shown)],
        bars=[] if is_line else rectangles,
        strokes=[Stroke(dots, "")] if is_line and dots else [],
    )


def lines(title: str, times: Sequence[int], series: Mapping[str, Sequence[float | None]]) -> Markup:
    """Lines over time, on one scale.

    Args:
        title: of the chart.
        times: seconds since 1970, ascending.
        series: at most three lines by name, with a value for each time; None where there is none.
    """
    known = [value for values in series.values() for value in values if value is not None]
    ticks = axis_ticks(max(known, default=0), is_whole=_are_whole(known))
    scale = (BOTTOM - TOP) / ticks[-1]
    places = time_places(times)
    strokes = [
        Stroke(
            tuple(
                Dot(x, round(BOTTOM - scale * value, 1), f"{name}, {moment(at)}: {_number(value)}")
                for x, at, value in zip(places, times, values, strict=True)
                if value is not None
            ),
            dashes,
        )
        for (name, values), dashes in zip(series.items(), STROKES, strict=False)
    ]
    return _draw(
        title,
        BOTTOM,
        guides=_heights(scale, ticks),
        labels=[*_values(scale, ticks), *_times(times)],
        strokes=[stroke for stroke in strokes if stroke.points],
        legend=[(name, dashes) for name, dashes in zip(series, STROKES, strict=False)] if len(series) > 1 else [],
    )


def time_columns(title: str, values: Mapping[int, float], width: int) -> Markup:
    """Vertical bars, each at its time; times without a value have their place, too.

    Args:
        title: of the chart.
        values: by the start of each bar, in seconds since 1970.
        width: seconds of a bar.
    """
    starts = sorted(values)
    ticks = axis_ticks(max(values.values(), default=0), is_whole=_are_whole(values.values()))
    scale = (BOTTOM - TOP) / ticks[-1]
    span = max(starts[-1] + width - starts[0], 12 * width) if starts else width
    unit = (RIGHT - LEFT) / span
    rectangles = [
        Bar(
            round(LEFT + unit * (start - starts[0]), 1),
            round(BOTTOM - scale * values[start], 1),
            round(max(1.0, 0.8 * unit * width), 1),
            round(scale * values[start], 1),
            f"{moment(start)}: {_number(values[start])}",
        )
        for start in starts
    ]
    return _draw(
        title,
        BOTTOM,
        guides=_heights(scale, ticks),
        labels=[*_values(scale, ticks), *(_times([starts[0], starts[0] + span]) if starts else ())],
        bars=rectangles,
    )


def sparkline(name: str, times: Sequence[int], values: Sequence[float | None], top: float | None = None) -> Markup:
    """A line without axes, for a cell of a table: from 0 to the largest value, or to ``top``.

    Args:
        name: what it shows, for its description.
        times: seconds since 1970, ascending.
        values: one for each time; None where there is none.
        top: the value at the upper edge.
    """
    known = [value for value in values if value is not None]
    if not known:
        return Markup("")
    scale = (SPARK_HEIGHT - 4) / (top or max(*known, 0) or 1)
    span = max(1, times[-1] - times[0])
    points = [
        (round(2 + (SPARK_WIDTH - 4) * (at - times[0]) / span, 1), round(SPARK_HEIGHT - 2 - scale * value, 1))
        for at, value in zip(times, values, strict=True)
        if value is not None
    ]
    described = f"{name}: {_number(known[0])} to {_number(known[-1])} in {len(known)} runs"
    path = "".join(f"{x} {y} " for x, y in points).strip()
    return Markup(
        '<svg class="spark" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{text}">'
        '<path d="M{path}"/><circle cx="{x}" cy="{y}" r="2"/></svg>'
    ).format(w=SPARK_WIDTH, h=SPARK_HEIGHT, text=described, path=path, x=points[-1][0], y=points[-1][1])


def time_places(times: Sequence[int]) -> list[float]:
    """The places of times on the x axis."""
    if not times:
        return []
    span = max(1, times[-1] - times[0])
    if len(times) == 1:
        return [(LEFT + RIGHT) / 2]
    return [round(LEFT + (RIGHT - LEFT) * (at - times[0]) / span, 1) for at in times]


def moment(seconds: int) -> str:
    """A time in UTC: ``26 Nov 08:15``."""
    at = time.gmtime(seconds)
    return f"{at.tm_mday} {time.strftime('%b %H:%M', at)}"


def _times(times: Sequence[int]) -> list[Label]:
    """Labels at round times between the first and the last; with the date where the step is a day or more."""
    if not times:
        return []
    first, last = times[0], times[-1]
    if first == last:
        return [Label("x", (LEFT + RIGHT) / 2, BOTTOM + 14, moment(first))]
    step = next((one for one in TIME_STEPS if (last - first) / one <= MAX_LABELS - 1), TIME_STEPS[-1])
    marks = range(-(-first // step) * step, last + 1, step)
    unit = (RIGHT - LEFT) / (last - first)
    shown = []
    day = ""
    for mark in marks:
        at = time.gmtime(mark)
        date = f"{at.tm_mday} {time.strftime('%b', at)}"
        hour = time.strftime("%H:%M", at)
        text = date if step >= DAY else hour if date == day else f"{date} {hour}"
        day = date
        shown.append(Label("x", round(LEFT + unit * (mark - first), 1), BOTTOM + 14, text))
    return shown


def _heights(scale: float, ticks: Sequence[float]) -> list[str]:
    return [f"M{LEFT} {round(BOTTOM - scale * tick, 1)}H{RIGHT}" for tick in ticks]


def _values(scale: float, ticks: Sequence[float]) -> list[Label]:
    return [Label("y", LEFT - 5, round(BOTTOM - scale * tick, 1), _number(tick)) for tick in ticks]


def _are_whole(values: Iterable[float]) -> bool:
    """True where all values are counts."""
    return all(isinstance(value, int) for value in values)


def axis_ticks(maximum: float, *, is_whole: bool = False) -> list[float]:
    """Round numbers from 0 to a value or just above it, five at most; whole numbers for counts."""
    if maximum <= 0:
        return [0, 1]
    power = 10.0 ** floor(log10(maximum / 4))
    step = next((power * factor for factor in (1, 2, 5) if 4 * power * factor >= maximum), 10 * power)
    if is_whole:
        step = max(1, step)
    return [step * number for number in range(ceil(maximum / step) + 1)]


def _draw(
    title: str,
    bottom: int,
    *,
    guides: Sequence[str],
    labels: Sequence[Label],
    bars: Sequence[Bar] = (),
    strokes: Sequence[Stroke] = (),
    legend: Sequence[tuple[str, str]] = (),
) -> Markup:
    """The chart; the first of the guides is the axis."""
    svg = environment().get_template("chart.svg")
    size = {"width": WIDTH, "height": bottom + LABEL_HEIGHT, "middle": WIDTH / 2}
    drawn = {"guides": guides, "labels": labels, "bars": bars, "strokes": strokes, "legend": legend}
    return Markup(svg.render(title=title, **drawn, **size))  # noqa: S704  it escapes


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
    return [sum(column) for column in zip_longest(*rows, fillvalue=0)]
