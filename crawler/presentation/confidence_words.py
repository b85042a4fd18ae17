"""The reasons for the confidence in a text, as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import expm1
from typing import TYPE_CHECKING, NamedTuple

from cleaners.confidence.features import COUNTED
from cleaners.types import BlockKind

if TYPE_CHECKING:
    from cleaners.confidence import ConfidenceReason


class Sentence(NamedTuple):
    """A reason in words."""

    lowers: bool
    """True where it lowers the confidence."""
    words: str


def _share(value: float) -> str:
    return f"{value:.0%}" if value == 0 or value >= 0.01 else "less than 1%"


def _count(value: float) -> str:
    return f"{value:.0f}"


def _decimal(value: float) -> str:
    return f"{value:.1f}"


def _letters(value: float) -> str:
    """A number of letters and digits, of its logarithm."""
    return f"{expm1(value):,.0f}"


def _is(value: float) -> str:
    return "" if value else "not "


def words_of(kind: BlockKind) -> str:
    """The name of a kind without underscores."""
    return kind.replace("_", " ")


Wording = tuple[str, Callable[[float], str]]

WORDINGS: Mapping[str, Wording] = {
    "doubt_inside": ("the block model doubts {} of the text", _share),
    "doubt_outside": ("what was left out may be text: {} of the text's length", _share),
    "doubt_of_policy": ("what rules leave out is worded like text: {} of the text's length", _share),
    "least_inside": ("the least sure block of the text is {} sure", _share),
    "most_outside": ("one block that was left out is text with a probability of {}", _share),
    "unsure_blocks": ("the block model is unsure of {} blocks", _count),
    "log_likelihood": ("the decisions together have a log-likelihood of {}", _decimal),
    "wrong_lines": ("the block model expects {} wrong decisions", _decimal),
    "changed_share": ("the block model overruled the rules for {} of the text's length", _share),
    "restored_share": ("the block model restored {} of the text", _share),
    "log_likelihood_of_large": ("the decisions on long blocks have a log-likelihood of {}", _decimal),
    "largest_doubt": ("a single doubtful block could be {} of the text", _share),
    "tolerance": ("the margin between the expected errors and too many is {}", _decimal),
    "size": ("the text has {} letters and digits", _letters),
    "blocks": ("the text has {} lines", _count),
    "paragraphs": ("the text has {} paragraphs", _count),
    "longest_share": ("the longest block is {} of the text", _share),
    "short_share": ("short lines are {} of the text", _share),
    "link_share": ("links are {} of the text", _share),
    "list_share": ("lists are {} of the text", _share),
    "subhead_share": ("subheads are {} of the text", _share),
    "quote_share": ("quotes are {} of the text", _share),
    "row_share": ("tables and embedded posts are {} of the text", _share),
    "kept_share": ("trafilatura kept {} of the text", _share),
    "kept_outside": ("trafilatura also kept what is left out here: {} of the text's length", _share),
    "kept_overlap": ("the text agrees with trafilatura's to {}", _share),
    "prose_outside": ("prose outside of the text is {} of its length", _share),
    "largest_gap": ("the largest gap in the text is {} blocks", _count),
    "repeated_share": ("{} of the text stands on the page twice", _share),
    "in_container": ("{} of the text is in the element of the story", _share),
    "outside_story": ("{} blocks belong to other stories or comments", _count),
    "declared_overlap": ("the text agrees with the one that the page declares to {}", _share),
    "declared_size": ("the declared text has {} of the text's length", _share),
    "is_declared_text": ("the text is {}from the page's data instead of its body", _is),
    "described_inside": ("the text does {}begin with the page's description", _is),
    "headed": ("the text does {}stand below a headline", _is),
    "title_distance": ("the text begins {} blocks after the title", _count),
    "page_score": ("the page is an article with a probability of {}", _share),
    "declared": ("the page does {}declare itself an article", _is),
    "published": ("a date of publication is {}known", _is),
    "authors": ("{} authors are known", _count),
    "cut": ("the page does {}say that readers must pay", _is),
    "live_blog": ("the page is {}a live blog", _is),
    "unspaced_share": ("{} of the text is in a script without spaces", _share),
    "first_probability": ("the first line is text with a probability of {}", _share),
    "first_size": ("the first line has {} letters and digits", _count),
    "last_probability": ("the last line is text with a probability of {}", _share),
    "last_size": ("the last line has {} letters and digits", _count),
    "ends_sentence": ("the last line is {}a whole sentence", _is),
    **{
        f"{kind}_inside": (
            f"what is left out within the text as {words_of(kind)} has {{}} of its length",
            _share,
        )
        for kind in COUNTED
    },
    **{
        f"{kind}_after": (f"what is left out after the text as {words_of(kind)} has {{}} of its length", _share)
        for kind in COUNTED[:6]
    },
}
"""How each feature is said, and how its value is written."""

UNKNOWN = -1.0
"""Value of a feature that the page has nothing for."""

WITHOUT = {"declared_overlap": "the page declares no text", "declared_size": "the page declares no text"}


def in_words(reason: ConfidenceReason) -> Sentence:
    """A reason as a sentence; with the usual value where that is another.

    Raises:
        KeyError: for a feature that the model does not have.
    """
    words, write = WORDINGS[reason.feature]
    value, usual = write(reason.value), write(reason.usual)
    if reason.value == UNKNOWN and reason.feature in WITHOUT:
        said = WITHOUT[reason.feature]
    elif write is _is or value == usual or reason.usual == UNKNOWN:
        said = words.format(value)
    else:
        said = f"{words.format(value)} (usually {usual})"
    return Sentence(lowers=reason.added < 0, words=f"{said[0].upper()}{said[1:]}.")
