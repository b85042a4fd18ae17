"""The rules for prose that addresses the reader: sign up, pay, install, follow, write in."""

from __future__ import annotations

import re
from functools import lru_cache

from cleaners.blocks.segment import Block
from cleaners.labels import appeals, lexicon
from cleaners.labels.page_view import PageView
from cleaners.labels.rules import registry
from cleaners.labels.rules.rule import Rule
from cleaners.types import Label

MAX_PROMPT_CHARS = 320
"""Characters of the longest prompt ('Sign up for …'): three sentences."""

SENTENCE = re.compile(r"(?:^|[.!?:;–—…|] ?)\W{0,3}(?=\w)")

COURTESY = re.compile(r"(?:please|so|and|then|to) ")

PROMPTS = (
    ("paywall", lexicon.PAYWALL),
    ("newsletter", lexicon.NEWSLETTER),
    ("promo", lexicon.SUPPORT),
    ("share", lexicon.FOLLOW),
    ("consent", lexicon.CONSENT),
    ("write_in", lexicon.WRITE_IN),
)
"""Kinds of prompt with their patterns, in the order in which they are tried."""

APPEALS = tuple(
    (kind, appeals.pattern(phrases))
    for kind, phrases in (
        ("newsletter", appeals.SUBSCRIBE),
        ("promo", appeals.MONEY),
        ("message", appeals.MESSAGE),
        ("share", appeals.AUDIENCE),
        ("legal", appeals.REPRINT),
    )
)
"""The same for phrases that are a prompt only where they begin a sentence."""

RULES: dict[str, Rule] = {"write_in": registry.WRITE_IN, "message": registry.WRITE_IN} | {
    kind.value: rule for kind, rule in registry.PROMPT.items()
}
"""The rule of each kind of prompt and appeal."""

QUOTES = ('"', "“", "„", "«", "「")
"""Opening quotation marks."""

SENTENCE_START = re.compile(rf"(?:^|[.!?:;–—…|] ?)\W{{0,3}}(?:{COURTESY.pattern})?$", re.IGNORECASE)
"""The text before an imperative: the start of a sentence."""

READER = re.compile(
    r"\b(?:you|your|our|us|sie|ihr|ihre|votre|notre|nuestr[oa]s?|suscr\w+|вы|ваш\w*|нас)\b", re.IGNORECASE
)


def prompt(block: Block, view: PageView) -> Label | None:
    """Prose that asks the reader to sign up, pay, follow or write in, and the author line of an embedded post."""
    if "embed" in view.marks(block) and lexicon.POSTED_BY.match(block.text):
        return registry.POSTED_BY.label()
    if len(block.text) > MAX_PROMPT_CHARS:
        return None
    is_last = block.index >= view.last_evidence
    is_marked = block.link_share > 0 or block.bold_share > 0.5 or is_last
    for kind, start in find_prompts(block.text, is_marked=is_marked):
        is_meant = (is_last or addresses_reader(block)) if kind == "write_in" else is_prompt(block, start)
        if is_meant:
            return RULES[kind].label()
    return None


@lru_cache(maxsize=4096)
def find_prompts(text: str, *, is_marked: bool) -> tuple[tuple[str, int], ...]:
    """The kinds of prompt whose words a text contains, with their positions; none where it reports speech.

    In a text without links and bold words a prompt must begin a sentence: this search is four times as fast. Pure, so
    the cache only saves time: a site's prompts are on each of its pages.
    """
    lowered = text.replace("İ", "i").lower()  # as many characters as the text
    starts = sentence_starts(lowered)
    if is_marked:
        matches = [(kind, match.start()) for kind, pattern in PROMPTS if (match := pattern.search(lowered))]
    else:
        matches = [(kind, start) for kind, pattern in PROMPTS for start in starts if pattern.match(lowered, start)]
    if appeals.OUTLET_WORDS.search(lowered):
        first = [start for start in starts if not text[:start].rstrip().endswith((":", ";"))]
        matches += [(kind, start) for kind, pattern in APPEALS for start in first if pattern.match(lowered, start)]
    return () if matches and lexicon.REPORTED.search(lowered) else tuple(matches)


def sentence_starts(text: str) -> tuple[int, ...]:
    """Positions where the sentences of a text begin, also after a word such as 'please'."""
    first = [match.end() for match in SENTENCE.finditer(text)]
    after = [match.end() for start in first if (match := COURTESY.match(text, start))]
    return tuple(dict.fromkeys((0, *first, *after)))


def is_prompt(block: Block, start: int) -> bool:
    """True when the words at ``start`` are a prompt: they begin a sentence, or the block addresses the reader.

    Words after an opening quotation mark are not: they quote a person in the article.
    """
    if any(quote in block.text[: start + 1] for quote in QUOTES):
        return False
    return is_imperative(block.text, start) or addresses_reader(block)


def is_imperative(text: str, start: int) -> bool:
    """True when the words at ``start`` begin a sentence: 'Sign up for …', not 'Residents who sign up for …'."""
    return bool(SENTENCE_START.search(text[:start]))


def addresses_reader(block: Block) -> bool:
    """True when a text addresses its reader and has a link or is bold."""
    return bool(READER.search(block.text)) and (block.link_share > 0 or block.bold_share > 0.5)
