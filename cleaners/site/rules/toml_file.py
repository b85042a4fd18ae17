"""Site rules in TOML: one or more ``[[site]]`` tables a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from cleaners.site.rules.rules import PLACES, URL_KEYS, SiteRuleError, SiteRules, to_host
from cleaners.site.rules.selectors import to_xpath
from cleaners.types import BODY_KINDS, BlockKind

TABLE = re.compile(r"^\s{0,20}\[\[\s{0,9}site\s{0,9}\]\]")
TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")

FLAGS = ("prune", "render")
LISTS = ("hosts", "paths", *PLACES, *URL_KEYS)
REMOVABLE = {str(kind): kind for kind in BlockKind if kind not in BODY_KINDS}
KEYS = (*LISTS, *FLAGS, "replace", "tests")


def read_toml(path: Path, file: str) -> list[SiteRules]:
    """The rules of a TOML file.

    Args:
        path: the file.
        file: its name in messages and records.

    Raises:
        SiteRuleError: naming the file, the line and the key.
    """
    try:
        text = path.read_text("utf-8-sig")
        document = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise SiteRuleError(file, None, None, f"not UTF-8: {error.reason} at byte {error.start}") from error
    except (RecursionError, ValueError) as error:  # TOMLDecodeError is one; so is an integer of too many digits
        match = TOML_LINE.search(str(error))
        line = int(match[1]) if match and match[1] else len(text.splitlines())
        raise SiteRuleError(file, line, None, f"not valid TOML: {TOML_LINE.sub('', str(error)).strip()}") from error
    lines = text.splitlines()
    for key in document:
        if key != "site":
            raise SiteRuleError(file, _line_of(lines, None, key), key, "expected only [[site]] tables")
    tables = document.get("site")
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise SiteRuleError(file, 1, "site", "expected one or more [[site]] tables")
    return [_Table(file, lines, number, table).rules() for number, table in enumerate(tables)]


class _Table:
    """One ``[[site]]`` table, and where its keys stand in the file."""

    def __init__(self, file: str, lines: list[str], number: int, table: dict[str, Any]) -> None:
        self.file, self.lines, self.number, self.table = file, lines, number, table

    def rules(self) -> SiteRules:
        for key in self.table:
            if key not in KEYS:
                near = get_close_matches(key, KEYS, 1)
                raise self.error(key, f"unknown key; did you mean {near[0]}?" if near else "unknown key")
        hosts = tuple(self.each("hosts", to_host))
        if not hosts:
            raise self.error("hosts", "missing: name the hosts to which the rules apply")
        kinds = self.remove_kinds()
        places: dict[str, Any] = {key: tuple(self.each(key, to_xpath)) for key in PLACES}
        addresses: dict[str, Any] = {key: tuple(self.each(key, _checked)) for key in URL_KEYS}
        self.texts("tests")
        return SiteRules(
            name=hosts[0].removeprefix("*."),
            origin=self.file,
            hosts=hosts,
            paths=self.texts("paths"),
            remove_kinds=kinds,
            replace=self.pairs(),
            prune=self.flag("prune", default=True),
            render=self.flag("render", default=False),
            **places,
            **addresses,
        )

    def remove_kinds(self) -> tuple[BlockKind | None, ...]:
        """The kinds of the places of ``remove``, which are texts, or tables with ``select`` and ``kind``."""
        value = self.table.get("remove", [])
        entries = value if isinstance(value, list) else [value]
        kinds = tuple(self.kind(entry) if isinstance(entry, dict) else None for entry in entries)
        return kinds if any(kinds) else ()

    def kind(self, entry: dict[str, Any]) -> BlockKind:
        """The kind of a place."""
        if set(entry) != {"select", "kind"}:
            raise self.error("remove", 'expected a text or { select = "…", kind = "…" }')
        try:
            return REMOVABLE[entry["kind"]]
        except (KeyError, TypeError) as error:
            raise self.error("remove", f"kind: expected one of {', '.join(REMOVABLE)}") from error

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.table.get(key, [])
        values = value if isinstance(value, list) else [value]
        if key == "remove":
            values = [entry.get("select") if isinstance(entry, dict) else entry for entry in values]
        if not all(isinstance(entry, str) for entry in values):
            raise self.error(key, "expected a text or a list of texts")
        return tuple(values)

    def each(self, key: str, change: Callable[[str], str]) -> Iterator[str]:
        for text in self.texts(key):
            try:
                yield change(text)
            except ValueError as error:
                raise self.error(key, str(error)) from error

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Texts to replace: a list of ``[old, new]``."""
        value = self.table.get("replace", [])
        try:
            pairs = tuple((old, new) for old, new in value)
        except (TypeError, ValueError):
            pairs = ((None, None),)
        if not all(isinstance(old, str) and isinstance(new, str) and old for old, new in pairs):
            raise self.error("replace", "expected a list of pairs: [[old, new], …]")
        return pairs

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.table.get(key, default)
        if not isinstance(value, bool):
            raise self.error(key, "expected true or false")
        return value

    def error(self, key: str, problem: str) -> SiteRuleError:
        return SiteRuleError(self.file, _line_of(self.lines, self.number, key), key, problem)


def _checked(expression: str) -> str:
    """A regular expression that is valid and fast.

    Raises:
        ValueError: when it is not.
    """
    from cleaners.site.rules.url_patterns import check  # noqa: PLC0415  only where there are any

    check(expression)
    return expression


def _line_of(lines: list[str], number: int | None, key: str) -> int:
    """The line of a key in the table with that number; that of the table's start where the key is missing."""
    start, table = 0, -1
    pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.\]]|\s*\[+\s*{re.escape(key)}\b""")
    for index, line in enumerate(lines, 1):
        if TABLE.match(line):
            table += 1
            if table == number:
                start = index
        if (number is None or table == number) and pattern.match(line):
            return index
    return start or 1
