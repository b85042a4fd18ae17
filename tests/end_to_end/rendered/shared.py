"""What all sites share: their addresses, their stories as JSON, and the frame of their pages."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Literal

from tests.end_to_end.rendered.tools import APPS
from tests.support.files import write
from tests.support.stories import STORIES, Story

SITE_NAME = "The Ostermere Ledger"
TAGS = {"p": "p", "h2": "h2", "quote": "blockquote", "li": "li"}
SHELL = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%(title)s</title>
%(head)s</head>
<body>
%(body)s
</body>
</html>
"""


@dataclass(frozen=True)
class Site:
    """A site that was built: where its stories are, and what a crawler must do to see them."""

    name: str
    stories: tuple[Story, ...]
    rendered: bool = True
    """Whether the articles need a browser."""
    front: bool = True
    """Whether the links of the front page do."""
    act: Literal["", "scroll", "click"] = ""
    """What a reader must do before the whole article is in the page."""
    routes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Addresses that the server answers otherwise than with their file."""

    @property
    def url(self) -> str:
        return f"http://{self.name}.example"

    def truth(self) -> dict[str, Any]:
        """What a crawl of the site should find; the fields of a story are those of ``tests.support.stories``."""
        return {
            "start": f"{self.url}/",
            "sitemap": f"{self.url}/sitemap.xml",
            "rendered": self.rendered,
            "front": self.front,
            "act": self.act,
            "stories": {f"{self.url}{path_of(story)}": fields(story) for story in self.stories},
        }


def fields(story: Story) -> dict[str, Any]:
    """The fields of a story as a record should have them, and its blocks in reading order."""
    return {
        "slug": story.slug,
        "title": story.title,
        "paragraphs": story.paragraphs,
        "author": story.author,
        "published": story.published.isoformat(),
        "tags": list(story.tags),
        "category": story.category,
        "language": story.lang,
    }


def path_of(story: Story) -> str:
    return f"/news/{story.published:%Y/%m/%d}/{story.slug}/"


def pick(number: int) -> tuple[Story, ...]:
    """Three stories: those of neighbouring sites overlap, those of one site never do."""
    return tuple(STORIES[(number + step) % len(STORIES)] for step in (0, 5, 9))


def as_json(story: Story) -> dict[str, Any]:
    """A story as the scripts of the sites take it; neighbouring list items are one list."""
    blocks: list[dict[str, Any]] = []
    for kind, text in story.body:
        if kind != "li":
            blocks.append({"tag": TAGS[kind], "text": text})
        elif blocks and blocks[-1]["tag"] == "ul":
            blocks[-1]["items"].append(text)
        else:
            blocks.append({"tag": "ul", "items": [text]})
    return {**fields(story), "paragraphs": None, "path": path_of(story), "blocks": blocks}


def teaser(story: Story) -> dict[str, str]:
    return {"title": story.title, "path": path_of(story), "category": story.category}


def dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def shell(body: str, head: str = "", title: str = SITE_NAME) -> str:
    """A page with nothing in it but what is given."""
    return SHELL % {"title": escape(title), "head": head, "body": body}


def shells(site: Site, html: str) -> dict[str, str]:
    """The same page for the front page and for every article."""
    return {"index.html": html, **{f"{path_of(story)[1:]}index.html": html for story in site.stories}}


def api(site: Site, folder: str = "api") -> dict[str, str]:
    """The stories as JSON, and the teasers of the front page."""
    files = {f"{folder}/news/{story.slug}.json": dumps(as_json(story)) for story in site.stories}
    return {f"{folder}/front.json": dumps([teaser(story) for story in site.stories]), **files}


def blocks_html(story: Story) -> str:
    """The body of a story as HTML."""
    parts = []
    for block in as_json(story)["blocks"]:
        items = "".join(f"<li>{escape(item, quote=False)}</li>" for item in block.get("items", ()))
        parts.append(f"<{block['tag']}>{items or escape(block['text'], quote=False)}</{block['tag']}>")
    return "\n".join(parts)


def header_html(story: Story) -> str:
    """The title, byline, date, section and tags of a story as HTML."""
    tags = ", ".join(f'<a rel="tag" href="/tags/{tag.replace(" ", "-")}/">{tag}</a>' for tag in story.tags)
    return (
        f'<p class="section"><a href="/section/{story.category.lower()}/">{story.category}</a></p>'
        f"<h1>{escape(story.title, quote=False)}</h1>"
        f'<p class="byline">By <span rel="author">{story.author}</span></p>'
        f'<time datetime="{story.published.isoformat()}">{story.published:%d %B %Y, %H:%M} UTC</time>'
        f'<p class="tags">{tags}</p>'
    )


def head_html(story: Story) -> str:
    """What the head of a server-rendered article declares."""
    declared = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "author": {"@type": "Person", "name": story.author},
        "articleSection": story.category,
        "keywords": list(story.tags),
    }
    return f'<script type="application/ld+json">{dumps(declared)}</script>\n'


def front_html(site: Site) -> str:
    """The list of the stories of a server-rendered front page."""
    items = "".join(f'<li><a href="{path_of(one)}">{one.title}</a></li>' for one in site.stories)
    return f"<header><a href='/'>{SITE_NAME}</a></header><main><h1>Latest</h1><ul class='river'>{items}</ul></main>"


def furniture(text: str) -> str:
    """A page's header and footer around what is given."""
    return (
        f"<header><a href='/'>{SITE_NAME}</a><nav><a href='/about/'>About</a></nav></header>\n{text}\n"
        "<footer><p>A newspaper that does not exist.</p></footer>"
    )


def finish(out: Path, site: Site, files: dict[str, str]) -> Site:
    """Write the files of a site, its sitemap and its routes."""
    urls = "".join(f"<url><loc>{site.url}{path_of(story)}</loc></url>" for story in site.stories)
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>\n'
    extra = {"robots.txt": f"Sitemap: {site.url}/sitemap.xml\n", "routes.json": dumps(site.routes)}
    write(out, {**files, "sitemap.xml": sitemap, **extra})
    return site


def script(name: str) -> str:
    """A script of ours as it is."""
    return (APPS / name).read_text("utf-8")
