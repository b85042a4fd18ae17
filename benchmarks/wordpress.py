"""Crawl a WordPress on loopback, with each theme and kind of permalinks, and compare what comes out with the stories.

WordPress, its themes, PHP and MariaDB are Debian's packages; ``_s``, a classic theme on which many others are built, is
a package of npm. Everything runs in a temporary folder; no other host is asked for anything.

    apt-get install --no-install-recommends wordpress php-cli php-mysql php-gd php-xml mariadb-server-core \\
        wordpress-theme-twentytwentyfive wordpress-theme-twentytwentyfour wordpress-theme-twentytwentythree

python benchmarks/wordpress.py [--themes twentytwentyfive _s] [--permalinks day plain] [--starts front] [--wrong FOLDER]
"""

from __future__ import annotations

import argparse
import html
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener
from zoneinfo import ZoneInfo

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from cleaners.text.normalise import normalise
from cleaners.urls.identity import page_identity
from crawler.run_report.report_types import EMPTY_REPORT, read_report
from tests.nightly.stock.shared import SITE_NAME, SITE_TAGLINE
from tests.support.stories import ABOUT, STORIES, Kind, Story

DEBIAN = Path("/usr/share/wordpress")
SITE = "http://wordpress.example"
ZONE = "Europe/Oslo"
"""The site's time zone: its pages show times with an offset."""
PERMALINKS = {
    "plain": "",
    "day": "/%year%/%monthnum%/%day%/%postname%/",
    "numeric": "/archives/%post_id%",
    "name": "/%postname%/",
    "category": "/%category%/%postname%/",
}
STARTS = ("front", "feed", "sitemap")
IN_FEED = 10
"""Stories in the feed of a WordPress whose settings nobody has touched."""

DESIGNS = {
    f"twentytwentyfive-{design}": ("twentytwentyfive", f"template-{{}}-{design}")
    for design in ("news-blog", "photo-blog", "text-blog", "vertical-header-blog")
}
"""Designs that a theme brings along, one of which a site may choose for its pages: theme and name of its patterns."""

CLASSIC = {"_s": "undescores-for-npm@1.0.0"}
"""Themes of the time before blocks, and their packages. With them stories are written in the classic editor."""

FIELDS = ("title", "authors", "published", "section", "tags")

CONFIGURATION = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '{site}'); define('WP_SITEURL', '{site}');
define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true); define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_DEBUG', false);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""

SERVER_OPTIONS = ("--skip-networking", "--skip-grant-tables", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin")


@dataclass(frozen=True)
class WordPress:
    """A WordPress that is being served."""

    folder: Path
    address: str
    """What to give as http_proxy."""

    def setup(self, task: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """Run the script that fills or changes it."""
        command = ["php", "-d", "sendmail_path=/bin/true", str(HERE / "wordpress_setup.php"), task, str(self.folder)]
        done = subprocess.run(command, input=json.dumps(wanted), capture_output=True, text=True, check=False)
        if done.returncode or not done.stdout.startswith("{"):
            sys.exit(f"wordpress_setup.php {task}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def page(self, url: str) -> bytes:
        """The page at an address."""
        with build_opener(ProxyHandler({"http": self.address})).open(url, timeout=60) as response:
            content: bytes = response.read()
            return content


@dataclass
class Row:
    """What a crawl found."""

    expected: int
    found: int = 0
    others: int = 0
    twice: int = 0
    right: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)
    """Fields without a value: a theme need not show all."""
    days: int = 0
    """Dates that are right but have no time."""
    urls: int = 0
    """URLs that the crawl found, of all kinds."""
    seconds: float = 0.0
    notes: list[dict[str, Any]] = field(default_factory=list)

    def cell(self, name: str) -> str:
        """How many are right; how many of the others have no value, a day without its time, or a wrong value."""
        days = self.days if name == "published" else 0
        wrong = self.found - self.right[name] - self.empty[name] - days
        kinds = ((self.empty[name], "none"), (days, "day only"), (wrong, "wrong"))
        more = [f"{count} {what}" for count, what in kinds if count]
        return f"{self.right[name]} ({', '.join(more)})" if more else str(self.right[name])


def blocks(story: Story, figure: str) -> str:
    """A story as the block editor stores it."""
    parts: list[str] = []
    for position, (kind, text) in enumerate(story.body):
        words = html.escape(text, quote=False)
        paragraph = f"<!-- wp:paragraph -->\n<p>{words}</p>\n<!-- /wp:paragraph -->"
        first = not position or story.body[position - 1][0] != "li"
        last = position + 1 == len(story.body) or story.body[position + 1][0] != "li"
        item = f"<!-- wp:list-item -->\n<li>{words}</li>\n<!-- /wp:list-item -->"
        opening = '<!-- wp:list -->\n<ul class="wp-block-list">' if first else ""
        forms: dict[Kind, str] = {
            "p": paragraph,
            "h2": f'<!-- wp:heading -->\n<h2 class="wp-block-heading">{words}</h2>\n<!-- /wp:heading -->',
            "quote": f'<!-- wp:quote -->\n<blockquote class="wp-block-quote">{paragraph}</blockquote>\n'
            "<!-- /wp:quote -->",
            "li": opening + item + ("</ul>\n<!-- /wp:list -->" if last else ""),
        }
        parts.append(forms[kind])
    if figure:
        parts.insert(
            2,
            '<!-- wp:image {"id":{image},"sizeSlug":"large","linkDestination":"none"} -->\n'
            '<figure class="wp-block-image size-large"><img src="{source}" alt="" class="wp-image-{image}"/>'
            f'<figcaption class="wp-element-caption">{html.escape(figure)}</figcaption></figure>\n<!-- /wp:image -->',
        )
    return "\n\n".join(parts)


def classic(story: Story, figure: str) -> str:
    """A story as the classic editor stores it: WordPress makes paragraphs of what stands between empty lines."""
    forms: dict[Kind, str] = {
        "p": "{}",
        "h2": "<h2>{}</h2>",
        "quote": "<blockquote>{}</blockquote>",
        "li": "<ul>\n<li>{}</li>\n</ul>",
    }
    parts = [forms[kind].format(html.escape(text, quote=False)) for kind, text in story.body]
    if figure:
        image = '<img class="size-large wp-image-{image}" src="{source}" alt="" width="1024" height="576" />'
        shown = f'[caption id="attachment_{{image}}" align="aligncenter" width="1024"]{image} {figure}[/caption]'
        parts.insert(2, shown)
    return "\n\n".join(parts).replace("</ul>\n\n<ul>\n", "")


def comments(position: int, story: Story) -> list[dict[str, Any]]:
    """What readers wrote below every third story: two comments, the second an answer."""
    if position % 3:
        return []
    later = [(story.published + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S") for hours in (3, 5)]
    question = (
        "I have lived here for thirty years and never heard any of this from the town hall. Who is going to tell us "
        "what happens next, and when will they do it?"
    )
    reply = "Ask them on Thursday. They answer when you stand in front of them, though they would rather you did not."
    return [
        {"author": "Rosa Timm", "text": question, "date": later[0], "reply": False},
        {"author": "Old Ferryman", "text": reply, "date": later[1], "reply": True},
    ]


def content() -> dict[str, Any]:
    """The whole site, as wordpress_setup.php wants it: two of three stories have a picture, one of four a figure."""
    stories = []
    for position, story in enumerate(STORIES):
        figure = "A view of the place in question, taken on the day before" if position % 4 == 1 else ""
        stories.append(
            {
                "slug": story.slug,
                "title": story.title,
                "author": story.author,
                "published": story.published.strftime("%Y-%m-%d %H:%M:%S"),
                "category": story.category,
                "tags": list(story.tags),
                "content": {"blocks": blocks(story, figure), "classic": classic(story, figure)},
                "picture": "The scene as our photographer found it" if position % 3 != 1 else "",
                "figure": figure,
                "comments": comments(position, story),
            }
        )
    contact = ("Write to the newsroom at Tannery Lane 4, Ostermere.", "The switchboard is open from nine to five.")
    pages = [
        {
            "title": title,
            "content": "\n\n".join(f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->" for text in texts),
        }
        for title, texts in (("About", ABOUT), ("Contact", contact))
    ]
    names = {"name": SITE_NAME, "tagline": SITE_TAGLINE, "timezone": ZONE}
    return {**names, "pages": pages, "stories": stories}


@contextmanager
def running(command: list[str], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process group of its own, which is ended with the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, **environment}, start_new_session=True
        )
        try:
            yield process
        finally:
            for number in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(process.pid, number)
                    process.wait(20)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for a server, at most 30 s."""
    for _ in range(300):
        if ready():
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit(f"{process.args!r} did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


def answers(port: int) -> bool:
    """Whether somebody listens at a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def database(folder: Path) -> Iterator[Path]:
    """The socket of a MariaDB with an empty database."""
    tools = {name: shutil.which(name) or shutil.which(name, path="/usr/sbin") for name in ("mariadbd", "php")}
    if not all(tools.values()) or not DEBIAN.is_dir():
        sys.exit("WordPress, PHP or MariaDB is not installed: see the top of this file")
    data, door, begin = folder / "data", folder / "mariadb.sock", folder / "begin.sql"
    begin.write_text("CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4;\n")
    user = ["--user=root"] if os.geteuid() == 0 else []
    common = ["--no-defaults", f"--datadir={data}", *user]
    made = ["mariadb-install-db", *common, "--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    command = [str(tools["mariadbd"]), *common, f"--socket={door}", f"--init-file={begin}", *SERVER_OPTIONS]
    log = folder / "mariadb.log"
    with running(command, log) as process:
        wait_until(door.exists, process, log)
        yield door


def add_themes(themes: Path, wanted: list[str]) -> None:
    """Put the designs among the themes as child themes, and fetch the classic themes."""
    for name, (parent, pattern) in DESIGNS.items():
        templates = themes / name / "templates"
        templates.mkdir(parents=True)
        (themes / name / "style.css").write_text(f"/*\nTheme Name: {name}\nTemplate: {parent}\n*/\n")
        for template in ("single", "home", "archive", "page", "search"):
            slug = pattern.format(template)
            if (themes / parent / "patterns" / f"{slug}.php").exists():
                (templates / f"{template}.html").write_text(f'<!-- wp:pattern {{"slug":"{parent}/{slug}"}} /-->\n')
    for name in set(CLASSIC).intersection(wanted):
        with tempfile.TemporaryDirectory() as place:
            command = [shutil.which("npm") or "npm", "pack", "--silent", CLASSIC[name]]
            packed = subprocess.run(command, cwd=place, capture_output=True, text=True, check=True)
            shutil.unpack_archive(Path(place) / packed.stdout.split()[-1], place)
            shutil.move(Path(place) / "package", themes / name)


@contextmanager
def served(folder: Path, themes: list[str]) -> Iterator[WordPress]:
    """A WordPress with all stories, until the block ends."""
    root = folder / "site"
    shutil.copytree(DEBIAN, root, ignore_dangling_symlinks=True)
    add_themes(root / "wp-content" / "themes", themes)
    (root / "wp-content" / "uploads").mkdir()
    (root / "permalinks").touch()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with database(folder) as door:
        (root / "wp-config.php").write_text(CONFIGURATION.format(socket=door, site=SITE))
        site = WordPress(root, f"http://127.0.0.1:{port}")
        site.setup("install", content())
        caches = ("-d", "opcache.enable_cli=1", "-d", "opcache.revalidate_freq=0", "-d", "display_errors=0")
        command = ["php", *caches, "-S", f"127.0.0.1:{port}", "-t", str(root), str(HERE / "wordpress_router.php")]
        log = folder / "php.log"
        with running(command, log, PHP_CLI_SERVER_WORKERS="4") as process:
            wait_until(lambda: answers(port), process, log)
            yield site


def crawl(site: WordPress, url: str, folder: Path) -> Row:
    """Crawl into a folder; the row has only what the whole run says."""
    began = time.monotonic()
    settings = ("-s", f"COPYDESK_LEDGER={folder / 'ledger.sqlite'}", "-L", "ERROR")
    output = folder / "articles.jsonl"
    command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"site={url}", "-O", str(output), *settings]
    env = {**os.environ, "http_proxy": site.address, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=600, check=False)
    row = Row(expected=len(STORIES), seconds=time.monotonic() - began)
    if done.returncode:
        row.notes.append({"url": url, "what": "crawl", "came": done.stderr[-2000:]})
        return row
    if done.stderr.strip():
        row.notes.append({"url": url, "what": "log", "came": done.stderr[-2000:]})
    values = json.loads((folder / "run.json").read_text("utf-8"))
    report = read_report(values) or EMPTY_REPORT
    row.urls = sum(account.found for account in report.sites.values())
    row.notes.append({"url": "", "what": "account", "came": values["sites"]})
    if not all(account.is_balanced for account in report.sites.values()):
        row.notes.append({"url": url, "what": "not balanced"})
    return row


def lines(path: Path) -> list[dict[str, Any]]:
    """The records of an output that may not be there."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]] if path.exists() else []


def wanted(story: Story) -> dict[str, Any]:
    """The fields of a story as a record should have them."""
    return {
        "text": [normalise(text) for text in story.paragraphs],
        "title": story.title,
        "authors": [story.author],
        "published": story.published,
        "section": story.category,
        "tags": sorted(story.tags),
    }


def moment(value: str | None) -> datetime | str | None:
    """A time as such, so that offsets do not matter; a day as it is written."""
    return datetime.fromisoformat(value) if value and "T" in value else value


def shown(record: dict[str, Any]) -> dict[str, Any]:
    """The same fields of a record."""
    return {
        **{name: record[name] for name in FIELDS},
        "text": record["text"].split("\n"),
        "published": moment(record["published"]),
        "tags": sorted(record["tags"]),
    }


def compare(row: Row, folder: Path, addresses: dict[str, str], start: str) -> None:
    """Fill a row from the output of its crawl."""
    newest = sorted(STORIES, key=lambda story: story.published, reverse=True)
    due = newest[:IN_FEED] if start == "feed" else newest
    stories = {page_identity(addresses[story.title]): story for story in newest}
    row.expected = len(due)
    records, rejections = lines(folder / "articles.jsonl"), lines(folder / "rejections.jsonl")
    seen: set[str] = set()
    for record in records:
        key = page_identity(record["url"])
        story = stories.get(key)
        if story is None or key in seen:
            row.twice += story is not None
            row.others += story is None
            came = {name: record[name] for name in ("title", "page_type", "page_type_score", "text")}
            row.notes.append({"url": record["url"], "what": "twice" if story else "no story", "came": came})
            continue
        seen.add(key)
        row.found += 1
        row.days += record["published"] == story.published.astimezone(ZoneInfo(ZONE)).date().isoformat()
        for name, expected in wanted(story).items():
            came = shown(record)[name]
            row.right[name] += came == expected
            row.empty[name] += not came
            if came != expected:
                row.notes.append({"url": record["url"], "what": name, "expected": expected, "came": came})
    refused = {page_identity(one["url"]): one for one in rejections}
    for story in due:
        key = page_identity(addresses[story.title])
        if key not in seen:
            row.notes.append({"url": addresses[story.title], "what": "missing", "came": refused.get(key)})
    reasons = Counter(f"{one['stage']}/{one['reason']}" for one in rejections)
    row.notes.append({"url": "", "what": "rejections", "came": reasons})


def keep(site: WordPress, row: Row, name: str, folder: Path) -> None:
    """Write down what was wrong in a crawl, and the pages where it was."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "wrong.jsonl").open("a", encoding="utf-8") as output:
        for note in row.notes:
            output.write(json.dumps({"crawl": name, **note}, ensure_ascii=False, default=str) + "\n")
    for url in sorted({note["url"] for note in row.notes if note["url"] and note["what"] not in ("crawl", "log")}):
        shape = name.rpartition(".")[0]
        path = folder / shape / f"{url.removeprefix(SITE).strip('/').replace('/', '_') or 'front'}.html"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(site.page(url))


def measure(site: WordPress, options: argparse.Namespace, theme: str, permalinks: str) -> None:
    """Print the rows of one look of the site."""
    editor = options.editor or ("classic" if theme in CLASSIC else "blocks")
    look = site.setup("use", {"theme": theme, "permalinks": PERMALINKS[permalinks], "editor": editor})
    places = {"front": f"{SITE}/", "feed": look["feed"], "sitemap": look["sitemap"]}
    for start in options.starts:
        with tempfile.TemporaryDirectory() as place:
            row = crawl(site, places[start], Path(place))
            compare(row, Path(place), look["stories"], start)
        if options.wrong:
            keep(site, row, f"{theme}.{permalinks}.{start}", options.wrong)
        cells = [theme, permalinks, start, f"{row.found} of {row.expected}", str(row.others), str(row.twice)]
        cells += [row.cell(name) for name in ("text", *FIELDS)]
        print("| " + " | ".join([*cells, str(row.urls), f"{row.seconds:.0f}"]) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    own = sorted(path.name for path in (DEBIAN / "wp-content" / "themes").glob("*/") if path.is_dir())
    parser.add_argument("--themes", nargs="+", default=own, help=f"of {', '.join([*own, *DESIGNS, *CLASSIC])}")
    parser.add_argument("--permalinks", nargs="+", choices=PERMALINKS, default=list(PERMALINKS))
    parser.add_argument("--starts", nargs="+", choices=STARTS, default=list(STARTS))
    parser.add_argument(
        "--editor", choices=("blocks", "classic"), help="how stories are stored; else as the theme expects"
    )
    parser.add_argument("--wrong", type=Path, help="folder for what is wrong, and for the pages where it is")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    head = ("theme", "permalinks", "start", "stories", "others", "twice", "text", *FIELDS, "urls", "s")
    with tempfile.TemporaryDirectory(prefix="wordpress-") as place, ExitStack() as stack:
        site = stack.enter_context(served(Path(place), options.themes))
        print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}", flush=True)
        for theme in options.themes:
            for permalinks in options.permalinks:
                measure(site, options, theme, permalinks)
        unknown = site.folder / "unknown"
        others = sorted(set(unknown.read_text().split())) if unknown.exists() else []
        print(f"\nother hosts that were asked for: {', '.join(others) or 'none'}")


if __name__ == "__main__":
    main()
