"""Redirects to where a crawl may not go."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.support.site.hostile import Exchange, Route, tale

FORBIDDEN = {
    "another-port": "http://{canary}/secret",
    "the-name-of-loopback": "http://localhost:{port}/secret",
    "a-decimal-address": "http://2130706433:{port}/secret",
    "a-hexadecimal-address": "http://0x7f.0x1:{port}/secret",
    "an-octal-address": "http://0177.0.0.1:{port}/secret",
    "a-short-address": "http://127.1:{port}/secret",
    "loopback-of-ipv6": "http://[::1]:{port}/secret",
    "a-mapped-address": "http://[::ffff:127.0.0.1]:{port}/secret",
    "a-translated-address": "http://[64:ff9b::7f00:1]:{port}/secret",
    "the-unspecified-address": "http://0.0.0.0:{port}/secret",
    "the-metadata-of-a-cloud": "http://169.254.169.254/latest/meta-data/",
    "a-private-network": "http://192.168.0.1/admin",
    "a-name-of-the-office": "http://intranet/",
    "a-multicast-address": "http://224.0.0.1/",
}
"""Where they lead; ``{port}`` is the canary's. Ports are open to all of them, so it is the address that is refused."""

SCHEMES = {
    "a-file-of-ours": "file:///etc/hostname",
    "a-file-by-ftp": "ftp://{address}/x",
    "data-of-its-own": "data:text/html,<p>x",
}


def to(place: str) -> Callable[[Exchange], None]:
    """An answer that redirects to a place."""

    def answer(exchange: Exchange) -> None:
        port = exchange.canary.rpartition(":")[2]
        exchange.redirect(place.format(canary=exchange.canary, port=port, address=exchange.address))

    return answer


def refresh(exchange: Exchange) -> None:
    exchange.send(
        tale(900).replace(
            "<head>", f"<head><meta http-equiv=refresh content='0; url=http://{exchange.canary}/secret-too'>"
        )
    )


def pictures(exchange: Exchange) -> None:
    """In each of the ways in which a page names one."""
    place = f"http://{exchange.canary}/secret"
    ld = json.dumps(
        {
            "@type": "NewsArticle",
            "headline": "A picture of the lock",
            "image": [f"{place}-ld.jpg", {"url": f"{place}-object.jpg"}],
        }
    )
    head = f"<meta property=og:image content='{place}-og.jpg'><script type='application/ld+json'>{ld}</script></head>"
    exchange.send(
        tale(902)
        .replace("</head>", head)
        .replace(
            "<main>",
            (
                f"<main><figure><img src='{place}.jpg' srcset='{place}-2.jpg 2x'><figcaption>The "
                f"lock</figcaption></figure>"
            ),
        )
    )


def with_login(exchange: Exchange) -> None:
    exchange.redirect(f"http://reporter:hunter2@{exchange.address}/odd-more/behind-a-login")


def behind_login(exchange: Exchange) -> None:
    exchange.send(
        tale(901).replace(
            "</main>", f"<p><a href='http://editor:hunter2@{exchange.address}/more'>More on this</a></p></main>"
        )
    )


def endless(exchange: Exchange) -> None:
    exchange.redirect(
        f"/odd-more/further/{exchange.path.count('/') + exchange.asked}/{exchange.path.rpartition('/')[2]}x"
    )


ROUTES = (
    *(
        Route(f"redirects-the-crawler-to-{name}", to(place), "fetch/forbidden_address")
        for name, place in FORBIDDEN.items()
    ),
    *(
        Route(f"redirects-the-crawler-to-{name}", to(place), "fetch/forbidden_scheme")
        for name, place in SCHEMES.items()
    ),
    Route("redirects-the-crawler-to-the-port-of-mail", to("http://news.example:25/"), "fetch/forbidden_port"),
    Route(
        "redirects-the-crawler-to-full-width-digits",
        to("http://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1:{port}/secret"),
        "fetch/bad_address",
    ),
    Route("redirects-the-crawler-to-no-address", to("http://[::x/"), "fetch/bad_address"),
    Route("refreshes-to-a-forbidden-place", refresh, "fetch/forbidden_address"),
    Route("shows-pictures-of-the-house-next-door", pictures, "article"),
    Route("redirects-with-a-stolen-password", with_login, "article", {"/odd-more/behind-a-login": behind_login}),
    Route("redirects-to-itself-for-ever", lambda exchange: exchange.redirect(exchange.path), "fetch/redirects"),
    Route(
        "redirects-in-a-ring-of-two",
        lambda exchange: exchange.redirect("/odd-more/ring"),
        "fetch/redirects",
        {"/odd-more/ring": lambda exchange: exchange.redirect("/odd/redirects-in-a-ring-of-two")},
    ),
    Route("redirects-further-and-further-on", endless, "fetch/redirects", {"/odd-more/further/": endless}),
    Route(
        "redirects-to-an-endless-address",
        lambda exchange: exchange.redirect("/odd-more/" + "x" * 9_000),
        "fetch/long_address",
    ),
)
