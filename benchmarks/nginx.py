"""A news site of any size on loopback, served by nginx: what a server costs must not blur what a crawler costs."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.site.sized import PUBLISHED, WORDS, sentence, title
from tests.support.site.sized import slug as path

CONFIGURATION = """
daemon off; {user} worker_processes 1; error_log {folder}/error.log; pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
  access_log off; keepalive_requests 1000000; sendfile on; default_type text/html; charset utf-8;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port}; root {folder}/site; index index.html;
    location ~ \\.xml$ {{ default_type text/xml; }}
  }}
}}
"""
STORIES_A_SECTION = 100


@dataclass(frozen=True)
class Shape:
    """What a page is made of."""

    menu: int
    """Links of menu and footer."""
    teasers: int
    """Stories linked beside the article, with a picture and a line each."""
    paragraphs: int
    script: int
    """Bytes of inline scripts and style sheets."""


LIGHT = Shape(menu=70, teasers=12, paragraphs=14, script=50_000)
"""A page of 72 kB on which plain Scrapy with trafilatura in the callback does 0.6 of the pages it does without."""

HEAVY = Shape(menu=330, teasers=60, paragraphs=22, script=200_000)
"""A page like the average of the fundus set: 320 kB, 900 elements."""


def story(number: int, count: int, shape: Shape) -> str:
    """An article as a content management system writes it; no two have a sentence in common."""
    dice = random.Random(f"story {number}")
    paragraphs = "".join(
        f'<p class="story__paragraph">{sentence(dice)} {sentence(dice)}</p>\n' for _ in range(shape.paragraphs)
    )
    menu = "".join(
        f'<li class="menu__item"><a class="menu__link" '
        f'href="/section-{n % max(1, count // STORIES_A_SECTION)}/">{WORDS[n % len(WORDS)].title()} {n}</a></li>\n'
        for n in range(shape.menu)
    )
    others = [(number + step) % count for step in range(1, shape.teasers + 1)]
    teasers = "".join(
        f'<article class="teaser"><a href="{path(n)}"><img src="/i/{n}.jpg" alt=""><h3 '
        f'class="teaser__title">{title(n)}</h3></a>'
        f'<span class="teaser__time">{n % 12 + 1} hours ago</span></article>\n'
        for n in others
    )
    declared = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title(number),
        "datePublished": PUBLISHED.isoformat(),
        "dateModified": PUBLISHED.isoformat(),
        "author": {"@type": "Person", "name": "Ada Finch"},
        "articleSection": "Town",
        "publisher": {"@type": "NewsMediaOrganization", "name": "The Quayside Record"},
        "image": [f"/i/{number}.jpg"],
    }
    script = "".join(
        f'window.q=window.q||[];q.push({{"slot":"top-{dice.randrange(10**6)}","size":[970,250],"lazy":true}});\n'
        for _ in range(shape.script // 75)
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>{title(number)} | The Quayside Record</title>
<meta property="og:title" content="{title(number)}"><meta property="og:type" content="article">
<meta property="og:site_name" content="The Quayside Record">
<meta name="description" content="{sentence(dice)}"><link rel="stylesheet" href="/main.css">
<script type="application/ld+json">{json.dumps(declared)}</script><script>{script}</script></head>
<body class="page"><header class="header"><nav class="menu"><ul>{menu}</ul></nav></header>
<main class="layout"><article class="story"><h1 class="story__headline">{title(number)}</h1>
<div class="story__meta"><span class="byline">By Ada Finch</span>
<time datetime="{PUBLISHED.isoformat()}">1 November 2026</time></div>
<figure><img src="/i/{number}.jpg"><figcaption>{sentence(dice)}</figcaption></figure>
<div class="story__body">{paragraphs}</div></article><aside class="sidebar"><h2>Latest</h2>{teasers}</aside></main>
<footer class="footer"><p>© 2026 The Quayside Record</p></footer></body></html>"""


def publish(folder: Path, count: int, shape: Shape) -> None:
    """Write the site: a front page that links its sections, sections that link 100 stories each, stories, a sitemap,
    robots.txt."""
    sections = range(max(1, count // STORIES_A_SECTION))
    listing = (
        "<!doctype html><html><head><title>The Quayside Record</title></head>"
        "<body><h1>News</h1><ul>{}</ul></body></html>"
    )
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(
        listing.format("".join(f'<li><a href="/section-{n}/">Section {n}</a></li>' for n in sections))
    )
    for section in sections:
        numbers = range(section * STORIES_A_SECTION, min(count, (section + 1) * STORIES_A_SECTION))
        place = folder / f"section-{section}"
        place.mkdir()
        (place / "index.html").write_text(
            listing.format("".join(f'<li><a href="{path(n)}">{title(n)}</a></li>' for n in numbers))
        )
    for number in range(count):
        place = folder / path(number).strip("/")
        place.mkdir(parents=True)
        (place / "index.html").write_text(story(number, count, shape))


@contextmanager
def served(folder: Path, count: int, shape: Shape) -> Iterator[str]:
    """The address of the site, until the block ends."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        sys.exit("nginx is not installed: apt-get install nginx-light")
    publish(folder / "site", count, shape)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    (folder / "site" / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {address}map.xml\n")
    entries = "".join(
        f"<url><loc>{address.rstrip('/')}{path(n)}</loc><lastmod>{PUBLISHED.isoformat()}</lastmod></url>"
        for n in range(count)
    )
    (folder / "site" / "map.xml").write_text(
        f"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>"
    )
    (folder / "nginx.conf").write_text(
        CONFIGURATION.format(folder=folder, port=port, user="user root;" if os.geteuid() == 0 else "")
    )
    process = subprocess.Popen(
        [nginx, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    )
    try:
        for _ in range(100):
            try:
                urlopen(address).close()
                break
            except OSError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait()
