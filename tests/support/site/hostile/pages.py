"""Pages that parsers choke on, and text that means to be more than text."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.support.site.hostile import Exchange, Route, tale


def spoiled(number: int, old: str, new: str) -> Callable[[Exchange], None]:
    return lambda exchange: exchange.send(tale(number).replace(old, new))


def coded(number: int, data: bytes | str, kind: str = "text/html") -> Callable[[Exchange], None]:
    return lambda exchange: exchange.send(data, kind=kind)


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def ld(text: str) -> str:
    return f"<script type='application/ld+json'>{text}</script></head>"


LIES = json.dumps(
    [
        {
            "@type": "NewsArticle",
            "headline": f"Lie number {n}",
            "datePublished": "9999-99-99",
            "author": {"name": ["x"] * 50},
            "image": "file:///etc/passwd",
        }
        for n in range(3_000)
    ]
)
BREAKS = "\u2028\u2029\u0085\r\n\x0b\x0c"
TERMINAL = "\x1b]0;owned\x07\x1b[31m\x9b2J\u202eesrever\u2066"
ODD = json.dumps(
    {
        "@type": "NewsArticle",
        "headline": f"Broken{BREAKS}title{TERMINAL}",
        "image": ["../../../../etc/passwd", "http://h\ud800/x.jpg"],
        "author": f"Ada\ud800{TERMINAL} Finch",
        "keywords": ["\udc00", "a\u2028b"],
    }
)
MIXED = tale(947).encode().replace(b"</p><p>", " — “caf\xe9”</p><p>".encode() + "caf\u00e9".encode("cp1252"), 1)

ROUTES = (
    Route("nests-twenty-thousand-levels-deep", spoiled(940, "<main>", "<main>" + "<div>" * 20_000), "article"),
    Route(
        "has-an-attribute-of-five-megabytes",
        spoiled(941, "<main>", f"<main class='{'related ' * 625_000}'>"),
        "article|worker/deadline",
    ),
    Route(
        "has-a-million-siblings-in-a-row",
        spoiled(942, "</main>", "<b></b>" * 1_000_000 + "</main>"),
        "parse/too_many_elements",
    ),
    Route("has-nul-bytes-between-its-words", spoiled(943, " ", " \x00"), "article"),
    Route(
        "has-control-characters-in-its-words", spoiled(944, " the ", " \x01\x1fthe&#1;&#x1f;&#xD800;\x7f "), "article"
    ),
    Route(
        "closes-not-one-of-its-elements",
        lambda exchange: exchange.send(
            tale(945).replace("</p>", "").replace("</div>", "").replace("</main>", "").replace("</body></html>", "")
        ),
        "article",
    ),
    Route("says-utf-16-and-sends-utf-8", coded(946, tale(946), "text/html; charset=utf-16"), "article"),
    Route("mixes-two-charsets-in-one-page", coded(947, MIXED), "article"),
    Route("is-in-utf-16-and-says-so", coded(948, tale(948).encode("utf-16"), "text/html; charset=utf-16"), "article"),
    Route(
        "is-in-utf-7-and-says-so",
        coded(949, tale(949).replace("<", "+ADw-").replace(">", "+AD4-"), "text/html; charset=utf-7"),
        "decode/not_html|body/no_text|article",
    ),
    Route("names-a-charset-that-is-none", coded(950, tale(950), "text/html; charset=\x1b[31m" + "x" * 500), "article"),
    Route("names-a-codec-that-is-no-charset", coded(951, tale(951), "text/html; charset=zip"), "article"),
    Route("holds-surrogates-in-its-bytes", coded(952, tale(952).replace("</p>", " \ud800\udfff</p>", 1)), "article"),
    Route("turns-its-text-the-other-way", spoiled(953, "</p>", f" {TERMINAL}</p>"), "article"),
    Route("breaks-lines-in-every-way", spoiled(954, " the ", f" the {BREAKS}"), "article"),
    Route(
        "has-metadata-of-five-megabytes",
        spoiled(955, "</head>", ld('{"@type": "NewsArticle", "headline": "' + "x" * 5_000_000 + '"}')),
        "article",
    ),
    Route("has-metadata-nested-without-end", spoiled(956, "</head>", ld(nested(200_000))), "article"),
    Route("has-three-thousand-lies-as-metadata", spoiled(957, "</head>", ld(LIES)), "article"),
    Route(
        "has-metadata-that-commands-terminals",
        lambda exchange: exchange.send(tale(958).replace("</head>", ld(ODD), 1)),
        "article",
    ),
    Route(
        "is-nothing-but-openings",
        coded(960, "<" * 3_000_000),
        "body/no_text|parse/no_markup|parse/too_many_elements|worker/deadline",
    ),
    Route("is-nothing-but-comments", coded(961, "<!--" * 500_000), "body/no_text|parse/no_markup|worker/deadline"),
    Route("is-a-picture-that-says-html", coded(962, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100), "decode/not_html"),
    Route(
        "has-forms-within-tables-within-forms",
        spoiled(963, "<main>", "<main>" + "<form><table><tr><td>" * 2_000),
        "article|body/no_text|body/scripted",
    ),
    Route(
        "says-its-base-is-elsewhere",
        spoiled(964, "</head>", "<base href='file:///etc/'><link rel=canonical href='javascript:alert(1)'></head>"),
        "article",
    ),
)
