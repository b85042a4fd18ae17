"""Pages that would attack other sites through the browser that renders them. ``build`` writes two sites.

"mischief" has the pages, each with a story first; "victim" answers everything, and consents to one address only.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.end_to_end.rendered.hostile import FIRST, page
from tests.end_to_end.rendered.shared import blocks_html, dumps, header_html, shell
from tests.support.files import write
from tests.support.stories import STORIES

STORY = STORIES[0]
VICTIM = "http://victim.example"

PAGES = {
    "flood": f"for (let n = 0; n < 300; n++) fetch('{VICTIM}/flood/' + n, {{ mode: 'no-cors' }});",
    "post-json": f"fetch('{VICTIM}/write/json', {{ method: 'POST', body: '{{}}', "
    "headers: { 'Content-Type': 'application/json', Authorization: 'Bearer x' } });",
    "post-simple": f"fetch('{VICTIM}/write/simple', {{ method: 'POST', mode: 'no-cors', body: 'a=b' }});",
    "post-redirected": "fetch('/to-victim', { method: 'POST', body: 'a=b' });",
    "authorized": f"fetch('{VICTIM}/secret', {{ headers: {{ Authorization: 'Bearer x' }} }});",
    "consented": f"fetch('{VICTIM}/consents', {{ headers: {{ 'X-Key': '1' }} }});",
    "forbidden": f"fetch('{VICTIM}/private/a', {{ mode: 'no-cors' }});",
    "spray": "for (let n = 0; n < 100; n++) fetch('http://h' + n + '.example/', { mode: 'no-cors' });",
    "script": f"const s = document.createElement('script'); s.src = '{VICTIM}/cdn.js'; document.body.append(s);",
}
"""What each page does when its story is there."""


def build(folder: Path) -> None:
    """Write both sites below folder/sites."""
    story = f"<main><article>{header_html(STORY)}{blocks_html(STORY)}</article></main>"
    files = {f"{name}/index.html": page(script) for name, script in PAGES.items()}
    moved = {"status": 307, "headers": {"Location": f"{VICTIM}/write/moved"}, "body": ""}
    files |= {
        FIRST[1:]: f"document.getElementById('app').innerHTML = {dumps(story)};\n",
        "index.html": shell("".join(f'<a href="/{name}/">{name}</a>\n' for name in PAGES)),
        "sitemap.xml": '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        + "".join(f"<url><loc>http://mischief.example/{name}/</loc></url>" for name in PAGES)
        + "</urlset>",
        "routes.json": json.dumps({"/to-victim": moved}),
    }
    write(folder / "sites" / "mischief", files)
    anybody = {"Access-Control-Allow-Origin": "*"}
    answer = {"status": 200, "headers": {"Content-Type": "text/plain", **anybody}, "body": "victim"}
    consent = {**answer, "headers": {**anybody, "Access-Control-Allow-Headers": "x-key"}}
    robots = {"status": 200, "headers": {"Content-Type": "text/plain"}, "body": "User-agent: *\nDisallow: /private\n"}
    routes = {"/robots.txt": robots, "/consents": consent, "*": answer}
    write(
        folder / "sites" / "victim",
        {"routes.json": json.dumps(routes), "cdn.js": "document.title += '!';\n", "index.html": shell("")},
    )
