"""The section of an article that declares none: from its trail, links, kicker, lines, classes or URL."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import unquote, urlsplit

from cleaners.blocks.scope import common_scope
from cleaners.blocks.segment import Block
from cleaners.labels.headline import leads_home
from cleaners.labels.labelled_page import LabelledPage
from cleaners.labels.rules import registry
from cleaners.metadata.declared import names_section
from cleaners.text.normalise import match_key, normalise
from cleaners.types import BlockKind
from cleaners.visible.furniture import Furniture
from cleaners.visible.terms import MAX_CATEGORIES, Terms, tag_elements

HOME = re.compile(
    r"home(?: ?page)?|startseite|inicio|accueil|главная|首页|الرئيسية|您的位置|you are here", re.IGNORECASE
)
"""Entries of a breadcrumb that are not sections."""

PLACE = re.compile(
    r"(?:you are here|sie sind hier|usted está aquí|vous êtes ici|您的位置|您现在的位置|当前位置|вы здесь)"
    r"\s?[:：]\s?",
    re.IGNORECASE,
)
"""The words before a breadcrumb."""

CRUMB = re.compile(r"\s{0,9}(?:[>›»/|→·]|&gt;|>>|::)+\s*")
"""The separator between the entries of a breadcrumb."""

MAX_TRAIL = 10
"""Most links of a breadcrumb that are read; trails have up to five."""

COLON = re.compile(r"\s{0,9}[:：]\s*")
"""The separator where there is no other: entries may have a colon."""

CUT = ("…", "...")
"""Ends of a shortened title."""

NAME = re.compile(r"[^\W\d_]+(?:(?:\s?[&/·,–-]\s?|['’]|\s)[^\W\d_]+)*")
"""A section's name above a headline, or two of them: letters, without the marks of a sentence."""

SECTION_LINE = re.compile(
    r"(?:^|[\s|•·])(?:(?:(?:posted|filed|published) (?:in|under)|in|categor(?:y|ies)|section|kategorie|rubrik|ressort|"
    r"rubrique|categor[ií]a|sección|rubrica|рубрика|分类|栏目)\s?[:：]|(?<![^|•·])(?:posted|filed) (?:in|under))\s?"
    r"(?P<name>[^:：|•·,]{2,40})$",
    re.IGNORECASE,
)
"""A line, or the end of one, that names the section after a label."""

BETWEEN_WORDS = re.compile(r"[-_+]+")

FOLDER_OF_DAY = re.compile(
    r"/(?P<name>[^/]+)/(?:19|20)[0-9]{2}/(?:0?[1-9]|1[0-2])(?:/(?:0?[1-9]|[12][0-9]|3[01]))?/[^/]+/?$"
)
"""The folder before the date in a path: ``/local/2026/11/03/lock.html``."""

SITE_FOLDER = re.compile(
    r"blogs?|news|archives?|web|www|index|public|uploads|media|releases|press|en|de|fr|es|it|pt|nl|ru|ar|zh|.",
    re.IGNORECASE,
)
"""Names of folders that hold all articles of a site, or those in one language."""

KICKERS = (
    registry.UNCLAIMED.name,
    *registry.ONLY_LINK,
    *(registry.CLASS[word].name for word in ("navigation", "tags", "breadcrumb")),
)
"""Rules that label a section's name right above the headline."""

KICKER_LEVELS = 4
"""Most levels from the headline to its common ancestor with a kicker; that with a menu is further up."""

MENU = 3
"""Fewest links of a menu; a kicker may have one beside it (``News``, ``Politics``)."""


def find_section(
    labelled: LabelledPage, own: Furniture, terms: Terms, title: str | None, site_name: str | None
) -> str | None:
    """The section that the visible page names, else its URL."""
    return (
        crumb(labelled, title)
        or next(filter(is_section, terms.categories), None)
        or _line(own)
        or kicker(labelled, site_name)
        or next((name for name in terms.classes_of_categories if is_section(name)), None)
        or section_in_url(labelled.view.url)
    )


def section_in_url(url: str) -> str | None:
    """The name of the folder before the date in a URL; None where it has none, or one that says nothing."""
    match = FOLDER_OF_DAY.search(urlsplit(url).path)
    name = BETWEEN_WORDS.sub(" ", unquote(match["name"])).strip() if match else ""
    is_name = NAME.fullmatch(name) and is_section(name) and not SITE_FOLDER.fullmatch(name)
    return name[:1].upper() + name[1:] if is_name else None


def crumb(labelled: LabelledPage, title: str | None) -> str | None:
    """The last short entry of the breadcrumb shown near the headline."""
    for block in labelled.of_kind(BlockKind.BREADCRUMB):
        entries = trail_entries(block.text, title)
        if len(entries) == 1:  # the marks between its links may be pictures
            texts = (
                normalise(anchor.text_content()) for anchor in islice(block.block_scope.element.iter("a"), MAX_TRAIL)
            )
            entries = [text for text in texts if match_key(text) != match_key(title or "")] or entries
        named = [entry for entry in entries if is_section(entry)]
        if named:
            return named[-1]
    return None


def trail_entries(text: str, title: str | None = None) -> list[str]:
    """The entries of a breadcrumb, without the page's own title; that may have the separator in it, or be cut."""
    text = PLACE.sub("", text, count=1)
    text = text.removesuffix(title).rstrip() if title else text
    separator = CRUMB if CRUMB.search(text) else COLON
    entries = [entry.strip() for entry in separator.split(text)]
    key = match_key(title or "")
    return [entry for entry in entries if entry and match_key(entry) != key and not entry.endswith(CUT)]


def kicker(labelled: LabelledPage, site_name: str | None = None) -> str | None:
    """The short line right above the headline: the section's name on pages that declare none."""
    title = labelled.view.title_index
    if not title or labelled.labels[title - 1].rule not in KICKERS:
        return None
    block, headline = labelled.view.blocks[title - 1], labelled.view.blocks[title]
    if common_scope(block.block_scope, headline.block_scope).depth < headline.block_scope.depth - KICKER_LEVELS:
        return None
    if (
        leads_home(block)
        or block.key == match_key(site_name or "")
        or _is_menu_entry(block, labelled)
        or _is_tag_row(block)
    ):
        return None
    links = _link_texts(block)
    text = links[0] if len(links) > 1 else block.text
    trail = trail_entries(text)
    text = trail[-1] if trail and HOME.fullmatch(trail[0]) else text
    return text if NAME.fullmatch(text) and is_section(text) else None


def _is_tag_row(block: Block) -> bool:
    return len(list(islice(tag_elements(block.block_scope.element), 2))) > 1


def _is_menu_entry(block: Block, labelled: LabelledPage) -> bool:
    """True for a block that is a link beside other links, or a row of links: a menu entry, or tags.

    Two links with a comma between them are two sections.
    """
    if not block.link_share:
        return False
    links = _link_texts(block)
    if len(links) > 1 and not (len(links) <= MAX_CATEGORIES and "," in block.text):
        return True
    outer = block.block_scope.parent
    above = labelled.view.blocks[max(0, block.index - MENU + 1) : block.index + 1]
    return sum(other.link_share > 0 and other.block_scope.parent is outer for other in above) >= MENU


def _link_texts(block: Block) -> list[str]:
    """The texts of a block's links, at most ``MENU``; its element may hold the headline as well."""
    around = next((scope for scope in block.scope.chain() if scope.tag == "a"), block.scope)
    texts = (normalise(anchor.text_content()) for anchor in islice(around.element.iter("a"), MENU))
    return [text for text in texts if text and text in block.text]


def _line(own: Furniture) -> str | None:
    """The section in a line of the article's own furniture, after a label such as ``In:``."""
    matches = (SECTION_LINE.search(block.text) for block, _ in own)
    names = (match["name"].strip() for match in matches if match)
    return next((name for name in names if NAME.fullmatch(name) and is_section(name)), None)


def is_section(text: str) -> bool:
    """True for a text that may be a section's name."""
    return names_section(text) and not HOME.fullmatch(text)
