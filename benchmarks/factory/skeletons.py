"""Skeletons: the markup around a story, from table layouts of 1998 to trees of components, a file each.

In ``templates/*.html``, ``$body`` is the story; ``$menu``, ``$side``, ``$below``, ``$foot`` are furniture of the page.
What a skeleton lacks, its pages lack. The first line names how stories are written there: tag and attributes of a
paragraph, ``br`` for lines in one element, ``pre``, ``wrapped`` for a box around each paragraph. A name stays with its
skeleton, since tables of the measurements tell results by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Self

from benchmarks.factory.markup import Naming

FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Skeleton:
    """One way to build a page."""

    name: str
    paragraphs: tuple[str, ...]
    """How its stories are written, one of which each site chooses."""
    template: str

    @classmethod
    def read(cls, file: Path) -> Self:
        """The skeleton of a file."""
        head, _, template = file.read_text("utf-8").partition("\n")
        paragraphs = head.removeprefix("<!-- paragraphs: ").removesuffix(" -->").split(" ; ")
        return cls(file.stem, tuple(paragraphs), template)

    def page(self, pieces: dict[str, str], naming: Naming) -> str:
        """The markup of a page from its pieces, with classes named in the manner of a site."""
        return Template(naming.renamed(self.template)).substitute(pieces)


SKELETONS = tuple(Skeleton.read(file) for file in sorted(FOLDER.glob("*.html")))
