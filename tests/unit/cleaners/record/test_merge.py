"""What the pages of one article repeat."""

from __future__ import annotations

import pytest

from cleaners.record.merge import repeated

A, B, C, D, E, F = (
    f"The {name} gate of the lock was lifted out on Tuesday while the whole town stood on the bridge and watched."
    for name in ("upper", "lower", "middle", "northern", "southern", "old")
)
LEAD = "For eleven weeks the lock will be closed, and the town is learning to live without it."
PROMPT = "Support the Harbour Post for three crowns a month and read every story of the harbour."
REFRAIN = "And the river went on, brown and slow, as if nobody had ever asked it anything at all."


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        ([[A, PROMPT, B], [C, PROMPT, D]], [[A, B], [C, D]]),
        ([[A, PROMPT], [B, PROMPT], [C, PROMPT]], [[A], [B], [C]]),
        ([[A, PROMPT], [B, PROMPT], [C]], [[A], [B], [C]]),
        ([[LEAD, A, B], [LEAD, C, D]], [[LEAD, A, B], [C, D]]),
        ([[A, B], [B, C]], [[A, B], [C]]),
        ([[A, REFRAIN, B, REFRAIN], [C, REFRAIN]], [[A, REFRAIN, B, REFRAIN], [C, REFRAIN]]),
        ([[A, C], [B], [D, C], [E], [F]], [[A, C], [B], [D, C], [E], [F]]),
        ([[A, B, C], [A, B, C]], [[A, B, C], []]),
        ([[A, B, C, D], [A, B, C, D, "The end"]], [[A, B, C, D], []]),
        ([[A, B, C, D, E], [A, B, C, D, E, F]], [[A, B, C, D, E], [F]]),
        ([[A, "Yes", B], [C, "Yes", D]], [[A, "Yes", B], [C, "Yes", D]]),
        ([[A], [B]], [[A], [B]]),
        ([[A, B]], [[A, B]]),
    ],
    ids=[
        "a prompt on both pages", "on all", "on most", "the lead again", "the last line again", "a refrain",
        "a sentence that is quoted again", "the same page again", "the same page and a short line",
        "the same page and a long line", "short lines",
        "nothing", "one page",
    ],
)  # fmt: skip
def test_repeated(texts: list[list[str]], kept: list[list[str]]) -> None:
    found = repeated(texts)
    lines = [[t for t, out in zip(page, mine, strict=True) if not out] for page, mine in zip(texts, found, strict=True)]
    assert lines == kept
