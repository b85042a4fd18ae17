"""The rules and passes that label a page, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from cleaners.labels.passes import PASSES, Pass
from cleaners.labels.rules import FAR, NEAR, Matcher


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules and passes that label a page before the model.

    It is sent to a worker by reference: pickle stores the names of its functions.
    """

    near: tuple[Matcher, ...] = NEAR
    """Tried on blocks near the article."""
    far: tuple[Matcher, ...] = FAR
    """Tried on links and short lines far from it."""
    passes: tuple[Pass, ...] = PASSES


BUILT_IN = RuleSet()
