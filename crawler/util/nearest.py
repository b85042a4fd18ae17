"""The known name that is nearest to a mistyped one."""

from __future__ import annotations

from collections.abc import Sequence


def nearest(name: str, known: Sequence[str]) -> str:
    """The known name that is most like another; empty where none is known."""
    from difflib import get_close_matches  # noqa: PLC0415  only where something is mistyped

    return next(iter(get_close_matches(name, known, n=1, cutoff=0.0)), "")
