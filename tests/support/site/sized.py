"""Sites of any size: ``sized-500.example`` has a front page, a sitemap with dates, and 500 stories that differ.

What the site publishes can change while it is served: a JSON file named by ``--state`` holds, by host, ``count``
(stories), ``published`` (when; a fixed day) and ``edited`` (numbers of stories whose text is another now, and ``at``,
when), ``size`` (bytes added to each story), ``bare`` (stories without metadata), ``note`` (a paragraph that all stories
have), ``touched`` (stories that only the sitemap calls changed), ``redesigned`` (the first story of another layout,
without metadata). Front page, sitemap and stories have ETags.
"""

from __future__ import annotations

import json
import random
import re
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tests.unit.cleaners.pages import html

HOST = re.compile(r"sized-(\d+)(?:-(\w+))?\.example")
WORDS = [
    "harbour",
    "lock",
    "gate",
    "board",
    "skipper",
    "levy",
    "ferry",
    "quay",
    "market",
    "school",
    "council",
    "bridge",
    "river",
    "valley",
    "tide",
    "winter",
    "summer",
    "repair",
    "vote",
    "budget",
    "plan",
    "protest",
    "meeting",
    "reporter",
    "witness",
    "engineer",
    "teacher",
    "farmer",
    "baker",
    "captain",
    "window",
    "letter",
    "garden",
    "street",
    "tower",
    "festival",
    "museum",
    "library",
    "station",
    "railway",
    "tunnel",
    "factory",
    "orchard",
    "island",
    "storm",
    "lantern",
    "signal",
    "archive",
    "market",
    "fountain",
    "bakery",
    "workshop",
    "chapel",
    "meadow",
]
PUBLISHED = "2026-11-01T08:00:00+00:00"
FRONT = 40
"""Stories that the front page lists; the sitemap lists all."""


def state(path: Path | None, host: str, count: int) -> dict[str, Any]:
    said = json.loads(path.read_text()).get(host, {}) if path and path.exists() else {}
    return {"count": count, "edited": [], "at": PUBLISHED, "published": PUBLISHED, **said}


def sentence(dice: random.Random) -> str:
    words = [dice.choice(WORDS) for _ in range(dice.randint(14, 24))]
    return f"The {' '.join(words)}.".replace(" board ", " board, ", 1)


def title(number: int) -> str:
    dice = random.Random(f"title {number}")
    return f"{' '.join(dice.choice(WORDS) for _ in range(7)).capitalize()} {number}"


def slug(number: int) -> str:
    return f"/2026/11/{title(number).lower().replace(' ', '-')}/"


def story(
    number: int,
    *,
    is_edited: bool,
    size: int,
    is_bare: bool = False,
    note: str = "",
    layout: str = "body",
    published: str = PUBLISHED,
) -> str:
    dice = random.Random(f"story {number}")
    paragraphs = [sentence(dice) for _ in range(12)]
    if is_edited:
        paragraphs[3] = (
            f"This paragraph of story {number} was rewritten after a reader pointed out that the figures were wrong "
            f"by half."
        )
    if note:
        paragraphs.insert(6, note)
    head = (
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title(number)}", '
        f'"datePublished": "{published}", '
        f'"author": {{"@type": "Person", "name": "Ada Finch"}}}}</script>'
    )
    if is_bare:
        head = ""
    filler = "<!-- " + "x" * size + " -->"
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return html(
        (
            f"<header><nav><a href='/'>Home</a></nav></header><main><h1>{title(number)}</h1><div "
            f"class='{layout}'>{body}</div></main>{filler}"
        ),
        head,
        title(number),
    )


def answer(host: str, path: str, file: Path | None, tag: str | None) -> tuple[int, dict[str, str], bytes] | None:
    """Status, headers and body; None for other hosts."""
    match = HOST.fullmatch(host)
    if not match:
        return None
    now = state(file, host, int(match[1]))
    numbers = range(now["count"])
    kind = "text/html; charset=utf-8"
    if path == "/":
        links = "".join(f"<li><a href='{slug(n)}'>{title(n)}</a></li>" for n in list(numbers)[-FRONT:])
        body = html(f"<h1>News</h1><ul>{links}</ul>", title="News")
    elif path == "/robots.txt":
        kind, body = "text/plain", f"User-agent: *\nAllow: /\nSitemap: http://{host}/map.xml\n"
    elif path == "/map.xml":
        entries = "".join(
            f"<url><loc>http://{host}{slug(n)}</loc>"
            f"<lastmod>{now['at'] if n in (*now['edited'], *now.get('touched', ())) else now['published']}"
            f"</lastmod></url>"
            for n in numbers
        )
        kind, body = (
            "text/xml",
            f"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>",
        )
    else:
        number = path.strip("/").rsplit("-", 1)[-1]
        if not number.isdigit() or int(number) not in numbers or path != slug(int(number)):
            return 404, {"Content-Type": kind}, b"<h1>Not found</h1>"
        body = story(
            int(number),
            is_edited=int(number) in now["edited"],
            size=int(now.get("size", 0)),
            is_bare=bool(now.get("bare")) or int(number) >= int(now.get("redesigned", now["count"])),
            note=str(now.get("note", "")),
            layout="text new" if int(number) >= int(now.get("redesigned", now["count"])) else "body",
            published=now["published"],
        )
    etag = f'"{blake2b(body.encode(), digest_size=8).hexdigest()}"'
    if tag == etag:
        return 304, {"ETag": etag}, b""
    return 200, {"Content-Type": kind, "ETag": etag}, body.encode()
