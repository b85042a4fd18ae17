"""Decides whether a page is an article; any other page is rejected with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cleaners.blocks.segment import Block
from cleaners.labels.headline import leads_home
from cleaners.labels.labelled_page import LabelledPage
from cleaners.labels.lexicon import ABOUT_SITE, LIST_PAGE, PASSWORD, PERSONAL_DATA, SERVICE_PAGE
from cleaners.labels.page_view import PageView
from cleaners.metadata.jsonld import ARTICLE_TYPES, DECLARED, LISTING_TYPES, LIVE_BLOG
from cleaners.metadata.titles import title_parts
from cleaners.models import forest
from cleaners.models.forest import Forest
from cleaners.options import Options
from cleaners.pagetype import software
from cleaners.pagetype.agreement import agreement
from cleaners.pagetype.cards import card_share
from cleaners.pagetype.entries import entry_share
from cleaners.pagetype.features import NAMES, page_features
from cleaners.pagetype.paywall import is_cut
from cleaners.pagetype.prose import HEADLINE, is_headed, is_headline, runs
from cleaners.pagetype.software import CmsVerdict
from cleaners.pagetype.stories import Teasers
from cleaners.site.rules import SiteRules
from cleaners.site.rules.places import rule_name
from cleaners.text.normalise import match_key, text_weight
from cleaners.types import ArticleType, Metadata, PageRejected, Reason, Stage
from cleaners.urls.resolve import is_front_page

ERROR = re.compile(
    r"^\W*(?:(?:http )?error\W*)?(?:404|410|50[0234])(?:\W+(?:error|page\b.*|file\b.*|not found|gone|internal.*|"
    r"service.*|bad gateway|.{0,3}\|.*))?\W*$"
    r"|\b(?:page (?:was |is |could )?not (?:be )?(?:found|available)|page (?:no longer|doesn[’']t) exists?|"
    r"can[’']t find (?:the|that|this) page|page unavailable|"
    r"página no encontrada|seite (?:wurde )?nicht gefunden|page (?:non trouvée|introuvable)|страница не найдена|"
    r"页面不存在|"
    r"找不到(?:页面|网页)|الصفحة غير موجودة)\b"
    r"|^(?:not found|access denied|no longer available|no encontrad[ao])\W*$",
    re.IGNORECASE,
)
"""Titles and headings of error pages."""

ERROR_TEXT = 1500
"""Characters of body below which an error title makes an error page; a longer text is an article about an error."""

MIN_HEADLINES = 8
"""Fewest headlines of other pages, outside of related and most-read boxes, on a listing."""

SHORT_FILM = 1500
"""Characters of text below which a page with a video is a video page."""

FILMS = frozenset(
    ("videoobject", "imagegallery", "og:video", "og:video.other", "og:video.episode", "videogallery", "mediagallery")
)
"""Types by which a page declares that it is a video or a gallery."""

CONSENT_BUTTON = re.compile(
    r"(?:accept|agree|reject|refuse|allow|manage|customi[sz]e|continue|i agree|(?:alle )?akzeptieren|ablehnen|"
    r"zustimmen|einverstanden|aceptar|rechazar|accepter|refuser|tout accepter|accetta|aceitar|принять).{0,40}",
    re.IGNORECASE,
)
"""Button texts of a consent wall."""

CONSENT_SHARE = 0.4
"""Share of a page's text about personal data, above which it can be a consent wall.

Articles about privacy on the development pages reach 0.2.
"""

LISTING = 0.14
"""Probability of an article below which a page with many headlines is a listing.

Cross-validated by domain six times, 0.43% of the articles with a right text are refused as listings (0.61% at 0.2), and
1.0 of 67 listings and 1.3 of 77 collections more are accepted.
"""

NO_ARTICLE = 0.2
"""Probability of an article from which neither short runs of prose nor blurbs refuse a page alone: a second sign must
agree. Above it they were wrong on six of six short articles and four of five newsletters."""

ARTICLE = 0.95
"""Probability from which it is an article, whatever the bounds below."""

TITLE_AND_SITE = 2
"""Parts of a title that has a page's name and its site's."""

SHORT_NAME = 6
"""Fewest characters of the end of a site's name that stands for the whole name: 'About the Courier'."""

PASSWORD_TEXT = 400
"""Characters of body below which a page with a password field can be one that asks for a password (WordPress: 90)."""

ONE_EXCERPT = 200
"""Characters of a text below a single link up to which it is a blurb: an article has a paragraph more."""

ALL_BLURBS = 0.8
"""Share of a page's text from which it is a list of blurbs when each is below a link to another page."""

ONLY_ENTRIES = 0.95
"""Share of the text in entries from which also a page that declares an article holds none, as one for members only: a
list that is an article has an introduction."""

DOUBTFUL = 0.75
"""Probability of an article below which a page of blurbs is a listing. Listings of the generated sites have at most
0.71; the development articles that consist of links with a paragraph each, as newsletters do, have more."""

MAX_EXCERPT = 600
"""Characters of a text below the headline of another page up to which it is an excerpt of that page. Of the development
articles that are headed, and have a heading that leads to another page right above the text, the shortest that declares
no type has 1,321."""

ONE_BLURB = 100
"""Characters below which a run of prose is only a blurb."""

MANY_BLURBS = 1500
"""Characters of blurbs above which a page that is headed like an article can be a listing."""

SHORT_RUN = 400
"""Characters below which a run is no article, on a page that is not headed like one."""

LONG_RUN = 1000
"""Characters of a run from which its share of the prose does not matter."""

RUN_SHARE = 0.4
"""Share of the page's prose that a run shorter than ``LONG_RUN`` must hold in an article."""

BLURBS_FACTOR = 0.7
"""Size of the longest run, relative to the blurbs, below which a page is a listing: listings have introductions."""

MAX_INTRODUCTION_CHARS = 1500
"""Most characters of a listing's introduction."""

ONE_TEXT = 0.9
"""Agreement of two other extractors from which a dated page holds one text. Of 45 refused articles of the development
pages whose text is right, 21 have it, of 106 refused listings none, of 53 refused pages of products in a shop 5."""

MANY_EXCERPTS = 0.5
"""Share of excerpts of other pages from which a page is a listing, whatever other extractors read."""

LISTED_FACTOR = 1.5
"""Factor by which runs must be longer on front pages and collection pages.

These bounds were chosen together on 2,829 articles and 90 listings of the development pages (docs/measurements.md).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageType:
    """The type of an article page, and the probability that it is an article."""

    kind: ArticleType
    score: float
    """Probability that the page is an article rather than a listing or anything else, 0 to 1."""


def classify_page(
    labelled: LabelledPage,
    metadata: Metadata,
    url: str,
    text: str,
    options: Options,
    *,
    rules: SiteRules | None = None,
    model: Forest | None = None,
) -> PageType:
    """Classify a page: return the type of an article, reject any other page.

    What the rules of the site declare of its URL counts before all else. ``model`` is the shipped one by default.

    Raises:
        PageRejected: stage ``page_type``; ``error_page``, ``consent_wall`` or ``listing``. Stage ``body``; ``no_text``.
    """
    model = model or forest.load("pages", NAMES)
    score = float(model.probability(page_features(labelled, metadata, url))[0])
    size = text_weight(text)
    if rules is not None and rules.is_listing(url):
        raise PageRejected(Stage.PAGE_TYPE, Reason.LISTING, f"{rule_name(rules, 'listing_urls')} matches its URL")
    if rules is not None and rules.is_article(url):
        _refuse_short(size, options.min_article_text)
    else:
        _refuse_other(labelled, metadata, url, text, options, score=score)
    return PageType(kind=article_type(labelled, metadata, text), score=round(score, 2))


def article_type(labelled: LabelledPage, metadata: Metadata, text: str) -> ArticleType:
    """The type of an accepted article."""
    if LIVE_BLOG in metadata.types:
        return ArticleType.LIVE_BLOG
    if is_cut(labelled, metadata, text):
        return ArticleType.PAYWALL_STUB
    is_film = bool(metadata.types & FILMS) and not metadata.types & (ARTICLE_TYPES - {"socialmediaposting"})
    return ArticleType.VIDEO if is_film and text_weight(text) < SHORT_FILM else ArticleType.ARTICLE


def _refuse_other(
    labelled: LabelledPage, metadata: Metadata, url: str, text: str, options: Options, *, score: float
) -> None:
    view, size = labelled.view, text_weight(text)
    is_declared = bool(metadata.types & DECLARED)
    _refuse_error(view, metadata, size, is_declared=is_declared)
    _refuse_consent(view, is_declared=is_declared)
    _refuse_service(labelled, metadata, size)
    theme_kind = software.said(view)
    if theme_kind is CmsVerdict.LIST:
        raise PageRejected(Stage.PAGE_TYPE, Reason.LISTING, "the class of its body names a list")
    may_list = not is_declared or metadata.types & LISTING_TYPES or is_front_page(url)
    if may_list and theme_kind is not CmsVerdict.STORY:
        if card_share(view, labelled.body) >= ALL_BLURBS:
            raise PageRejected(
                Stage.PAGE_TYPE, Reason.LISTING, "its text is that of cards, each a link to another page"
            )
        try:
            _refuse_listing(view, labelled.body, metadata, url, score)
        except PageRejected:
            if not _is_story(view, labelled.body, text, score, is_dated=bool(metadata.published)):
                raise
    most = ONLY_ENTRIES if is_declared else ALL_BLURBS
    if LIVE_BLOG not in metadata.types and entry_share(view, labelled.body) >= most:
        detail = "its text is that of entries, each with a heading and a link to another page"
        raise PageRejected(Stage.PAGE_TYPE, Reason.LISTING, detail)
    least = options.min_article_text if is_declared or metadata.published else options.min_text
    _refuse_short(size, least)


def _refuse_short(size: int, least: int) -> None:
    if size < least:
        raise PageRejected(
            Stage.BODY, Reason.NO_TEXT, f"{size} characters of article text; at least {least} are needed"
        )


def _is_story(view: PageView, body: Sequence[Block], text: str, score: float, *, is_dated: bool) -> bool:
    """True where two other signs speak against a listing: a date, the probability, or a text that others read as well.

    A dated page, sure enough, without a heading that leads to another page and without a row of blurbs: these were five
    refused articles of the development pages and none of their refused listings and shop pages.
    """
    teasers = Teasers.of(view, body)
    is_likely = score >= NO_ARTICLE
    is_row = teasers.blurbs > 1 and teasers.blurb_share >= ALL_BLURBS
    if is_dated and is_likely and not teasers.headings and not is_row:
        return True
    return (is_dated or is_likely) and _is_one_text(view, teasers, text)


def _is_one_text(view: PageView, teasers: Teasers, text: str) -> bool:
    """True for a page whose text other extractors read as well, and that is not a list of other pages' articles."""
    is_story = teasers.headings == 0 or (teasers.headings == 1 and teasers.longest >= MAX_EXCERPT)
    is_one = is_story and not teasers.is_excerpt and teasers.blurb_share < MANY_EXCERPTS
    return is_one and agreement(view, text) >= ONE_TEXT


def _refuse_error(view: PageView, metadata: Metadata, size: int, *, is_declared: bool) -> None:
    headings = [metadata.title or "", *(b.text for b in view.blocks if b.scope.flags & {"h1", "h2"})]
    heading = next((h for h in headings[:4] if ERROR.search(h) and len(h) < HEADLINE * 3), None)
    if heading and size < ERROR_TEXT and not is_declared:
        raise PageRejected(Stage.PAGE_TYPE, Reason.ERROR_PAGE, f"the page calls itself '{heading}'")


def _refuse_consent(view: PageView, *, is_declared: bool) -> None:
    if is_declared or not any(CONSENT_BUTTON.fullmatch(b.text) for b in view.blocks):
        return
    about = sum(b.weight for b in view.blocks if PERSONAL_DATA.search(b.text))
    total = sum(b.weight for b in view.blocks)
    if about > CONSENT_SHARE * total:
        raise PageRejected(
            Stage.PAGE_TYPE, Reason.CONSENT_WALL, "the page's text asks for consent and holds no article"
        )


def _refuse_service(labelled: LabelledPage, metadata: Metadata, size: int) -> None:
    """Reject a page about the site, which its own title names, and a page that asks for a password."""
    view = labelled.view
    is_story = bool(metadata.types & ARTICLE_TYPES)
    for name in _own_names(view, metadata):  # Ghost declares its page 'About this site' as an article, too
        if SERVICE_PAGE.fullmatch(name) or _is_about_site(name, view, metadata):
            raise PageRejected(Stage.PAGE_TYPE, Reason.SERVICE_PAGE, f"the page calls itself '{name}'")
    if not is_story:
        for name in _own_names(view, metadata):
            if LIST_PAGE.fullmatch(name):
                raise PageRejected(Stage.PAGE_TYPE, Reason.LISTING, f"the page calls itself '{name}'")
    asks = size < PASSWORD_TEXT and any(PASSWORD.search(block.text) for block in labelled.body)
    if asks and _has_password_field(view):
        raise PageRejected(Stage.PAGE_TYPE, Reason.PASSWORD, "the page asks for a password and holds no article")


def _is_about_site(name: str, view: PageView, metadata: Metadata) -> bool:
    """True for a name such as 'About the Harbour Post' on the site of the Harbour Post."""
    match = ABOUT_SITE.fullmatch(name)
    if match is None:
        return False
    names = _mastheads(view) | {match_key(metadata.site_name or "")}
    key = match_key(match["site"])
    return key in names or (len(key) >= SHORT_NAME and any(name.endswith(key) for name in names))


def _mastheads(view: PageView) -> set[str]:
    """Match keys of the links to the front page: the site's name, which a motto may follow."""
    return {block.key for block in view.blocks if leads_home(block)}


def _own_names(view: PageView, metadata: Metadata) -> Iterator[str]:
    """The page's declared titles, the first parts of those that end with the site's name, and its headline."""
    for title in metadata.titles:
        parts = title_parts(title)[0]
        yield title
        if len(parts) == TITLE_AND_SITE and not SERVICE_PAGE.fullmatch(parts[1]):
            yield parts[0]
        elif len(parts) == TITLE_AND_SITE and any(key.startswith(match_key(parts[0])) for key in _mastheads(view)):
            yield parts[1]
    if view.title_index is not None:
        yield view.blocks[view.title_index].text
    headings = [block for block in view.blocks if "h1" in block.scope.flags]
    if len(headings) == 1:
        yield headings[0].text


def _has_password_field(view: PageView) -> bool:
    return any(field.get("type") == "password" for field in view.blocks[0].scope.element.getroottree().iter("input"))


def _refuse_stories(view: PageView, body: Sequence[Block], score: float) -> None:
    """Reject a page whose text belongs to other pages' headlines: a month, a tag, an author, a page of an index."""
    teasers = Teasers.of(view, body)
    is_of_another = teasers.is_headline and not is_headed(view)  # its one headline leads there, and it has none itself
    is_listing = teasers.headings > 1 or teasers.longest < MAX_EXCERPT or is_of_another
    is_blurbs = teasers.blurbs > 1 or (teasers.blurbs == 1 and teasers.longest < ONE_EXCERPT)
    bound = NO_ARTICLE if is_headed(view) else DOUBTFUL
    if is_blurbs and teasers.blurb_share >= ALL_BLURBS and score < bound:
        detail = f"{teasers.blurbs} texts, each below a link to another page; {score:.0%} sure that this is an article"
        raise PageRejected(Stage.PAGE_TYPE, Reason.LISTING, detail)
    if teasers.is_first and teasers.is_excerpt and not (is_headed(view) and score >= ARTICLE):
        detail = "the heading above the text and a link below it lead to the same other page"
        raise PageRejected(Stage.PAGE_TYPE, Reason.LISTING, detail)
    if teasers.is_first and is_listing and (is_of_another or score < ARTICLE):
        headlines = (
            "a headline of another page" if teasers.headings == 1 else f"{teasers.headings} headlines of other pages"
        )
        detail = f"the text stands below {headlines}; {score:.0%} sure that this is an article"
        raise PageRejected(Stage.PAGE_TYPE, Reason.LISTING, detail)


def _refuse_listing(view: PageView, body: Sequence[Block], metadata: Metadata, url: str, score: float) -> None:
    """Reject a listing: headlines that link to other pages, each with a blurb or with its whole text.

    Where the probability of an article is below ``LISTING`` on a page of many headlines, the model decides alone.
    """
    _refuse_stories(view, body, score)
    headlines = [b for b in view.blocks if is_headline(b) and view.link_box(b) not in ("related", "most_read")]
    if len(headlines) < MIN_HEADLINES:
        return
    if score < LISTING:
        raise PageRejected(
            Stage.PAGE_TYPE,
            Reason.LISTING,
            f"{len(headlines)} headlines of other pages; {score:.0%} sure that this is an article",
        )
    run, prose, blurbs = runs(view, headlines)
    is_listed = is_front_page(url) or (bool(metadata.types & LISTING_TYPES) and not metadata.published)
    if is_headed(view):
        is_listing = run < ONE_BLURB and blurbs > MANY_BLURBS
    elif score >= NO_ARTICLE and metadata.published and not is_listed and blurbs < run:
        is_listing = False
    else:
        factor = LISTED_FACTOR if is_listed else 1.0
        is_listing = run < max(SHORT_RUN * factor, min(BLURBS_FACTOR * blurbs, MAX_INTRODUCTION_CHARS)) or (
            run < LONG_RUN * factor and run < RUN_SHARE * prose
        )
    if is_listing and score < ARTICLE:
        detail = (
            f"{len(headlines)} headlines of other pages; the longest run of prose between them has {run} characters; "
            f"{score:.0%} sure that this is an article"
        )
        raise PageRejected(Stage.PAGE_TYPE, Reason.LISTING, detail)
