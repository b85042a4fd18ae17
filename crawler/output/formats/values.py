"""What the JSON formats share: keys with a value only, and URLs that any reader accepts."""

from __future__ import annotations

from w3lib.url import safe_url_string

from crawler.output.formats.fields import Record

UNSAFE = {ord(char): f"%{ord(char):02X}" for char in '|[]{}^`"<>\\ '}
"""Characters that w3lib leaves and RFC 3986 forbids. (Square brackets may be in an IPv6 host; no news site is one.)"""


def present(**values: object) -> Record:
    """The keys that have a value: these formats leave out what is absent. ``type_`` is ``@type``."""
    return {
        f"@{name[:-1]}" if name.endswith("_") else name: value
        for name, value in values.items()
        if value not in (None, [], {})
    }


def uri(url: str) -> str:
    """A URL with only the characters of RFC 3986: records keep letters of any script as the page has them."""
    return safe_url_string(url, quote_path=True).translate(UNSAFE)
