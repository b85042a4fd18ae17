"""Normalisation rules: a tuple of ``str -> str``, applied in order to the texts of the page."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile(
    "[\u00ad\u200b\u2060\ufeff\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\ud800-\udfff\ufffe\uffff]"
)
"""Soft hyphens, zero-width spaces, byte order marks, control characters and lone surrogates: never part of a text."""

WORDLESS = re.compile(r"\W+")

ASCII_WORDLESS = bytes(code for code in range(128) if WORDLESS.match(chr(code)))

CJK = re.compile("[\u2e80-\u9fff]")
"""Ideographs and kana."""


def drop_invisible(text: str) -> str:
    """Drop characters that are invisible and that break search."""
    return INVISIBLE.sub("", text)


def collapse_space(text: str) -> str:
    """One space for every run of Unicode white space, none at the ends."""
    return " ".join(text.split())


def compose(text: str) -> str:
    """Unicode NFC, so that equal words are equal strings."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


RULES = (drop_invisible, collapse_space, compose)


def normalise(text: str) -> str:
    """The text of one block as it is written to the record."""
    plain = collapse_space(text)
    if plain.isascii() and plain.isprintable():  # most blocks: nothing to drop, nothing to compose
        return plain
    for rule in RULES:
        text = rule(text)
    return text


def match_key(text: str) -> str:
    """Only the letters and digits of a text, case folded: equal for texts that differ in space and punctuation."""
    if text.isascii():  # the same result from a table, twenty times faster
        return text.lower().encode().translate(None, ASCII_WORDLESS).decode()
    return WORDLESS.sub("", text.casefold())


def text_weight(text: str) -> int:
    """Length of a text in Latin characters: an ideograph or kana counts as three."""
    return len(text) if text.isascii() else len(text) + 2 * len(CJK.findall(text))
