"""The file of a site's taught rules, each with the labelled page from which it was learnt."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaners.site.rules.rules import FIELD_PLACES
from cleaners.types import BlockKind

HEAD = "# Written by `scrapy teach` from the labelled pages in taught/; it is written anew whenever a page is added."

ENTRY = re.compile(r"^    (?P<value>\S.*),  # (?P<page>.*)$")
KEYS = ("remove", "keep", *FIELD_PLACES)
KEY = re.compile(rf"^({'|'.join(KEYS)}) = \[$")
FRAME = re.compile(r"(# Written by `scrapy teach`.*|\[\[site\]\]|hosts = .*|\]|\s*)")
"""The other lines of such a file."""


class TaughtSelector(NamedTuple):
    """A place of a site's template, and what it is."""

    key: str
    """``remove`` or ``keep``, or the field of the record that stands there."""
    selector: str
    """A CSS selector."""
    page: str
    """The title and URL of the page that taught it."""
    kind: BlockKind | None = None
    """Block kind of what is removed, where a person chose one."""


def to_toml(host: str, places: Sequence[TaughtSelector]) -> str:
    """The file for a host."""
    lines = [HEAD, "", "[[site]]", f"hosts = [{json.dumps(host)}]"]
    for key in KEYS:
        of_key = [place for place in places if place.key == key]
        if of_key:
            lines += [f"{key} = [", *(f"    {_value(place)},  # {place.page}" for place in of_key), "]"]
    return "\n".join(lines) + "\n"


def _value(place: TaughtSelector) -> str:
    selector = json.dumps(place.selector)
    return selector if place.kind is None else f'{{ select = {selector}, kind = "{place.kind}" }}'


def from_toml(text: str) -> list[TaughtSelector]:
    """Return the places of a file that :func:`to_toml` wrote. Lines that a person added in another form have no page
    and are left out.
    """
    return [place for place in _lines(text) if isinstance(place, TaughtSelector)]


def foreign_lines(text: str) -> list[str]:
    """The lines of such a file that :func:`to_toml` did not write: a person did."""
    return [line for line in _lines(text) if isinstance(line, str)]


def _lines(text: str) -> Iterator[TaughtSelector | str]:
    """Yield the places of a file, and as text the lines that are neither places nor fixed lines."""
    key = ""
    for line in text.splitlines():
        if start := KEY.match(line):
            key = start[1]
        elif (entry := ENTRY.match(line)) and (place := _place(key, entry["value"], entry["page"])):
            yield place
        elif not FRAME.fullmatch(line):
            yield line


def _place(key: str, value: str, page: str) -> TaughtSelector | None:
    """The place of a line; None where it is of another form."""
    try:
        entry = tomllib.loads(f"place = {value}")["place"]
        if isinstance(entry, str):
            return TaughtSelector(key, entry, page)
        return TaughtSelector(key, entry["select"], page, BlockKind(entry["kind"]))
    except (KeyError, TypeError, ValueError):
        return None
