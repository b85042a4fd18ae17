"""Small charts as inline SVG, drawn by pygal. Their colours and fonts are those of the page."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pygal
from lxml import etree
from markupsafe import Markup
from pygal.style import Style

from crawler.log_sanitizer import escape_controls

sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]
"""Removes pygal's plug-in importer: Python 3.12 no longer calls this kind, and 3.11 warns about it at each import."""

DROPPED_TAGS = ("comment", "script", "style", "desc")
"""Elements of pygal's SVG that the page does not need."""

WIDTH, HEIGHT = 360, 170
"""Size of a chart in its own units: three stand in a row on a laptop's screen."""

MAX_LABELS = 6
"""Labels on the x axis: so many times fit without overlap."""


def bars(title: str, values: Mapping[str, float]) -> Markup:
    """Horizontal bars, one for each name."""
    chart = pygal.HorizontalBar(**_options(title, height=60 + 22 * max(1, len(values))))
    names = [*values][::-1]
    chart.x_labels = [escape_controls(name) for name in names]
    chart.add(title, [values[name] for name in names])
    return _svg(chart, title)


def histogram(title: str, labels: Sequence[str], values: Sequence[float]) -> Markup:
    """Vertical bars in a given order, of which some have their label on the axis."""
    chart = pygal.Bar(**_options(title), show_minor_x_labels=False, spacing=2)
    labels = [escape_controls(label) for label in labels]
    chart.x_labels = labels
    chart.x_labels_major = labels[:: -(-len(labels) // MAX_LABELS)] if labels else []
    chart.add(title, list(values))
    return _svg(chart, title)


def line(title: str, labels: Sequence[str], values: Sequence[float | None]) -> Markup:
    """A line over time."""
    chart = pygal.Line(**_options(title), show_minor_x_labels=False, dots_size=2)
    labels = [escape_controls(label) for label in labels]
    chart.x_labels = labels
    chart.x_labels_major = labels[:: -(-len(labels) // MAX_LABELS)] if labels else []
    chart.add(title, list(values))
    return _svg(chart, title)


def _options(title: str, height: int = HEIGHT) -> dict[str, Any]:
    return {
        "title": title,
        "width": WIDTH,
        "height": height,
        "js": (),
        "show_legend": False,
        "margin": 6,
        "margin_right": 24,
        "min_scale": 2,
        "max_scale": 5,
        "include_x_axis": True,
        "truncate_label": 24,
        "style": Style(label_font_size=12, major_label_font_size=12, title_font_size=13),
        "value_formatter": _number,
    }


def _number(value: float | None) -> str:
    """A number in few characters: 950, 1.5k, 20M."""
    if value is None:
        return ""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(value) >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def _svg(chart: Any, title: str) -> Markup:
    """The chart without pygal's script, style and comments; values become tooltips that need no script."""
    tree = chart.render_tree()
    for element in list(tree.iter()):
        tag = element.tag if isinstance(element.tag, str) else "comment"  # pygal sets no namespace on them
        if tag == "desc" and element.get("class") == "value" and element.getparent().get("class") != "guides":
            element.tag = "title"
            element.attrib.clear()
        elif tag in DROPPED_TAGS:
            element.getparent().remove(element)
        element.attrib.pop("style", None)
    tree.attrib.pop("id", None)
    tree.set("role", "img")
    tree.set("aria-label", title)
    return Markup(etree.tostring(tree, encoding="unicode"))  # noqa: S704  lxml escapes what is in it


def largest(values: Mapping[str, float], most: int) -> dict[str, float]:
    """The largest values, and the sum of all others."""
    ordered = sorted(values.items(), key=lambda pair: -pair[1])
    rest = sum(value for _, value in ordered[most:])
    return dict(ordered[:most]) | ({"all others": rest} if rest else {})


def column_sums(rows: Iterable[Sequence[float]]) -> list[float]:
    """The sum of each column of some rows, which may differ in length."""
    sums: list[float] = []
    for row in rows:
        sums += [0.0] * (len(row) - len(sums))
        for index, value in enumerate(row):
            sums[index] += value
    return sums
