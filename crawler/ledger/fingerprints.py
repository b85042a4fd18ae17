"""Fingerprints: whether a text, or the content of a listing, is unchanged."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

FINGERPRINT_BYTES = 10
"""80 bits: a chance collision needs about 10^12 texts."""


def text_fingerprint(text: str) -> str:
    """Fingerprint of a text without regard to whitespace: 20 hexadecimal digits."""
    return blake2b(" ".join(text.split()).encode("utf-8", "replace"), digest_size=FINGERPRINT_BYTES).hexdigest()


def url_hash(url: str) -> bytes:
    """64-bit hash of a URL."""
    return blake2b(url.encode("utf-8", "replace"), digest_size=8).digest()


def listing_fingerprint(hashes: Iterable[bytes]) -> str:
    """Fingerprint of a listing: of the hashes of its URLs, in any order; nothing else of the listing counts."""
    return blake2b(b"".join(sorted(set(hashes))), digest_size=FINGERPRINT_BYTES).hexdigest()
