"""``scrapy evaluate``: how good the texts are, on annotated pages."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import OfflineCommand, from_options, option
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateRequest:
    """Annotated pages to evaluate."""

    folder: str
    workers: int = option("--workers", metavar="N", type=int, default=1, help="worker processes (default: 1)")
    floors: str | None = option("--floors", metavar="FILE", help="JSON: source → figure → floor; exit with 5 below one")
    against: str | None = option(
        "--against", metavar="FILE", help="other predictions: JSON lines with source, id, text, title, published"
    )
    output: str | None = option(
        "-o", "--output", metavar="FOLDER", help="write index.html, and an inspect page of each of the worst pages"
    )
    worst: int = option("--worst", metavar="N", type=int, default=20, help="pages that are shown (default: 20)")
    is_json: bool = option("--json", action="store_true", help="print the figures as JSON")


class Command(OfflineCommand):
    """Evaluate the texts on annotated pages: fixture directories, or corpora."""

    usage = "FOLDER [--floors FILE] [--against FILE] [-o FOLDER]"
    requests = (EvaluateRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept one folder."""
        if len(args) != 1 or opts.workers < 1 or opts.worst < 0:
            raise InvalidUsage("expected one folder of annotated pages, and 1 worker or more")
        request = from_options(EvaluateRequest, opts, folder=args[0])
        self.handle("crawler.cli.handlers.evaluate", request)
