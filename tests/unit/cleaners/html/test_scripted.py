"""The signs that scripts build a page, on pages that have one each and on pages that have none."""

from __future__ import annotations

import pytest

from cleaners.html.decode import decode
from cleaners.html.parse import parse
from cleaners.html.scripted import LITTLE_TEXT, SHORT_ARTICLE, find_sign
from cleaners.options import DEFAULT
from tests.unit.cleaners.pages import SENTENCES, page

SCRIPT = "<script src=/app.js></script>"
PROSE = "".join(f"<p>{text}</p>" for text in SENTENCES)
MUCH = PROSE * 3
CONSENT = f"<div class='cookie-consent'><p>{'We and our partners store data on your device. ' * 4}</p></div>"
LINKS = "".join(f"<a href=/{n}>Lock {n}</a> " for n in range(12))
ARTICLE = "x" * (SHORT_ARTICLE - 1)


def sign(body: str, article: str | None) -> str | None:
    return find_sign(parse(decode(page(f"<html><body>{body}</body></html>"), DEFAULT), DEFAULT), article)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<div id=root></div>" + SCRIPT, "empty_root"),
        ("<div id=root>Loading</div>" + MUCH + SCRIPT, "empty_root"),
        (f"<div id=root>{MUCH}</div>" + SCRIPT, None),
        ("<main></main>" + MUCH + SCRIPT, "empty_main"),
        (f"<main></main><article>{MUCH}</article>" + SCRIPT, None),
        (CONSENT + SCRIPT, "consent"),
        (CONSENT + MUCH + SCRIPT, None),
        (f"<article>{CONSENT}</article>" + SCRIPT, "consent"),
        ("<noscript>Please enable scripts</noscript>" + SCRIPT, "noscript"),
        ("<p>News of the harbour</p>" + SCRIPT, "little_text"),
        ("<p>News of the harbour</p>", None),  # nothing would build more of it
        (LINKS + SCRIPT, None),
        (MUCH + SCRIPT, None),
    ],
)
def test_a_page_without_an_article(body: str, expected: str | None) -> None:
    assert sign(body, None) == expected


@pytest.mark.parametrize(
    ("body", "article", "expected"),
    [
        (CONSENT + SCRIPT, ARTICLE, "consent"),
        (CONSENT + f"<p>{'y' * (LITTLE_TEXT - 1)}</p>" + SCRIPT, ARTICLE, "consent"),
        (CONSENT + f"<p>{'y ' * LITTLE_TEXT}</p>" + SCRIPT, ARTICLE, None),
        (f"{MUCH}<div>Loading …</div>" + SCRIPT, ARTICLE, "placeholder"),
        (f"{MUCH}<div class=skeleton></div>" + SCRIPT, ARTICLE, "placeholder"),
        (f"{MUCH}<div class=skeleton></div>" + SCRIPT, ARTICLE + "x", None),
        (f"{MUCH}<div class=advert></div>" + SCRIPT, ARTICLE, None),
    ],
)
def test_a_page_with_an_article(body: str, article: str, expected: str | None) -> None:
    assert sign(body, article) == expected
