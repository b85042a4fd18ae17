"""Sites without a framework, each with one habit that keeps its articles from a reader without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.end_to_end.rendered.shared import (
    Site,
    api,
    as_json,
    blocks_html,
    dumps,
    finish,
    front_html,
    furniture,
    head_html,
    header_html,
    path_of,
    pick,
    shell,
    shells,
)
from tests.end_to_end.rendered.tools import Scripts
from tests.support.stories import Story

DIALOG = (
    '<div role="dialog" aria-modal="true" class="consent" style="position: fixed; inset: 0; background: #fff; '
    'z-index: 9"><h2>We value your privacy</h2><p>We and our 812 partners would like to store and read information '
    "on your device, to show you advertising that suits you and to measure how well it does.</p>"
    '<button class="accept">Accept all</button> <button class="reject">Reject all</button></div>'
)

STANDFIRSTS = {
    "puente-de-valdora-reabre-tras-las-obras": "La obra costó 2,3 millones y tuvo unos inquilinos inesperados.",
    "glassworks-to-take-on-forty-apprentices": "Places are open to anyone between sixteen and sixty, the works says.",
    "dam": "The reservoir is to be lowered before the rain, and the meadows are to be kept clear.",
}
"""Of the stories of lazy-body. A standfirst is no part of a story's text."""


def articles(site: Site, page: Callable[[Story], str]) -> dict[str, str]:
    """A server-rendered front page, and a page for each story."""
    files = {f"{path_of(story)[1:]}index.html": page(story) for story in site.stories}
    return {"index.html": shell(front_html(site)), **files}


def lazy_body(out: Path, scripts: Scripts) -> Site:
    """The title and the first paragraph are there; the others come in pieces as the reader scrolls."""
    site = Site("lazy-body", pick(6), front=False, act="scroll")
    scripts.bundle("lazy_body.js", out / "lazy.js")

    def page(story: Story) -> str:
        first, _, _ = blocks_html(story).partition("\n")
        picture = '<div class="picture" style="height: 1500px"></div>'
        rest = f'<div data-rest="/rest/{story.slug}-">Loading</div>'
        body = f"<p class='standfirst'>{STANDFIRSTS[story.slug]}</p>{picture}<div class='body'>{first}{rest}</div>"
        text = f"<main><article>{header_html(story)}{body}</article></main>"
        return shell(furniture(text), f'{head_html(story)}<script src="/lazy.js" defer></script>\n', story.title)

    files = articles(site, page)
    for story in site.stories:
        blocks = blocks_html(story).split("\n")[1:]
        for at in range(0, len(blocks), 2):
            files[f"rest/{story.slug}-{at // 2}.html"] = "\n".join(blocks[at : at + 2])
    return finish(out, site, files)


def endless(out: Path, scripts: Scripts) -> Site:
    """Who scrolls past an article gets the next one below it: the record must have the first, and all of it."""
    site = Site("endless", pick(7))
    scripts.bundle("endless.js", out / "endless.js")
    page = shell(furniture("<main></main>"), '<script src="/endless.js" defer></script>\n')
    return finish(out, site, {**shells(site, page), **api(site)})


def consent_wall(out: Path, scripts: Scripts) -> Site:
    """The text comes after a click on "Accept all"."""
    site = Site("consent-wall", pick(8), front=False, act="click")
    scripts.bundle("consent_wall.js", out / "consent.js")

    def page(story: Story) -> str:
        text = f"<main><article>{header_html(story)}<div class='body'></div></article></main>"
        head = f'{head_html(story)}<script src="/consent.js" defer></script>\n'
        return shell(f"{furniture(text)}{DIALOG}", head, story.title)

    return finish(out, site, {**articles(site, page), **api(site)})


def consent_overlay(out: Path, scripts: Scripts) -> Site:
    """The text is in the page, under a dialog: no browser is needed."""
    site = Site("consent-overlay", pick(9), rendered=False, front=False)
    scripts.bundle("overlay.js", out / "overlay.js")

    def page(story: Story) -> str:
        text = f"<main><article>{header_html(story)}<div class='body'>{blocks_html(story)}</div></article></main>"
        style = "<style>body { overflow: hidden }</style>"
        head = f"{head_html(story)}{style}<script src='/overlay.js' defer></script>\n"
        return shell(f"{furniture(text)}{DIALOG}", head, story.title)

    return finish(out, site, articles(site, page))


def shadow(out: Path, scripts: Scripts) -> Site:
    """Web components: the article is in one open shadow tree, its body in another within."""
    site = Site("shadow", pick(10), front=False)
    scripts.bundle("shadow.js", out / "components.js")

    def page(story: Story) -> str:
        element = f'<ledger-article src="{path_of(story)}"><p>Subscribe to the Ledger.</p></ledger-article>'
        head = '<script src="/components.js" type="module"></script>\n'
        return shell(furniture(f"<main>{element}</main>"), head, f"{story.title} – Ledger")

    return finish(out, site, {**articles(site, page), **api(site)})


def late(out: Path, scripts: Scripts) -> Site:
    """The text comes 1.5 s after the document; a script that is never answered keeps the load event from coming."""
    site = Site("late", pick(11), routes={"/analytics.js": {"hang": True}})
    scripts.bundle("late.js", out / "late.js")
    scripts = '<script src="/stories.js"></script><script src="/late.js"></script>'
    page = shell(furniture(scripts), '<script async src="/analytics.js"></script>\n')
    data = f"window.STORIES = {dumps([as_json(one) for one in site.stories])};\n"
    return finish(out, site, {**shells(site, page), "stories.js": data})
