"""Untrusted text, escaped for a log or a terminal."""

from __future__ import annotations

import re

CONTROL_CHARACTERS = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, line separators, bidirectional controls (CVE-2021-42574), and lone surrogates."""


def escape_controls(text: str) -> str:
    """A text with each control character replaced by its Python escape sequence."""
    return CONTROL_CHARACTERS.sub(lambda match: ascii(match[0])[1:-1], text)
