"""The rules for prose that speaks to the reader: sign up, pay, install, follow, write in."""

from __future__ import annotations

import re

from cleaners.blocks import Block
from cleaners.labels import lexicon
from cleaners.labels.view import View
from cleaners.types import Label

PROMPT = 320
"""Characters of the longest prompt ('Sign up for …'): three sentences."""


def prompt(block: Block, view: View) -> Label | None:
    """Prose that asks the reader to sign up, pay, follow or write in, and the author line of an embedded post."""
    if "embed" in view.marks(block) and lexicon.POSTED_BY.match(block.text):
        return Label(kind="byline", rule="text:posted_by", score=0.8)
    if len(block.text) > PROMPT:
        return None
    for kind, pattern, opening in (
        ("paywall", lexicon.PAYWALL, False),
        ("newsletter", lexicon.NEWSLETTER, True),
        ("promo", lexicon.SUPPORT, True),
        ("share", lexicon.FOLLOW, False),
        ("consent", lexicon.CONSENT, False),
    ):
        found = pattern.search(block.text)
        if (
            found
            and not block.text.startswith(QUOTES)
            and (not opening or is_imperative(block.text, found.start()) or addresses_reader(block))
        ):
            return Label(kind=kind, rule=f"prose:{kind}", score=0.7)
    if lexicon.WRITE_IN.search(block.text) and (addresses_reader(block) or block.index >= view.last):
        return Label(kind="promo", rule="prose:write_in", score=0.7)
    return None


QUOTES = ('"', "“", "„", "«", "‘", "'", "「")
"""What a quotation begins with: somebody in the story speaks, not the site."""


SENTENCE_START = re.compile(r"(?:^|[.!?:;–—…|] ?)\W{0,3}(?:(?:please|so|and|then|to) )?$", re.IGNORECASE)
"""What stands before an imperative."""


def is_imperative(text: str, start: int) -> bool:
    """True when the words at ``start`` begin a sentence: 'Sign up for …', not 'Residents who sign up for …'."""
    return bool(SENTENCE_START.search(text[:start]))


READER = re.compile(
    r"\b(?:you|your|our|us|sie|ihr|ihre|votre|notre|nuestr[oa]s?|suscr\w+|вы|ваш\w*|нас)\b", re.IGNORECASE
)


def addresses_reader(block: Block) -> bool:
    """True when a text speaks to its reader and carries a link, or is set in bold."""
    return bool(READER.search(block.text)) and (block.link_share > 0 or block.bold_share > 0.5)
