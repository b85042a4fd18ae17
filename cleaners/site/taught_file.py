"""The file of what was taught of a site: site rules, each with the page that taught it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import NamedTuple

HEAD = "# Written by `scrapy teach` from the labelled pages in taught/; it is written anew whenever a page is added."

ENTRY = re.compile(r'^    (?P<selector>"(?:[^"\\]|\\.)*"),  # (?P<page>.*)$')
KEY = re.compile(r"^(remove|keep) = \[")


class Place(NamedTuple):
    """A place of a site's template, and what it is."""

    key: str
    """``remove`` or ``keep``."""
    selector: str
    """A CSS selector."""
    page: str
    """The name of the page that taught it."""


def to_toml(host: str, places: Sequence[Place]) -> str:
    """The file for a host."""
    lines = [HEAD, "", "[[site]]", f"hosts = [{json.dumps(host)}]"]
    for key in ("remove", "keep"):
        of_key = [place for place in places if place.key == key]
        if of_key:
            lines += [f"{key} = [", *(f"    {json.dumps(p.selector)},  # {p.page}" for p in of_key), "]"]
    return "\n".join(lines) + "\n"


def from_toml(text: str) -> list[Place]:
    """The places of a file that :func:`to_toml` wrote; lines that a person added otherwise have no page and are not
    among them.
    """
    found: list[Place] = []
    key = ""
    for line in text.splitlines():
        if start := KEY.match(line):
            key = start[1]
        elif entry := ENTRY.match(line):
            found.append(Place(key, json.loads(entry["selector"]), entry["page"]))
    return found
