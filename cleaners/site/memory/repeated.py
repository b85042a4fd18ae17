"""Removes from an article's text the lines that other pages of its site have in the same place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cleaners.site.memory.memory import MIN_SAME_ARTICLE_SHARE, SharedLines
from cleaners.site.rules import SITE_RULE_PREFIX
from cleaners.text.markdown_lines import keep_lines
from cleaners.types import Article, BlockKind, ObservedPage, Removal, TextLine

MIN_WITNESSES = 3
"""Minimum number of other pages that must have a line. With 2, a tenth more of the wanted words of the development
sites were removed, and hardly more of the unwanted ones."""

MIN_INNER_CHARS = 20
"""Minimum characters of a line between paragraphs that is removed; shorter ones are subheads and refrains. At the start
and the end of the text, where only lines of the site stand, lines of any length are removed."""

MIN_WITNESS_SHARE = 0.25
"""Minimum share of the site's other pages that must have a line: the background of ongoing news is on fewer."""

MAX_REMOVED_SHARE = 0.5
"""Maximum share of a text that is removed; where more is repeated, nothing is removed."""

MIN_REMAINING_CHARS = 60
"""Minimum characters of the text that must remain: a line of prose. This and the numbers above were chosen on 77
development sites with 1,106 pages."""


REPEATED = "/repeated"
"""End of the name of the rule in the removal ledger; the name of the site stands before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _CountedLine:
    """A line of the text, and the number of other pages, with other articles, that have it; 0 for too few."""

    line: TextLine
    witnesses: int

    @property
    def is_repeated(self) -> bool:
        return self.witnesses > 0 and not self.line.is_final

    @property
    def is_inner(self) -> bool:
        """True for a repeated line that is removed also between paragraphs."""
        return self.is_repeated and self.line.weight >= MIN_INNER_CHARS and not self.line.is_part


def without_repeated(article: Article, observed: ObservedPage, shared: SharedLines) -> Article:
    """Return the article without the lines that its site repeats; these are added to its removals."""
    text, repeated = take_out_repeated(article.text, observed, shared)
    if not repeated:
        return article
    if article.markdown is not None:
        kept = [number not in repeated for number, line in enumerate(observed.text) for _ in range(line.rows)]
        article = replace(article, markdown=keep_lines(article.markdown, kept))
    return replace(article, text=text, removed=(*article.removed, *repeated.values()))


def take_out_repeated(text: str, observed: ObservedPage, shared: SharedLines) -> tuple[str, dict[int, Removal]]:
    """Return the text without the lines that its site repeats, and these by their index in ``observed.text``.

    A line stays if too few other pages have it, if it is short and between paragraphs, or if only pages of the same
    author have it. Nothing is removed where too little text would remain: a site with the same text on every page does
    not get empty articles.
    """
    out = dict(find_repeated(observed, shared))
    if not out:
        return text, {}
    rows, remaining, removals, start = text.split("\n"), list[str](), dict[int, Removal](), 0
    for number, line in enumerate(observed.text):
        own = rows[start : start + line.rows]
        start += line.rows
        if number in out:
            removals[number] = _removal("\n".join(own), line, observed.site, out[number])
        else:
            remaining += own
    return "\n".join(remaining), removals


def find_repeated(observed: ObservedPage, shared: SharedLines) -> Iterator[tuple[int, int]]:
    """Indexes of the lines of a page's text that its site repeats, and the number of other pages that have each."""
    lines = _count_witnesses(observed, shared)
    out = {i for i, counted_line in enumerate(lines) if counted_line.is_inner}
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        for i in order:
            if lines[i].line.key and not lines[i].is_repeated:
                break
            if lines[i].is_repeated:
                out.add(i)
    whole = sum(counted_line.line.weight for counted_line in lines)
    gone = sum(lines[i].line.weight for i in out)
    if gone <= MAX_REMOVED_SHARE * whole and whole - gone >= MIN_REMAINING_CHARS:
        yield from ((i, lines[i].witnesses) for i in sorted(out))


def _count_witnesses(observed: ObservedPage, shared: SharedLines) -> list[_CountedLine]:
    """Return the lines of a page's text with their numbers of witnesses: other pages with other articles."""
    mine = observed.observation
    others = sum(1 << number for number, page in enumerate(shared.pages) if page.page != mine.page)
    overlap = Counter[int]()
    for line in observed.text:
        for number in _numbers(shared.text.get(line.key, 0) & others):
            overlap[number] += line.weight
    whole = sum(line.weight for line in observed.text)
    others -= sum(1 << number for number, weight in overlap.items() if weight > MIN_SAME_ARTICLE_SHARE * whole)
    least = max(MIN_WITNESSES, MIN_WITNESS_SHARE * others.bit_count())
    of_author = sum(1 << n for n, page in enumerate(shared.pages) if mine.author and page.author == mine.author)
    is_one_voice = not others & ~of_author  # a site with one author
    own = 0 if is_one_voice else of_author
    having = ((line, shared.lines.get(line.key, 0) & others) for line in observed.text)
    return [
        _CountedLine(line=line, witnesses=pages.bit_count() if pages.bit_count() >= least and pages & ~own else 0)
        for line, pages in having
    ]


def _numbers(pages: int) -> Iterator[int]:
    while pages:
        lowest = pages & -pages
        yield lowest.bit_length() - 1
        pages ^= lowest


def _removal(text: str, line: TextLine, site: str, witnesses: int) -> Removal:
    """The entry of a line; its score is the chance that the next page has it, too (Laplace's rule of succession)."""
    score = round((witnesses + 1) / (witnesses + 2), 2)
    return Removal(
        kind=BlockKind.OTHER, text=text, path=line.path, rule=f"{SITE_RULE_PREFIX}{site}{REPEATED}", score=score
    )
