"""A full-text index of the articles in outputs: SQLite's FTS5, kept in a file of its own.

The outputs stay what counts: the index can be removed at any time, and is made again. FTS5's ``unicode61`` takes a run
of ideographs or kana for one word, so each of them is indexed as a word of its own, and asked for as a phrase.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from cleaners.urls.resolve import bare_host
from crawler.files.line_files import DamagedLineError, json_lines

APPLICATION_ID = 0x43444B53
"""Says that a SQLite file is such an index: ``CDKS``."""
VERSION = 2
"""Of the tables; an index of another version is made again."""

UNSPACED = re.compile(r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff])")
"""Letters of scripts without spaces between words: Thai, Lao, Myanmar, Khmer, ideographs, kana; and Hangul, whose words
have endings."""
JOINER = "\u2060"
"""WORD JOINER, which FTS5 takes for the end of a word, and readers do not see. It stands around such letters."""

TERM = re.compile(r'"([^"]+)"|(\S+)')

MAX_TERMS = 64
"""Terms of a query: FTS5 takes quadratic time for thousands of frequent ones."""

PAGE_SIZE = 20
"""Results of a page."""

SNIPPET_WORDS = 40
"""Words of a result around what was found."""

COMMIT_LINES = 2_000
"""Lines after which the index is committed: a few seconds of work."""

START, END = "\x02", "\x03"
"""Around what was found in a snippet: control characters, which no record has."""

CONTROLS = re.compile("[\x00-\x1f]")

MARKS = re.compile("[\x02\x03]")

LIKE_SIGN = re.compile(r"([\\%_])")
"""Characters that have a meaning in a pattern of LIKE."""

TABLES = f"""
CREATE TABLE outputs (path TEXT PRIMARY KEY, lines INTEGER NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
    last TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (number INTEGER PRIMARY KEY, id TEXT NOT NULL, output TEXT NOT NULL, is_shown INTEGER NOT NULL,
    revision INTEGER NOT NULL, url TEXT NOT NULL, host TEXT NOT NULL, title TEXT, published TEXT, fetched TEXT,
    language TEXT, confidence REAL, chars INTEGER NOT NULL, source TEXT, UNIQUE (id, output));
CREATE INDEX by_host ON articles (host, fetched);
CREATE INDEX by_fetched ON articles (fetched);
CREATE INDEX by_output ON articles (output);
CREATE VIRTUAL TABLE words USING fts5(title, text, authors, tokenize = 'unicode61 remove_diacritics 2');
PRAGMA user_version = {VERSION};
PRAGMA application_id = {APPLICATION_ID};
"""


class SearchError(Exception):
    """An index that cannot be used; the message says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArticle:
    """An article of the outputs."""

    id: str
    url: str
    host: str
    title: str
    published: str
    language: str
    confidence: float | None
    chars: int
    source: str
    """Where its page is: a file or a WARC record; empty where it must be fetched."""
    output: str
    """The file that has the record."""
    snippet: tuple[tuple[str, bool], ...] = ()
    """Parts of the text, and whether each was asked for."""


class Refreshed(NamedTuple):
    """What was taken in."""

    lines: int
    """Number of lines that were read."""
    problems: tuple[str, ...]
    """Outputs that cannot be read, and why."""


class _Line(msgspec.Struct, frozen=True):
    """What the index takes of a record."""

    id: str
    url: str
    text: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    fetched_at: str | None = None
    language: str | None = None
    text_confidence: float | None = None
    source: str | None = None
    revision: int | None = None


class SearchIndex:
    """The articles of some outputs. Methods may be called from any thread, one at a time.

    Args:
        path: the file of the index, made where it is missing.

    Raises:
        SearchError: where it cannot be opened or made.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._lock = threading.Lock()
        try:
            self._db = self._opened()
        except sqlite3.Error as error:
            raise SearchError(f"{path}: {error}; remove the file, it is made again from the outputs") from error

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != VERSION:
            if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                    db.close()
                    raise SearchError(f"{self.path}: a database of something else; move it away")
                db.close()
                Path(self.path).unlink()
                return self._opened()
            db.executescript(f"PRAGMA journal_mode = WAL; BEGIN; {TABLES} COMMIT;")
        db.execute("PRAGMA synchronous = NORMAL")
        return db

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def refresh(self, outputs: Sequence[str]) -> Refreshed:
        """Take in what outputs have now.

        Lines that are no records are passed over, as is what follows the last whole line of a compressed file. The
        articles of an output that is not named, or not there any more, are forgotten.

        Raises:
            SearchError: where the index cannot be read or written.
        """
        read, problems = 0, []
        with self._lock, self._errors():
            there = [path for path in outputs if Path(path).is_file()]
            known = {path for (path,) in self._db.execute("SELECT path FROM outputs")}
            for path in known - set(there):
                self._forget(path)
            for path in there:
                try:
                    read += self._take(path)
                except (OSError, EOFError, ValueError) as error:  # ValueError: the file is no text of JSON lines
                    self._roll_back()
                    problems.append(f"{path}: cannot be searched: {error}")
        return Refreshed(lines=read, problems=tuple(problems))

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raise SearchError for errors of SQLite, and leave no transaction open."""
        try:
            yield
        except sqlite3.Error as error:
            self._roll_back()
            raise SearchError(f"{self.path}: {error}") from error

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _take(self, path: str) -> int:
        """Read the new lines of an output; all of them where it is another file than before."""
        now = Path(path).stat()
        row = self._db.execute("SELECT lines, size, mtime, last FROM outputs WHERE path = ?", (path,)).fetchone()
        if row and (row[1], row[2]) == (now.st_size, now.st_mtime_ns):
            return 0
        done, last = (row[0], row[3]) if row else (0, "")
        if row and not _is_continued(path, done, last):
            self._forget(path)
            done, last = 0, ""
        seen, line = done, b""
        self._db.execute("BEGIN")
        for number, line in _whole_lines(path):
            if number > done:
                self._add(path, line)
                seen = number
                if number % COMMIT_LINES == 0:
                    self._note(path, seen, 0, 0, _hash(line))
                    self._db.execute("COMMIT")
                    self._db.execute("BEGIN")
        self._note(path, seen, now.st_size, now.st_mtime_ns, _hash(line) if line else last)
        self._db.execute("COMMIT")
        return seen - done

    def _note(self, path: str, lines: int, size: int, mtime: int, last: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?)", (path, lines, size, mtime, last))

    def _add(self, path: str, line: bytes) -> None:
        try:
            record = msgspec.json.decode(line, type=_Line)
            host = bare_host(record.url)
        except (ValueError, msgspec.MsgspecError):
            return
        old = self._db.execute("SELECT number FROM articles WHERE id = ? AND output = ?", (record.id, path)).fetchone()
        if old:
            self._db.execute("DELETE FROM words WHERE rowid = ?", old)
            self._db.execute("DELETE FROM articles WHERE number = ?", old)
        values = (
            record.id, path, record.revision or 1, record.url, host, record.title, record.published, record.fetched_at,
            record.language, record.text_confidence, len(record.text), record.source,
        )  # fmt: skip
        number = self._db.execute(
            "INSERT INTO articles (is_shown, id, output, revision, url, host, title, published, fetched, language, "
            "confidence, chars, source) VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        ).lastrowid
        texts = (spaced(text) for text in (record.title or "", record.text, " ".join(record.authors)))
        self._db.execute("INSERT INTO words (rowid, title, text, authors) VALUES (?, ?, ?, ?)", (number, *texts))
        self._choose([record.id])

    def _choose(self, ids: Iterable[str]) -> None:
        """Decide which of the versions of articles in several outputs is shown: the newest."""
        self._db.executemany(SHOW_NEWEST, ((id_, id_) for id_ in ids))

    def _forget(self, path: str) -> None:
        self._db.execute("BEGIN")
        ids = [id_ for (id_,) in self._db.execute("SELECT id FROM articles WHERE output = ?", (path,))]
        self._db.execute("DELETE FROM words WHERE rowid IN (SELECT number FROM articles WHERE output = ?)", (path,))
        self._db.execute("DELETE FROM articles WHERE output = ?", (path,))
        self._db.execute("DELETE FROM outputs WHERE path = ?", (path,))
        self._choose(ids)
        self._db.execute("COMMIT")

    def find(self, query: str, host: str = "", page: int = 1) -> tuple[list[FoundArticle], int]:
        """The articles that have all words of a query, the best first; and how many there are.

        Args:
            query: words, and phrases in quotes; a ``*`` at the end of a word stands for any ending. Empty for all
                articles, the newest first.
            host: only articles of this host, without ``www.``, and of those below it.
            page: from 1; each has ``PAGE_SIZE``.
        """
        match = to_match(query)
        where, values = ["is_shown"], list[Any]()
        if host:
            where.append("(host = ? OR host LIKE ? ESCAPE '\\')")
            values += [host, "%." + LIKE_SIGN.sub(r"\\\1", host)]
        if match:
            where.append("words MATCH ?")
            values.append(match)
        source = "articles JOIN words ON words.rowid = number" if match else "articles"
        order = "bm25(words, 5.0, 1.0, 2.0)" if match else "fetched DESC, number DESC"
        snippet = f"snippet(words, 1, '{START}', '{END}', '…', {SNIPPET_WORDS})" if match else "''"
        condition = " AND ".join(where)
        with self._lock, self._errors():
            total = self._db.execute(f"SELECT count(*) FROM {source} WHERE {condition}", values).fetchone()[0]  # noqa: S608  no value of a user
            rows = self._db.execute(
                f"SELECT {COLUMNS}, {snippet} FROM {source} WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?",  # noqa: S608  see above
                (*values, PAGE_SIZE, PAGE_SIZE * (max(1, page) - 1)),
            ).fetchall()
        return [_found(row) for row in rows], total

    def article(self, id_: str) -> FoundArticle | None:
        """The article with an id; None where the outputs have none."""
        query = f"SELECT {COLUMNS}, '' FROM articles WHERE is_shown AND id = ?"  # noqa: S608  constant
        with self._lock, self._errors():
            row = self._db.execute(query, (id_,)).fetchone()
        return _found(row) if row else None

    def hosts(self) -> list[tuple[str, int]]:
        """The hosts with the most articles, and their numbers of articles."""
        with self._lock, self._errors():
            return self._db.execute(
                "SELECT host, count(*) FROM articles WHERE is_shown GROUP BY host ORDER BY 2 DESC, 1 LIMIT 1000"
            ).fetchall()


SHOW_NEWEST = """
UPDATE articles SET is_shown = number = (
    SELECT number FROM articles WHERE id = ? ORDER BY revision DESC, coalesce(fetched, '') DESC, number DESC LIMIT 1
) WHERE id = ?
"""
COLUMNS = "id, url, host, articles.title, published, language, confidence, chars, source, output"


def _found(row: Sequence[Any]) -> FoundArticle:
    id_, url, host, title, published, language, confidence, chars, source, output, snippet = row
    return FoundArticle(
        id=id_,
        url=url,
        host=host,
        title=title or "",
        published=published or "",
        language=language or "",
        confidence=confidence,
        chars=chars,
        source=source or "",
        output=output,
        snippet=tuple(_parts(snippet.replace(JOINER, ""))),
    )


def _parts(snippet: str) -> Iterator[tuple[str, bool]]:
    """The parts of a snippet, and whether each was asked for."""
    for number, part in enumerate(MARKS.split(snippet)):
        if part:
            yield part, number % 2 == 1


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _is_continued(path: str, done: int, last: str) -> bool:
    """True where a file still has the line that was read last, in its place."""
    return any(_hash(line) == last for number, line in _whole_lines(path) if number == done)


def _whole_lines(path: str) -> Iterator[tuple[int, bytes]]:
    """The lines that end with a newline; a crawl that is at work, or was killed, leaves the last one incomplete."""
    with suppress(DamagedLineError):
        for number, line in json_lines(path):
            if line.endswith(b"\n"):
                yield number, line


def spaced(text: str) -> str:
    """A text with an end of a word around each letter of a script without spaces."""
    return UNSPACED.sub(rf"{JOINER}\1{JOINER}", text)


def to_match(query: str) -> str:
    """A query as FTS5 has it: each term in quotes, so that no character of it is an operator."""
    terms = []
    for phrase, word in TERM.findall(CONTROLS.sub(" ", query)):
        is_start = not phrase and word.endswith("*") and len(word) > 1
        words = " ".join(spaced(phrase or word.rstrip("*")).replace('"', " ").split())
        if any(letter.isalnum() for letter in words):
            terms.append(f'"{words}"' + (" *" if is_start else ""))
    return " ".join([*dict.fromkeys(terms)][:MAX_TERMS])
