"""Takes out of an article's text what other pages of its site say in the same place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cleaners.observation import ObservedPage, TextLine
from cleaners.site.memory import SAME_STORY, SharedLines
from cleaners.site.rules import OF_SITE
from cleaners.types import Article, BlockKind, Removal

LEAST_PAGES = 3
"""Other pages that must have a line. With 2 a tenth more of the wanted words of the development sites went, and hardly
more of the others."""

INNER_WEIGHT = 20
"""Characters from which a line between paragraphs is taken out; shorter ones are subheads and refrains. At the start
and the end of the text, where only lines of the site stand, any length counts."""

LEAST_SHARE = 0.25
"""Share of the site's other pages that must have it: the background of a running story stands on fewer."""

MOST = 0.5
"""Share of a text from which nothing is taken out of it."""

LEAST_LEFT = 60
"""Characters of the text that must stay: a line of prose. This and the numbers above were chosen on 77 development
sites with 1,106 pages."""


REPEATED = "/repeated"
"""End of the name of the rule in the removal ledger; the name of the site stands before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of the text, and how many other pages of other stories have it; 0 where they are too few."""

    line: TextLine
    witnesses: int

    @property
    def is_repeated(self) -> bool:
        return self.witnesses > 0 and not self.line.is_final

    @property
    def is_inner(self) -> bool:
        """True for a repeated line that goes also between paragraphs."""
        return self.is_repeated and self.line.weight >= INNER_WEIGHT and not self.line.is_part


def without_repeated(article: Article, observed: ObservedPage, shared: SharedLines) -> Article:
    """The article without the lines that its site repeats; they are in its removal ledger.

    A line stays that has too few witnesses, that stands between paragraphs and is short, or that only pages of one
    author have. Nothing is taken out where too little would stay: a site that has the same text everywhere empties no
    article.
    """
    out = dict(find_repeated(observed, shared))
    if not out:
        return article
    lines, kept, removed, start = article.text.split("\n"), [], [], 0
    for number, line in enumerate(observed.text):
        rows = lines[start : start + line.rows]
        start += line.rows
        if number in out:
            removed.append(_removal("\n".join(rows), line, observed.site, out[number]))
        else:
            kept += rows
    return replace(article, text="\n".join(kept), removed=(*article.removed, *removed))


def is_repeated(removal: Removal) -> bool:
    """True for an entry of the removal ledger that was made here."""
    return removal.rule.startswith(OF_SITE) and removal.rule.endswith(REPEATED)


def find_repeated(observed: ObservedPage, shared: SharedLines) -> Iterator[tuple[int, int]]:
    """Indexes of the lines of a page's text that its site repeats, and the number of other pages that have each."""
    lines = _witnessed(observed, shared)
    out = {i for i, one in enumerate(lines) if one.is_inner}
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        for i in order:
            if lines[i].line.key and not lines[i].is_repeated:
                break
            if lines[i].is_repeated:
                out.add(i)
    whole = sum(one.line.weight for one in lines)
    gone = sum(lines[i].line.weight for i in out)
    if gone <= MOST * whole and whole - gone >= LEAST_LEFT:
        yield from ((i, lines[i].witnesses) for i in sorted(out))


def _witnessed(observed: ObservedPage, shared: SharedLines) -> list[_Line]:
    """The lines of a page's text with the number of their witnesses: other pages, of other stories."""
    mine = observed.observation
    others = sum(1 << number for number, page in enumerate(shared.pages) if page.page != mine.page)
    overlap = Counter[int]()
    for line in observed.text:
        for number in _numbers(shared.text.get(line.key, 0) & others):
            overlap[number] += line.weight
    whole = sum(line.weight for line in observed.text)
    others -= sum(1 << number for number, weight in overlap.items() if weight > SAME_STORY * whole)
    least = max(LEAST_PAGES, LEAST_SHARE * others.bit_count())
    of_author = sum(1 << n for n, page in enumerate(shared.pages) if mine.author and page.author == mine.author)
    is_one_voice = not others & ~of_author  # a site with one author
    own = 0 if is_one_voice else of_author
    having = ((line, shared.lines.get(line.key, 0) & others) for line in observed.text)
    return [
        _Line(line=line, witnesses=pages.bit_count() if pages.bit_count() >= least and pages & ~own else 0)
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
    return Removal(kind=BlockKind.OTHER, text=text, path=line.path, rule=f"{OF_SITE}{site}{REPEATED}", score=score)
