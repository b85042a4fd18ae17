"""Sites by the frameworks: React, Vue, Preact, and a shell as Next.js sends it. No page of theirs has any text."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.end_to_end.rendered.shared import Site, api, as_json, dumps, finish, path_of, pick, script, shell, shells
from tests.end_to_end.rendered.tools import Scripts

NOSCRIPT = (
    "<noscript><strong>We’re sorry but this site doesn’t work properly without JavaScript. Please turn it on."
    "</strong></noscript>"
)
BUILD_ID = "q7Zk2ostermere"


def react_app(out: Path, scripts: Scripts) -> Site:
    """A single-page app in React."""
    site = Site("react-app", pick(0))
    scripts.bundle("react_app.jsx", out / "static" / "main.js")
    page = shell('<div id="root"></div>', '<script defer src="/static/main.js"></script>\n')
    return finish(out, site, {**shells(site, page), **api(site)})


def react_routes(out: Path, scripts: Scripts) -> Site:
    """React with client-side routing: the server has the same shell for every address, also for those of no page."""
    site = Site("react-routes", pick(1), routes={"*": {"file": "index.html"}})
    scripts.bundle("react_routes.jsx", out / "assets" / "index-4f2a.js", "--format=esm")
    page = shell('<div id="root"></div>', '<script type="module" crossorigin src="/assets/index-4f2a.js"></script>\n')
    return finish(out, site, {"index.html": page, **api(site)})


def vue_app(out: Path, scripts: Scripts) -> Site:
    """Vue, with its template compiled in the browser."""
    return _vue(out, scripts, Site("vue-app", pick(2)))


def vue_noscript(out: Path, scripts: Scripts) -> Site:
    """The same, with the words that Vue's own template has for readers without scripts."""
    return _vue(out, scripts, Site("vue-noscript", pick(3)), NOSCRIPT)


def _vue(out: Path, scripts: Scripts, site: Site, before: str = "") -> Site:
    scripts = '<script src="/js/vue.js"></script><script src="/js/app.js"></script>'
    page = shell(f'{before}<div id="app"></div>\n{scripts}')
    files = {"js/app.js": script("vue_app.js"), **shells(site, page), **api(site)}
    finish(out, site, files)
    shutil.copyfile(scripts.node_modules / "vue" / "dist" / "vue.global.prod.js", out / "js" / "vue.js")
    return site


def next_shell(out: Path, scripts: Scripts) -> Site:
    """A shell as Next.js sends it, with the id of the page and nothing of its text."""
    site = Site("next-shell", pick(4))
    scripts.bundle("next_shell.js", out / "_next" / "static" / "chunks" / "main.js")
    pages = {"index.html": _next_page("/", {})}
    for story in site.stories:
        pages[f"{path_of(story)[1:]}index.html"] = _next_page("/news/[...slug]", {"slug": story.slug})
    return finish(out, site, {**pages, **api(site, f"_next/data/{BUILD_ID}")})


def _next_page(page: str, query: dict[str, str]) -> str:
    state = {"props": {"pageProps": {}}, "page": page, "query": query, "buildId": BUILD_ID, "nextExport": True}
    data = f'<script id="__NEXT_DATA__" type="application/json">{dumps(state)}</script>'
    return shell(f'<div id="__next"></div>{data}', '<script src="/_next/static/chunks/main.js" defer></script>\n')


def preact_app(out: Path, scripts: Scripts) -> Site:
    """Preact."""
    site = Site("preact-app", pick(5))
    scripts.bundle("preact_app.jsx", out / "bundle.js", "--jsx-import-source=preact")
    page = shell('<div id="app"></div><script src="/bundle.js"></script>')
    return finish(out, site, {**shells(site, page), "data/all.json": dumps([as_json(one) for one in site.stories])})
