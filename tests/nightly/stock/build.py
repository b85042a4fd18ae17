"""Build the sites below a folder, and write truth.json there: what a crawl of them should find.

The tools are installed first, unless they are there already. Nothing else is fetched, and no page depends on the day
on which it was built.

    python -m tests.nightly.stock.build FOLDER [NAME ...] [--tools FOLDER]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.nightly.stock.node_sites import eleventy, hexo
from tests.nightly.stock.python_sites import material, mkdocs, nikola, pelican
from tests.nightly.stock.shared import Site
from tests.nightly.stock.tools import Tools, install
from tests.support.stories import STORIES

SITES: dict[str, Callable[[Path, Tools, str], Site]] = {
    "pelican-notmyidea": partial(pelican, theme="notmyidea"),
    "pelican-simple": partial(pelican, theme="simple"),
    "nikola": nikola,
    "mkdocs": mkdocs,
    "material": material,
    "eleventy": eleventy,
    "hexo": hexo,
}


def page_file(out: Path, url: str) -> Path:
    """The file of a built site that a web server would send for an address."""
    path = unquote(urlsplit(url).path).lstrip("/")
    return out / (f"{path}index.html" if not path or path.endswith("/") else path)


def truth(site: Site) -> dict[str, Any]:
    """What a crawl of the site should find."""
    stories = {
        site.stories[story.slug]: {
            "slug": story.slug,
            "title": story.title,
            "paragraphs": story.paragraphs,
            "kinds": [kind for kind, _ in story.body],
            "author": story.author,
            "published": story.published.isoformat(),
            "tags": list(story.tags),
            "category": story.category,
            "language": story.lang,
        }
        for story in STORIES
    }
    return {"start": site.start, "feed": site.feed, "sitemap": site.sitemap, "stories": stories}


def build_site(name: str, out: Path, tools: Tools) -> Site:
    """Build one site into a folder of its own; fails where a page, feed or sitemap that it should have is missing."""
    site = SITES[name](out.resolve(), tools, f"http://{name}.example")
    wanted = [url for url in (site.start, site.feed, site.sitemap, *site.stories.values()) if url]
    missing = [url for url in wanted if not page_file(out, url).is_file()]
    if missing:
        raise RuntimeError(f"{name} was built without {', '.join(missing)}")
    return site


def build(folder: Path, tools: Tools, names: Iterable[str] = SITES) -> dict[str, Any]:
    """Build the named sites below folder/sites; the truth of these and of those built before, as truth.json has it."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    ledger = folder / "truth.json"
    known: dict[str, Any] = json.loads(ledger.read_text("utf-8")) if ledger.exists() else {}
    for name in names:
        known[name] = truth(build_site(name, folder / "sites" / name, tools))
        ledger.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return known


def main() -> None:
    """Install the tools, build the sites, and tell how long each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(SITES)}; all when none is given")
    parser.add_argument("--tools", type=Path, help="where the generators are installed; FOLDER/tools when not given")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(SITES))
    if unknown:
        parser.error(f"no such site: {', '.join(unknown)}")
    tools = install(options.tools or options.folder / "tools")
    for name in options.names or SITES:
        started = time.monotonic()
        build(options.folder, tools, [name])
        pages = sum(1 for _ in (options.folder / "sites" / name).rglob("*.html"))
        sys.stdout.write(f"{name}: {pages} pages in {time.monotonic() - started:.1f} s\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
