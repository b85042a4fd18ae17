"""What all generators share: their sources, how they are run, and how their output is made the same on every day."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from tests.nightly.stock.tools import Tools, run_quietly
from tests.support.stories import ABOUT, STORIES, Kind, Story

SITE_NAME = "The Ostermere Ledger"
SITE_TAGLINE = "News from a town that is not there"
PAGE_SIZE = 5
BUILT = datetime(2026, 11, 22, tzinfo=UTC)
"""A day after the last story: what the generators, and the times of the source files, are told is now."""
BUILT_AT = int(BUILT.timestamp())
CLOCK_FIELDS = re.compile(r"(<(?:lastmod|updated|lastBuildDate)>)([^<]+)(</)")


@dataclass(frozen=True)
class Site:
    """The addresses of a site that was built; a generator that offers no feed has none."""

    start: str
    feed: str | None
    sitemap: str
    stories: dict[str, str]


@contextmanager
def workshop() -> Iterator[Path]:
    """A temporary folder for a generator's sources."""
    with tempfile.TemporaryDirectory(prefix="stock-") as folder:
        yield Path(folder)


def run(tools: Tools, folder: Path, *command: str | Path) -> None:
    """Run a generator in its folder, with a fixed clock where it heeds one; its output is shown only on failure."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            os.utime(path, (BUILT_AT, BUILT_AT))
    env = {
        "PATH": f"{tools.bin}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "SOURCE_DATE_EPOCH": str(BUILT_AT),
        "PYTHONHASHSEED": "0",
        "UV_THREADPOOL_SIZE": "1",  # Node reads the stories one after the other, so that Hexo numbers them alike
        "NO_MKDOCS_2_WARNING": "1",
    }
    run_quietly(folder, *command, env=env)


def markdown(body: tuple[tuple[Kind, str], ...], more: str = "") -> str:
    """A story's body in Markdown, with the mark `more` behind its first block when given."""
    marks = {"p": "", "h2": "## ", "quote": "> ", "li": "- "}
    parts: list[str] = []
    for position, (kind, text) in enumerate(body):
        gap = "" if not position else "\n" if kind == "li" and body[position - 1][0] == "li" else "\n\n"
        parts.append(f"{gap}{marks[kind]}{text}")
        if more and not position:
            parts.append(f"\n\n{more}")
    return "".join(parts) + "\n"


def front_matter(fields: dict[str, object], text: str) -> str:
    """Text with YAML front matter; a JSON value is a YAML value."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "\n".join(["---", *lines, "---", "", text])


def about_text() -> str:
    """The text of the About page in Markdown."""
    return "\n\n".join(ABOUT) + "\n"


def author_names() -> list[str]:
    """Every author once."""
    return sorted({story.author for story in STORIES})


def slug_of(name: str) -> str:
    """A name as it stands in an address."""
    return name.lower().replace(" ", "-")


def finish(out: Path, site_url: str, feed: str | None, address: Callable[[Story], str]) -> Site:
    """Settle a built site; its addresses, from the paths that its generator gives to its pages."""
    settle(out)
    return Site(
        start=f"{site_url}/",
        feed=f"{site_url}/{feed}" if feed else None,
        sitemap=f"{site_url}/sitemap.xml",
        stories={story.slug: f"{site_url}/{address(story)}" for story in STORIES},
    )


def settle(out: Path) -> None:
    """Put BUILT for every later moment in feeds and sitemaps: no story is that late, so it came from the clock.

    Pelican's sitemap and Nikola's feeds heed no other clock than the machine's, which must be later than BUILT.
    """

    def settled(match: re.Match[str]) -> str:
        opening, value, closing = match.groups()
        if value[0].isdigit():
            moment, style = datetime.fromisoformat(value), value[10:11] and value[19:]
            still = BUILT.strftime("%Y-%m-%dT%H:%M:%S") + style if style else BUILT.strftime("%Y-%m-%d")
        else:
            moment, still = parsedate_to_datetime(value), format_datetime(BUILT, usegmt=True)
        late = moment.replace(tzinfo=moment.tzinfo or UTC) > BUILT
        return f"{opening}{still if late else value}{closing}"

    for path in sorted([*out.rglob("*.xml"), *out.rglob("*.atom")]):
        text = path.read_text(encoding="utf-8")
        path.write_text(CLOCK_FIELDS.sub(settled, text), encoding="utf-8")


def move(built: Path, out: Path) -> None:
    """Put a built site in place of what is there."""
    shutil.rmtree(out, ignore_errors=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(built, out)
