"""``scrapy export``: records in another format."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import OfflineCommand, from_options, option
from crawler.cli.errors import InvalidUsage

USES = ("search", "ai-input", "ai-train", "tdm")
"""The values of :class:`cleaners.types.Use`, which is not loaded for ``-h``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """Records to convert."""

    inputs: tuple[str, ...]
    output: str
    form: str | None = option(
        "--format", metavar="NAME", help="the format, where the name of the output does not end with it"
    )
    has_formulas: bool = option(
        "--no-formulas",
        action="store_false",
        help="CSV for spreadsheets: texts that begin with = + - or @ are put in double quotes",
    )
    use: str | None = option("--use", choices=USES, help="leave out records whose publisher reserves this use")
    min_confidence: float = option(
        "--min-confidence",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="leave out records whose text_confidence is lower, or that have none (0 to 1)",
    )
    has_groups: bool = option(
        "--groups",
        action="store_true",
        help="say of each article with copies which outlet had it first, whom it credits and what it changed (extra)",
    )


class Command(OfflineCommand):
    """Write records in another format: Parquet, CSV, Markdown, JSON-LD, ninjs, documents for Hugging Face."""

    usage = "ARTICLES.jsonl [MORE.jsonl …] OUT.parquet"
    requests = (ExportRequest,)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept inputs and an output."""
        if len(args) < 2:
            raise InvalidUsage("name one or more files of JSON Lines, and the file to write")
        if not 0 <= opts.min_confidence <= 1:
            raise InvalidUsage(f"--min-confidence {opts.min_confidence:g}: expected a number from 0 to 1")
        request = from_options(ExportRequest, opts, inputs=args[:-1], output=args[-1])
        self.handle("crawler.cli.handlers.export", request)
