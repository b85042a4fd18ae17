"""Bot challenges: pages that a site's protection sends in place of what was asked for.

A vendor is known by a header, or by the element or script that its challenge cannot do without. Readers' pages have its
other scripts, too, and articles write about it: so a sign in the markup counts only on a page that shows little text.
The status says nothing: challenges come with 200, 202, 403, 405, 429 and 503.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from cleaners.types import PageRejected, Reason, Stage

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_BYTES = 300_000
"""Bytes of a page up to which it is looked at. Challenges have 1 to 60 kB; some hold their script."""

MAX_TEXT = 1_200
"""Characters that a challenge shows at most: one to four sentences, an incident number, in two languages at times."""

BARE_TEXT = 300
"""Characters that a page with a captcha and nothing else shows at most."""

REFUSALS = frozenset((401, 403, 405, 429, 503))
"""Statuses with which a page that shows a captcha, or says that it checks its reader, is no page of the site."""


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
    ("Sucuri", "x-sucuri-id"),
)
"""Headers of all responses behind a protection, which say that a refusal is its: vendor, name."""


class Place(Enum):
    """Where in the markup a sign stands: an article that names it has it in its text."""

    TAG = "tag"
    SCRIPT = "script"
    ANYWHERE = "anywhere"


SIGNS: tuple[tuple[str, bytes, Place], ...] = (
    ("Cloudflare", b"_cf_chl_opt", Place.SCRIPT),
    ("Cloudflare", b"challenge-error-text", Place.TAG),
    ("Cloudflare", b"cf-challenge-running", Place.TAG),
    ("Cloudflare", b"cf-error-details", Place.TAG),
    ("Akamai", b"sec-if-cpt-container", Place.TAG),
    ("Akamai", b"sec-cpt-if", Place.TAG),
    ("Akamai", b"bm-verify=", Place.TAG),
    ("Akamai", b"errors.edgesuite.net", Place.ANYWHERE),
    ("DataDome", b"captcha-delivery.com", Place.SCRIPT),
    ("DataDome", b"captcha-delivery.com", Place.TAG),
    ("HUMAN", b"px-captcha", Place.TAG),
    ("HUMAN", b"_pxBlockedUrl", Place.SCRIPT),
    ("Imperva", b"_Incapsula_Resource?CWUDNSAI", Place.TAG),
    ("Imperva", b"Incapsula incident ID", Place.ANYWHERE),
    ("AWS WAF", b"gokuProps", Place.SCRIPT),
    ("AWS WAF", b"captcha-sdk.awswaf.com", Place.TAG),
    ("Kasada", b"KPSDK", Place.SCRIPT),
    ("Sucuri", b"sucuri_cloudproxy_js", Place.SCRIPT),
    ("Sucuri", b"sucuri-firewall-block", Place.TAG),
    ("DDoS-Guard", b"check.ddos-guard.net", Place.TAG),
    ("DDoS-Guard", b"/.well-known/ddos-guard", Place.TAG),
    ("Anubis", b"anubis_challenge", Place.TAG),
    ("Anubis", b"/.within.website/x/", Place.TAG),
)
"""What a challenge cannot do without: vendor, its word, and where that stands."""

CAPTCHA = re.compile(
    rb"g-recaptcha|h-captcha|cf-turnstile|frc-captcha|mtcaptcha|hcaptcha\.com/|/recaptcha/api|"
    rb"challenges\.cloudflare\.com/turnstile|geetest"
)
"""The captchas that are on the market, as their elements and scripts name them."""

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


def find_challenge(body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Challenge | None:
    """The challenge that a response is; None for any other response.

    Args:
        body: the bytes of the response, decompressed.
        status: HTTP status.
        headers: its headers, with names in lower case.
    """
    if found := _of_headers(headers or {}, status):
        return found
    if not body or len(body) > MAX_BYTES or b"<" not in body[:1000]:
        return None
    sign = next(((vendor, word) for vendor, word, place in SIGNS if _has(body, word, place)), None)
    captchas = islice(CAPTCHA.finditer(body), MAX_SEEN)
    has_captcha = any(_is_in_tag(body, match.start()) for match in captchas)
    is_refused = status in REFUSALS
    if not (sign or has_captcha or is_refused or _said(_title(body))):
        return None
    from lxml import html  # noqa: PLC0415  the crawling process parses no other page

    from cleaners.html.scripted import shown_texts  # noqa: PLC0415

    tree: HtmlElement = html.document_fromstring(body, parser=html.HTMLParser(huge_tree=False, recover=True))
    text = " ".join(" ".join(shown_texts(tree)).split())
    if len(text) > MAX_TEXT:
        return None
    if sign is not None:
        return Challenge(sign[0], sign[1].decode())
    return _by_words(tree, text, has_captcha=has_captcha, is_refused=is_refused)


def refuse(body: bytes) -> None:
    """Refuse a bot challenge.

    Raises:
        PageRejected: stage ``page_type``, ``walled``.
    """
    if found := find_challenge(body):
        raise PageRejected(Stage.PAGE_TYPE, Reason.WALLED, f"a bot challenge of {found.vendor} ({found.sign})")


def _of_headers(headers: Mapping[str, str], status: int) -> Challenge | None:
    for vendor, name, value in HEADERS:
        if value.search(headers.get(name, "")):
            return Challenge(vendor, f"header {name}")
    for vendor, name in REFUSED_HEADERS if status in REFUSALS else ():
        if name in headers:
            return Challenge(vendor, f"header {name}, HTTP {status}")
    return None


def _has(body: bytes, word: bytes, place: Place) -> bool:
    """True where a word stands in such a place."""
    start = body.find(word)
    for _ in range(MAX_SEEN):
        if start < 0:
            return False
        if place is Place.ANYWHERE:
            return True
        if _is_in_tag(body, start) if place is Place.TAG else _is_in_script(body, start):
            return True
        start = body.find(word, start + 1)
    return False


def _is_in_tag(body: bytes, index: int) -> bool:
    """True between ``<`` and ``>``."""
    return body.rfind(b"<", 0, index) > body.rfind(b">", 0, index)


def _is_in_script(body: bytes, index: int) -> bool:
    """True between the tags of a script."""
    return body.rfind(b"<script", 0, index) > body.rfind(b"</script", 0, index)


def _title(body: bytes) -> str:
    title = TITLE.search(body, 0, HEAD)
    return title[1].decode("utf-8", "replace") if title else ""


def _said(text: str) -> str | None:
    """The words of a challenge in a text."""
    found = WORDS.search(text) or UNSPACED_WORDS.search(text)
    return found[0] if found else None


def _by_words(tree: HtmlElement, text: str, *, has_captcha: bool, is_refused: bool) -> Challenge | None:
    """The generic case: words of a challenge in title or headline, or a captcha that guards the whole page."""
    guards = has_captcha and not any(field.get("type") not in NO_FIELDS for field in tree.iter(*FIELDS))
    said = _said(" / ".join(str(heading.text_content()) for heading in tree.iter("title", "h1", "h2")))
    if said is None and (is_refused or guards):
        said = _said(text)
    if said is not None and (is_refused or guards or len(text) < BARE_TEXT):
        return Challenge("unknown", f"'{said}'")
    if guards and (is_refused or len(text) < BARE_TEXT):
        return Challenge("unknown", "a captcha and nothing else")
    return None
