"""Bot challenges: pages that a site's protection sends in place of what was asked for.

A vendor is known by a header, or by the element or script that its challenge cannot do without. Readers' pages have its
other scripts, too, and articles write about it: so a sign in the markup counts only on a page that shows little text.
The status says nothing: challenges come with 200, 202, 403, 405, 429 and 503.
"""

from __future__ import annotations

import re
from codecs import lookup
from collections.abc import Mapping
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from cleaners.types import PageRejected, Reason, Stage

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_BYTES = 100_000
"""Bytes of a page up to which it is looked at. Challenges have 1 to 60 kB; some hold their script."""

MAX_TEXT = 1_200
"""Characters that a challenge shows at most: one to four sentences, an incident number, in two languages at times."""

BARE_TEXT = 300
"""Characters that a page with a captcha and nothing else shows at most."""

REFUSALS = frozenset((403, 405, 429, 503))
"""Statuses with which a page that shows a captcha, or says that it checks its reader, is no page of the site."""

GONE = frozenset((401, 404, 410))
"""Statuses that say what a page is, whatever their text has."""

LIST = re.compile(rb"\A\s*+(?:\xef\xbb\xbf\s*+)?(?:<\?xml|<rss|<feed|<rdf:|<urlset|<sitemapindex|\{|\[)", re.IGNORECASE)
"""The start of a feed, a sitemap or JSON: no markup of a page in them is a sign."""


class Challenge(NamedTuple):
    """What was recognised."""

    vendor: str
    """The protection's name; ``unknown`` for one that is recognised by its words or its captcha alone."""
    sign: str
    """The header, element or words."""


HEADERS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("Cloudflare", "cf-mitigated", re.compile("challenge", re.IGNORECASE)),
    ("AWS WAF", "x-amzn-waf-action", re.compile("challenge|captcha", re.IGNORECASE)),
    ("Vercel", "x-vercel-mitigated", re.compile("challenge|deny", re.IGNORECASE)),
)
"""Headers that only a challenge or a block has: vendor, name, value."""

REFUSED_HEADERS: tuple[tuple[str, str], ...] = (
    ("DataDome", "x-datadome"),
    ("DataDome", "x-dd-b"),
    ("Kasada", "x-kpsdk-ct"),
)
"""Headers of all responses behind a protection. A refusal that shows little text is its: vendor, name."""


class Place(Enum):
    """Where in the markup a sign stands: an article that names it has it in its text."""

    TAG = "tag"
    """An element of the page; not ``link`` and ``meta``, by which ordinary pages name the hosts of a protection."""
    META = "meta"
    SCRIPT = "script"
    REFUSAL = "refusal"
    """Anywhere in a refusal, or in a page that shows next to nothing."""


SIGNS: tuple[tuple[str, bytes, Place], ...] = (
    ("Cloudflare", b"_cf_chl_opt", Place.SCRIPT),
    ("Cloudflare", b"challenge-error-text", Place.TAG),
    ("Cloudflare", b"cf-challenge-running", Place.TAG),
    ("Cloudflare", b"cf-error-details", Place.REFUSAL),
    ("Akamai", b"sec-if-cpt-container", Place.TAG),
    ("Akamai", b"sec-cpt-if", Place.TAG),
    ("Akamai", b"bm-verify=", Place.META),
    ("Akamai", b"errors.edgesuite.net", Place.REFUSAL),
    ("DataDome", b"captcha-delivery.com", Place.SCRIPT),
    ("DataDome", b"captcha-delivery.com", Place.TAG),
    ("HUMAN", b"px-captcha", Place.TAG),
    ("HUMAN", b"_pxBlockedUrl", Place.SCRIPT),
    ("Imperva", b"_Incapsula_Resource?CWUDNSAI", Place.TAG),
    ("Imperva", b"Incapsula incident ID", Place.REFUSAL),
    ("AWS WAF", b"gokuProps", Place.SCRIPT),
    ("AWS WAF", b"captcha-sdk.awswaf.com", Place.TAG),
    ("Kasada", b"/ips.js", Place.TAG),
    ("Sucuri", b"sucuri_cloudproxy_js", Place.SCRIPT),
    ("Sucuri", b"sucuri-firewall-block", Place.TAG),
    ("DDoS-Guard", b"check.ddos-guard.net", Place.TAG),
    ("DDoS-Guard", b"/.well-known/ddos-guard", Place.TAG),
    ("Anubis", b"anubis_challenge", Place.TAG),
    ("Anubis", b"/.within.website/x/", Place.TAG),
)
"""What a challenge cannot do without: vendor, its word, and where that stands."""

CAPTCHA = re.compile(
    r"(?:^|[\s_-])(?:g-recaptcha|h-captcha|cf-turnstile|frc-captcha|mtcaptcha|geetest\w{0,20})(?:$|[\s_-])|"
    r"hcaptcha\.com/|/recaptcha/api2/|challenges\.cloudflare\.com/",
    re.IGNORECASE,
)
"""The captchas that are on the market, as the class of their element or the address of their frame names them. Their
scripts say nothing: invisible ones are on every page of many sites."""
CAPTCHA_WORD = re.compile(rb"captcha|turnstile|geetest|challenges\.cloudflare", re.IGNORECASE)

FIELDS = ("textarea", "select", "input")
"""Elements to fill in: where there are any, a captcha guards a form, not the page."""
NO_FIELDS = frozenset(("hidden", "submit", "button"))

WORDS = re.compile(
    r"\b(?:just a moment|attention required|checking (?:if the site|your browser)|"
    r"(?:verify|verifying|confirm|prove) (?:that )?you are (?:a )?(?:human|not a (?:ro)?bot)|"
    r"are you (?:a )?(?:human|robot)|i[’' ]?a?m not a robot|you have been blocked|request(?: was)? blocked|"
    r"security check|unusual (?:traffic|activity)|"
    r"pardon our interruption|ddos protection|one more step|human verification|bot verification|"
    r"sicherheitsüberprüfung|sind sie ein (?:mensch|roboter)|(?:dass|ob) sie (?:ein mensch|kein (?:ro)?bot) sind|"
    r"ungewöhnlicher? (?:datenverkehr|aktivität)|"
    r"vérifi(?:er|ez|ons) que vous (?:êtes|n[’']êtes) (?:un humain|pas un robot)|contrôle de sécurité|"
    r"(?:verifi(?:que|car|ca)|compruebe|confirme) que (?:eres|es|usted es|você é) (?:un |um )?humano|"
    r"no (?:soy|eres) un robot|não (?:sou|é) um rob[oô]|"
    r"verifica di essere umano|non sono un robot|"
    r"controleren of u een mens bent|potwierdź, że jesteś człowiekiem|weryfikacja bezpieczeństwa|"
    r"güvenlik kontrolü|robot olmadığınızı|"
    r"подтвердите, что (?:вы|запросы)|я не робот|проверка безопасности)",
    re.IGNORECASE,
)
"""What a challenge says, in the languages that the fixtures have."""
UNSPACED_WORDS = re.compile(
    r"التحقق من أنك (?:إنسان|بشر)|لست روبوت|安全验证|安全驗證|人机验证|请完成验证|验证您是真人|"
    r"ロボットではありません|セキュリティ ?チェック|로봇이 아닙니다|보안 확인|सत्यापित करें कि आप (?:मानव|इंसान)"
)

TITLE = re.compile(rb"<title[^<>]{0,200}>([^<]{0,400})", re.IGNORECASE)
HEAD = 30_000
"""Bytes in which the title is sought."""
MAX_SEEN = 20
"""Most places of a word that are looked at."""
MAX_HEADINGS, MAX_HEADING_CHARS = 10, 200
"""Most headings that are read, and most characters of each."""
MARKS = " .…:!?|-–—。！？"
"""What may stand around the words of a challenge in its headline."""

ARTICLE = re.compile(
    rb"og:type[^<>]{0,80}article|\"@type\"\s{0,5}:\s{0,5}\"[A-Za-z]{0,30}(?:Article|Posting)\"|articleBody"
)
"""What a page of an article declares."""


def find_challenge(body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Challenge | None:
    """The challenge that a response is; None for any other response.

    Args:
        body: the bytes of the response, decompressed.
        status: HTTP status.
        headers: its headers, with names in lower case.
    """
    headers = headers or {}
    for vendor, name, value in HEADERS:
        if value.search(headers.get(name, "")):
            return Challenge(vendor, f"header {name}")
    if not body or len(body) > MAX_BYTES or b"<" not in body[:1000] or status in GONE or LIST.match(body):
        return None
    is_refused = status in REFUSALS
    sign = next(((vendor, word, place) for vendor, word, place in SIGNS if _has(body, word, place)), None)
    if not (sign or is_refused or CAPTCHA_WORD.search(body) or _said(_title(body))):
        return None
    page = _Page.of(body, headers.get("content-type", ""))
    if page is None or len(page.text) > MAX_TEXT:
        return None
    refuser = next((pair for pair in REFUSED_HEADERS if pair[1] in headers), None)
    if is_refused and refuser is not None:
        return Challenge(refuser[0], f"header {refuser[1]}, HTTP {status}")
    if sign is not None and (sign[2] is not Place.REFUSAL or is_refused or len(page.text) < BARE_TEXT):
        return Challenge(sign[0], sign[1].decode()) if status < SERVER_ERROR or is_refused else None
    return _by_words(page, is_declared=bool(ARTICLE.search(body)), is_refused=is_refused)


SERVER_ERROR = 500


def refuse(body: bytes) -> None:
    """Refuse a bot challenge.

    Raises:
        PageRejected: stage ``page_type``, ``walled``.
    """
    if found := find_challenge(body):
        raise PageRejected(Stage.PAGE_TYPE, Reason.WALLED, f"a bot challenge of {found.vendor} ({found.sign})")


def _has(body: bytes, word: bytes, place: Place) -> bool:
    """True where a word stands in such a place."""
    start = body.find(word)
    for _ in range(MAX_SEEN):
        if start < 0:
            return False
        if _is_in(body, start, place):
            return True
        start = body.find(word, start + 1)
    return False


def _is_in(body: bytes, index: int, place: Place) -> bool:
    if place is Place.REFUSAL:
        return True
    if place is Place.SCRIPT:
        return body.rfind(b"<script", 0, index) > body.rfind(b"</script", 0, index)
    opened = body.rfind(b"<", 0, index)
    is_head = body[opened + 1 : opened + 5].lower() in (b"link", b"meta")
    return opened > body.rfind(b">", 0, index) and is_head is (place is Place.META)


def _title(body: bytes) -> str:
    title = TITLE.search(body, 0, HEAD)
    return title[1].decode("utf-8", "replace") if title else ""


def _said(text: str) -> str | None:
    """The words of a challenge in a text."""
    found = WORDS.search(text) or UNSPACED_WORDS.search(text)
    return found[0] if found else None


class _Page(NamedTuple):
    """What a small page shows."""

    text: str
    """Its text, up to a little more than ``MAX_TEXT`` characters."""
    headings: tuple[str, ...]
    has_captcha: bool
    has_fields: bool

    @classmethod
    def of(cls, body: bytes, content_type: str) -> _Page | None:
        """Read a page; None for one that cannot be read."""
        from lxml import etree, html  # noqa: PLC0415  the crawling process parses no other page

        parser = html.HTMLParser(
            huge_tree=False, remove_comments=True, remove_pis=True, encoding=_encoding(body, content_type)
        )
        try:
            tree: HtmlElement = html.document_fromstring(body, parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError):
            return None
        marked = (f"{box.get('class') or ''} {_frame(box)}" for box in tree.iter("div", "span", "p", "iframe"))
        headings = islice(tree.iter("title", "h1", "h2"), MAX_HEADINGS)
        return cls(
            text=_shown(tree, MAX_TEXT + 1),
            headings=tuple(_shown(heading, MAX_HEADING_CHARS) for heading in headings),
            has_captcha=any(CAPTCHA.search(names) for names in marked),
            has_fields=any(field.get("type") not in NO_FIELDS for field in tree.iter(*FIELDS)),
        )


def _frame(element: HtmlElement) -> str:
    return (element.get("src") or "") if element.tag == "iframe" else ""


def _encoding(body: bytes, content_type: str) -> str | None:
    """The encoding of a page: UTF-8 where it is that, else what its header says; None to take what the page says."""
    try:
        body.decode()
    except UnicodeDecodeError:
        charset = content_type.lower().partition("charset=")[2].strip(" \"';")
        return charset if charset and _is_known(charset) else None
    return "utf-8"


def _is_known(charset: str) -> bool:
    try:
        lookup(charset)
    except (LookupError, ValueError):
        return False
    return True


def _shown(element: HtmlElement, chars: int) -> str:
    """The first characters of the text that an element shows, its white space collapsed."""
    from cleaners.html.scripted import shown_texts  # noqa: PLC0415  as above

    found: list[str] = []
    size = 0
    for text in shown_texts(element):
        found += text.split()
        size += len(text)
        if size > chars and len(" ".join(found)) > chars:
            break
    return " ".join(found)


def _by_words(page: _Page, *, is_declared: bool, is_refused: bool) -> Challenge | None:
    """The generic case: a refusal that says so, a page whose headline is such words alone, or a captcha and no more."""
    guards = page.has_captcha and not page.has_fields
    if is_refused:
        said = _said(" / ".join(page.headings)) or _said(page.text)
        if said is not None:
            return Challenge("unknown", f"'{said}'")
        return Challenge("unknown", "a captcha and nothing else") if guards else None
    if is_declared or len(page.text) >= BARE_TEXT:
        return None
    alone = next((heading for heading in page.headings if heading.strip(MARKS) == _said(heading)), None)
    if alone is not None or (guards and (said := _said(" / ".join((*page.headings, page.text))))):
        return Challenge("unknown", f"'{alone.strip(MARKS) if alone else said}'")
    return Challenge("unknown", "a captcha and nothing else") if guards else None
