"""The full text of a feed's entry, to check the article against: its length, its beginning and its end."""

from __future__ import annotations

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from cleaners.text.normalise import match_key
from crawler.types import Content

MIN_CHARS = 500
"""Fewest characters of content that is the text of an article: summaries have fewer."""

MAX_BYTES = 1_000_000
"""Characters of markup that are read: no article has more."""

END_CHARS = 60
"""Characters of the first and last paragraph that are kept: enough that no other paragraph begins with them."""

PARAGRAPHS = "//p | //li | //blockquote[not(.//p)] | //h2 | //h3"


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
