"""Text from strangers as it may stand in a log or on a terminal."""

from __future__ import annotations

import re

CONTROL_CHARACTERS = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, line separators, controls of the direction of text (CVE-2021-42574), lone surrogates."""


def escape_controls(text: str) -> str:
    """A text in which each such character is spelled out, as Python does in a string."""
    return CONTROL_CHARACTERS.sub(lambda found: ascii(found[0])[1:-1], text)
