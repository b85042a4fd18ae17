"""Shapes of furniture: the same words as paragraphs in the body's own style, as boxes, lists, tables, cards, lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.factory.catalogue import Part
from benchmarks.factory.markup import Naming, element, out, paragraph, text


@dataclass(frozen=True, slots=True)
class Style:
    """How a site writes one kind of furniture, the same on all of its pages."""

    kind: str
    shape: str
    heading: str
    """Tag of the heading."""
    link: str
    """What is around a link: nothing, ``strong``, ``em``, ``span``."""
    paragraph: str
    """Tag and attributes of the body's own paragraphs, such as ``p class="text"``."""
    frame: str
    """Attributes of a box: a class, a drawn border, a float, or nothing."""
    naming: Naming
    is_listed: bool
    """Whether links stand in a list."""

    @property
    def mark(self) -> str:
        """The mark of the furniture's outermost elements."""
        return out(self.kind)


def _line(part: Part, style: Style) -> str:
    """The inline markup of a part."""
    words = text(part.text)
    if part.role == "l":
        link = element("a", words, f' href="/{style.kind}/{abs(hash_of(part.text)) % 9000}.html"')
        return element(style.link, link) if style.link else link
    if part.role == "f":
        return element("input", attributes=f' type="text" placeholder="{words}"')
    if part.role == "b":
        return element("button", words) if style.is_listed else element("a", words, ' href="/go" role="button"')
    if part.role == "r":
        label, _, value = words.partition(" | ")
        return f"<b>{label}</b> {value}" if value else label
    if part.role in ("h", "n"):
        return element("strong", words)
    return element("small", words) if part.role == "s" else words


def hash_of(value: str) -> int:
    """A number of a text that is the same in every process."""
    return sum(ord(letter) * (place % 31 + 1) for place, letter in enumerate(value))


def _paragraph(content: str, style: Style, mark: str = "") -> str:
    line = paragraph(style.paragraph, content, mark)
    return line + "<br><br>" if style.paragraph == "span" else line


def _inside(parts: Sequence[Part], style: Style, tag: str = "p") -> str:
    """The parts within a box."""
    pieces: list[str] = []
    items: list[str] = []
    for part in (*parts, Part("end", "")):
        if part.role in ("i", "r") or (part.role == "l" and style.is_listed):
            items.append(element("li", _line(part, style)))
            continue
        if items:
            pieces.append(element("ul", "".join(items)))
            items = []
        if part.role == "h":
            pieces.append(element(style.heading, text(part.text)))
        elif part.role == "f":
            pieces.append(element("form", _line(part, style), ' action="/subscribe"'))
        elif part.role != "end":
            pieces.append(element(tag, _line(part, style)))
    return "".join(pieces)


def own_paragraphs(parts: Sequence[Part], style: Style) -> str:
    """Each part a paragraph like those of the body."""
    return "".join(_paragraph(_line(part, style), style, style.mark) for part in parts)


def one_paragraph(parts: Sequence[Part], style: Style) -> str:
    """All parts in one paragraph of the body's style."""
    return _paragraph(" ".join(_line(part, style) for part in parts), style, style.mark)


def broken_paragraph(parts: Sequence[Part], style: Style) -> str:
    """One paragraph whose parts are lines."""
    return _paragraph("<br>".join(_line(part, style) for part in parts), style, style.mark)


def emphasised(parts: Sequence[Part], style: Style) -> str:
    """Paragraphs in italics or bold type."""
    tag = "em" if style.is_listed else "strong"
    return "".join(_paragraph(element(tag, _line(part, style)), style, style.mark) for part in parts)


def headed(parts: Sequence[Part], style: Style) -> str:
    """A heading and paragraphs of the body's style, without a box."""
    return "".join(
        element(style.heading, text(part.text), style.mark)
        if part.role == "h"
        else _paragraph(_line(part, style), style, style.mark)
        for part in parts
    )


def ruled(parts: Sequence[Part], style: Style) -> str:
    """Paragraphs between two rules."""
    return f"<hr>{own_paragraphs(parts, style)}<hr>"


def _boxed(tag: str, inner: str) -> Callable[[Sequence[Part], Style], str]:
    def box(parts: Sequence[Part], style: Style) -> str:
        return element(tag, _inside(parts, style, inner), style.frame + style.mark)

    return box


def nested(parts: Sequence[Part], style: Style) -> str:
    """Boxes in boxes, as components make them."""
    inner = element("div", _inside(parts, style, "div"), style.naming("inner"))
    return element("div", element("div", inner, style.naming(style.kind)), style.mark)


def details(parts: Sequence[Part], style: Style) -> str:
    """A folded box."""
    first, rest = parts[0], parts[1:]
    return element("details", element("summary", text(first.text)) + _inside(rest, style), " open" + style.mark)


def items(parts: Sequence[Part], style: Style) -> str:
    """A list of which each part is an item."""
    return element("ul", "".join(element("li", _line(part, style)) for part in parts), style.frame + style.mark)


def table(parts: Sequence[Part], style: Style) -> str:
    """A table beside the text, its lines broken."""
    cell = element("td", "<br>".join(_line(part, style) for part in parts))
    return element("table", element("tr", cell), ' align="right" width="200" bgcolor="#eeeeee"' + style.mark)


def rows(parts: Sequence[Part], style: Style) -> str:
    """A table of a row a part."""
    lines = "".join(element("tr", element("td", _line(part, style))) for part in parts)
    return element("table", lines, ' border="0" cellpadding="4"' + style.mark)


def card(parts: Sequence[Part], style: Style) -> str:
    """A card that is one link."""
    content = "".join(
        element("h4" if part.role in ("h", "l") else "span", text(part.text)) for part in parts if part.role != "f"
    )
    picture = element("img", attributes=' src="/c.jpg" alt=""')
    link = element("a", picture + element("div", content), f' href="/{style.kind}/{len(content)}"')
    return element("div", link, style.frame + style.mark)


def pictured(parts: Sequence[Part], style: Style) -> str:
    """A box with a picture above its lines."""
    picture = element("img", attributes=' src="/t.jpg" alt="" width="120"')
    return element("div", picture + _inside(parts, style), style.frame + style.mark)


def pairs(parts: Sequence[Part], style: Style) -> str:
    """A definition list."""
    lines = "".join(
        element("dt", text(part.text)) if part.role in ("h", "n") else element("dd", _line(part, style))
        for part in parts
    )
    return element("dl", lines, style.frame + style.mark)


def form(parts: Sequence[Part], style: Style) -> str:
    """A form with its button."""
    field = element("input", attributes=' type="email" name="email"')
    return element("form", _inside(parts, style) + field, ' action="/go" method="post"' + style.frame + style.mark)


def centred(parts: Sequence[Part], style: Style) -> str:
    """Old markup: centred lines in a small font."""
    lines = "<br>".join(_line(part, style) for part in parts)
    return element("center", element("font", lines, ' size="1"'), style.mark)


def spans(parts: Sequence[Part], style: Style) -> str:
    """A box whose parts are spans at line breaks."""
    lines = "<br>".join(element("span", _line(part, style)) for part in parts)
    return element("div", lines, style.frame + style.mark)


SHAPES: dict[str, Callable[[Sequence[Part], Style], str]] = {
    "own": own_paragraphs,
    "one": one_paragraph,
    "broken": broken_paragraph,
    "emphasised": emphasised,
    "headed": headed,
    "ruled": ruled,
    "div": _boxed("div", "p"),
    "divs": _boxed("div", "div"),
    "aside": _boxed("aside", "p"),
    "section": _boxed("section", "p"),
    "figure": _boxed("figure", "figcaption"),
    "nested": nested,
    "details": details,
    "items": items,
    "table": table,
    "rows": rows,
    "card": card,
    "pictured": pictured,
    "pairs": pairs,
    "form": form,
    "centred": centred,
    "spans": spans,
}

IN_STYLE = ("own", "one", "broken", "emphasised", "headed", "ruled")
"""Shapes that look like the article's own paragraphs. Half of all styles have one: there only words tell."""
BOXES = tuple(name for name in SHAPES if name not in IN_STYLE)

FRAMES = (
    ' style="border:1px solid #ccc;padding:10px"',
    ' style="float:right;width:220px"',
    ' style="background:#f4f4f4"',
    ' align="right"',
)


def style(kind: str, naming: Naming, paragraph: str, random: Random) -> Style:
    """How a site writes one kind."""
    shape = random.choice(IN_STYLE if random.random() < IN_STYLE_SHARE else BOXES)
    frame = random.choice(FRAMES) if random.random() < DRAWN_SHARE else naming(kind)
    return Style(
        kind=kind,
        shape=shape,
        heading=random.choice(("h2", "h3", "h4", "h5", "h6", "strong", "p", "div")),
        link=random.choice(("", "", "strong", "em", "span", "b")),
        paragraph=paragraph,
        frame=frame,
        naming=naming,
        is_listed=random.random() < LISTED_SHARE,
    )


IN_STYLE_SHARE = 0.5
DRAWN_SHARE = 0.25
LISTED_SHARE = 0.6
"""Shares chosen by what the news themes of publishing software do: boxes and paragraphs are about as frequent."""


def drawn(parts: Sequence[Part], style: Style) -> str:
    """The markup of furniture."""
    return SHAPES[style.shape](parts, style)
