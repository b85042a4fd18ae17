"""Write what the cleaner makes of fixtures into their ``expected.json``, for a person to read in the diff.

    python -m tests.golden.save [FOLDER …]        all page and site fixtures without FOLDER

A new fixture is a folder with ``input.html`` and ``page.json`` (url, content_type, fetched_at, why).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from cleaners import Article, clean
from cleaners.html.decode import decode
from cleaners.html.links import find_next_page
from cleaners.html.parse import parse
from cleaners.options import DEFAULT
from cleaners.record.merge import merge_pages
from tests.golden import cases


def main(folders: list[Path]) -> None:
    """Save the folders' records."""
    for folder in folders or [*cases.page_cases(), *cases.site_cases()]:
        is_page = (folder / "page.json").exists()
        result = clean(cases.load(folder)) if is_page else whole(folder)
        write(folder / "expected.json", cases.record(result))
        merged = folder / "merged.json"
        if merged.exists() and isinstance(result, Article):
            write(merged, cases.record(merge_pages(parts(folder, result))))


def parts(folder: Path, first: Article) -> list[Article]:
    """The pages of a multi-page fixture: folders that share its name but for the last number."""
    stem = folder.name.rsplit("-", 1)[0]
    results = [clean(cases.load(other)) for other in sorted(folder.parent.glob(f"{stem}-[0-9]"))]
    return [result for result in results if isinstance(result, Article)] or [first]


def whole(folder: Path) -> Any:
    """A site's article, its following pages joined."""
    results = []
    while True:
        page = cases.load_site_page(folder)
        result = clean(page)
        results.append(result)
        address = find_next_page(parse(decode(page, DEFAULT), DEFAULT), page.url)
        if address is None or not isinstance(result, Article):
            return merge_pages(results) if len(results) > 1 else result
        folder = cases.SITES / address.split("://", 1)[1].strip("/")


def write(path: Path, value: dict[str, Any]) -> None:
    """One readable JSON file."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
