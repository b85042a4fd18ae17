"""``scrapy evaluate``: how good the texts are, on annotated pages."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import OfflineCommand, from_options
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateRequest:
    """Annotated pages to evaluate."""

    folder: str
    workers: int
    floors: str | None
    """The file with the floors of figures."""
    against: str | None
    """The file with other predictions."""
    output: str | None
    """The folder for HTML pages."""
    worst: int
    """Number of the worst pages to show."""
    is_json: bool


class Command(OfflineCommand):
    """Evaluate the texts on annotated pages: fixture directories, or corpora."""

    usage = "FOLDER [--floors FILE] [--against FILE] [-o FOLDER]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options for floors, other predictions and output."""
        super().add_options(parser)
        parser.add_argument("--workers", metavar="N", type=int, default=1, help="worker processes (default: 1)")
        parser.add_argument("--floors", metavar="FILE", help="JSON: source → figure → floor; exit with 5 below one")
        parser.add_argument(
            "--against", metavar="FILE", help="other predictions: JSON lines with source, id, text, title, published"
        )
        parser.add_argument(
            "-o", "--output", metavar="FOLDER", help="write index.html, and an inspect page of each of the worst pages"
        )
        parser.add_argument("--worst", metavar="N", type=int, default=20, help="pages that are shown (default: 20)")
        parser.add_argument("--json", action="store_true", dest="is_json", help="print the figures as JSON")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept one folder."""
        if len(args) != 1 or opts.workers < 1 or opts.worst < 0:
            raise InvalidUsage("expected one folder of annotated pages, and 1 worker or more")
        request = from_options(EvaluateRequest, opts, folder=args[0])
        self.handle("crawler.cli.handlers.evaluate", request)
