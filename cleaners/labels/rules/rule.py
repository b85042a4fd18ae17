"""One rule of the labeller, and whether the model may overrule it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from cleaners.types import BlockKind, Label


class Authority(StrEnum):
    """Whether the model may overrule a rule."""

    POLICY = "policy"
    """Never overruled: it implements a policy. The model is also trained on such blocks: they resemble the others."""
    FIRM = "firm"
    """Overruled only by a model that is very sure (``model.SURE``)."""
    OPEN = "open"
    """Inferred from the position or from trafilatura: the model decides."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    name: str
    kind: BlockKind | None
    """Kind of its labels; None where it depends on the block."""
    authority: Authority
    score: float
    summary: str
    """One line for the documentation."""
    choice: str = ""
    """The kinds to choose from, in words, where ``kind`` is None."""
    _label: Label | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fixed_label = None if self.kind is None else Label(kind=self.kind, rule=self.name, score=self.score)
        object.__setattr__(self, "_label", fixed_label)

    def label(self, kind: BlockKind | None = None, score: float | None = None) -> Label:
        """The rule's label, with another kind or score where they depend on the block.

        Raises:
            ValueError: when neither the rule nor the caller sets a kind.
        """
        if self._label is not None and kind is None and score is None:
            return self._label
        chosen = kind or self.kind
        if chosen is None:
            raise ValueError(f"rule {self.name}: the caller must give a kind")
        return _cached_label(chosen, self.name, self.score if score is None else score)


@lru_cache(maxsize=1024, typed=True)
def _cached_label(kind: BlockKind, rule: str, score: float) -> Label:
    """A label. Pure, so the cache only saves time: most labels of a page are equal to others."""
    return Label(kind=kind, rule=rule, score=score)


def family(prefix: str, score: float, *members: tuple[BlockKind, Authority, str]) -> dict[BlockKind, Rule]:
    """Rules that match in the same way, one for each kind, named ``prefix:kind``.

    Args:
        prefix: how they match: ``text``, ``prose`` or ``class``.
        score: of all of them.
        members: kind, authority and summary of each.
    """
    return {kind: Rule(f"{prefix}:{kind}", kind, rank, score, summary) for kind, rank, summary in members}
