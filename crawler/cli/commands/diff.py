"""``scrapy diff``: what changed between two outputs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.cli.base import CopydeskCommand

if TYPE_CHECKING:
    import argparse

    from crawler.presentation.terminal.lines import StyledLine
    from crawler.quality.differences import Differences, SiteDifferences


class Command(CopydeskCommand):
    """Show what changed between two outputs: by site, field and kind of change, with examples."""

    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  Scrapy's own way

    def syntax(self) -> str:
        """What follows the command's name."""
        return "OLD NEW [-o diff.html]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options for output."""
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", help="also write an HTML page")
        parser.add_argument("--no-open", action="store_true", help="do not open it in a browser")
        parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
        parser.add_argument("--exit-code", action="store_true", help="exit with 5 where anything changed")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Compare the outputs, and print what changed."""
        from pathlib import Path  # noqa: PLC0415  see CopydeskCommand

        from crawler.presentation.html.diff_page import diff_page  # noqa: PLC0415
        from crawler.presentation.html.page import show_page  # noqa: PLC0415
        from crawler.presentation.terminal.lines import write_lines, write_text  # noqa: PLC0415
        from crawler.quality.differences import DifferencesError, compare  # noqa: PLC0415
        from crawler.run_report.status import ExitStatus  # noqa: PLC0415

        if len(args) != 2:
            raise UsageError("expected two outputs: files of JSON Lines, or folders of them", print_help=False)
        old, new = Path(args[0]), Path(args[1])
        missing = next((path for path in (old, new) if not path.exists()), None)
        if missing is not None:
            raise UsageError(f"{missing}: no such file or folder", print_help=False)
        try:
            differences = compare(old, new)
        except DifferencesError as error:
            raise UsageError(str(error), print_help=False) from error
        if opts.json:
            write_text(as_json(differences) + "\n")
        else:
            write_lines(lines(differences))
        if opts.output:
            try:
                show_page(Path(opts.output), diff_page(differences, args[0], args[1]), is_opened=not opts.no_open)
            except OSError as error:
                self.fail(ExitStatus.OUTPUT, f"cannot write {opts.output}: {error.strerror}")
                return
        if opts.exit_code and not differences.is_empty:
            self.exitcode = int(ExitStatus.DEGRADED)


def lines(differences: Differences) -> Iterator[StyledLine]:
    """The changes as lines of text."""
    from crawler.presentation.terminal.lines import StyledLine  # noqa: PLC0415
    from crawler.quality.differences import Kind, shown  # noqa: PLC0415

    total = differences.total
    yield StyledLine(_sums(total), "bold")
    for name, site in sorted(differences.sites.items(), key=lambda pair: pair[1].same - pair[1].records):
        if site.records == site.same:
            continue
        yield StyledLine("")
        yield StyledLine(f"{name}: {_sums(site)}", "bold")
        for (field, kind), count in sorted(site.kinds.items(), key=lambda pair: (-pair[1], pair[0])):
            yield StyledLine(f"  {shown(field)} {kind.words}: {count}")
        for (field, example_kind), examples in sorted(site.examples.items()):
            for example in examples[:1]:
                change = example_kind.words if isinstance(example_kind, Kind) else example_kind
                yield StyledLine(f"  {shown(field or 'record')} {change}: {example.url}", "dim")
                yield from (StyledLine(f"    - {line}", "red") for line in example.old.split("\n") if line)
                yield from (StyledLine(f"    + {line}", "green") for line in example.new.split("\n") if line)
                if example.why:
                    yield StyledLine(f"    {example.why}", "dim")


def _sums(site: SiteDifferences) -> str:
    from crawler.util import count_noun  # noqa: PLC0415  see CopydeskCommand

    records = count_noun(site.records, "record")
    return f"{records}: {site.same} same, {site.changed} changed, {site.added} added, {site.gone} gone"


def as_json(differences: Differences) -> str:
    """The numbers, by site."""
    return json.dumps(
        {
            "total": _values(differences.total),
            "sites": {name: _values(site) for name, site in differences.sites.items()},
        }
    )


def _values(site: SiteDifferences) -> dict[str, object]:
    fields: dict[str, dict[str, int]] = {}
    for (name, kind), count in sorted(site.kinds.items()):
        fields.setdefault(name, {})[kind] = count
    return {"same": site.same, "changed": site.changed, "added": site.added, "gone": site.gone, "fields": fields}
