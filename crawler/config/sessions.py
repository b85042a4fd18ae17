"""Session of a site's requests: cookies, headers, a proxy, and whether its certificate is verified.

These are keys of a ``[[site]]`` table. A secret is not written there: ``env:NAME`` names an environment variable,
``file:PATH`` a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http.cookiejar import LoadError, MozillaCookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.config.secret import SecretError, read_secret
from crawler.config.signature_key import SignatureKeyError, private_key
from crawler.types import Session, Signature

KEYS: dict[str, type] = {"cookies": object, "headers": dict, "proxy": str, "verify_tls": bool, "signature": dict}
"""Keys of a session in a table; ``cookies`` is a table, or the place of a text."""

SIGNATURE_KEYS = ("key", "agent")

AGENT = re.compile(r"https://[a-z0-9.-]{1,253}(?::[0-9]{1,5})?/?")
"""The origin of a key directory."""
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}")
"""The name of a header or cookie (RFC 9110, 5.6.2)."""
FORBIDDEN = frozenset(("host", "content-length", "transfer-encoding", "connection", "cookie", "accept-encoding"))
"""Headers that the crawler sends itself, in lower case."""


class SessionError(SecretError):
    """A session that cannot be used; the message names the key and never the secret."""


def read_session(values: Mapping[str, Any], folder: Path, host: str) -> Session | None:
    """The session of a table; None where the table has no key of a session.

    Args:
        values: the keys of the table.
        folder: where relative paths begin: the folder of the sources file.
        host: host of the source, for which the cookies of a cookie file are taken.

    Raises:
        SessionError: naming the key and what was expected.
    """
    if not set(KEYS) & set(values):
        return None
    proxy = read_secret("proxy", values["proxy"], folder) if "proxy" in values else None
    if proxy is not None and not _is_proxy(proxy):
        raise SessionError("proxy: expected a URL such as http://127.0.0.1:3128, or env:NAME or file:PATH of one")
    return Session(
        cookies=_cookies(values.get("cookies", {}), folder, host),
        headers=_headers(values.get("headers", {}), folder),
        proxy=proxy,
        verify_tls=values.get("verify_tls", True),
        signature=_signature(values["signature"], folder) if "signature" in values else None,
    )


def _signature(values: Mapping[str, object], folder: Path) -> Signature:
    """What requests are signed with: ``{ key = "file:PATH", agent = "https://crawler.example" }``.

    Raises:
        SessionError: for other keys, for a key that is written in the file, and for an agent that is no https origin.
    """
    if set(values) != set(SIGNATURE_KEYS):
        raise SessionError(f"signature: expected the keys {' and '.join(SIGNATURE_KEYS)}")
    key, agent = values["key"], values["agent"]
    if not isinstance(key, str) or not key.startswith(("env:", "file:")):
        raise SessionError("signature.key: expected env:NAME or file:PATH; a private key does not stand in this file")
    if not isinstance(agent, str) or not AGENT.fullmatch(agent):
        raise SessionError("signature.agent: expected the https origin of your key directory: https://crawler.example")
    pem = read_secret("signature.key", key, folder)
    try:
        private_key(pem)
    except SignatureKeyError as error:
        raise SessionError(f"signature.key: {error}") from error
    return Signature(key=pem, agent=agent.removesuffix("/"))


def _is_proxy(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _headers(values: Mapping[str, object], folder: Path) -> dict[str, str]:
    headers = {}
    for name, value in values.items():
        key = f"headers.{name}"
        if not TOKEN.fullmatch(name) or name.lower() in FORBIDDEN:
            raise SessionError(f"{key}: the crawler sends this header itself, or it is no header")
        headers[name] = _checked(key, read_secret(key, value, folder))
    return headers


def _cookies(value: object, folder: Path, host: str) -> dict[str, str]:
    """Cookies of a table, of a Cookie header, or of a cookies.txt."""
    if isinstance(value, Mapping):
        return {name: _cookie(name, read_secret(f"cookies.{name}", entry, folder)) for name, entry in value.items()}
    text = read_secret("cookies", value, folder)
    if "\t" in text:
        return _of_file(str(value).removeprefix("file:"), folder, host)
    pairs = (pair.partition("=") for pair in text.split(";") if pair.strip())
    return {name.strip(): _cookie(name.strip(), cookie_value.strip()) for name, _, cookie_value in pairs}


def _of_file(path: str, folder: Path, host: str) -> dict[str, str]:
    """The cookies of a host in a file in Netscape's format, as browsers' add-ons export it."""
    jar = MozillaCookieJar()
    try:
        jar.load(str(folder / path), ignore_discard=True, ignore_expires=True)
    except (LoadError, OSError) as error:
        raise SessionError(f"cookies: {path} is no cookies.txt: {type(error).__name__}") from None  # it quotes the line
    return {
        cookie.name: _cookie(cookie.name, cookie.value or "")
        for cookie in jar
        if host == cookie.domain.lstrip(".") or (cookie.domain.startswith(".") and host.endswith(cookie.domain))
    }


def _cookie(name: str, value: str) -> str:
    if not TOKEN.fullmatch(name) or ";" in value or "," in value:
        raise SessionError("cookies: expected name=value; name=value, a cookies.txt, or a table of names and values")
    return _checked(f"cookies.{name}", value)


def _checked(key: str, value: str) -> str:
    if not value.isascii() or any(ord(char) < 32 for char in value):
        raise SessionError(f"{key}: it has a character that no header may have")
    return value
