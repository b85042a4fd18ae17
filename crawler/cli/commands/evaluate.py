"""``scrapy evaluate``: how good the texts are, on annotated pages."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.cli.base import CopydeskCommand

if TYPE_CHECKING:
    import argparse


class Command(CopydeskCommand):
    """Evaluate the texts on annotated pages: fixture directories, or corpora."""

    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def syntax(self) -> str:
        """What follows the command's name."""
        return "FOLDER [--floors FILE] [--against FILE] [-o FOLDER]"

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
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Clean the pages, score them, and print a table."""
        from pathlib import Path  # noqa: PLC0415  see CopydeskCommand

        from crawler.cleaning import worker_pool  # noqa: PLC0415
        from crawler.config.settings_values import SettingsValues  # noqa: PLC0415
        from crawler.presentation.html.evaluation_page import write_evaluation  # noqa: PLC0415
        from crawler.presentation.terminal.evaluation import lines  # noqa: PLC0415
        from crawler.presentation.terminal.lines import write_lines, write_text  # noqa: PLC0415
        from crawler.quality import run  # noqa: PLC0415
        from crawler.quality.annotated import AnnotatedError, annotated_pages  # noqa: PLC0415
        from crawler.quality.evaluate import PredictionsError, as_json, below_floors, read_floors, read_predictions  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        if len(args) != 1 or opts.workers < 1 or opts.worst < 0:
            raise UsageError("expected one folder of annotated pages, and 1 worker or more", print_help=False)
        values = SettingsValues.of(self.project_settings)
        try:
            floors = read_floors(Path(opts.floors)) if opts.floors else {}
            others = read_predictions(Path(opts.against)) if opts.against else None
            with worker_pool(values, opts.workers, with_observation=False) as pool:
                pages = annotated_pages(Path(args[0]))
                name = Path(opts.against).name if opts.against else ""
                evaluation = run.evaluate(pages, pool, worst=opts.worst, others=others, name=name)
        except (AnnotatedError, PredictionsError) as error:
            raise UsageError(str(error), print_help=False) from error
        below = below_floors(evaluation.summaries, floors)
        if opts.json:
            write_text(json.dumps(as_json(evaluation.summaries)) + "\n")
        else:
            write_lines(lines(evaluation, below))
        if opts.output:
            try:
                path = write_evaluation(Path(opts.output), evaluation, below, values.clean_context)
            except OSError as error:
                self.fail(ExitStatus.OUTPUT, f"cannot write {opts.output}: {error.strerror}")
                return
            sys.stderr.write(f"{path}\n")
        if below:
            self.exitcode = int(ExitStatus.DEGRADED)
