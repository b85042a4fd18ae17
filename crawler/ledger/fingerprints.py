"""Fingerprints: whether a text, or what a listing lists, is as it was."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

BYTES = 10
"""80 bits: a chance collision needs about 10^12 texts."""


def fingerprint(text: str) -> str:
    """Of a text, white space aside."""
    return blake2b(" ".join(text.split()).encode("utf-8", "replace"), digest_size=BYTES).hexdigest()


def mark(url: str) -> bytes:
    """Of an address."""
    return blake2b(url.encode("utf-8", "replace"), digest_size=8).digest()


def of_list(marks: Iterable[bytes]) -> str:
    """Of the addresses a listing has, by their marks, in any order: what else stands on it does not count."""
    return blake2b(b"".join(sorted(set(marks))), digest_size=BYTES).hexdigest()
