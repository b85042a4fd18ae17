"""Sites by the generators written in Python: Pelican, Nikola, MkDocs, Material for MkDocs."""

from __future__ import annotations

import json
from pathlib import Path

from tests.nightly.stock.shared import (
    PAGE_SIZE,
    SITE_NAME,
    SITE_TAGLINE,
    Site,
    about_text,
    author_names,
    finish,
    front_matter,
    markdown,
    move,
    run,
    slug_of,
    workshop,
)
from tests.nightly.stock.tools import Tools
from tests.support.files import write
from tests.support.stories import STORIES, Story


def pelican(out: Path, tools: Tools, site_url: str, theme: str = "notmyidea") -> Site:
    """A Pelican blog with one of the themes that ship with it."""
    settings = {
        "AUTHOR": SITE_NAME,
        "SITENAME": SITE_NAME,
        "SITESUBTITLE": SITE_TAGLINE,
        "SITEURL": site_url,
        "PATH": "content",
        "TIMEZONE": "UTC",
        "DEFAULT_LANG": "en",
        "THEME": theme,
        "DEFAULT_PAGINATION": PAGE_SIZE,
        "FEED_ALL_ATOM": "feeds/all.atom.xml",
        "FEED_ALL_RSS": "feeds/all.rss.xml",
        "CATEGORY_FEED_ATOM": "feeds/{slug}.atom.xml",
        "TRANSLATION_FEED_ATOM": None,
        "AUTHOR_FEED_ATOM": None,
        "AUTHOR_FEED_RSS": None,
        "PLUGINS": ["pelican.plugins.sitemap"],
        "SITEMAP": {"format": "xml"},
        "CACHE_CONTENT": False,
    }
    with workshop() as folder:
        write(folder, {"pelicanconf.py": "".join(f"{name} = {value!r}\n" for name, value in settings.items())})
        write(folder, {f"content/{story.slug}.md": _pelican_source(story) for story in STORIES})
        write(folder, {"content/pages/about.md": f"Title: About\nDate: 2026-10-01 08:00\n\n{about_text()}"})
        options = ("-s", "pelicanconf.py", "-d", "--fatal", "errors")
        run(tools, folder, tools.bin / "pelican", "content", "-o", out, *options)
    return finish(out, site_url, "feeds/all.atom.xml", _pelican_address)


def _pelican_source(story: Story) -> str:
    """A story as Pelican takes it."""
    return (
        f"Title: {story.title}\nSlug: {story.slug}\nDate: {story.published:%Y-%m-%d %H:%M}\nAuthor: {story.author}\n"
        f"Category: {story.category}\nTags: {', '.join(story.tags)}\nLang: {story.lang}\n\n{markdown(story.body)}"
    )


def _pelican_address(story: Story) -> str:
    """Pelican names the language of a story that is not in the site's own."""
    return f"{story.slug}.html" if story.lang == "en" else f"{story.slug}-{story.lang}.html"


NIKOLA_SETTINGS = """

INDEX_DISPLAY_POST_COUNT = {page_size}
GENERATE_ATOM = True
FUTURE_IS_NOW = True
COMMENT_SYSTEM_ID = "ostermere-ledger"
CONTENT_FOOTER_FORMATS[DEFAULT_LANG][1]["date"] = 2026
NAVIGATION_LINKS[DEFAULT_LANG] += (("/pages/about/", "About"),)
"""


def nikola(out: Path, tools: Tools, site_url: str) -> Site:
    """A Nikola blog as `nikola init` lays it out, with its default theme and whole stories on the front page."""
    with workshop() as folder:
        run(tools, folder, tools.bin / "nikola", "init", "-q", "site")
        site = folder / "site"
        conf = (site / "conf.py").read_text(encoding="utf-8")
        for stock, ours in (
            ('"Your Name"', repr(SITE_NAME)),
            ('"Demo Site"', repr(SITE_NAME)),
            ('"https://example.com/"', repr(f"{site_url}/")),
            ('"joe@demo.site"', repr("desk@ostermere.example")),
            ('"This is a demo site for Nikola."', repr(SITE_TAGLINE)),
        ):
            conf = conf.replace(stock, ours, 1)
        write(site, {"conf.py": conf + NIKOLA_SETTINGS.format(page_size=PAGE_SIZE)})
        write(site, {f"posts/{story.slug}.md": _nikola_source(story) for story in STORIES})
        about = "<!--\n.. title: About\n.. slug: about\n.. date: 2026-10-01 08:00:00 UTC\n-->\n\n"
        write(site, {"pages/about.md": about + about_text()})
        run(tools, site, tools.bin / "nikola", "build", "-v", "1")
        move(site / "output", out)
    return finish(out, site_url, "rss.xml", lambda story: f"posts/{story.slug}/")


def _nikola_source(story: Story) -> str:
    """A story as Nikola takes it."""
    return (
        f"<!--\n.. title: {story.title}\n.. slug: {story.slug}\n.. date: {story.published:%Y-%m-%d %H:%M:%S UTC}\n"
        f".. author: {story.author}\n.. category: {story.category}\n.. tags: {', '.join(story.tags)}\n"
        f".. type: text\n-->\n\n{markdown(story.body)}"
    )


def mkdocs(out: Path, tools: Tools, site_url: str) -> Site:
    """A MkDocs site with its default theme: the stories are pages of the menu, under their categories."""
    menu: dict[str, list[str]] = {}
    for story in STORIES:
        menu.setdefault(story.category, []).append(f"stories/{story.slug}.md")
    config = {
        "site_name": SITE_NAME,
        "site_url": f"{site_url}/",
        "site_description": SITE_TAGLINE,
        "nav": [{"Home": "index.md"}, *({name: pages} for name, pages in menu.items()), {"About": "about.md"}],
    }
    front = "".join(f"- [{story.title}](stories/{story.slug}.md)\n" for story in reversed(STORIES))
    with workshop() as folder:
        write(folder, {"mkdocs.yml": json.dumps(config)})
        write(folder, {f"docs/stories/{story.slug}.md": _mkdocs_source(story) for story in STORIES})
        write(folder, {"docs/index.md": f"# {SITE_NAME}\n\n{front}", "docs/about.md": f"# About\n\n{about_text()}"})
        run(tools, folder, tools.bin / "mkdocs", "build", "--strict", "-q", "-d", out)
    return finish(out, site_url, None, lambda story: f"stories/{story.slug}/")


def _mkdocs_source(story: Story) -> str:
    """MkDocs shows neither authors nor dates, so a desk that uses it writes them above the text."""
    byline = f"*By {story.author}, {story.published.day} {story.published:%B %Y}*"
    return f"# {story.title}\n\n{byline}\n\n{markdown(story.body)}"


def material(out: Path, tools: Tools, site_url: str) -> Site:
    """A site made only of the blog of Material for MkDocs, with author profiles and a page of tags."""
    blog = {"blog_dir": ".", "pagination_per_page": PAGE_SIZE, "authors_profiles": True, "archive": True}
    config = {
        "site_name": SITE_NAME,
        "site_url": f"{site_url}/",
        "site_description": SITE_TAGLINE,
        "theme": {"name": "material", "features": ["navigation.indexes", "navigation.tabs"]},
        "plugins": ["search", {"blog": blog}, "tags"],
        "nav": [{"News": ["index.md"]}, {"Tags": "tags.md"}, {"About": "about.md"}],
    }
    avatar = f"{site_url}/assets/inkwell.svg"
    authors = {slug_of(name): {"name": name, "description": "Reporter", "avatar": avatar} for name in author_names()}
    with workshop() as folder:
        write(folder, {"mkdocs.yml": json.dumps(config)})
        write(folder, {f"docs/posts/{story.slug}.md": _material_source(story) for story in STORIES})
        write(
            folder,
            {
                "docs/.authors.yml": json.dumps({"authors": authors}, ensure_ascii=False),
                "docs/assets/inkwell.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>\n',
                "docs/index.md": f"# {SITE_NAME}\n",
                "docs/tags.md": "# Tags\n\n<!-- material/tags -->\n",
                "docs/about.md": f"# About\n\n{about_text()}",
            },
        )
        run(tools, folder, tools.bin / "mkdocs", "build", "--strict", "-q", "-d", out)
    return finish(out, site_url, None, lambda story: f"{story.published:%Y/%m/%d}/{story.slug}/")


def _material_source(story: Story) -> str:
    """A story as Material takes it: its date must stand without quotes."""
    fields: dict[str, object] = {
        "slug": story.slug,
        "authors": [slug_of(story.author)],
        "categories": [story.category],
        "tags": list(story.tags),
    }
    text = f"# {story.title}\n\n{markdown(story.body, '<!-- more -->')}"
    return front_matter(fields, text).replace("---\n", f"---\ndate: {story.published:%Y-%m-%dT%H:%M:%S}Z\n", 1)
