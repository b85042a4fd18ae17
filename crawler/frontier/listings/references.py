"""Replaces invalid character references (``&#xD800;``, ``&#0;``), at which XML parsers fail or stop."""

from __future__ import annotations

import re

REFERENCE = re.compile(rb"&#(?:0*([0-9]+)|[xX]0*([0-9a-fA-F]+));?")

MAX_DIGITS = 8
"""Digits beyond which a character reference names no character, decimal or hexadecimal."""

CHARACTERS = (range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))
"""The characters of XML 1.0 (2.2, Char), apart from the three below."""
SPACES = (0x9, 0xA, 0xD)


def with_valid_references(data: bytes) -> bytes:
    """Replace each reference to a character that XML does not allow with a space."""
    return REFERENCE.sub(_character, data)


def _character(reference: re.Match[bytes]) -> bytes:
    """Return a valid character reference unchanged, and a space for an invalid one."""
    decimal, hexadecimal = reference.groups()
    digits = decimal or hexadecimal
    number = int(digits, 10 if decimal else 16) if len(digits) <= MAX_DIGITS else -1
    return reference[0] if number in SPACES or any(number in characters for characters in CHARACTERS) else b" "
