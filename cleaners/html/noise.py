"""Detects bytes that are not text: undeclared compressed data, encrypted data, pictures."""

from __future__ import annotations

from statistics import median
from typing import TypeVar

Text = TypeVar("Text", bytes, str)

CONTROLS = bytes([*range(1, 9), *range(16, 27), *range(28, 32), 127])
"""Control characters that no text has. NUL is in UTF-16, and SO, SI and ESC are in ISO 2022."""

WINDOW = 8_192
"""Size of the examined windows, in bytes or characters: one at the beginning, one in the middle and one at the end."""

MAX_CONTROL_SHARE = 0.01
"""Share of control characters, in the median of the windows, above which bytes are no text. At the beginning of 4,503
development pages the highest is 0.001, though one has 0.02 in the midst, in the encoded value of an attribute; data
that is random or compressed has 0.08 to 0.1, and half of it between letters 0.05."""

MIN_CONTROL_LIMIT = 8
"""Control characters that a short page may have."""

MAX_UNPRINTABLE_SHARE = 0.05
"""Share of characters that cannot be shown above which UTF-16 or UTF-32 is no text. The highest of the same pages is
0.013, random data has 0.14."""

SPACES = frozenset("\t\n\r\f\v\xa0\xad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u3000\ufeff")
"""Spaces and joiners of texts, which are not printable for Python."""

WIDE = ("utf-16", "utf-32")
"""Beginnings of the codecs whose bytes may be any."""


def is_noise(body: bytes, text: str | None, encoding: str) -> bool:
    """True for bytes that are no text of any language.

    Args:
        body: the bytes.
        text: what they were decoded to; None where they are UTF-8.
        encoding: name of the Python codec.
    """
    if text is not None and encoding.startswith(WIDE):
        return median(map(_unprintable, _windows(text))) > MAX_UNPRINTABLE_SHARE
    windows = _windows(body)
    return median(map(_controls, windows)) > max(MIN_CONTROL_LIMIT, MAX_CONTROL_SHARE * len(windows[0]))


def _controls(part: bytes) -> int:
    return len(part) - len(part.translate(None, CONTROLS))


def _windows(data: Text) -> tuple[Text, ...]:
    middle = len(data) // 2
    return (data,) if len(data) <= WINDOW else (data[:WINDOW], data[middle : middle + WINDOW], data[-WINDOW:])


def _unprintable(text: str) -> float:
    odd = sum(not char.isprintable() and char not in SPACES for char in text) + text.count("\ufffd")
    return odd / max(1, len(text))
