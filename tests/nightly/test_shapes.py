"""Sites with the URL shapes of content systems, two of every shape."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.shapes.shapes import SHAPES
from tests.end_to_end.shapes.test_shapes import check


def test_every_story_and_nothing_else(tmp_path: Path) -> None:
    check(range(2 * len(SHAPES)), tmp_path)
