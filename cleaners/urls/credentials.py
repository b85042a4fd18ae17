"""Names and passwords in addresses (RFC 3986, 3.2.1): they are nobody's to keep."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LOGIN = re.compile(r"(?<=//)[A-Za-z0-9._~!$&'()*+,;=:%@-]*@")
"""What stands before the host of an address, in any text: ASCII only (RFC 3986), since text without spaces goes on behind an address."""


def strip_credentials(url: str) -> str:
    """An address without a name and password; as it stands where it cannot be taken apart."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return strip_credentials_in_text(url)
    if "@" not in parts.netloc:
        return url
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def strip_credentials_in_text(text: str) -> str:
    """A text whose addresses have no name and password."""
    return LOGIN.sub("", text) if "//" in text else text
