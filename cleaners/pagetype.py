"""Is this page an article? What is not is refused with the reason."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaners.addresses import is_front_page
from cleaners.blocks import Block
from cleaners.labelled import Labelled
from cleaners.labels.lexicon import PERSONAL_DATA
from cleaners.labels.measure import APART, is_sentence
from cleaners.labels.view import View
from cleaners.options import Options
from cleaners.structured import DECLARED
from cleaners.types import Metadata, Refused

ERROR = re.compile(
    r"^\W*(?:(?:http )?error\W*)?(?:404|410|50[0234])(?:\W+(?:error|page\b.*|file\b.*|not found|gone|internal.*|service.*|bad gateway|.{0,3}\|.*))?\W*$"
    r"|\b(?:page (?:was |is |could )?not (?:be )?(?:found|available)|page (?:no longer|doesn[’']t) exists?|can[’']t find (?:the|that|this) page|page unavailable|"
    r"página no encontrada|seite (?:wurde )?nicht gefunden|page (?:non trouvée|introuvable)|страница не найдена|页面不存在|找不到(?:页面|网页)|الصفحة غير موجودة)\b"
    r"|^(?:not found|access denied|no longer available|no encontrad[ao])\W*$",
    re.IGNORECASE,
)
"""Words of a title or heading of an error page."""

ERROR_TEXT = 1500
"""Characters of body below which an error's title decides; above it, an article is about an error."""

HEADLINE = 25
"""Characters of the shortest link that counts as a headline in a listing."""

FEWEST_HEADLINES = 8
"""Headlines of other pages, outside of related and most-read boxes, that make a listing."""

LISTING_TYPES = frozenset({"collectionpage", "searchresultspage", "itemlist", "og:website"})


def refuse_other(labelled: Labelled, metadata: Metadata, url: str, options: Options) -> None:
    """Let an article pass.

    Raises:
        Refused: stage ``page_type``; ``error_page``, ``consent_wall``, ``listing``, or stage ``body``; ``no_text``.
    """
    view = labelled.view
    size = sum(block.weight for block in labelled.body())
    is_declared = bool(metadata.types & DECLARED)
    _refuse_error(view, metadata, size, is_declared=is_declared)
    _refuse_consent(view, is_declared=is_declared)
    if not is_declared or metadata.types & LISTING_TYPES or is_front_page(url):
        _refuse_listing(view, metadata, url)
    least = options.min_article_text if is_declared or metadata.published else options.min_text
    if size < least:
        raise Refused("body", "no_text", f"{size} characters of article text; at least {least} are needed")


def _refuse_error(view: View, metadata: Metadata, size: int, *, is_declared: bool) -> None:
    headings = [metadata.title or "", *(b.text for b in view.blocks if b.scope.flags & {"h1", "h2"})]
    said = next((h for h in headings[:4] if ERROR.search(h) and len(h) < HEADLINE * 3), None)
    if said and size < ERROR_TEXT and not is_declared:
        raise Refused("page_type", "error_page", f"the page calls itself '{said}'")


def _refuse_consent(view: View, *, is_declared: bool) -> None:
    if is_declared or not any(CONSENT_BUTTON.fullmatch(b.text) for b in view.blocks):
        return
    about = sum(b.weight for b in view.blocks if PERSONAL_DATA.search(b.text))
    total = sum(b.weight for b in view.blocks)
    if about > CONSENT_SHARE * total:
        raise Refused("page_type", "consent_wall", "the page's text asks for consent and holds no article")


CONSENT_BUTTON = re.compile(
    r"(?:accept|agree|reject|refuse|allow|manage|customi[sz]e|continue|i agree|(?:alle )?akzeptieren|ablehnen|zustimmen|einverstanden|aceptar|rechazar|accepter|refuser|tout accepter|accetta|aceitar|принять).{0,40}",
    re.IGNORECASE,
)
"""What a wall's buttons say: the page asks, it does not report."""

CONSENT_SHARE = 0.4
"""Share of a page's text that speaks of personal data; privacy stories on the development pages reach 0.2."""


def _refuse_listing(view: View, metadata: Metadata, url: str) -> None:
    """A listing is headlines that lead elsewhere, each with a blurb; an article has a run of prose."""
    headlines = [b for b in view.blocks if is_headline(b) and view.link_box(b) not in ("related", "most_read")]
    if len(headlines) < FEWEST_HEADLINES:
        return
    run, prose, blurbs = runs(view, headlines)
    if is_headed(view):
        is_listing = run < ONE_BLURB and blurbs > MANY_BLURBS
    else:
        is_listed = is_front_page(url) or (bool(metadata.types & LISTING_TYPES) and not metadata.published)
        factor = LISTED_FACTOR if is_listed else 1.0
        is_listing = run < max(SHORT_RUN * factor, min(BLURBS_FACTOR * blurbs, LONGEST_INTRODUCTION)) or (
            run < LONG_RUN * factor and run < RUN_SHARE * prose
        )
    if is_listing:
        detail = (
            f"{len(headlines)} headlines of other pages; the longest run of prose between them has {run} characters"
        )
        raise Refused("page_type", "listing", detail)


def is_headed(view: View) -> bool:
    """True when a headline that the page's head knows stands right above the text: it heads an article, not a section."""
    index = view.title_index
    if index is None:
        return False
    block = view.blocks[index]
    is_near = view.first - index <= HEADED_WITHIN
    return is_near and block.weight >= HEADLINE and block.link_share < LINKED


def is_headline(block: Block) -> bool:
    """True for a link long enough to be another page's headline, outside of navigation."""
    return block.link_share > 0.8 and block.weight >= HEADLINE and not block.scope.flags & {"nav", "footer"}


def runs(view: View, headlines: Sequence[Block]) -> tuple[int, int, int]:
    """Characters of the longest run of sentences that no headline breaks, of all such, and of the headlines' own blurbs."""
    breaks = {block.index for block in headlines}
    best = current = whole = blurbs = blurb = 0
    for block in view.blocks:
        if block.index in breaks:
            current, blurb = 0, BLURB
        elif not is_sentence(block) or view.flags(block) & APART or block.link_share >= LINKED:
            blurb = 0
        elif blurb:
            blurb -= 1
            blurbs += block.weight
        else:
            current += block.weight
            whole += block.weight
            best = max(best, current)
    return best, whole, blurbs


BLURB = 2
"""Sentences right below a headline that are its blurb."""
HEADED_WITHIN = 20
"""Blocks between an article's headline and its text: bylines, share rows, a picture; on listings hundreds stand there."""
ONE_BLURB = 100
"""Characters of a run that is nothing but a blurb."""
MANY_BLURBS = 1500
"""Characters of blurbs that make a listing of a page that is headed like an article."""
SHORT_RUN = 400
"""Characters of a run that is no article on a page that is not headed like one."""
LONG_RUN = 1000
"""Characters of a run from which such a page is an article."""
RUN_SHARE = 0.4
"""Between the two, the share of the page's prose that an article's run holds."""
BLURBS_FACTOR = 0.7
"""Share of the headlines' blurbs that the longest run must reach: listings have introductions."""
LONGEST_INTRODUCTION = 1500
"""Characters of the longest introduction of a listing."""
LISTED_FACTOR = 1.5
"""Home and collection pages need longer runs. These bounds were chosen together on 2,829 articles and 90 listings of the
development pages (docs/measurements.md)."""
LINKED = 0.3
"""Share of link text from which a paragraph is a teaser."""
