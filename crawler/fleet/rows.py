"""Reads rows and jobs from the database as untrusted input."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from crawler.config import sessions
from crawler.config.sources import SourceError, read_text
from crawler.fleet.sites import to_toml

SECRETS = ("env:", "file:")
"""How a text begins that names an environment variable or a file of the worker."""

MOST_BYTES = 100_000
"""Size limit of a row; a sources file with cookies has a few kB."""


class RowError(Exception):
    """A row or a job that cannot be used; the message says why, and has no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One crawl of a site."""

    site: str
    """Key of its row."""
    host: str
    """What the job has locked."""
    cycle: int

    @classmethod
    def of(cls, arguments: dict[str, Any]) -> Job:
        """The job of its arguments in the queue.

        Raises:
            RowError: naming what is wrong.
        """
        types: dict[str, type] = {"site": str, "host": str, "cycle": int}
        if set(arguments) != set(types):
            raise RowError(f"a job has the arguments {', '.join(sorted(arguments))}; expected {', '.join(types)}")
        for name, kind in types.items():
            if type(arguments[name]) is not kind:
                raise RowError(f"a job's argument {name}: expected {kind.__name__}")
        return cls(**arguments)


def read_source(text: str, allowed: Sequence[str]) -> dict[str, object]:
    """The table of a sources file in a row.

    Args:
        text: JSON.
        allowed: patterns of the secrets that rows may name: ``env:SITE_*``, ``file:/etc/copydesk/*``.

    Raises:
        RowError: naming what cannot be read, or is not allowed.
    """
    try:
        values = json.loads(text) if len(text) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise RowError(f"its row is no table of at most {MOST_BYTES} bytes")
    for named in _secrets(values):
        if named.startswith("file:") and not named.startswith("file:/"):
            raise RowError(f"it names {named}: expected an absolute path")
        if not any(fnmatchcase(named, pattern) for pattern in allowed):
            raise RowError(f"it names {named}, which COPYDESK_FLEET_SECRETS of this worker does not allow")
    plain = {name: value for name, value in values.items() if name not in sessions.KEYS}
    try:
        read_text(Path("its row"), to_toml(plain))
    except (SourceError, TypeError, ValueError) as error:
        raise RowError(str(error)) from error
    return values


def _secrets(value: object) -> Iterator[str]:
    """The secrets that a value names, with the whole path of files."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _secrets(item)
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(item)
    elif isinstance(value, str) and value.startswith(SECRETS):
        kind, _, name = value.partition(":")
        yield f"file:{os.path.realpath(name)}" if kind == "file" and name.startswith("/") else value
