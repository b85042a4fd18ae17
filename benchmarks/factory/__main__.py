"""Write made pages as ``scrapy evaluate`` reads them: FOLDER/factory/index.jsonl and FOLDER/factory/pages/*.html.

python -m benchmarks.factory FOLDER [--seed 2] [--sites 60] [--pages 2] [--language en de]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.factory import catalogue
from benchmarks.factory.pages import make


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.factory", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=2, help="seed 1 trains the shipped model")
    parser.add_argument("--sites", type=int, default=60)
    parser.add_argument("--pages", type=int, default=2, help="pages of each site")
    parser.add_argument("--language", nargs="*", choices=catalogue.languages())
    args = parser.parse_args()
    source = args.folder / "factory"
    (source / "pages").mkdir(parents=True, exist_ok=True)
    with (source / "index.jsonl").open("w", encoding="utf-8") as index:
        for page in make(args.seed, args.sites, args.pages, codes=args.language):
            (source / "pages" / f"{page.row['id']}.html").write_bytes(page.written)
            index.write(json.dumps(page.row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
