"""Near-duplicates: MinHash of word shingles, and bands to look up candidates.

See Broder 1997; Leskovec et al., ch. 3.
"""

from __future__ import annotations

import re
import sys
from array import array
from functools import lru_cache
from hashlib import blake2b

from rensa import RMinHash

from cleaners.text.normalise import CJK

HASHES = 128
"""Values of a signature: the standard error of the similarity is then 0.04 (at 0.8)."""

ROWS = 8
"""Values of a band. 16 bands of 8 find a pair of similarity 0.8 with probability 95%, of 0.9 with 99.99%, of 0.5 with
6%."""

SHINGLE = 3
"""Words of a shingle: two articles on one event share words, but few sequences of three."""

SEED = 7

WORD = re.compile(r"\w+")


def minhash(text: str) -> bytes:
    """The MinHash of a text, 512 bytes; empty where it has too few words to be compared."""
    folded = text.casefold()
    words = WORD.findall(folded if folded.isascii() else CJK.sub(r" \g<0> ", folded))
    if len(words) < SHINGLE:
        return b""
    hashes = RMinHash(num_perm=HASHES, seed=SEED)
    hashes.update([" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)])
    values = array("I", hashes.digest())
    if sys.byteorder == "big":  # signatures are stored as little-endian numbers
        values.byteswap()
    return values.tobytes()


def similarity(signature: bytes, other: bytes) -> float:
    """Estimated Jaccard similarity of two texts' shingles, 0 to 1."""
    if not signature or len(signature) != len(other):
        return 0.0
    values = array("I", signature)
    return sum(1 for a, b in zip(values, array("I", other), strict=True) if a == b) / len(values)


@lru_cache(maxsize=1024)
def bands(signature: bytes) -> frozenset[bytes]:
    """The bands of a signature: similar texts share at least one. The cache is for recent texts."""
    size = ROWS * 4
    parts = (signature[start : start + size] for start in range(0, len(signature), size))
    return frozenset(blake2b(part, digest_size=8, salt=bytes([number])).digest() for number, part in enumerate(parts))
