"""Which story of a page is the article, as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaners.explain import StoryDecision


def in_words(story: StoryDecision) -> str:
    """The sentence that the terminal and the inspect page show."""
    place = f"in {story.path}" if story.path else "not found"
    headline = f"below the headline “{story.headline}”, " if story.headline else "no headline has a declared title, "
    outside = ", ".join(f"{count} {'block' if count == 1 else 'blocks'} {why}" for why, count in story.outside)
    return headline + place + (f"; left out: {outside}" if outside else "")
