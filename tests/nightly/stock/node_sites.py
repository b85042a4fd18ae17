"""Sites by the generators written for Node: Eleventy and Hexo."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

from tests.nightly.stock.shared import (
    PAGE_SIZE,
    SITE_NAME,
    SITE_TAGLINE,
    Site,
    about_text,
    finish,
    front_matter,
    markdown,
    move,
    run,
    workshop,
)
from tests.nightly.stock.tools import Tools
from tests.support.files import write
from tests.support.stories import STORIES, Story

HERE = Path(__file__).resolve().parent

ELEVENTY_CONFIG = """import { feedPlugin } from "@11ty/eleventy-plugin-rss";
import navigation from "@11ty/eleventy-navigation";

const metadata = %(metadata)s;
const kept = (tags) => (tags || []).filter((tag) => !["all", "posts"].includes(tag));

export default function (eleventy) {
  eleventy.addPlugin(navigation);
  eleventy.addPlugin(feedPlugin, {
    type: "atom",
    outputPath: "/feed/feed.xml",
    collection: { name: "posts", limit: 10 },
    metadata: { ...metadata, subtitle: metadata.description, base: metadata.url, author: { name: metadata.title } },
  });
  eleventy.addGlobalData("metadata", metadata);
  eleventy.addFilter("filterTagList", kept);
  // the stock filter leaves nothing of a tag in Chinese
  eleventy.addFilter("tagSlug", (tag) => eleventy.getFilter("slugify")(tag) || tag);
  eleventy.addFilter("htmlDateString", (date) => date.toISOString().slice(0, 10));
  eleventy.addFilter("readableDate", (date) =>
    date.toLocaleDateString("en-GB", { day: "2-digit", month: "long", year: "numeric", timeZone: "UTC" }));
  eleventy.addCollection("tagList", (api) =>
    [...new Set(api.getAll().flatMap((item) => kept(item.data.tags)))].sort());
  return { dir: { input: "content", includes: "../_includes", output: "site" }, markdownTemplateEngine: "njk" };
}
"""

ELEVENTY_BASE = """<!doctype html>
<html lang="{{ lang or metadata.language }}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1.0">
    <title>{{ title or metadata.title }}</title>
    <meta name="description" content="{{ description or metadata.description }}">
    <link rel="alternate" href="/feed/feed.xml" type="application/atom+xml" title="{{ metadata.title }}">
    <meta name="generator" content="{{ eleventy.generator }}">
  </head>
  <body>
    <a href="#main" id="skip-link" class="visually-hidden">Skip to main content</a>
    <header>
      <a href="/" class="home-link">{{ metadata.title }}</a>
      <nav>
        <h2 class="visually-hidden">Top level navigation menu</h2>
        <ul class="nav">
        {%- for entry in collections.all | eleventyNavigation %}
          <li class="nav-item"><a href="{{ entry.url }}"
            {%- if entry.url == page.url %} aria-current="page"{% endif %}>{{ entry.title }}</a></li>
        {%- endfor %}
        </ul>
      </nav>
    </header>
    <main id="main">
{{ content | safe }}
    </main>
    <footer><p><em>Built with <a href="https://www.11ty.dev/">{{ eleventy.generator }}</a></em></p></footer>
    <!-- This page `{{ page.url }}` was built without a clock -->
  </body>
</html>
"""

ELEVENTY_POST = """---
layout: layouts/base.njk
---
<h1>{{ title }}</h1>

<ul class="post-metadata">
  <li><time datetime="{{ page.date | htmlDateString }}">{{ page.date | readableDate }}</time></li>
  {%- for tag in tags | filterTagList %}
  <li><a href="/tags/{{ tag | tagSlug }}/" class="post-tag">{{ tag }}</a></li>
  {%- endfor %}
</ul>

{{ content | safe }}

{%- set previousPost = collections.posts | getPreviousCollectionItem %}
{%- set nextPost = collections.posts | getNextCollectionItem %}
{%- if nextPost or previousPost %}
<ul class="links-nextprev">
  {%- if previousPost %}
  <li class="links-nextprev-prev">← Previous<br> <a href="{{ previousPost.url }}">{{ previousPost.data.title }}</a></li>
  {%- endif %}
  {%- if nextPost %}
  <li class="links-nextprev-next">Next →<br><a href="{{ nextPost.url }}">{{ nextPost.data.title }}</a></li>
  {%- endif %}
</ul>
{%- endif %}
"""

ELEVENTY_LIST = """<ol reversed class="postlist">
{%- for post in postslist %}
  <li class="postlist-item">
    <a href="{{ post.url }}" class="postlist-link">{{ post.data.title }}</a>
    <time class="postlist-date" datetime="{{ post.date | htmlDateString }}">{{ post.date | readableDate }}</time>
  </li>
{%- endfor %}
</ol>
"""

ELEVENTY_INDEX = """---
layout: layouts/base.njk
eleventyNavigation: { key: Home, order: 1 }
pagination: { data: collections.posts, size: %(page_size)d, alias: postslist, reverse: true }
permalink: "/{%% if pagination.pageNumber %%}page/{{ pagination.pageNumber + 1 }}/{%% endif %%}"
---
<h1>Latest Posts</h1>

{%% include "postslist.njk" %%}

{%% if pagination.href.previous %%}<a href="{{ pagination.href.previous }}" rel="prev">Newer posts</a>{%% endif %%}
{%% if pagination.href.next %%}<a href="{{ pagination.href.next }}" rel="next">Older posts</a>{%% endif %%}
"""

ELEVENTY_ARCHIVE = """---
title: Archive
layout: layouts/base.njk
permalink: /blog/
eleventyNavigation: { key: Archive, order: 2 }
---
<h1>Archive</h1>

{% set postslist = collections.posts | reverse %}
{% include "postslist.njk" %}
"""

ELEVENTY_TAGS = """---
title: Tags
layout: layouts/base.njk
permalink: /tags/
---
<h1>Tags</h1>

<ul>
{%- for tag in collections.tagList %}
  <li><a href="/tags/{{ tag | tagSlug }}/" class="post-tag">{{ tag }}</a></li>
{%- endfor %}
</ul>
"""

ELEVENTY_TAG = """---
layout: layouts/base.njk
pagination: { data: collections, size: 1, alias: tag, filter: [all, posts, tagList], addAllPagesToCollections: true }
eleventyComputed: { title: "Tagged “{{ tag }}”" }
permalink: "/tags/{{ tag | tagSlug }}/"
---
<h1>Tagged “{{ tag }}”</h1>

{% set postslist = collections[tag] | reverse %}
{% include "postslist.njk" %}

<p>See <a href="/tags/">all tags</a>.</p>
"""

ELEVENTY_SITEMAP = """---
permalink: /sitemap.xml
layout: false
eleventyExcludeFromCollections: true
---
<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{%- for page in collections.all %}
  <url><loc>{{ metadata.url }}{{ page.url }}</loc><lastmod>{{ page.date | htmlDateString }}</lastmod></url>
{%- endfor %}
</urlset>
"""


def eleventy(out: Path, tools: Tools, site_url: str) -> Site:
    """An Eleventy blog with pages like those of its official starter, which is on no registry as it is today."""
    metadata = {"title": SITE_NAME, "url": site_url, "language": "en", "description": SITE_TAGLINE}
    about: dict[str, object] = {
        "title": "About",
        "layout": "layouts/base.njk",
        "permalink": "/about/",
        "eleventyNavigation": {"key": "About", "order": 3},
    }
    with workshop() as folder:
        write(
            folder,
            {
                "package.json": json.dumps({"private": True, "type": "module"}),
                "eleventy.config.js": ELEVENTY_CONFIG % {"metadata": json.dumps(metadata)},
                "_includes/layouts/base.njk": ELEVENTY_BASE,
                "_includes/layouts/post.njk": ELEVENTY_POST,
                "_includes/postslist.njk": ELEVENTY_LIST,
                "content/index.njk": ELEVENTY_INDEX % {"page_size": PAGE_SIZE},
                "content/blog.njk": ELEVENTY_ARCHIVE,
                "content/tags.njk": ELEVENTY_TAGS,
                "content/tag-pages.njk": ELEVENTY_TAG,
                "content/sitemap.xml.njk": ELEVENTY_SITEMAP,
                "content/about.md": front_matter(about, f"# About\n\n{about_text()}"),
                "content/content.11tydata.json": json.dumps({"date": "2026-10-01"}),
                "content/blog/blog.11tydata.json": json.dumps({"tags": ["posts"], "layout": "layouts/post.njk"}),
            },
        )
        write(folder, {f"content/blog/{story.slug}.md": _eleventy_source(story) for story in STORIES})
        (folder / "node_modules").symlink_to(tools.node_modules)
        run(tools, folder, "node", "-r", HERE / "still.cjs", tools.node_modules / "@11ty/eleventy/cmd.cjs", "--quiet")
        move(folder / "site", out)
    return finish(out, site_url, "feed/feed.xml", lambda story: f"blog/{story.slug}/")


def _eleventy_source(story: Story) -> str:
    """A story as Eleventy takes it."""
    fields: dict[str, object] = {
        "title": story.title,
        "date": f"{story.published:%Y-%m-%dT%H:%M:%SZ}",
        "tags": list(story.tags),
        "lang": story.lang,
    }
    return front_matter(fields, markdown(story.body))


HEXO_ID = re.compile(r'data-url="([^"]*)" data-id="cuid[^"]*"')


def _still_id(match: re.Match[str]) -> str:
    """Hexo gives each page a random number, to whichever it has read first; here it follows from the address."""
    return f'data-url="{match[1]}" data-id="cuid{hashlib.sha256(match[1].encode()).hexdigest()[:21]}"'


def hexo(out: Path, tools: Tools, site_url: str) -> Site:
    """A Hexo blog as `hexo init` lays it out, with its default theme, landscape."""
    packages: dict[str, str] = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    manifest = {
        "name": "hexo-site",
        "private": True,
        "hexo": {"version": packages["hexo"]},
        "dependencies": {name: version for name, version in packages.items() if name.startswith("hexo")},
    }
    settings = {
        "title": SITE_NAME,
        "subtitle": SITE_TAGLINE,
        "author": SITE_NAME,
        "timezone": "UTC",
        "url": site_url,
        "per_page": PAGE_SIZE,
        "index_generator": {"per_page": PAGE_SIZE},
        "updated_option": "date",
        "feed": {"type": ["atom", "rss2"], "path": ["atom.xml", "rss.xml"], "limit": 20},
        "sitemap": {"path": "sitemap.xml"},
    }
    theme = {"menu": {"Home": "/", "Archives": "/archives", "About": "/about"}}
    about: dict[str, object] = {"title": "About", "date": "2026-10-01 08:00:00"}
    with workshop() as folder:
        shutil.copy(tools.node_modules / "hexo-cli/assets/_config.yml", folder)
        write(
            folder,
            {
                "package.json": json.dumps(manifest),
                "ledger.yml": json.dumps(settings),
                "_config.landscape.yml": json.dumps(theme),
                "source/about/index.md": front_matter(about, about_text()),
            },
        )
        write(folder, {f"source/_posts/{story.slug}.md": _hexo_source(story) for story in STORIES})
        (folder / "node_modules").symlink_to(tools.node_modules)
        command = ("node", "-r", HERE / "still.cjs", tools.node_modules / "hexo/bin/hexo", "generate")
        run(tools, folder, *command, "--silent", "--bail", "--config", "_config.yml,ledger.yml")
        move(folder / "public", out)
    for path in out.rglob("*.html"):
        path.write_text(HEXO_ID.sub(_still_id, path.read_text(encoding="utf-8")), encoding="utf-8")
    return finish(out, site_url, "atom.xml", lambda story: f"{story.published:%Y/%m/%d}/{story.slug}/")


def _hexo_source(story: Story) -> str:
    """A story as Hexo takes it."""
    fields: dict[str, object] = {
        "title": story.title,
        "date": f"{story.published:%Y-%m-%d %H:%M:%S}",
        "author": story.author,
        "categories": [story.category],
        "tags": list(story.tags),
        "lang": story.lang,
    }
    return front_matter(fields, markdown(story.body, "<!-- more -->"))
