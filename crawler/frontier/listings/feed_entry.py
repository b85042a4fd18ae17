"""The metadata of a feed's entry; and its full text, to check the article against: its length, beginning and end."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from cleaners.metadata.dates import parse_date
from cleaners.metadata.names import split_authors
from cleaners.text.normalise import match_key, normalise
from crawler.types import Announcement, Content

MAX_TAGS = 50
"""Most tags or categories of an entry that are read."""

MIN_CHARS = 500
"""Fewest characters of content that is the text of an article: summaries have fewer."""

MAX_BYTES = 1_000_000
"""Characters of markup that are read: no article has more."""

END_CHARS = 60
"""Characters of the first and last paragraph that are kept: enough that no other paragraph begins with them."""

PARAGRAPHS = "//p | //li | //blockquote[not(.//p)] | //h2 | //h3"


def announcement(
    published: str | None, title: str | None, authors: Iterable[str], tags: Iterable[str], content: Content | None
) -> Announcement:
    """The metadata of an entry, each author and tag once."""
    return Announcement(
        published=parse_date(published, None),
        title=normalise(title) if title is not None else None,
        authors=tuple(dict.fromkeys(name for author in authors for name in split_authors(normalise(author)))),
        tags=tuple(dict.fromkeys(tag for term in islice(tags, MAX_TAGS) if (tag := normalise(term)))),
        origin="feed",
        content=content,
    )


def content_of(html: str, text: str = "") -> Content | None:
    """The witness of an entry's content; None for a summary, and for what cannot be read.

    Args:
        html: the content as HTML.
        text: the content as plain text, where there is no HTML.
    """
    paragraphs = _paragraphs(html[:MAX_BYTES]) if html else text[:MAX_BYTES].split("\n")
    keys = [key for paragraph in paragraphs if (key := match_key(paragraph))]
    chars = sum(map(len, keys))
    if chars < MIN_CHARS:
        return None
    return Content(chars=chars, first=keys[0][:END_CHARS], last=keys[-1][:END_CHARS])


def _paragraphs(html: str) -> list[str]:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=False)
    try:
        tree = document_fromstring(html.encode("utf-8", "replace"), parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    return [str(element.text_content()) for element in tree.xpath(PARAGRAPHS)]
