"""What changed between two outputs: by site, field and kind of change, with examples."""

from __future__ import annotations

import difflib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from cleaners.urls.resolve import bare_host
from crawler.files.line_files import DamagedLineError, json_lines

Record = dict[str, Any]
"""The values of a JSON line by key."""

RUN_KEYS = ("cleaner", "schema_version", "fetched_at", "source", "revision", "previous")
"""Keys of a record that describe the run that wrote it, not the article. They are not compared."""

MAX_EXAMPLES = 3
"""Examples of each kind of change of a field of a site."""

SHOWN_CHARS = 300
"""Characters of a value in an example."""

KEEP_OLD = "INSERT OR REPLACE INTO old VALUES (?, ?)"
KEEP_NEW = "INSERT OR REPLACE INTO new VALUES (?, ?)"
IN_OLD = "SELECT old.line, new.line FROM old LEFT JOIN new USING (id) ORDER BY id"
IN_NEW_ALONE = "SELECT NULL, line FROM new WHERE id NOT IN (SELECT id FROM old) ORDER BY id"


class DifferencesError(ValueError):
    """An output that cannot be compared; the message names it and what is wrong."""


class Kind(StrEnum):
    """How a field changed."""

    FILLED = "filled"
    EMPTIED = "emptied"
    LONGER = "longer"
    """Lines, or values of a list, were added and none taken away."""
    SHORTER = "shorter"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The kind as a word in a report for people."""
        return "changed" if self is Kind.OTHER else self.value


def shown(field_: str) -> str:
    """The name of a record's field, as a report for people shows it."""
    return "removal list" if field_ == "removed" else field_.replace("_", " ")


class Example(NamedTuple):
    """One change, as a report shows it."""

    url: str
    old: str
    new: str
    why: str
    """The rules that removed a line from the text or added one; empty when no rule is named."""


@dataclass(slots=True)
class SiteDifferences:
    """The changes of the records of one site."""

    same: int = 0
    changed: int = 0
    added: int = 0
    """Records that only the new output has."""
    gone: int = 0
    kinds: Counter[tuple[str, Kind]] = field(default_factory=Counter)
    """Changes by field and kind."""
    examples: dict[tuple[str, str], list[Example]] = field(default_factory=lambda: defaultdict(list))
    """By field and kind; ``added`` and ``gone`` under an empty field."""

    @property
    def records(self) -> int:
        """Number of records in either output."""
        return self.same + self.changed + self.added + self.gone

    def show(self, name: str, kind: str, example: Example) -> None:
        """Add an example, unless its field and kind have ``MAX_EXAMPLES`` already."""
        examples = self.examples[name, kind]
        if len(examples) < MAX_EXAMPLES:
            examples.append(example)


@dataclass(slots=True)
class Differences:
    """The changes between two outputs."""

    sites: dict[str, SiteDifferences] = field(default_factory=lambda: defaultdict(SiteDifferences))

    @property
    def total(self) -> SiteDifferences:
        """The sums over all sites, without examples."""
        total = SiteDifferences()
        for site in self.sites.values():
            total.same += site.same
            total.changed += site.changed
            total.added += site.added
            total.gone += site.gone
            total.kinds.update(site.kinds)
        return total

    @property
    def is_empty(self) -> bool:
        """True where nothing changed."""
        total = self.total
        return not (total.changed or total.added or total.gone)


def compare(old: Path, new: Path) -> Differences:
    """Compare the records of two outputs by their ids; of several with one id the last one counts.

    Both may be files of JSON Lines, compressed or not, or folders of them. They may be larger than the memory.

    Raises:
        DifferencesError: naming the file and line that cannot be read.
    """
    differences = Differences()
    with closing(sqlite3.connect("", isolation_level=None)) as db:  # temporary files, beyond SQLite's cache
        db.execute("CREATE TABLE old (id TEXT PRIMARY KEY, line BLOB)")
        db.execute("CREATE TABLE new (id TEXT PRIMARY KEY, line BLOB)")
        for statement, path in ((KEEP_OLD, old), (KEEP_NEW, new)):
            db.execute("BEGIN")
            db.executemany(statement, _rows(path))
            db.execute("COMMIT")
        for query in (IN_OLD, IN_NEW_ALONE):
            for before, after in db.execute(query):
                _add(differences, before, after)
    return differences


def _rows(path: Path) -> Iterator[tuple[str, bytes]]:
    for file in _files(path):
        try:
            for number, line in json_lines(file):
                yield _row(file, number, line)
        except (OSError, DamagedLineError) as error:
            raise DifferencesError(f"{file}: {error}") from error


def _files(path: Path) -> list[Path]:
    """The files of an output.

    Raises:
        DifferencesError: where there is none.
    """
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if ".jsonl" in file.name and ".rejections." not in file.name)
    files = [file for file in files if not file.name.startswith((".", "rejections."))]
    if not files:
        raise DifferencesError(f"{path}: no output: expected files of JSON Lines (.jsonl, .jsonl.gz)")
    return files


def _row(file: Path, number: int, line: bytes) -> tuple[str, bytes]:
    try:
        record = json.loads(line)
        return str(record["id"]), line
    except (ValueError, KeyError, TypeError) as error:
        raise DifferencesError(f"{file}:{number}: expected a record of an article: {error}") from error


def _add(differences: Differences, before: bytes | None, after: bytes | None) -> None:
    old: Record = json.loads(before or b"{}")
    new: Record = json.loads(after or b"{}")
    url = str((new or old).get("url") or "")
    site = differences.sites[bare_host(url) or url]
    if not old or not new:
        site.gone += not new
        site.added += not old
        site.show("", "added" if new else "gone", Example(url, _shown(old.get("text")), _shown(new.get("text")), ""))
        return
    names = [name for name in {**old, **new} if name not in RUN_KEYS and old.get(name) != new.get(name)]
    site.changed += bool(names)
    site.same += not names
    for name in names:
        kind = kind_of(old.get(name), new.get(name))
        site.kinds[name, kind] += 1
        site.show(name, kind, _example(url, name, old, new))


def kind_of(old: object, new: object) -> Kind:
    """How a value changed."""
    if not old:
        return Kind.FILLED
    if not new:
        return Kind.EMPTIED
    before, after = _parts(old), _parts(new)
    lost, won = Counter(before) - Counter(after), Counter(after) - Counter(before)
    if won and not lost:
        return Kind.LONGER
    return Kind.SHORTER if lost and not won else Kind.OTHER


def _parts(value: object) -> list[str]:
    """The lines of a text, or the values of a list."""
    if isinstance(value, str):
        return value.split("\n")
    return [json.dumps(item, sort_keys=True) for item in value] if isinstance(value, list) else [json.dumps(value)]


def _example(url: str, name: str, old: Record, new: Record) -> Example:
    before, after = old.get(name), new.get(name)
    if not isinstance(before, (str, list)) or not isinstance(after, (str, list)):
        return Example(url, _shown(before), _shown(after), "")
    lines = list(difflib.ndiff(_parts(before), _parts(after)))
    lost = [line[2:] for line in lines if line.startswith("- ")]
    won = [line[2:] for line in lines if line.startswith("+ ")]
    why = _rules(lost, new, "out by") + _rules(won, old, "in, was out by") if name == "text" else []
    return Example(url, _shown("\n".join(lost)), _shown("\n".join(won)), "; ".join(why))


def _rules(lines: list[str], record: Record, words: str) -> list[str]:
    """The rules in a record's removal ledger that removed one of the lines."""
    wanted = {" ".join(line.split()) for line in lines}
    removed = record.get("removed") or ()
    return sorted({f"{words} {entry['rule']}" for entry in removed if " ".join(str(entry["text"]).split()) in wanted})


def _shown(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"
