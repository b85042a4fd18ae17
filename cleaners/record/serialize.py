"""Article and rejection to JSON lines, and an article back from its line. The declarations are in :mod:`cleaners.types`."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from typing import Any, TypeVar

import msgspec

from cleaners.record.schema import KEYS, OPTIONAL
from cleaners.types import Article, Duplicate, Evidence, Image, Link, Rejection, Removal, Right

Named = TypeVar("Named", Image, Link)

UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Characters that are escaped: some readers break lines at them, terminals obey them, or UTF-8 cannot hold them."""

NAMES = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (Article, Rejection, Image, Link, Removal, Right, Evidence, Duplicate)
}
"""The fields of each part of a record, in order."""


def to_json(value: Article | Rejection) -> str:
    """One line of JSON without its newline: keys in field order, UTF-8 text unescaped, absent values null or empty.

    U+2028, U+2029, U+0085 and the other control characters are escaped. A lone surrogate becomes U+FFFD.
    """
    record = {
        name: given for name in NAMES[type(value)] if (given := getattr(value, name)) is not None or name not in OPTIONAL
    }
    line = json.dumps(record, ensure_ascii=False, separators=(", ", ": "), default=_fields)
    return line if line.isascii() and "\x7f" not in line else UNSAFE.sub(_escaped, line)


def _escaped(found: re.Match[str]) -> str:
    """A character of ``UNSAFE`` as JSON spells it."""
    char = found[0]
    return "\ufffd" if "\ud800" <= char <= "\udfff" else f"\\u{ord(char):04x}"


def _fields(value: Any) -> dict[str, Any]:
    """A part of a record, for JSON's encoder."""
    return {name: getattr(value, name) for name in NAMES[type(value)]}


def from_json(line: str) -> Article:
    """The article of a line written by :func:`to_json`.

    Raises:
        ValueError: when the line is no JSON object, lacks a key, or a value is not of its type; the message names it.
    """
    record = json.loads(line)
    if not isinstance(record, dict) or set(record) - set(OPTIONAL) != set(KEYS):
        raise ValueError(f"not an article record: {line[:80]}")
    return msgspec.convert(record, Article)


def merge_pages(pages: list[Article]) -> Article:
    """Join the pages of one article, in order, into the first page's record.

    The first page names the article. Texts, pictures, links and removals follow each other, each once; a source line may stand
    on the last page.
    """
    first = pages[0]
    return replace(
        first,
        text="\n".join(page.text for page in pages),
        authors=first.authors or next((page.authors for page in pages if page.authors), ()),
        credit=next((page.credit for page in pages if page.credit), None),
        images=_once([image for page in pages for image in page.images]),
        related=_once([link for page in pages for link in page.related]),
        removed=tuple(removal for page in pages for removal in page.removed),
        page_count=len(pages),
    )


def _once(values: list[Named]) -> tuple[Named, ...]:
    known: dict[str, Named] = {}
    for value in values:
        known.setdefault(value.url, value)
    return tuple(known.values())
