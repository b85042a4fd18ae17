"""The sources to crawl: sites in the argument ``-a site=``, or in a TOML file named by ``-a sites=``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cleaners.urls.credentials import strip_credentials
from cleaners.urls.origin import origin
from crawler.config import sessions
from crawler.config.secret import SecretError
from crawler.types import Render, Source
from crawler.util import DAY, HOUR, now

KEYS: dict[str, type] = {
    "url": str,
    "max_articles": int,
    "max_pages": int,
    "since": str,
    "sections": list,
    "render": str,
    **sessions.KEYS,
}
"""Keys of a ``[[site]]`` table, and, except for ``url``, of ``[defaults]``."""

TYPES = {str: "a string", int: "a whole number", list: "a list of strings", dict: "a table", bool: "true or false"}

HOST = re.compile(r"^(?!-)[\w-]{1,63}(?<!-)(?:\.(?!-)[\w-]{1,63}(?<!-))*\.?$", re.UNICODE)

RELATIVE_TIME = re.compile(r"([0-9]{1,5})([hdw])")
"""A time before now: ``12h``, ``7d``, ``2w``."""

UNITS = {"h": HOUR, "d": DAY, "w": 7 * DAY}


class SourceError(ValueError):
    """An invalid source; the message has the error, its place, and what was expected."""


def parse_sites(text: str) -> tuple[Source, ...]:
    """Sources from a comma-separated list of URLs and domains.

    Raises:
        SourceError: for an entry that is neither.
    """
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    if not entries:
        raise SourceError("site is empty: give a URL or a domain, e.g. -a site=news.example")
    return tuple(map(parse_source, entries))


def read_sources(site: str | None, sites: str | None) -> tuple[Source, ...]:
    """The sources that the spider's arguments name; none for the demo.

    Raises:
        SourceError: when they are not valid.
    """
    site_sources = parse_sites(site) if site is not None else ()
    return (*site_sources, *(load_file(Path(sites)) if sites is not None else ()))


def with_limits(sources: tuple[Source, ...], since: str | None, sections: str | None) -> tuple[Source, ...]:
    """Sources with the limits of the command line, which take precedence over those of a file.

    Raises:
        SourceError: when the limits are not valid.
    """
    bounds = read_limits({"since": since, "sections": sections.split(",") if sections else None})
    return tuple(replace(source, **bounds) for source in sources)


def select_sources(sources: tuple[Source, ...], urls: str | None) -> tuple[Source, ...]:
    """The sources whose URL is in a comma-separated list; all sources without a list.

    Raises:
        SourceError: for a URL that is none of theirs.
    """
    if urls is None:
        return sources
    source_urls = {source.url for source in sources}
    wanted = [urls] if urls in source_urls else [source.url for source in parse_sites(urls)]  # a URL may have a comma
    unknown = next((url for url in wanted if url not in source_urls), None)
    if unknown is not None:
        raise SourceError(f"only={unknown}: it is none of the sources")
    return tuple(source for source in sources if source.url in wanted)


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


def parse_source(entry: str) -> Source:
    """One source from a URL or a bare domain.

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
        raise SourceError(f"'{shown}' is no URL: {why}") from None
    if not is_bare and parts.scheme.lower() not in ("http", "https"):
        raise SourceError(f"'{shown}' has the scheme '{parts.scheme}'; only http and https can be crawled")
    if not _is_host(host, is_bare=is_bare):
        raise SourceError(
            f"'{shown}' is neither a URL nor a domain; expected e.g. https://news.example/world or news.example"
        )
    scheme = "http" if is_bare and _is_local(host) else "https"
    url = f"{scheme}:{parts.geturl()}" if is_bare else entry
    url = strip_credentials(url if urlsplit(url).path else f"{url}/")
    credentials = (unquote(parts.username or ""), unquote(parts.password or "")) if parts.username else None
    return Source(url=url, is_bare=is_bare, credentials=credentials)


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


def load_file(path: Path) -> tuple[Source, ...]:
    """Sources from a TOML file: ``[[site]]`` tables with a ``url``, and ``[defaults]`` for the other keys.

    Raises:
        SourceError: naming file, line and what was expected.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise SourceError(f"{path}: cannot be read: {why}") from error
    return read_text(path, text)


def read_text(path: Path, text: str) -> tuple[Source, ...]:
    """Sources from the text of a TOML file; its path is used in messages and for relative paths in it.

    Raises:
        SourceError: naming file, line and what was expected.
    """
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
        source = replace(parse_source(values["url"]), **read_limits(values))
        host = urlsplit(source.url).hostname or ""
        return replace(source, session=sessions.read_session(values, path.parent, host))
    except (SourceError, SecretError) as error:
        raise _at(path, text, site["url"], str(error)) from error


def read_limits(values: dict[str, Any]) -> dict[str, Any]:
    """The limits of a :class:`Source`, from the keys of a table.

    Raises:
        SourceError: for a ``since`` that is neither a date nor a time before now, and a ``render`` that is none.
    """
    limits = {name: values[name] for name in ("max_articles", "max_pages") if values.get(name) is not None}
    if values.get("since") is not None:
        since = values["since"]
        limits["since"] = parse_since(since.isoformat() if isinstance(since, date) else since)
    if values.get("sections"):
        limits["sections"] = tuple(section.strip().strip("/") for section in values["sections"] if section.strip(" /"))
    if values.get("render") is not None:
        if values["render"] not in tuple(Render):
            raise SourceError(f"render={values['render']}: expected one of {', '.join(Render)}")
        limits["render"] = Render(values["render"])
    return limits


def parse_since(text: str) -> int:
    """Seconds since 1970 of a date (``2026-11-01``) or a time before now (``7d``).

    Raises:
        SourceError: for anything else.
    """
    if ago := RELATIVE_TIME.fullmatch(text.strip()):
        return now() - int(ago[1]) * UNITS[ago[2]]
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise SourceError(
            f"since={text}: expected a date such as 2026-11-01, or a time before now such as 12h, 7d or 2w"
        ) from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _check(path: Path, text: str, table: dict[str, Any], keys: dict[str, type]) -> None:
    for name, value in table.items():
        if name not in keys:
            raise _at(path, text, name, f"unknown key '{name}'; expected one of {', '.join(keys)}")
        if name == "since" and isinstance(value, date):
            continue  # a date of TOML, or a date with a time
        if keys[name] is not object and type(value) is not keys[name]:
            expected = TYPES[keys[name]]
            actual = "" if name in sessions.KEYS else f", not {value!r}"  # no secret in an error
            raise _at(path, text, name, f"'{name}' must be {expected}{actual}")
        if isinstance(value, list) and not all(isinstance(entry, str) for entry in value):
            raise _at(path, text, name, f"'{name}' must be a list of strings")
        if type(value) is int and value < 1:
            raise _at(path, text, name, f"'{name}' must be 1 or more, not {value}")


def _at(path: Path, text: str, needle: str, message: str) -> SourceError:
    """An error with the line of a key or value."""
    lines = text.splitlines()
    line = next((number for number, content in enumerate(lines, 1) if needle in content), len(lines))
    return SourceError(f"{path}:{line}: {message}")
