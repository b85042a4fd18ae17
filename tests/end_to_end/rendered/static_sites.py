"""Controls: sites that look as if they needed a browser, or do not, and whose text is all in the HTML."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.end_to_end.rendered.app_sites import NOSCRIPT
from tests.end_to_end.rendered.plain_sites import articles
from tests.end_to_end.rendered.shared import (
    Site,
    as_json,
    blocks_html,
    dumps,
    finish,
    furniture,
    head_html,
    header_html,
    path_of,
    pick,
    shell,
    teaser,
)
from tests.end_to_end.rendered.tools import Scripts
from tests.support.stories import Story


def plain(out: Path, _: Scripts) -> Site:
    """Pages without scripts."""
    return _written(out, Site("plain", pick(12), rendered=False, front=False))


def noscript_hint(out: Path, _: Scripts) -> Site:
    """Pages that ask for JavaScript, and have their text without it."""
    return _written(out, Site("noscript-hint", pick(13), rendered=False, front=False), NOSCRIPT)


def _written(out: Path, site: Site, before: str = "") -> Site:
    def page(story: Story) -> str:
        text = f"<main><article>{header_html(story)}<div class='body'>{blocks_html(story)}</div></article></main>"
        return shell(before + furniture(text), head_html(story), story.title)

    return finish(out, site, articles(site, page))


def hydrated(out: Path, scripts: Scripts) -> Site:
    """React on the server: the text is in the root, and again in the state that the script takes over."""
    site = Site("hydrated", pick(2), rendered=False, front=False)
    scripts.bundle("hydrated_client.jsx", out / "client.js")
    states: list[Any] = [[teaser(one) for one in site.stories], *map(as_json, site.stories)]
    with tempfile.TemporaryDirectory(prefix="rendered-") as folder:
        program = Path(folder) / "server.cjs"
        scripts.bundle("hydrated_server.jsx", program, "--platform=node", "--format=cjs")
        lines = "\n".join(map(dumps, states))
        done = subprocess.run(["node", program], input=lines, capture_output=True, text=True, check=True)
    roots = [json.loads(line) for line in done.stdout.splitlines()]
    files = {}
    for state, root, story in zip(states, roots, (None, *site.stories), strict=True):
        body = f'<div id="root">{root}</div><script>window.__STATE__={dumps(state)}</script>'
        head = f'{head_html(story) if story else ""}<script defer src="/client.js"></script>\n'
        name = f"{path_of(story)[1:]}index.html" if story else "index.html"
        files[name] = shell(body, head, story.title if story else site.name)
    return finish(out, site, files)
