"""HTTP Message Signatures on requests, as in Web Bot Auth: a site can check who sends them, whatever the address.

RFC 9421 with Ed25519; the fields and parameters are those of draft-ietf-webbotauth-httpsig-protocol. The site finds the
public key in the key directory that the requests name (``Signature-Agent``). The library ``cryptography`` signs;
what is signed are three lines of text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from cleaners.urls.origin import DEFAULT_PORTS, Origin, origin
from crawler.config.signature_key import private_key
from crawler.fetching.network.sessions import OfOrigin, sessions_of
from crawler.types import Signature

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LABEL = "sig1"
TAG = "web-bot-auth"

MAX_AGE = 300
"""Seconds for which a signature is valid: clocks differ by minutes, and a request may wait for its connection."""

NONCE_BYTES = 48

FIELDS = ("Signature-Agent", "Signature-Input", "Signature")

DIRECTORY_PATH = "/.well-known/http-message-signatures-directory"
"""Where a key directory is, at the origin that requests name (draft-meunier-webbotauth-httpsig-directory)."""


DIRECTORY_TYPE = "application/http-message-signatures-directory+json"


class Signer:
    """Signs requests with one key."""

    def __init__(self, signature: Signature, clock: Callable[[], float] = time.time) -> None:
        self.agent = signature.agent
        self._key = private_key(signature.key)
        self._keyid = thumbprint(public_jwk(self._key))
        self._clock = clock

    def headers(self, url: str) -> dict[str, str]:
        """The fields of a request: ``Signature-Agent``, ``Signature-Input`` and ``Signature``."""
        created = int(self._clock())
        agent = f'"{self.agent}"'
        components = f'"@authority" "signature-agent";key="{LABEL}"'
        nonce = base64.b64encode(secrets.token_bytes(NONCE_BYTES)).decode()
        parameters = (
            f'({components});created={created};expires={created + MAX_AGE};keyid="{self._keyid}";alg="ed25519";'
            f'nonce="{nonce}";tag="{TAG}"'
        )
        signed = "\n".join(
            (
                f'"@authority": {authority(url)}',
                f'"signature-agent";key="{LABEL}": {agent}',
                f'"@signature-params": {parameters}',
            )
        )
        signature = base64.b64encode(self._key.sign(signed.encode("ascii"))).decode()
        values = (f"{LABEL}={agent}", f"{LABEL}={parameters}", f"{LABEL}=:{signature}:")
        return dict(zip(FIELDS, values, strict=True))


@lru_cache(maxsize=1_000)
def signer_of(signature: Signature) -> Signer:
    """The signer of a key; a key is read once. Its signatures depend on the request and the time alone."""
    return Signer(signature)


def authority(url: str) -> str:
    """The component ``@authority`` of a request (RFC 9421, 2.2.3): the host in lower case, and an unusual port."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    return shown if parts.port in (None, DEFAULT_PORTS.get(parts.scheme)) else f"{shown}:{parts.port}"


def public_jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    """The public key as a JSON Web Key (RFC 8037)."""
    raw = key.public_key().public_bytes_raw()
    return {"crv": "Ed25519", "kty": "OKP", "x": base64.urlsafe_b64encode(raw).decode().rstrip("=")}


def thumbprint(jwk: Mapping[str, str]) -> str:
    """The thumbprint of a key (RFC 7638), which is its id."""
    digest = hashlib.sha256(json.dumps(jwk, sort_keys=True, separators=(",", ":")).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def key_directories(signatures: Iterable[Signature]) -> dict[str, dict[str, object]]:
    """The key directory of each agent, by the URL at which it must be hosted."""
    directories: dict[str, dict[str, dict[str, str]]] = {}
    for signature in signatures:
        jwk = public_jwk(private_key(signature.key))
        kid = thumbprint(jwk)
        directories.setdefault(signature.agent + DIRECTORY_PATH, {})[kid] = {**jwk, "kid": kid, "use": "sig"}
    return {url: {"keys": list(keys.values())} for url, keys in directories.items()}


class Signatures(OfOrigin):
    """Signs each request to the origin of a source that wants it, just before it is sent."""

    def __init__(self, signers: Mapping[Origin, Signer]) -> None:
        self._signers = signers

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the keys from the sessions of the sources.

        Raises:
            NotConfigured: where no source wants signatures.
        """
        signers = {
            place: signer_of(session.signature) for place, session in sessions_of(crawler).items() if session.signature
        }
        if not signers:
            raise NotConfigured
        return cls(signers)

    def process_request(self, request: Request) -> None:
        """Sign it; a request that is sent again is signed anew."""
        signer = self._signers.get(origin(request.url))
        if signer is not None:
            for name, value in signer.headers(request.url).items():
                request.headers[name] = value

    def _take_off(self, request: Request) -> None:
        if origin(request.url) in self._signers:
            for name in FIELDS:
                request.headers.pop(name, None)
