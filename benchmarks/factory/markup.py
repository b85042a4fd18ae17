"""Markup of made pages: elements, the names that a site gives to its classes, and the marks that hold the truth."""

from __future__ import annotations

import re
from html import escape
from random import Random

TRUTH = "data-truth"
"""The attribute with the truth: ``1`` on the article's text, ``0`` and a kind on anything else. The nearest one around
a text counts; text without one is not the article's. The cleaner does not read it, and pages that are written lack it.
"""

KEPT = f' {TRUTH}="1"'

MARKS = re.compile(rf' {TRUTH}="[^"]*"')

VOID = frozenset(("img", "input", "hr", "br"))


def out(kind: str) -> str:
    """The mark of furniture of a kind."""
    return f' {TRUTH}="0:{kind}"'


def unmarked(html: str) -> str:
    """A page as it is written: without its truth."""
    return MARKS.sub("", html)


def element(tag: str, content: str = "", attributes: str = "") -> str:
    """An element; ``attributes`` begin with a space each."""
    return f"<{tag}{attributes}>" if tag in VOID else f"<{tag}{attributes}>{content}</{tag}>"


def paragraph(kind: str, content: str, mark: str = "") -> str:
    """A paragraph; ``kind`` is its tag and its attributes, such as ``p class="text"``."""
    tag, _, attributes = kind.partition(" ")
    return element(tag, content, f" {attributes}{mark}" if attributes else mark)


def text(value: str) -> str:
    """Text as markup."""
    return escape(value, quote=False)


PLAIN = {
    "related_line": ("related", "read-more", "inline-link", "story-link"),
    "bare_link": ("link", "more", "inline-related"),
    "media_link": ("gallery-link", "media", "asset"),
    "related_list": ("related", "in-depth", "see-also", "story-links"),
    "teaser": ("teaser", "card", "promo"),
    "signup": ("newsletter", "signup", "briefing"),
    "membership": ("membership", "support", "subscribe"),
    "donation": ("donate", "support-us", "appeal"),
    "author_bio": ("author-bio", "about-author", "contributor"),
    "fact_box": ("factbox", "infobox", "facts", "key-figures"),
    "most_read": ("most-read", "popular", "trending"),
    "share": ("share", "social", "tools"),
    "tag_row": ("tags", "topics"),
    "poll": ("poll", "vote"),
    "audio": ("audio", "listen"),
    "podcast": ("podcast", "promo"),
    "ad_label": ("ad", "advert"),
    "caption": ("caption", "wp-caption-text"),
    "consent": ("consent", "embed-consent"),
    "paywall_prompt": ("paywall", "offer"),
}
"""What class names of a kind of furniture may say; other kinds are named by themselves or as a box."""

GENERIC = ("box", "block", "module", "wrap", "inner", "item", "c-item", "component", "content-block", "unit", "row")
UTILITY = (
    "mt-4", "mb-6", "p-4", "px-6", "bg-gray-100", "rounded", "border", "border-l-4", "text-sm", "font-bold", "flex",
    "gap-2", "text-lg", "leading-7", "col-span-2", "md:w-2/3", "my-8", "uppercase", "tracking-wide", "w-full",
)  # fmt: skip
FOREIGN = (
    "kasten", "verwandt", "abschnitt", "caja", "bloque", "relacionado", "encart", "bloc", "rubrik", "ramka", "blok",
    "kutu", "haber", "noticia", "riquadro", "articolo", "texto", "obsah", "vsebina", "kuva", "juttu", "artikkel",
)  # fmt: skip
SCHEMES = ("plain", "plain", "generic", "utility", "hashed", "modules", "foreign", "none", "none")
"""How sites name their classes; plain names twice, since most do."""


class Naming:
    """The class names of one site: the same meaning has the same name on all of its pages."""

    def __init__(self, site: str, scheme: str) -> None:
        self.scheme = scheme
        self._site = site

    def __call__(self, meaning: str) -> str:
        """The attribute for an element with a meaning; empty where the site names none."""
        random = Random(f"{self._site}:{meaning}")
        name = self._name(meaning, random)
        return f' class="{name}"' if name else ""

    def _name(self, meaning: str, random: Random) -> str:
        letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
        if self.scheme == "none" or (self.scheme != "plain" and random.random() < BARE_SHARE):
            return ""
        if self.scheme == "plain":
            words = PLAIN.get(meaning, (meaning.replace("_", "-"), "box"))
            return random.choice(("", "article__", "post-", "")) + random.choice(words)
        if self.scheme == "generic":
            return random.choice(GENERIC)
        if self.scheme == "utility":
            return " ".join(random.sample(UTILITY, random.randint(2, 5)))
        if self.scheme == "hashed":
            return f"{random.choice(('css', 'sc', 'jsx'))}-{''.join(random.choices(letters, k=random.randint(5, 9)))}"
        if self.scheme == "modules":
            outer, inner = random.choice(("Box", "Text", "styles", "Block")), random.choice(("root", "item", "inner"))
            return f"{outer}_{inner}__{''.join(random.choices(letters, k=5))}"
        return random.choice(FOREIGN)

    def of_skeleton(self, name: str) -> str:
        """The attribute for another element like one of the skeleton that has this class there."""
        return self.renamed(f' class="{name}"')

    def renamed(self, html: str) -> str:
        """A skeleton with its classes named in the manner of this site."""
        if self.scheme == "plain":
            return html
        html = re.sub(r' id="[^"]*"', "", html)
        return re.sub(r' class="([^"]*)"', lambda found: self(found[1]), html)


BARE_SHARE = 0.3
"""Share of the elements without a name on sites whose names mean nothing."""
