"""The fixtures as test cases, and how a record is compared with what is expected of it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from cleaners import Article, Page, Rejection
from cleaners.record.serialize import to_json

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "fixtures" / "pages"
SITES = ROOT / "fixtures" / "sites"


def page_cases() -> list[Path]:
    """Folders of page fixtures."""
    return sorted(about.parent for about in PAGES.glob("*/page.json"))


def site_cases() -> list[Path]:
    """Folders of the sites' articles."""
    return sorted(expected.parent for expected in SITES.rglob("expected.json"))


def load(folder: Path) -> Page:
    """The page of a fixture."""
    about = json.loads((folder / "page.json").read_text("utf-8"))
    return Page(
        url=about["url"],
        body=(folder / "input.html").read_bytes(),
        content_type=about["content_type"],
        fetched_at=datetime.fromisoformat(about["fetched_at"]),
    )


def load_site_page(folder: Path) -> Page:
    """The page of a site's article, at the address the site gives it."""
    return Page(
        url=f"http://{folder.relative_to(SITES).as_posix()}/",
        body=(folder / "index.html").read_bytes(),
        content_type="text/html; charset=utf-8",
    )


def expected(folder: Path, name: str = "expected.json") -> dict[str, Any]:
    """What the fixture expects."""
    return dict(json.loads((folder / name).read_text("utf-8")))


def record(result: Article | Rejection) -> dict[str, Any]:
    """A result as the JSON object that is written."""
    return dict(json.loads(to_json(result)))
