"""Converts files of records with the exporters of Scrapy's feeds."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from backports import zstd
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from crawler.formats.table import record_values
from crawler.output.feed_formats import BINARY_FORMATS
from crawler.output.parquet_exporter import check_pyarrow
from crawler.util.line_files import COMPRESSIONS, reader, unwritable
from crawler.util.paths import put_in_place


class ExportError(ValueError):
    """An input that cannot be read, or a format that there is not; the message names it."""


def export(inputs: Iterable[str], output: str, settings: BaseSettings, *, form: str | None = None) -> int:
    """Write the records of some files to another one, in the format of its name.

    Args:
        inputs: files of JSON Lines, compressed or not.
        output: the file, which is replaced once all is written.
        settings: the project's ``FEED_EXPORTERS``, and ``FEED_EXPORT_FIELDS``.
        form: the format, where it is not the extension of the file's name.

    Returns:
        The number of records.

    Raises:
        ExportError: naming the file and line of what is no record, or the formats that there are.
        OutputError: when the output cannot be written.
    """
    exporters = settings.getwithbase("FEED_EXPORTERS")
    name = form or Path(output).suffix.lstrip(".")
    if Path(output).suffix in COMPRESSIONS:
        raise ExportError(f"{output}: this command compresses nothing; name it {Path(output).stem}")
    if name not in exporters:
        known = ", ".join(sorted(exporters))
        raise ExportError(f"{output}: there is no format '{name}'; expected one of {known} (--format)")
    if name in BINARY_FORMATS:
        check_pyarrow()
    try:
        return _replace(output, lambda file: _write(records(inputs), load_object(exporters[name]), file, settings))
    except OSError as error:
        raise unwritable(output, error) from error


def _write(found: Iterable[dict[str, Any]], kind: Any, file: IO[bytes], settings: BaseSettings) -> int:
    wanted = settings.getlist("FEED_EXPORT_FIELDS") or None
    exporter, count = kind(file, fields_to_export=wanted, encoding="utf-8"), 0
    exporter.start_exporting()
    try:
        for record in found:
            exporter.export_item(record)
            count += 1
    finally:  # also after an error, so that no exporter is left open
        exporter.finish_exporting()
    return count


def records(paths: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The records of files of JSON Lines, in order; keys that a pipeline added are in ``extra``.

    Raises:
        ExportError: naming the file and line of what is no record.
    """
    for path in paths:
        number = 0
        try:
            with reader(path) as lines:
                for number, line in enumerate(lines, 1):  # noqa: B007  told below
                    yield record_values(json.loads(line), "of a record")
        except OSError as error:
            raise ExportError(f"{path}: {error.strerror or error}") from error
        except (ValueError, TypeError, EOFError, zlib.error, zstd.ZstdError) as error:
            raise ExportError(f"{path}:{number}: no record of an article: {error}") from error


def _replace(path: str, write: Any) -> int:
    """Write a file beside another one, and put it in its place when it is whole."""
    with NamedTemporaryFile(dir=Path(path).parent, prefix=f".{Path(path).name}.", delete=False) as file:
        try:
            count: int = write(file)
            file.flush()
            os.fsync(file.fileno())
            put_in_place(file.name, path)
        except BaseException:
            Path(file.name).unlink()
            raise
    return count
