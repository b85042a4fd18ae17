"""Build the sites below a folder, and write truth.json there: what a crawl of them should find."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.end_to_end.rendered import app_sites, plain_sites, static_sites
from tests.end_to_end.rendered.shared import Site
from tests.end_to_end.rendered.tools import Scripts

RENDERED: dict[str, Callable[[Path, Scripts], Site]] = {
    "react-app": app_sites.react_app,
    "react-routes": app_sites.react_routes,
    "vue-app": app_sites.vue_app,
    "vue-noscript": app_sites.vue_noscript,
    "next-shell": app_sites.next_shell,
    "preact-app": app_sites.preact_app,
    "lazy-body": plain_sites.lazy_body,
    "endless": plain_sites.endless,
    "consent-wall": plain_sites.consent_wall,
    "shadow": plain_sites.shadow,
    "late": plain_sites.late,
}
STATIC: dict[str, Callable[[Path, Scripts], Site]] = {
    "consent-overlay": plain_sites.consent_overlay,
    "plain": static_sites.plain,
    "noscript-hint": static_sites.noscript_hint,
    "hydrated": static_sites.hydrated,
}
"""Sites that a browser must never be started for."""
SITES = {**RENDERED, **STATIC}
QUICK = ("next-shell", "lazy-body", "consent-wall", "shadow", "consent-overlay", "noscript-hint")
"""Sites without a library, one of each kind; ``tests.nightly.apps`` crawls the others."""


def build(folder: Path, scripts: Scripts, names: Iterable[str] = SITES) -> dict[str, Any]:
    """Build the named sites below folder/sites; what a crawl of each should find."""
    known = {}
    for name in names:
        out = folder.resolve() / "sites" / name
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        known[name] = SITES[name](out, scripts).truth()
    (folder / "truth.json").write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return known
