"""Class names, ids and roles, and the kinds of block that their words name.

The words and their order follow the elements that 1,571 curated news-site configurations remove from article bodies:
advertising 28%, aside 24%, header 20%, share and related 17%, newsletter and date 14%, comment and author 13%, footer
11%, and so on.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
"""Words of a name: ``article-relatedLinks2`` has article, related, Links."""

ATTRIBUTES = frozenset(
    ("class", "id", "role", "itemprop", "data-component", "data-testid", "data-block", "data-type", "aria-label")
)
"""Attributes whose words can name a part of a page. Values longer than ``MAX_VALUE_CHARS`` are data, not names."""

MAX_VALUE_CHARS = 300

WORDS = {
    "ad": (
        "ad ads adv advert adverts advertisement advertisements advertising adslot adunit adbox adcontainer dfp gpt "
        "sponsor sponsored sponsors taboola outbrain mpu leaderboard googlead"
    ),
    "consent": "cookie cookies consent gdpr onetrust didomi cmp",
    "paywall": "paywall regwall paywalled",
    "newsletter": (
        "newsletter newsletters signup subscribe subscription subscriptions mailchimp donate donation donations "
        "sign-up email-signup mailing-list support-us nl-box nl-signup nl-form"
    ),
    "share": (
        "share shares sharing sharer sharebar sharethis social socials sharedaddy addthis addtoany shareaholic jp-post "
        "follow-us print-email article-tools story-tools feedback social-links"
    ),
    "comments": "comment comments disqus respond commentlist livefyre reader-comments",
    "most_read": (
        "mostread mostpopular mostactive mostviewed trending popular most-read most-popular most-active most-viewed "
        "most-commented most-shared top-stories latest-news latest-stories"
    ),
    "related": (
        "related relateds recommended recommendations recommendation recommend recirc recirculation moreon morefrom "
        "readmore readalso seealso indepth skyscrapper similar yarpp upnext relatedposts relatedlinks relatedarticles "
        "more-on more-from read-more read-also see-also in-depth further-reading keep-reading read-next next-article "
        "other-stories internal-link inline-link jp-relatedposts up-next also-read lire-aussi leia-mais"
    ),
    "promo": (
        "promo promos promotion promotions promoted teaser teasers marketing upsell cta callout apppromo app-download "
        "house-ad inpage-embed"
    ),
    "author_bio": (
        "authorbio authorbox bio biography author-bio about-author about-the-author author-box author-info "
        "author-description author-card author-profile author-details"
    ),
    "fact_box": "factbox infobox factfile infokasten faktenbox faktaruta faktaboks fact-box info-box fact-file",
    "pull_quote": (
        "pullquote pullquotes pull-quote pull-quotes pulled-quote quote-large quote-pull large-quote callout-quote"
    ),
    "credit": "credit credits copyright photographer image-source photo-by art-source article-source photo-credit",
    "caption": (
        "caption captions legend figcaption cutline pictext imgcaption photocaption imagecaption wp-caption-text "
        "image-description media-description figure-cap img-cap photo-cap pic-cap picture-text"
    ),
    "breadcrumb": "breadcrumb breadcrumbs breadcrum crumbs crumb",
    "tags": (
        "taglist tags keywords tagcloud tag-list article-tags body-tags post-tags post-labels tag-links cat-links "
        "topics"
    ),
    "headline": (
        "headline title headlines detailedtitle post-title entry-title article-title story-title detailed-title"
    ),
    "byline": (
        "byline bylines author authors writer journalist vcard contributor contributors by-line posted-by entry-meta "
        "post-meta article-meta post-info article-info story-meta"
    ),
    "date": (
        "date dates time timestamp datetime pubdate published timeago updated posted-on publication-date pub-date "
        "date-published date-modified"
    ),
    "standfirst": (
        "standfirst subtitle subheadline dek deck chapo bajada untertitel articlesumm sub-title sub-headline "
        "article-summ heading-des article-subhead article-subtitle article-summary"
    ),
    "navigation": (
        "nav navbar navigation menu menus submenu masthead footer topbar pagination pager ticker toc search login "
        "site-header site-footer page-links skip-link page-header breaking-ticker table-of sidebar rail"
    ),
    "embed": (
        "tweet twitter-tweet instagram-media fb-post telegram-post tiktok-embed bluesky-embed mastodon-embed "
        "social-post embedded-post post-embed embed-post reddit-embed"
    ),
    "hidden": (
        "hidden invisible offscreen visuallyhidden sr-only screen-reader visually-hidden off-screen d-none print-only"
    ),
}
"""Words and word pairs (joined by a hyphen) by the kind that they name.

They must match exactly, so that ``relative`` is not ``related``.
"""

KINDS_OF: dict[str, tuple[str, ...]] = {}
for _kind, _words in WORDS.items():
    for _word in _words.split():
        KINDS_OF[_word] = (*KINDS_OF.get(_word, ()), _kind)

FIRST_WORDS = frozenset(word.partition("-")[0] for word in KINDS_OF)
"""Words of which a value must hold at least one to name a kind; most values hold none."""

TAG_MARKS = {
    "nav": frozenset({"navigation"}),
    "footer": frozenset({"navigation"}),
    "figcaption": frozenset({"caption"}),
    "time": frozenset({"date"}),
    "form": frozenset({"newsletter"}),
    "button": frozenset({"share"}),
    "address": frozenset({"byline"}),
}
"""Kinds that a tag names by itself (HTML Standard, 4.3 and 4.4)."""

NO_MARKS: frozenset[str] = frozenset()

LETTERS = "".join(chr(code) if chr(code).islower() else " " for code in range(128))


@lru_cache(maxsize=8192)
def kinds_named(value: str) -> frozenset[str]:
    """Kinds that an attribute's value names: ``article-relatedLinks`` names ``related``.

    Pure, so the cache only saves time: sites use the same names on every page.
    """
    words = split_words(value) if len(value) <= MAX_VALUE_CHARS else []
    if FIRST_WORDS.isdisjoint(words):
        return NO_MARKS
    return frozenset(kind for word in (*words, *map("-".join, pairwise(words))) for kind in KINDS_OF.get(word, ()))


def split_words(value: str) -> list[str]:
    """The words of a value, in lower case."""
    if value.isascii() and value == value.lower():  # the same result from a table, four times faster
        return value.translate(LETTERS).split()
    return [word.lower() for word in WORD.findall(value)]
