"""Where a text is cut by a paywall, and where only the page's declaration says so."""

from __future__ import annotations

import json

import pytest

from cleaners import Article, clean
from tests.unit.cleaners.pages import SENTENCES, html, page

OFFER = "<div class='paywall'><p>Subscribe to read the rest of this article.</p></div>"
LEAD = f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p>"
PARTS = [f"In part {n} of the plan, {sentence[0].lower()}{sentence[1:]}" for n in "ABCD" for sentence in SENTENCES]
WHOLE = "".join(f"<p>{sentence}</p>" for sentence in PARTS)
OPEN = f"<p>{SENTENCES[0]}</p><p>Skippers who keep boats above the lock were told to move them before the …</p>"
FADED = f"<div class='article-body fade-out'>{LEAD}</div>"


def declared(*, free: bool | None = None, body: str = "") -> str:
    values: dict[str, object] = {"@type": "NewsArticle", "headline": "Lock to close", "datePublished": "2026-10-30"}
    values |= {"isAccessibleForFree": free} if free is not None else {}
    values |= {"articleBody": body} if body else {}
    return f"<script type='application/ld+json'>{json.dumps(values)}</script>"


TEASER = f"{SENTENCES[0]} {SENTENCES[1]} {SENTENCES[0]} {SENTENCES[1]}"[:420]
LONG = " ".join(SENTENCES * 5)


@pytest.mark.parametrize(
    ("text", "head", "expected"),
    [
        pytest.param(LEAD + OFFER, declared(free=False), "paywall_stub", id="an offer and the declaration"),
        pytest.param(OPEN + OFFER, declared(), "paywall_stub", id="an open end and an offer"),
        pytest.param(FADED + OFFER, declared(), "paywall_stub", id="it fades out above an offer"),
        pytest.param(OPEN, declared(free=False), "paywall_stub", id="an open end and the declaration"),
        pytest.param(FADED, declared(free=False), "paywall_stub", id="it fades out, and is declared"),
        pytest.param(LEAD, declared(free=False, body=LONG), "paywall_stub", id="the declared text is longer"),
        pytest.param(LEAD + OFFER, declared(body=LONG), "article", id="the declared text is free, and taken"),
        pytest.param(WHOLE, declared(free=False), "article", id="declared, and whole"),
        pytest.param(WHOLE + OFFER, declared(free=False), "article", id="declared and offered, and whole"),
        pytest.param(LEAD, declared(free=False), "article", id="short, and nothing but the declaration"),
        pytest.param(LEAD, declared(), "article", id="short"),
        pytest.param(LEAD + OFFER, declared(), "article", id="short, with an offer below"),
        pytest.param(WHOLE, declared(free=False, body=" ".join(PARTS)), "article", id="as long as declared"),
        pytest.param(FADED, declared(free=True), "article", id="a class alone"),
        pytest.param(FADED + OFFER, declared(free=True), "article", id="declared as free"),
        pytest.param(f"{WHOLE}<p>Additional reporting: Anna Sand</p>{OFFER}", declared(), "article", id="a last line"),
        pytest.param(FADED + OFFER, declared(free=False, body=TEASER), "paywall_stub", id="a declared teaser"),
    ],
)
def test_a_paywall_is_seen_from_the_page(text: str, head: str, expected: str) -> None:
    body = f"<main><article><h1>Lock to close</h1>{text}</article></main>"
    result = clean(page(html(body, head, title="Lock to close")))
    assert isinstance(result, Article), result
    assert result.page_type == expected


ABOUT = (
    "<p>A wall in front of every second story, and a line below it that says: subscribe to read on.</p>"
    "<p>“Subscribe to read the rest of this article” has become the best-known sentence in print, the editor said.</p>"
)


def test_an_article_about_paywalls_is_whole() -> None:
    body = f"<main><article><h1>Of walls</h1>{ABOUT}{WHOLE}</article></main>"
    result = clean(page(html(body, declared(), title="Of walls")))
    assert isinstance(result, Article)
    assert result.page_type == "article"
    assert "best-known sentence" in result.text
