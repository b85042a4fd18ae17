"""User names and passwords in URLs (RFC 3986, 3.2.1), which are never stored."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LOGIN = re.compile(r"(?<=//)[A-Za-z0-9._~!$&'()*+,;=:%@-]*@")
"""The user information before the host of a URL, in any text.

ASCII only (RFC 3986): in a text without spaces other letters can follow a URL.
"""


def strip_credentials(url: str) -> str:
    """A URL without user name and password; where it cannot be parsed, they are removed as from any text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return strip_credentials_in_text(url)
    if "@" not in parts.netloc:
        return url
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def strip_credentials_in_text(text: str) -> str:
    """A text whose URLs have no user name and password."""
    return LOGIN.sub("", text) if "//" in text else text
