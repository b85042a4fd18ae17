"""What to crawl: sites given with ``-a site=`` or listed in one TOML file with ``-a sites=``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cleaners.urls.credentials import strip_credentials
from crawler.network.address_policy import origin
from crawler.util.clock import now


class SourceError(ValueError):
    """What is wrong with a source, where it stands, and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A site, feed, sitemap, section or article to start from."""

    url: str
    """Absolute http or https address."""
    max_articles: int | None = None
    """Most articles to take from this source; None for no limit."""
    max_pages: int | None = None
    """Most pages to ask of this source in one run; None for no limit."""
    since: int | None = None
    """Oldest articles wanted, seconds since 1970; None for all."""
    sections: tuple[str, ...] = ()
    """Paths of the sections wanted, e.g. ``world``; empty for all."""
    is_bare: bool = False
    """True when the user gave no scheme: http is tried when https fails."""
    login: tuple[str, str] | None = field(default=None, repr=False)
    """Name and password that the user gave with the address, for its origin alone."""
    name: str = ""
    """The address as the user gave it: what the source is called in ledger and reports, also after a redirect."""

    def __post_init__(self) -> None:
        """Name the source by its address."""
        if not self.name:
            object.__setattr__(self, "name", self.url)


KEYS: dict[str, type] = {"url": str, "max_articles": int, "max_pages": int, "since": str, "sections": list}
"""Keys of a ``[[site]]`` table, and of ``[defaults]`` but for ``url``."""

HOST = re.compile(r"^(?!-)[\w-]{1,63}(?<!-)(?:\.(?!-)[\w-]{1,63}(?<!-))*\.?$", re.UNICODE)


def parse(text: str, *, max_articles: int | None = None) -> tuple[Source, ...]:
    """Sources of a comma-separated list of addresses and domains.

    Raises:
        SourceError: for an entry that is neither.
    """
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    if not entries:
        raise SourceError("site is empty: give an address or a domain, e.g. -a site=news.example")
    return tuple(source(entry, max_articles=max_articles) for entry in entries)


def named(site: str | None, sites: str | None) -> tuple[Source, ...]:
    """The sources that the spider's arguments name; none for the demo.

    Raises:
        SourceError: when they cannot be understood.
    """
    found = parse(site) if site is not None else ()
    return (*found, *(load(Path(sites)) if sites is not None else ()))


def bounded(sources: tuple[Source, ...], since: str | None, sections: str | None) -> tuple[Source, ...]:
    """Sources with the bounds of the command line, which win over a file's.

    Raises:
        SourceError: when they cannot be understood.
    """
    bounds = limits({"since": since, "sections": sections.split(",") if sections else None})
    return tuple(replace(source, **bounds) for source in sources)


def positive(name: str, value: str | None) -> int | None:
    """A whole number of 1 or more, or None.

    Raises:
        SourceError: for anything else.
    """
    if value is None:
        return None
    if not value.isdecimal() or int(value) < 1:
        raise SourceError(f"{name}={value}: expected a whole number of 1 or more")
    return int(value)


def source(entry: str, *, max_articles: int | None = None) -> Source:
    """One source of an address or a bare domain.

    Raises:
        SourceError: when it is neither.
    """
    is_bare = "://" not in entry
    shown = f"…@{entry.rpartition('@')[2]}" if "@" in entry else entry  # no password in an error
    try:
        parts = urlsplit(entry if not is_bare else f"//{entry}")
        host, _ = parts.hostname or "", origin(entry if not is_bare else f"https://{entry}")
    except ValueError as error:
        why = (
            "host or port cannot be read; a password is spelled with %2F for / and %40 for @" if "@" in entry else error
        )
        raise SourceError(f"'{shown}' is no address: {why}") from None
    if not is_bare and parts.scheme.lower() not in ("http", "https"):
        raise SourceError(f"'{shown}' has the scheme '{parts.scheme}'; only http and https can be crawled")
    if not _is_host(host, is_bare=is_bare):
        raise SourceError(
            f"'{shown}' is neither an address nor a domain; expected e.g. https://news.example/world or news.example"
        )
    scheme = "http" if is_bare and _is_local(host) else "https"
    url = f"{scheme}:{parts.geturl()}" if is_bare else entry
    url = strip_credentials(url if urlsplit(url).path else f"{url}/")
    login = (unquote(parts.username or ""), unquote(parts.password or "")) if parts.username else None
    return Source(url=url, max_articles=max_articles, is_bare=is_bare, login=login)


def _is_host(host: str, *, is_bare: bool) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return bool(HOST.match(host)) and ("." in host.rstrip(".") or host == "localhost" or not is_bare)
    return True


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def load(path: Path) -> tuple[Source, ...]:
    """Sources of a TOML file: ``[[site]]`` tables with a ``url``, and ``[defaults]`` for the other keys.

    Raises:
        SourceError: naming file, line and what was expected.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path}: cannot be read: {error.strerror if isinstance(error, OSError) else error}"
        ) from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{path}: no valid TOML: {error}") from error
    for name in data:
        if name not in ("defaults", "site"):
            raise _at(path, text, name, f"unknown table '{name}'; expected [[site]] or [defaults]")
    defaults = data.get("defaults", {})
    if not isinstance(defaults, dict):
        raise _at(path, text, "defaults", "'defaults' must be a table: [defaults]")
    _check(path, text, defaults, {name: kind for name, kind in KEYS.items() if name != "url"})
    sites = data.get("site", [])
    if not isinstance(sites, list) or not all(isinstance(site, dict) for site in sites):
        raise _at(path, text, "site", "'site' must be an array of tables: [[site]]")
    if not sites:
        raise SourceError(f"{path}: lists no site; expected at least one [[site]] with a url")
    return tuple(_site(path, text, site, defaults) for site in sites)


def _site(path: Path, text: str, site: dict[str, Any], defaults: dict[str, Any]) -> Source:
    _check(path, text, site, KEYS)
    if "url" not in site:
        raise _at(path, text, next(iter(site), "[[site]]"), "this [[site]] has no url")
    values = {**defaults, **site}
    try:
        return replace(source(values["url"]), **limits(values))
    except SourceError as error:
        raise _at(path, text, site["url"], str(error)) from error


def limits(values: dict[str, Any]) -> dict[str, Any]:
    """The fields of :class:`Source` that bound it, of a table's keys.

    Raises:
        SourceError: for a ``since`` that is no date and no number of days.
    """
    found = {name: values[name] for name in ("max_articles", "max_pages") if values.get(name) is not None}
    if values.get("since") is not None:
        found["since"] = moment(values["since"])
    if values.get("sections"):
        found["sections"] = tuple(section.strip().strip("/") for section in values["sections"] if section.strip(" /"))
    return found


RELATIVE_TIME = re.compile(r"([0-9]{1,5})([hdw])")
"""A time before now: ``12h``, ``7d``, ``2w``."""
UNITS = {"h": 3_600, "d": 86_400, "w": 604_800}


def moment(text: str) -> int:
    """Seconds since 1970 of a date (``2026-11-01``) or a time before now (``7d``).

    Raises:
        SourceError: for anything else.
    """
    if ago := RELATIVE_TIME.fullmatch(text.strip()):
        return now() - int(ago[1]) * UNITS[ago[2]]
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise SourceError(
            f"since={text}: expected a date such as 2026-11-01, or a time before now such as 12h, 7d or 2w"
        ) from error
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def _check(path: Path, text: str, table: dict[str, Any], keys: dict[str, type]) -> None:
    for name, value in table.items():
        if name not in keys:
            raise _at(path, text, name, f"unknown key '{name}'; expected one of {', '.join(keys)}")
        if type(value) is not keys[name]:
            expected = {str: "a string", int: "a whole number", list: "a list of strings"}[keys[name]]
            raise _at(path, text, name, f"'{name}' must be {expected}, not {value!r}")
        if isinstance(value, list) and not all(isinstance(one, str) for one in value):
            raise _at(path, text, name, f"'{name}' must be a list of strings")
        if isinstance(value, int) and value < 1:
            raise _at(path, text, name, f"'{name}' must be 1 or more, not {value}")


def _at(path: Path, text: str, needle: str, message: str) -> SourceError:
    """An error at the line where a key or value stands."""
    lines = text.splitlines()
    line = next((number for number, content in enumerate(lines, 1) if needle in content), len(lines))
    return SourceError(f"{path}:{line}: {message}")
