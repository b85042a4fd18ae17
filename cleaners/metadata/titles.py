"""Separates headlines from the site names that sites add to them."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from cleaners.text.normalise import match_key, text_weight

SEPARATOR = re.compile(
    r"\s{1,9}[|–—\-·•»«›‹:/~]+\s+|\s{0,9}\|\s*|\s{0,9}::\s*|\s{0,9}[_]\s*(?=[^\s])|\s{1,9}-(?=\w)|\s{0,9}丨\s*|"
    r"\s{0,9}—\s*|(?<=[\u4e00-\u9fff\w])-(?=[\u4e00-\u9fff]+$)"
)
"""The separator between a headline and a site's name."""

MIN_HEADLINE_SHARE = 0.5
"""Least share of a heading that is the headline when the rest is a kicker."""

DIVIDER = re.compile(r"[-_|]")

MAX_WORDS = 5
"""Most words of a part of a title that can name a site."""

MAX_SECTION_WORDS = 2
"""Most words of a section between a headline and the site's name."""

MIN_HEADLINE_CHARS = 15
"""Weight of the shortest headline that sections are taken from; sections' names are shorter."""

MIN_NAME_CHARS = 3
"""Letters of the shortest site name that is searched in a longer one (BBC in BBC News)."""

MIN_NAME_SHARE = 0.4
"""Share of the longer name that the shorter one must cover: BBC in BBC News, not Post in harbourpost."""


@lru_cache(maxsize=256)
def strip_site(title: str, site_name: str | None, url: str) -> str:
    """The headline of a title that may have the site's name, its host or its sections at either end.

    A part that is the site's name or in the host is removed, together with the parts on its outer side and the sections
    next to it. The function is pure, and is called with the same titles at each step; hence the cache.
    """
    names = {match_key(site_name)} if site_name else set()
    host = host_word(url)
    pieces, separators = title_parts(title)
    if len(pieces) == 1:
        return _without_colons(title, names, host)
    start, stop = _between_names([names_site(piece, names, host) for piece in pieces])
    headline_parts, between = pieces[start:stop], separators[start : stop - 1]
    while stop < len(pieces) and _ends_with_section(headline_parts, between, separators[stop - 1]):
        headline_parts.pop()
        between.pop()
    while start and _ends_with_section(headline_parts[::-1], between[::-1], separators[start - 1]):
        del headline_parts[0], between[0]
    return _joined(headline_parts, between)


def _ends_with_section(pieces: list[str], separators: list[str], separator: str) -> bool:
    """True where the last part is a section: joined by the separator of the site's name, with a headline before it."""
    rest = " ".join(pieces[:-1])
    is_joined = bool(separators) and separators[-1] == separator and _is_section(pieces[-1])
    return is_joined and (len(rest.split()) > MAX_SECTION_WORDS or text_weight(rest) >= MIN_HEADLINE_CHARS)


def _between_names(is_name: list[bool]) -> tuple[int, int]:
    """Start and stop of the parts between the site's names: after the first part if it is one, up to the next."""
    start = int(is_name[0])
    return start, is_name.index(True, start + 1) if True in is_name[start + 1 :] else len(is_name)


def _without_colons(title: str, names: set[str], host: str) -> str:
    """A title without the site's name before or after a colon: 'The Daily Name: headline', 'headline: Sport: News24'.

    Sections, of at most ``MAX_SECTION_WORDS`` words each, go with a name at the end.
    """
    pieces = title.split(": ")
    if len(pieces) == 1:
        return title
    if names_site(pieces[0], names, host):
        return ": ".join(pieces[1:])
    if not names_site(pieces[-1], names, host):
        return title
    pieces.pop()
    while len(pieces) > 1 and _is_section(pieces[-1]):
        pieces.pop()
    return ": ".join(pieces)


def _is_section(part: str) -> bool:
    """True for a few words that may name a section: 'Sport', not '3 dead' and not 'once feared'."""
    is_named = not part[0].islower() and not any(char.isdigit() for char in part)
    return is_named and len(part.split()) <= MAX_SECTION_WORDS


def without_kicker(shown: str, declared: list[str]) -> str:
    """The shown headline without a kicker inside its heading, when the rest is a declared title.

    Example: 'Premier League Setback in the title race' on a page with the title 'Setback in the title race'.
    """
    whole = match_key(shown)
    for title in declared:
        part = match_key(title)
        if part != whole and whole.endswith(part) and len(part) >= MIN_HEADLINE_SHARE * len(whole):
            return title
    return shown


def site_of(head_title: str, headline: str | None, url: str) -> str | None:
    """The site's name in a head title: the last part where the first is the headline, or the part found in its host."""
    rest = _without(head_title, headline)
    pieces, _ = title_parts(head_title)
    if rest:
        last = DIVIDER.split(rest)[-1].strip()
        return last if 0 < len(last.split()) <= MAX_WORDS else None
    is_named = (
        len(pieces) > 1
        and headline is not None
        and match_key(pieces[0]) in match_key(headline)
        and len(pieces[-1].split()) <= MAX_WORDS
    )
    if is_named and match_key(pieces[-1]) not in match_key(headline or ""):
        return pieces[-1]
    return next(
        (piece for piece in (pieces[-1], pieces[0]) if len(pieces) > 1 and names_site(piece, set(), host_word(url))),
        None,
    )


def _without(head_title: str, headline: str | None) -> str:
    """The part of a head title before or after the headline; empty when the headline is at neither end."""
    if not headline or head_title == headline:
        return ""
    if head_title.endswith(headline):
        return head_title.removesuffix(headline).strip(" :|-–—»·")
    return head_title.removeprefix(headline).strip(" :|-–—»·") if head_title.startswith(headline) else ""


def host_word(url: str) -> str:
    """The longest label of a URL's host: the site's name there."""
    return match_key(max((urlsplit(url).hostname or "").split("."), key=len))


def names_site(part: str, names: set[str], host: str) -> bool:
    """True when a part of a title names the site: its declared name, or the main word of its host."""
    name = match_key(part).removeprefix("the")
    if not name or len(part.split()) > MAX_WORDS:
        return False
    labels = {site_label.removeprefix("the") for site_label in (*names, host)}
    return any(_is_alike(name, label) for label in labels if label)


def _is_alike(name: str, label: str) -> bool:
    if name == label:
        return True
    short, long = sorted((name, label), key=len)
    return len(short) >= MIN_NAME_CHARS and short in long and len(short) >= MIN_NAME_SHARE * len(long)


def title_parts(title: str) -> tuple[list[str], list[str]]:
    """A title's parts, and the separators between them."""
    pieces, separators, start = [], [], 0
    for match in SEPARATOR.finditer(title):
        piece = title[start : match.start()].strip()
        if piece:
            pieces.append(piece)
            separators.append(match.group())
        start = match.end()
    rest = title[start:].strip()
    if rest:
        pieces.append(rest)
    elif separators:
        separators.pop()
    return pieces or [title], separators


def _joined(title_parts: list[str], separators: list[str]) -> str:
    text = title_parts[0]
    for separator, part in zip(separators, title_parts[1:], strict=False):
        text += separator + part
    return text
