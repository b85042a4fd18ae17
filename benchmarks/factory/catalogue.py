"""What pages are made of: stories, furniture and lines that only look like furniture, a TOML file a language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

Value = TypeVar("Value")

FOLDER = Path(__file__).parent / "catalogue"


class Part(NamedTuple):
    """A piece of a story or of furniture."""

    role: str
    """In furniture: ``h`` heading, ``t`` text, ``l`` link, ``b`` button, ``s`` small print, ``i`` list item, ``m`` date
    or count, ``f`` form field, ``n`` name, ``r`` label and value. In a story: ``p`` paragraph, ``h`` subhead, ``q``
    question, ``a`` answer, ``li`` and ``ol`` list items, ``bq`` quotation, ``tr`` table row, ``cap`` caption, ``e``
    entry of a live blog, ``note``, ``post`` another's post on a platform: name, text, date."""
    text: str


SHARED = ("menu", "control", "name", "section")
"""Slots that are not dealt: short words that most sites share."""

Wording = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """An invented story."""

    kind: str
    title: str
    standfirst: str
    section: str
    blocks: tuple[Part, ...]

    @property
    def excerpt(self) -> str:
        """What teasers show of it."""
        first = next((block.text for block in self.blocks if block.role in ("p", "a")), self.standfirst)
        return first if len(first) <= MAX_EXCERPT_CHARS else first[:MAX_EXCERPT_CHARS].rsplit(" ", 1)[0] + " …"


MAX_EXCERPT_CHARS = 160


@dataclass(frozen=True, slots=True)
class Language:
    """The material of one language."""

    code: str
    months: tuple[str, ...]
    dates: tuple[str, ...]
    bylines: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]
    furniture: Mapping[str, tuple[Wording, ...]]
    kept: Mapping[str, tuple[str, ...]]
    """``lines``, ``short`` and ``notes``: text that only looks like furniture."""
    stories: tuple[Story, ...]

    def of_fold(self, number: int, count: int) -> Self:
        """The share of one fold: the wordings, stories and lines of two folds have nothing in common.

        Trees learn how far a score of words is to be believed from pages whose words the scoring model has not seen.
        """
        return replace(
            self,
            slots={
                name: values if name in SHARED else _share(values, number, count) for name, values in self.slots.items()
            },
            furniture={kind: _share(wordings, number, count) for kind, wordings in self.furniture.items()},
            kept={name: _share(lines, number, count) for name, lines in self.kept.items()},
            stories=_share(self.stories, number, count),
        )


def _share(values: Sequence[Value], number: int, count: int) -> tuple[Value, ...]:
    return tuple(values[number::count]) or tuple(values)


def languages() -> tuple[str, ...]:
    """The codes of all languages that have a catalogue."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


@cache
def load(code: str) -> Language:
    """Read the catalogue of a language.

    Raises:
        OSError: where there is none.
        KeyError, ValueError: for one that lacks something.
    """
    data = tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))
    return Language(
        code=data["language"],
        months=tuple(data["months"]),
        dates=tuple(data["date"]),
        bylines=tuple(data["by"]),
        slots={name: tuple(values) for name, values in data["slots"].items()},
        furniture={
            kind: tuple(tuple(map(_part, wording)) for wording in wordings)
            for kind, wordings in data["furniture"].items()
        },
        kept={name: tuple(lines) for name, lines in data["kept"].items()},
        stories=tuple(
            Story(s["kind"], s["title"], s["standfirst"], s["section"], tuple(map(_part, s["blocks"])))
            for s in data["story"]
        ),
    )


def _part(line: str) -> Part:
    role, _, text = line.partition(": ")
    return Part(role, text)
