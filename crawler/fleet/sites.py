"""The sites of a fleet: read from a sources file, kept in the database, written as a file for a crawl."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from cleaners.urls.identity import page_identity
from cleaners.urls.origin import normalise_host
from cleaners.urls.resolve import registrable_domain
from crawler.config.sources import SourceError, load_file
from crawler.fleet.database import fetch_value
from crawler.types import Source
from crawler.util import batches

ADD = """
INSERT INTO fleet_sites (key, url, host, source, every) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (key) DO UPDATE SET url = excluded.url, host = excluded.host, source = excluded.source,
    every = excluded.every, failures = 0, lost = 0, error = NULL,
    due = least(fleet_sites.due, now() + excluded.every * interval '1 s')
RETURNING xmax = 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSite:
    """A site."""

    key: str
    """The same for all spellings of its URL."""
    url: str
    host: str
    """What only one job at a time may crawl: the registrable domain, or an IP address."""
    values: dict[str, Any]
    """Its table of the sources file, with the defaults."""


def read_sites(name: str) -> list[FleetSite]:
    """The sites of a sources file.

    Raises:
        SourceError: naming file, line and what was expected; also for a site that is listed twice.
    """
    path = Path(name)
    sources = load_file(path)
    data = tomllib.loads(path.read_text("utf-8"))
    tables = [{**data.get("defaults", {}), **table} for table in data["site"]]
    sites_by_key: dict[str, FleetSite] = {}
    for source, table in zip(sources, tables, strict=True):
        site = _site(source, table, path.parent)
        if site.key in sites_by_key:
            raise SourceError(f"{path}: {sites_by_key[site.key].values['url']} and {table['url']} are one site")
        sites_by_key[site.key] = site
    return list(sites_by_key.values())


def _site(source: Source, table: dict[str, object], folder: Path) -> FleetSite:
    for name, is_there in (("url", source.credentials is not None), ("proxy", "@" in str(table.get("proxy", "")))):
        if is_there:
            raise SourceError(
                f"{source.url}: its {name} has a password, which would be kept in the database; use "
                'headers = { Authorization = "env:NAME" }, or proxy = "env:NAME", which are read on the worker'
            )
    values = {name: _placed(value, folder) for name, value in table.items()}
    return FleetSite(key=page_identity(_in_ascii(source.url)), url=source.url, host=host_of(source.url), values=values)


def _placed(value: Any, folder: Path) -> object:
    """A value in which the path of ``file:PATH`` is absolute."""
    if isinstance(value, dict):
        return {name: _placed(item, folder) for name, item in value.items()}
    is_file = isinstance(value, str) and value.startswith("file:")
    return f"file:{(folder / value.removeprefix('file:')).absolute()}" if is_file else value


def host_of(url: str) -> str:
    """What a job locks: the domain that a site's own hosts are below, or an IP address."""
    plain = _in_ascii(url)
    return registrable_domain(plain) or urlsplit(plain).hostname or ""


def _in_ascii(url: str) -> str:
    """A URL with its host normalised to ASCII."""
    parts = urlsplit(url)
    host = normalise_host(parts.hostname or "")
    port = f":{parts.port}" if parts.port is not None else ""
    return parts._replace(netloc=f"[{host}]{port}" if ":" in host else f"{host}{port}").geturl()


async def add(connection: psycopg.AsyncConnection[Any], sites: Sequence[FleetSite], every: float) -> tuple[int, int]:
    """Add sites, or change those that are there; each is due at once, or as soon as before.

    Args:
        connection: to the database of the fleet.
        sites: the sites.
        every: seconds between two crawls of a site.

    Returns:
        Number of new sites, and of changed ones.
    """
    new = 0
    for batch in batches(sorted(sites, key=lambda fleet_site: fleet_site.key)):
        async with connection.transaction():  # not one for all: the planner waits for its rows
            for site in batch:
                values = json.dumps(site.values, default=str)
                new += bool(await fetch_value(connection, ADD, (site.key, site.url, site.host, values, every)))
    return new, len(sites) - new


async def remove(connection: psycopg.AsyncConnection[object], urls: Sequence[str]) -> list[str]:
    """Remove sites; a crawl that runs goes on to its end.

    Returns:
        The URLs that are none of the fleet's.
    """
    unknown = []
    for url in urls:
        key = page_identity(_in_ascii(url))
        if not (await connection.execute("DELETE FROM fleet_sites WHERE key = %s", (key,))).rowcount:
            unknown.append(url)
    return unknown


def to_toml(values: dict[str, object]) -> str:
    """A sources file with one site."""
    return "[[site]]\n" + "".join(f"{json.dumps(name)} = {_value(value)}\n" for name, value in values.items())


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {_value(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str):  # JSON's escapes are those of TOML, but for U+007F
        return json.dumps(value).replace("\x7f", "\\u007F")
    return json.dumps(value)
