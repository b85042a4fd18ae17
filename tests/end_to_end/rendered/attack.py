"""Crawls every hostile page, and prints what became of each: ``python -m tests.end_to_end.rendered.attack``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.end_to_end.rendered import hostile
from tests.end_to_end.rendered.canary import Canary
from tests.end_to_end.rendered.test_rendered import attack


def main() -> None:
    """Print the account, the rejections, and what the canary heard."""
    with TemporaryDirectory() as folder, Canary() as canary:
        crawled = attack(Path(folder), tuple(hostile.names()), canary)
        (account,) = json.loads((Path(folder) / "run.json").read_text("utf-8"))["sites"].values()
        counts = {key: value for key, value in account.items() if isinstance(value, (int, dict)) and key != "examples"}
        reasons = sorted(f"{one['reason']} {url}" for url, one in crawled.rejections.items())
        hosts = sorted({one["host"] for one in crawled.asked})
        sys.stdout.write("\n".join([json.dumps(counts), *reasons, f"hosts {hosts}", f"canary {canary.heard}"]) + "\n")


if __name__ == "__main__":
    main()
