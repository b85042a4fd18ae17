"""``scrapy ledger rebuild OUT.jsonl…``: a new ledger from the outputs of earlier crawls."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from crawler.cli.base import OfflineCommand
from crawler.cli.errors import InvalidUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildRequest:
    """A ledger to rebuild."""

    outputs: tuple[str, ...]


class Command(OfflineCommand):
    """Make a new ledger from the outputs of earlier crawls."""

    usage = "rebuild OUTPUT [OUTPUT ...]"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Accept the one action and its outputs."""
        if args[:1] != ["rebuild"] or len(args) < 2:
            raise InvalidUsage("expected: scrapy ledger rebuild OUTPUT [OUTPUT ...]")
        self.handle("crawler.cli.handlers.ledger", RebuildRequest(outputs=tuple(args[1:])))
