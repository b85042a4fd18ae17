"""Parquet as a feed format; the extra ``parquet`` installs what it needs."""

from __future__ import annotations

from importlib.util import find_spec
from typing import IO

from scrapy.exporters import BaseItemExporter

from crawler.files.line_files import OutputError
from crawler.output.formats.exporters import to_values
from crawler.output.formats.table import record_values

MISSING = "the format parquet needs the package pyarrow: pip install 'copydesk[parquet]'"


def check_pyarrow() -> None:
    """Accept an environment that can write Parquet.

    Raises:
        OutputError: naming the remedy.
    """
    if find_spec("pyarrow") is None:
        raise OutputError(MISSING)


class ParquetExporter(BaseItemExporter):
    """Writes the records of a crawl to a Parquet file; it can be read once the crawl has ended."""

    def __init__(self, file: IO[bytes], **options: object) -> None:
        super().__init__(dont_fail=True, **options)
        check_pyarrow()
        from crawler.output.formats.parquet import ParquetFile  # noqa: PLC0415  0.3 s that few crawls need

        self._parquet = ParquetFile(file)

    def export_item(self, item: object) -> None:
        """Add one record.

        Raises:
            NotARecordError: for an item that is no article.
        """
        self._parquet.write(record_values(to_values(item), "parquet"))

    def finish_exporting(self) -> None:
        """Write the rest, and the footer."""
        self._parquet.close()
