"""Markdown that has one line for each line of a text, so that lines are taken out of both alike.

Between these content lines stand only empty lines and the delimiter rows of tables (GitHub Flavored Markdown 0.29,
4.10), which follow from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

DELIMITER = re.compile(r"\|(?: --- \|)+")
CELL_END = re.compile(r"(?<!\\)(?:\\\\)*\|")
"""The end of a cell: a bar without a backslash before it."""
FORM = re.compile(r"(?P<row>\|)|(?P<bullet>- )|(?P<number>1\. )")
"""How a content line begins that belongs to one before it; text that begins so is escaped."""


def content_lines(markdown: str) -> list[str]:
    """The lines of some Markdown that stand for lines of the text, in order."""
    return [line for line in markdown.split("\n") if line and not DELIMITER.fullmatch(line)]


def join_lines(lines: Iterable[str]) -> str:
    """Markdown of content lines: items of a list stand together, and so do the rows of a table, below its head.

    A row with more cells than the table's head would lose some of them: it begins another table.
    """
    parts: list[str] = []
    before, cells = "", 0
    for line in lines:
        match = FORM.match(line)
        form = (match.lastgroup or "") if match else ""
        own = len(CELL_END.findall(line)) - 1 if form == "row" else 0
        is_next = bool(form) and form == before and own <= cells
        parts.append(line if not parts else f"\n{line}" if is_next else f"\n\n{line}")
        if form == "row" and not is_next:
            cells = own
            parts.append(f"\n|{' --- |' * own}")
        before = form
    return "".join(parts)


def keep_lines(markdown: str, is_kept: Sequence[bool]) -> str:
    """The Markdown of the lines of a text that are kept; ``is_kept`` has an entry for each line of the text."""
    return join_lines(line for line, kept in zip(content_lines(markdown), is_kept, strict=True) if kept)
