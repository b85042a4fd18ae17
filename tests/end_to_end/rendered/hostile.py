"""Pages that attack the browser that renders them, or have it ask for what the crawler never would.

Each shows a story by script, so that a crawler wants to render it, and then attacks. ``build`` writes them as the site
"hostile": NAME is at /NAME/, its story in ``STORY``. The addresses that the attacks are aimed at are those of a canary
(canary.py), which must hear nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.end_to_end.rendered.hostile_scripts import ENDLESS, HEADERS, HEADS, NOISY, REACHING
from tests.end_to_end.rendered.shared import blocks_html, dumps, header_html, shell
from tests.support.files import write
from tests.support.stories import STORIES

STORY = STORIES[0]
FIRST = "/first.js"
SLOW_MEGABYTES = 50


def names(*, reaching: bool = False) -> list[str]:
    """All attacks, or those that are aimed at the canary."""
    aimed = [*REACHING, *HEADS, *HEADERS, "redirect-chain", "redirect", "script-redirect", "service-worker-fetch"]
    others = [*ENDLESS, *NOISY, "big-script", "drip", "attachment", "hang", "reload-header"]
    return aimed if reaching else [*aimed, *others]


def build(folder: Path, canary: str) -> None:
    """Write the site "hostile" below folder/sites."""
    values = _values(canary)
    pages = {name: page(_filled(text, values)) for name, text in {**REACHING, **ENDLESS, **NOISY}.items()}
    pages |= {name: page(head=_filled(text, values)) for name, text in HEADS.items()}
    pages |= {name: page("new Image().src = '/none.png';") for name in HEADERS}
    pages["service-worker-fetch"] = page("navigator.serviceWorker.register('/worker-fetch.js');")
    pages["script-redirect"] = page(head='<script src="/to-canary.js"></script>')
    pages["big-script"] = page(head='<script src="/big.js"></script>')
    files = {f"{name}/index.html": text for name, text in pages.items()}
    files |= {
        FIRST[1:]: f"document.getElementById('app').innerHTML = {dumps(_story())};\n",
        "worker-fetch.js": _filled("fetch(CANARY, { mode: 'no-cors' });\n", values),
        "worker-loop.js": "for (;;) {}\n",
        "index.html": shell("".join(f'<a href="/{name}/">{name}</a>\n' for name in names())),
        "routes.json": json.dumps(_routes(canary)),
    }
    write(folder / "sites" / "hostile", files)


def page(script: str = "", head: str = "") -> str:
    """A page that shows the story and then runs a script."""
    first = f'<div id="app"></div><script src="{FIRST}"></script>'
    return shell(f"{first}<script>{script}</script>", head, STORY.title)


def _story() -> str:
    return f"<main><article>{header_html(STORY)}{blocks_html(STORY)}</article></main>"


def _values(canary: str) -> dict[str, str]:
    parts = urlsplit(canary)
    return {
        "CANARY_SOCKET": json.dumps(f"ws://{parts.netloc}{parts.path}"),
        "CANARY_STUN": json.dumps(f"stun:{parts.netloc}"),
        "CANARY_TURN": json.dumps(f"turn:{parts.netloc}?transport=tcp"),
        "CANARY_HTTPS": json.dumps(f"https://{parts.netloc}{parts.path}"),
        "CANARY": json.dumps(canary),
    }


def _filled(text: str, values: dict[str, str]) -> str:
    """An attack with its addresses; longer names are first among the values."""
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _routes(canary: str) -> dict[str, dict[str, Any]]:
    """Answers of the site that are not files."""
    away = {"status": 302, "headers": {"Location": canary}}
    chain = {
        f"/redirect-chain/{at or ''}": {"status": 302, "headers": {"Location": f"/redirect-chain/{at + 1}"}}
        for at in range(5)
    }
    told = {
        f"/{name}/": {"file": f"{name}/index.html", "headers": {header: value.replace("CANARY", canary)}}
        for name, (header, value) in HEADERS.items()
    }
    return {
        **chain,
        **told,
        "/redirect-chain/5": away,
        "/redirect/": away,
        "/to-canary.js": away,
        "/big.js": {
            "body": "\n// 50 MB\n",
            "megabytes": SLOW_MEGABYTES,
            "headers": {"Content-Type": "text/javascript"},
        },
        "/file.bin": {
            "megabytes": 5,
            "headers": {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"},
        },
        "/attachment/": {"body": page(), "headers": {"Content-Disposition": 'attachment; filename="story.html"'}},
        "/reload-header/": {"body": page(), "headers": {"Refresh": "0"}},
        "/drip/": {"body": page(), "drip": True},
        "/hang/": {"hang": True},
    }
