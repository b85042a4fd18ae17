"""The pattern of a URL: equal for URLs of the same structure on a site."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from cleaners.urls.resolve import bare_host

NUMBER = re.compile(r"\d+")

WORD = re.compile(r"[^\W\d_]+")

SLUG_WORDS = 3
"""Fewest words for which the last part of a path counts as a headline; names of sections and pages have fewer."""

MAX_CHARS = 60
"""Maximum number of characters that count of a folder's name, and of all parameter names together."""


MAX_ENDING = 8
"""Maximum number of characters that count of a file name's extension."""


def url_pattern(url: str) -> str:
    """The pattern of a URL: host, folders with ``0`` for each number, the kind of the last part, and parameters.

    The last part is ``*`` for three words or more (a headline's), ``+`` for fewer, with its ending; in
    ``https://news.example/2026/10/lock-to-close.html?page=2`` all is ``news.example/0/0/*.html?page``.
    """
    parts = urlsplit(url)
    *folders, last = parts.path.rstrip("/").split("/")[1:] or [""]
    name, dot, ending = last.rpartition(".") if "." in last else (last, "", "")
    names = ",".join(sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))
    path = (
        "".join(f"/{_folder(folder)}" for folder in folders)
        + f"/{_last(name)}{dot}{NUMBER.sub('0', ending)[:MAX_ENDING]}"
    )
    return f"{bare_host(url)}{path}" + (f"?{names[:MAX_CHARS]}" if names else "")


def _folder(name: str) -> str:
    return "*" if len(WORD.findall(name)) >= SLUG_WORDS else NUMBER.sub("0", name.lower())[:MAX_CHARS]


def _last(name: str) -> str:
    words = WORD.findall(name)
    sign = "*" if len(words) >= SLUG_WORDS else "+" if words else ""
    return sign + ("0" if NUMBER.search(name) else "")
