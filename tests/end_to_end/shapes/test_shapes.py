"""The page decides: sites that differ in the shape of their URLs give every story, and nothing else."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.shapes.crawl import crawl
from tests.end_to_end.shapes.shapes import SHAPES

LEAST_SHAPES = 40


EACH = 3
"""The default tier crawls a site of each third shape; the nightly one two of every shape."""


def test_every_story_and_nothing_else(tmp_path: Path) -> None:
    check(range(0, len(SHAPES), EACH), tmp_path)


def check(numbers: range, folder: Path) -> None:
    """A crawl of sites finds every story, and nothing else."""
    found = crawl(numbers, folder)
    assert (found.missing, found.others, found.unbalanced) == ([], [], [])


def test_the_table_has_the_shapes_of_content_systems() -> None:
    assert len({shape.name for shape in SHAPES}) == len(SHAPES) >= LEAST_SHAPES
