"""A story as markup: its paragraphs, subheads, lists, quotations and tables in the manner of a site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from random import Random

from benchmarks.factory.catalogue import Part
from benchmarks.factory.markup import KEPT, Naming, element, out, paragraph, text


@dataclass(frozen=True, slots=True)
class Manner:
    """How a site writes its stories."""

    paragraph: str
    """Tag and attributes of a paragraph; ``br``: lines in one element, ``pre``, ``wrapped``: a box around each."""
    subhead: str
    question: str
    """What questions of interviews are: ``strong``, ``em``, ``h3``, ``plain``."""
    quote: str
    item: str
    """``list``, or a mark before lines."""
    entry: str
    """The element of an entry of a live blog."""
    entry_heading: str
    control: str
    """A control in each entry; empty for none."""
    naming: Naming

    @classmethod
    def of(cls, paragraph: str, naming: Naming, random: Random) -> Manner:
        """The manner of a new site."""
        return cls(
            paragraph=paragraph,
            subhead=random.choice(("h2", "h2", "h3", "h3", "h4", "strong", "b")),
            question=random.choice(("strong", "strong", "em", "h3", "plain", "b")),
            quote=random.choice(("blockquote", "blockquote", "plain", "q")),
            item=random.choice(("list", "list", "list", "– ", "• ")),
            entry=random.choice(("article", "div", "section", "li")),
            entry_heading=random.choice(("h2", "h3", "h4", "strong")),
            control=random.choice(("", "", "↗", "#")),
            naming=naming,
        )

    @property
    def is_lines(self) -> bool:
        """True where paragraphs are lines of one element."""
        return self.paragraph in ("br", "pre")

    @property
    def furniture_paragraph(self) -> str:
        """What a paragraph of furniture is that looks like the body's."""
        return "span" if self.is_lines else "p" if self.paragraph == "wrapped" else self.paragraph

    def line(self, content: str, mark: str) -> str:
        """A paragraph."""
        if self.is_lines:
            return content
        if self.paragraph == "wrapped":
            return element("div", element("p", content), self.naming("paragraph-wrap") + mark)
        return paragraph(self.paragraph, content, mark)


def pieces(blocks: Sequence[Part], manner: Manner, mark: str = KEPT) -> list[str]:
    """A story's blocks as pieces of markup, between which furniture may stand; a list or table is one piece."""
    entries = [i for i, block in enumerate(blocks) if block.role == "e"]
    if entries:
        ends = [*entries[1:], len(blocks)]
        live = [_entry(blocks[start:stop], manner, mark) for start, stop in zip(entries, ends, strict=True)]
        return [*pieces(blocks[: entries[0]], manner, mark), *live]
    drawn: list[str] = []
    for role, run in groupby(blocks, key=attrgetter("role")):
        if role in ("li", "ol", "tr"):
            drawn.append(_group(list(run), manner, mark))
        else:
            drawn += [_piece(block, manner, mark) for block in run]
    return drawn


def _entry(blocks: Sequence[Part], manner: Manner, mark: str) -> str:
    """An entry of a live blog: time, headline, paragraphs, and a control on some sites."""
    time, _, headline = text(blocks[0].text).partition(" | ")
    head = element("time", time, out("entry time")) + element(manner.entry_heading, headline, mark)
    inner = "".join(pieces(blocks[1:], manner, mark))
    control = element("a", manner.control, ' href="#share"' + out("share")) if manner.control else ""
    return element(manner.entry, element("header", head) + inner + control, manner.naming("entry"))


def _group(run: Sequence[Part], manner: Manner, mark: str) -> str:
    role = run[0].role
    if role == "tr":
        rows = [[text(cell) for cell in part.text.split(" | ")] for part in run]
        head = element("tr", "".join(element("th", cell) for cell in rows[0]))
        lines = (element("tr", "".join(element("td", cell) for cell in row)) for row in rows[1:])
        return element("table", head + "".join(lines), f' border="1"{mark}')
    if role == "li" and manner.item != "list":
        return "".join(_ended(manner.line(manner.item + text(part.text), mark), manner) for part in run)
    tag = "ol" if role == "ol" else "ul"
    return element(tag, "".join(element("li", text(part.text)) for part in run), mark)


def _piece(block: Part, manner: Manner, mark: str) -> str:
    words = text(block.text)
    if block.role == "cap":
        picture = element("img", attributes=' src="/p.jpg" alt=""')
        return element("figure", picture + element("figcaption", words), out("caption"))
    if block.role == "post":
        return _post(words, manner, mark)
    if block.role == "h" or (block.role == "q" and manner.question == "h3"):
        if manner.subhead in ("strong", "b") or manner.is_lines:
            return _ended(manner.line(element("b" if manner.is_lines else manner.subhead, words), mark), manner)
        return element(manner.subhead, words, mark)
    if block.role == "bq":
        if manner.quote == "blockquote":
            return element("blockquote", element("p", words), mark)
        words = element("em", words) if manner.quote == "q" else words
    elif block.role == "q" and manner.question != "plain":
        words = element(manner.question, words)
    elif block.role == "note":
        words = element("em", words)
    return _ended(manner.line(words, mark), manner)


def _post(words: str, manner: Manner, mark: str) -> str:
    """Another's post as platforms have it embedded: a box whose text is the story's, below a name and above a date."""
    name, _, rest = words.partition(" | ")
    said, _, date = rest.rpartition(" | ")
    head = element("div", element("span", name), manner.naming("post head") + out("post"))
    said = element("div", element("p", said, mark), manner.naming("post text"))
    foot = element("div", element("a", date, ' href="https://posts.example/1"'), out("post"))
    return element("div", head + said + foot, manner.naming("post"))


def _ended(line: str, manner: Manner) -> str:
    return line + ("\n\n" if manner.paragraph == "pre" else "<br><br>" if manner.is_lines else "")


def whole(pieces_: Sequence[str], manner: Manner, mark: str = KEPT) -> str:
    """Pieces as the element of the story."""
    joined = "".join(pieces_)
    if manner.paragraph == "pre":
        return element("pre", joined, mark)
    return element("div", joined, manner.naming("story-text") + mark) if manner.is_lines else joined
