"""Is this page an article? What is not is refused with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cleaners.labels.labelled_page import LabelledPage
from cleaners.labels.lexicon import PERSONAL_DATA
from cleaners.labels.page_view import PageView
from cleaners.metadata.jsonld import ARTICLE_TYPES, DECLARED, LISTING_TYPES
from cleaners.models import forest
from cleaners.options import Options
from cleaners.pagetype.features import NAMES, page_features
from cleaners.pagetype.prose import HEADLINE, is_headed, is_headline, runs
from cleaners.text.normalise import text_weight
from cleaners.types import ArticleType, BlockKind, Metadata, PageRejected, Reason, Stage
from cleaners.urls.resolve import is_front_page

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

MIN_HEADLINES = 8
"""Headlines of other pages, outside of related and most-read boxes, that make a listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageType:
    """What type of article a page is, and how sure the model is."""

    kind: ArticleType
    score: float
    """Probability that the page is an article rather than a listing or anything else, 0 to 1."""


def classify_page(labelled: LabelledPage, metadata: Metadata, url: str, text: str, options: Options) -> PageType:
    """Let an article with this text pass, and say of which kind it is.

    Raises:
        Refused: stage ``page_type``; ``error_page``, ``consent_wall``, ``listing``, or stage ``body``; ``no_text``.
    """
    score = float(forest.load("pages", NAMES).probability(page_features(labelled, metadata, url))[0])
    size = text_weight(text)
    _refuse_other(labelled.view, metadata, url, size, options, score=score)
    return PageType(kind=article_type(labelled, metadata, size), score=round(score, 2))


def article_type(labelled: LabelledPage, metadata: Metadata, size: int) -> ArticleType:
    """Which kind of article an accepted page is, by what it declares and how much text it has."""
    if "liveblogposting" in metadata.types:
        return ArticleType.LIVE_BLOG
    is_cut = metadata.free_access is False or any(labelled.of_kind(BlockKind.PAYWALL))
    if is_cut and size < STUB and size < STUB_SHARE * len(metadata.article_body or ""):
        return ArticleType.PAYWALL_STUB
    if metadata.free_access is False and size < STUB and any(labelled.of_kind(BlockKind.PAYWALL)):
        return ArticleType.PAYWALL_STUB
    is_film = bool(metadata.types & FILMS) and not metadata.types & (ARTICLE_TYPES - {"socialmediaposting"})
    return ArticleType.VIDEO if is_film and size < STUB else ArticleType.ARTICLE


STUB = 1500
"""Characters of text below which an article behind a paywall is its first lines, and a page with a film is the film's."""
STUB_SHARE = 0.7
"""Share of the whole text, where JSON-LD gives it, that is more than a stub."""
FILMS = frozenset(
    ("videoobject", "imagegallery", "og:video", "og:video.other", "og:video.episode", "videogallery", "mediagallery")
)
"""Types by which a page says that it is a film or a gallery."""


def _refuse_other(view: PageView, metadata: Metadata, url: str, size: int, options: Options, *, score: float) -> None:
    is_declared = bool(metadata.types & DECLARED)
    _refuse_error(view, metadata, size, is_declared=is_declared)
    _refuse_consent(view, is_declared=is_declared)
    if not is_declared or metadata.types & LISTING_TYPES or is_front_page(url):
        _refuse_listing(view, metadata, url, score)
    least = options.min_article_text if is_declared or metadata.published else options.min_text
    if size < least:
        raise PageRejected(
            Stage.BODY, Reason.NO_TEXT, f"{size} characters of article text; at least {least} are needed"
        )


def _refuse_error(view: PageView, metadata: Metadata, size: int, *, is_declared: bool) -> None:
    headings = [metadata.title or "", *(b.text for b in view.blocks if b.scope.flags & {"h1", "h2"})]
    said = next((h for h in headings[:4] if ERROR.search(h) and len(h) < HEADLINE * 3), None)
    if said and size < ERROR_TEXT and not is_declared:
        raise PageRejected(Stage.PAGE_TYPE, Reason.ERROR_PAGE, f"the page calls itself '{said}'")


def _refuse_consent(view: PageView, *, is_declared: bool) -> None:
    if is_declared or not any(CONSENT_BUTTON.fullmatch(b.text) for b in view.blocks):
        return
    about = sum(b.weight for b in view.blocks if PERSONAL_DATA.search(b.text))
    total = sum(b.weight for b in view.blocks)
    if about > CONSENT_SHARE * total:
        raise PageRejected(
            Stage.PAGE_TYPE, Reason.CONSENT_WALL, "the page's text asks for consent and holds no article"
        )


CONSENT_BUTTON = re.compile(
    r"(?:accept|agree|reject|refuse|allow|manage|customi[sz]e|continue|i agree|(?:alle )?akzeptieren|ablehnen|zustimmen|einverstanden|aceptar|rechazar|accepter|refuser|tout accepter|accetta|aceitar|принять).{0,40}",
    re.IGNORECASE,
)
"""What a wall's buttons say: the page asks, it does not report."""

CONSENT_SHARE = 0.4
"""Share of a page's text that speaks of personal data; privacy stories on the development pages reach 0.2."""


def _refuse_listing(view: PageView, metadata: Metadata, url: str, score: float) -> None:
    """A listing is headlines that lead elsewhere, each with a blurb; an article has a run of prose.

    Where the model is nearly sure of a listing it decides alone.
    """
    headlines = [b for b in view.blocks if is_headline(b) and view.link_box(b) not in ("related", "most_read")]
    if len(headlines) < MIN_HEADLINES:
        return
    if score < LISTING:
        raise PageRejected(
            Stage.PAGE_TYPE,
            Reason.LISTING,
            f"{len(headlines)} headlines of other pages; probability of an article {score:.2f}",
        )
    run, prose, blurbs = runs(view, headlines)
    if is_headed(view):
        is_listing = run < ONE_BLURB and blurbs > MANY_BLURBS
    else:
        is_listed = is_front_page(url) or (bool(metadata.types & LISTING_TYPES) and not metadata.published)
        factor = LISTED_FACTOR if is_listed else 1.0
        is_listing = run < max(SHORT_RUN * factor, min(BLURBS_FACTOR * blurbs, MAX_INTRODUCTION_CHARS)) or (
            run < LONG_RUN * factor and run < RUN_SHARE * prose
        )
    if is_listing and score < ARTICLE:
        detail = (
            f"{len(headlines)} headlines of other pages; the longest run of prose between them has {run} characters"
        )
        raise PageRejected(Stage.PAGE_TYPE, Reason.LISTING, detail)


LISTING = 0.2
"""Probability of an article below which a page with many headlines is a listing: of cross-validated articles of modern news none has
less, of older pages one in a hundred."""
ARTICLE = 0.95
"""Probability from which it is an article, whatever the bounds below say."""
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
MAX_INTRODUCTION_CHARS = 1500
"""Characters of the longest introduction of a listing."""
LISTED_FACTOR = 1.5
"""Home and collection pages need longer runs. These bounds were chosen together on 2,829 articles and 90 listings of the
development pages (docs/measurements.md)."""
