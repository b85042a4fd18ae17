"""Site configurations of FiveFilters' Full-Text RSS: one text file a host, lines of ``key: value``.

The format is described at https://help.fivefilters.org/full-text-rss/site-patterns.html; 2,000 such files are
maintained at https://github.com/fivefilters/ftr-site-config.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaners.site.rules.rules import SiteRules, to_host
from cleaners.site.rules.selectors import check_xpath

ENDING = ".txt"

LINE = re.compile(r"^(?P<key>[a-z_]{1,40})(?:\((?P<argument>.{0,500}?)\))?\s{0,9}:\s{0,9}(?P<value>.*)$")

PLACES = {
    "title": "title",
    "body": "body",
    "author": "authors",
    "date": "published",
    "strip": "remove",
    "next_page_link": "next_page",
    "single_page_link": "single_page",
}
"""Keys whose values are XPath expressions, with the keys of :class:`SiteRules` that they stand for."""

IGNORED_KEYS = frozenset(
    ("test_url", "test_contains", "tidy", "parser", "autodetect_on_failure", "convert_double_br_tags")
)
"""Keys that are ignored: they test a file or choose a parser. Copydesk has one parser, which never stops at a failed
pattern."""

YES = ("yes", "true", "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteConfig:
    """A file of this format, converted to site rules."""

    rules: SiteRules
    unsupported: tuple[str, ...]
    """Keys and invalid lines that are ignored, without duplicates."""


def read_fivefilters(path: Path, file: str) -> SiteConfig:
    """Read a site configuration. Its name is that of the host; one that begins with a dot is for all hosts below.

    A line that is not valid has no effect, as in Full-Text RSS: the files are many, and others write them.

    Raises:
        OSError: when it cannot be read.
    """
    lines = path.read_text("utf-8-sig", errors="replace").splitlines()
    return _Config(file, path.name.removesuffix(ENDING).lower()).read(lines)


class _Config:
    """Collects the rules of one file."""

    def __init__(self, file: str, host: str) -> None:
        self.file, self.host = file, host
        self.places: dict[str, list[str]] = {key: [] for key in PLACES.values()}
        self.replace: list[tuple[str, str]] = []
        self.find_strings: list[str] = []
        self.prune = True
        self.unsupported: dict[str, None] = {}

    def read(self, lines: list[str]) -> SiteConfig:
        """The rules of the file's lines."""
        for number, line in enumerate(lines, 1):
            text = line.strip()
            if text and not text.startswith("#") and (problem := self.add(text)):
                self.unsupported[problem if problem.isidentifier() else f"line {number} ({problem})"] = None
        try:
            bare = to_host(self.host.removeprefix("."))
        except ValueError as error:
            bare, self.unsupported = "", {f"the file's name: {error}": None}
        places: dict[str, Any] = {key: tuple(values) for key, values in self.places.items()}
        rules = SiteRules(
            name=bare,
            origin=self.file,
            hosts=(bare, f"*.{bare}") if bare and self.host.startswith(".") else (bare,) if bare else (),
            replace=tuple(self.replace),
            prune=self.prune,
            **places,
        )
        return SiteConfig(rules=rules, unsupported=tuple(self.unsupported))

    def add(self, text: str) -> str | None:
        """Add one line. Returns the key or the problem where the line is not supported, else None."""
        match = LINE.fullmatch(text)
        if match is None:
            return "not key: value"
        key, argument, value = match["key"], match["argument"], match["value"].strip()
        if key in (*STRIP_XPATHS, *PLACES) and value:
            return self.add_place(key, value)
        if key == "prune":
            self.prune = value.lower() in YES
        elif key == "find_string" and value:
            self.find_strings.append(value)
        elif key == "replace_string" and (argument or self.find_strings):
            self.replace.append((argument or self.find_strings.pop(0), value))
        elif key not in IGNORED_KEYS and value:
            return key
        return None

    def add_place(self, key: str, value: str) -> str | None:
        """Add an XPath expression."""
        try:
            expression = STRIP_XPATHS[key](value) if key in STRIP_XPATHS else check_xpath(value)
        except ValueError as error:
            return str(error)
        self.places[PLACES.get(key, "remove")].append(expression)
        return None


def _quoted(text: str) -> str:
    """Return a text as an XPath literal. XPath has no escapes: quotation marks are removed, as in Full-Text RSS."""
    return "'{}'".format(text.replace("'", "").replace('"', ""))


def _of_id_or_class(value: str) -> str:
    text = _quoted(value)
    return f"//*[contains(@class, {text}) or contains(@id, {text})]"


def _image_src_xpath(value: str) -> str:
    return f"//img[contains(@src, {_quoted(value)})]"


STRIP_XPATHS: dict[str, Callable[[str], str]] = {
    "strip_id_or_class": _of_id_or_class,
    "strip_image_src": _image_src_xpath,
}
"""Keys that name what to remove by a part of an attribute, and their XPath expressions."""
