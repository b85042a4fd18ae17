"""The known name that is nearest to a mistyped one."""

from __future__ import annotations

from collections.abc import Sequence


def nearest(name: str, names: Sequence[str]) -> str:
    """The most similar of ``names``; empty when there are none."""
    from difflib import get_close_matches  # noqa: PLC0415  only where something is mistyped

    return next(iter(get_close_matches(name, names, n=1, cutoff=0.0)), "")
