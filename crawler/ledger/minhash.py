"""Near-duplicates: MinHash of word shingles, and bands to look candidates up by (Broder 1997; Leskovec et al., ch. 3)."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from rensa import RMinHash

from cleaners.text.normalise import CJK

HASHES = 128
"""Values of a signature: the similarity is then right within 0.04 (standard error at 0.8)."""

ROWS = 8
"""Values of a band. 16 bands of 8 find a pair of similarity 0.8 with 95%, of 0.9 with 99.99%, of 0.5 with 6%."""

SHINGLE = 3
"""Words of a shingle: two stories of one event share words, not runs of three."""

SEED = 7

WORD = re.compile(r"\w+")


def signature(text: str) -> bytes:
    """The MinHash of a text, 512 bytes; empty where it has too few words to be like another."""
    said = text.casefold()
    words = WORD.findall(said if said.isascii() else CJK.sub(r" \g<0> ", said))
    if len(words) < SHINGLE:
        return b""
    minhash = RMinHash(num_perm=HASHES, seed=SEED)
    minhash.update([" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)])
    return np.array(minhash.digest(), dtype="<u4").tobytes()


def similarity(one: bytes, other: bytes) -> float:
    """Estimated Jaccard similarity of two texts' shingles, 0 to 1."""
    if not one or len(one) != len(other):
        return 0.0
    return float(np.mean(np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4")))


@lru_cache(maxsize=1024)
def bands(signature: bytes) -> frozenset[bytes]:
    """What a signature is looked up by: texts alike share at least one. Pure; the cache knows the texts on their way."""
    size = ROWS * 4
    parts = (signature[start : start + size] for start in range(0, len(signature), size))
    return frozenset(blake2b(part, digest_size=8, salt=bytes([number])).digest() for number, part in enumerate(parts))
