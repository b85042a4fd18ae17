"""Names and passwords of addresses stand in no record."""

from __future__ import annotations

import json

import pytest

from cleaners import Article, Page, Rejection, clean
from cleaners.context import CleanContext
from cleaners.metadata.rights import MAX_SIGNAL_CHARS, of_headers
from cleaners.options import Options
from cleaners.record.serialize import to_json
from cleaners.urls.credentials import strip_credentials, strip_credentials_in_text
from tests.unit.cleaners.pages import story

PLACE = "http://ada:hunter2@news.example"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://ada:hunter2@a.example/x", "http://a.example/x"),
        ("http://ada@a.example:8000/x?y=z@w", "http://a.example:8000/x?y=z@w"),
        ("http://ada:hunter2@evil@a.example/", "http://a.example/"),
        ("http://a.example/@ada", "http://a.example/@ada"),
        ("//ada:hunter2@a.example/", "//a.example/"),
        ("http://ada:hunter2@[x/", "http://[x/"),
    ],
)
def test_of_an_address(url: str, expected: str) -> None:
    assert strip_credentials(url) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "see http://ada:hunter2@a.example/x or //b:c@d.example, write to ada@a.example",
            "see http://a.example/x or //d.example, write to ada@a.example",
        ),
        ("http://a.example/ write to ada@a.example", "http://a.example/ write to ada@a.example"),
        ("https://a.example/@ada", "https://a.example/@ada"),
        ("详见http://a.example，邮箱ada@a.example", "详见http://a.example，邮箱ada@a.example"),
        ("nothing", "nothing"),
    ],
)
def test_of_a_text(text: str, expected: str) -> None:
    assert strip_credentials_in_text(text) == expected


LD = json.dumps(
    {
        "@type": "NewsArticle",
        "headline": f"Lock to close {PLACE}/a",
        "image": f"{PLACE}/i.jpg",
        "url": f"{PLACE}/u",
        "author": {"name": "Ada Finch", "url": f"{PLACE}/ada"},
        "publisher": {"name": f"{PLACE}/p", "logo": f"{PLACE}/l.png"},
    }
)
HEAD = f"""<link rel=canonical href='{PLACE}/c'>
<link rel=next href='{PLACE}/x?page=2'><meta property=og:site_name content='{PLACE}'>
<meta property=og:url content='{PLACE}/og'>
<meta property=og:image content='{PLACE}/o.jpg'><meta name=tdm-policy content='{PLACE}/policy'>
<meta name=tdm-reservation content=1>
<meta name=description content='From {PLACE}/d'>
<meta name=author content='{PLACE}/author'><meta name=keywords content='{PLACE}/k'>
<base href='{PLACE}/'>
<script type='application/ld+json'>{LD}</script></head>"""


@pytest.mark.parametrize("url", ["http://news.example/x", f"{PLACE}/x"])
@pytest.mark.parametrize(
    "body",
    [
        story()
        .replace("</head>", HEAD)
        .replace(
            "</main>",
            (
                f"<figure><img src='{PLACE}/m.jpg'><figcaption>By {PLACE}/m</figcaption></figure><p>It stands at "
                f"{PLACE}/x and has stood there since the lock was built, said the keeper.</p><div class=promo><a "
                f"href='{PLACE}/more'>More on {PLACE}/more</a></div></main>"
            ),
        ),
        "<p>short</p>",
        "\x89PNG\r\n",
    ],
    ids=["article", "no text", "no page"],
)
def test_no_record_holds_one(url: str, body: str) -> None:
    found = clean(Page(url=url, body=body.encode()), CleanContext(options=Options(with_evidence=True)))
    assert isinstance(found, Article if "<main>" in body else Rejection)
    assert "hunter2" not in to_json(found)


def test_no_right_holds_one_and_each_is_bounded() -> None:
    (found,) = of_headers([("TDM-Policy", f"{PLACE}/policy?{'x' * 5_000}")])
    assert found.value.startswith("http://news.example/policy?xxx")
    assert len(found.value) == MAX_SIGNAL_CHARS
