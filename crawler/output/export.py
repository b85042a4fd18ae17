"""Converts files of records with the exporters of Scrapy's feeds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from cleaners.metadata.rights import reserving
from cleaners.types import Right, Use
from crawler import settings as shipped
from crawler.files.atomic import replacing
from crawler.files.line_files import COMPRESSIONS, DamagedLineError, json_lines, unwritable
from crawler.output.databases.storage import is_database, target_of
from crawler.output.formats.parquet_exporter import check_pyarrow
from crawler.output.formats.table import record_values
from crawler.quality.groups import Groups

MARKDOWN = "markdown"
"""The format that is a folder of files."""

MAX_LISTED_ERRORS = 20
"""Maximum number of lines that are no records and are listed one by one."""


class ExportError(ValueError):
    """An input that cannot be read, or a format that there is not; the message names it."""


@dataclass(slots=True)
class ExportResult:
    """What was written."""

    count: int = 0
    """Number of records."""
    reserved: Counter[str] = field(default_factory=Counter)
    """Number of records that were left out, by the first signal that reserves the use at hand."""
    unsure: int = 0
    """Number of records that were left out since their text is too unsure."""
    skipped: int = 0
    """Number of lines that are no record."""
    first: list[str] = field(default_factory=list)
    """File, line and fault of the first of them."""

    def skip(self, place: str, error: Exception) -> None:
        """Count a line that is no record."""
        self.skipped += 1
        if len(self.first) < MAX_LISTED_ERRORS:
            self.first.append(f"{place}: no record of an article: {error}")


def export(
    inputs: Iterable[str],
    output: str,
    settings: BaseSettings,
    *,
    form: str | None = None,
    has_formulas: bool = True,
    use: Use | None = None,
    min_confidence: float = 0.0,
    has_groups: bool = False,
) -> ExportResult:
    """Write the records of some files to another one, in the format of its name.

    Args:
        inputs: files of JSON Lines, compressed or not.
        output: the file, which is replaced once all is written; or the address of a database, whose rows are updated;
            or the folder of Markdown files.
        settings: the project's ``FEED_EXPORTERS``, and ``FEED_EXPORT_FIELDS``.
        form: the format, where it is not the extension of the file's name.
        has_formulas: False where no cell of CSV is to begin as a formula of a spreadsheet does.
        use: what the records are for: those whose ``rights`` reserve it are left out; None for all.
        min_confidence: least ``text_confidence`` of a record, 0 to 1; above 0, those without one are left out, too.
        has_groups: True to say of each article with copies where it stands among them; the inputs are then read three
            times.

    Returns:
        What was written. A line that is no record is skipped and listed.

    Raises:
        ExportError: where no line is a record, naming the first one; where a file cannot be read to its end; or naming
            the formats that there are.
        OutputError: when the output cannot be written.
    """
    made = ExportResult()
    chosen = _chosen(tuple(inputs), made, use, min_confidence, has_groups=has_groups)
    if is_database(output):
        return _to_table(output, chosen, made)
    if form == MARKDOWN or Path(output).suffix == ".md":
        return _to_folder(output, chosen, made)
    kind = _exporter(output, form, settings, has_formulas=has_formulas)
    try:
        with replacing(output) as file:
            return _write(chosen, kind, file, settings, made)
    except OSError as error:
        raise unwritable(output, error) from error


def _exporter(output: str, form: str | None, settings: BaseSettings, *, has_formulas: bool) -> Any:
    """The exporter of a file's format."""
    exporters = {**shipped.FEED_EXPORTERS, **settings.getwithbase("FEED_EXPORTERS")}  # also in others' projects
    name = form or Path(output).suffix.lstrip(".")
    if Path(output).suffix in COMPRESSIONS:
        raise ExportError(f"{output}: this command compresses nothing; name it {Path(output).stem}")
    if name not in exporters:
        format_names = ", ".join(sorted((*exporters, MARKDOWN)))
        raise ExportError(f"{output}: there is no format '{name}'; expected one of {format_names} (--format)")
    if name == "parquet":
        check_pyarrow()
    kind = load_object(exporters[name])
    return kind if has_formulas or name != "csv" else partial(kind, formulas=False)


def _to_folder(output: str, chosen: Iterable[dict[str, Any]], made: ExportResult) -> ExportResult:
    from crawler.output.formats.markdown_files import write_files  # noqa: PLC0415  its parser is of no use to others

    if Path(output).suffix == ".md" or Path(output).is_file():
        raise ExportError(f"{output}: Markdown is a folder with a file for each article; name it without .md")
    try:
        made.count = write_files(chosen, output)
    except OSError as error:
        raise unwritable(output, error) from error
    return _checked(made)


def _to_table(output: str, chosen: Iterable[dict[str, Any]], made: ExportResult) -> ExportResult:
    made.count = target_of(output).write(chosen)
    return _checked(made)


def _checked(made: ExportResult) -> ExportResult:
    """What was written, where any line was a record.

    Raises:
        ExportError: where none was, naming the first.
    """
    if made.skipped and not made.count:
        raise ExportError(made.first[0])
    return made


def _write(
    chosen: Iterable[dict[str, Any]], kind: Any, file: IO[bytes], settings: BaseSettings, made: ExportResult
) -> ExportResult:
    wanted = settings.getlist("FEED_EXPORT_FIELDS") or None
    exporter = kind(file, fields_to_export=wanted, encoding="utf-8")
    exporter.start_exporting()
    try:
        for record in chosen:
            exporter.export_item(record)
            made.count += 1
    finally:  # also after an error, so that no exporter is left open
        exporter.finish_exporting()
    return _checked(made)


def _chosen(
    inputs: Sequence[str], made: ExportResult, use: Use | None, min_confidence: float, *, has_groups: bool
) -> Iterator[dict[str, Any]]:
    """The records to write, each with its place in its group where that is asked for."""
    groups = Groups(records(inputs, ExportResult()), records(inputs, ExportResult())) if has_groups else Groups((), ())
    for record in records(inputs, made):
        reserved = reserving(rights_of(record), (use,)) if use is not None else None
        if reserved is not None:
            made.reserved[f"{reserved.origin}: {reserved.value}"] += 1
            continue
        if (record.get("text_confidence") or 0.0) < min_confidence:
            made.unsure += 1
            continue
        if (place := groups.place(record)) is not None:
            record["extra"] = {**(record.get("extra") or {}), **place.values}
        yield record


def rights_of(record: Mapping[str, Any]) -> Iterator[Right]:
    """The rights of a record."""
    return (Right(origin=right["origin"], value=right["value"]) for right in record.get("rights") or ())


def records(paths: Iterable[str], made: ExportResult) -> Iterator[dict[str, Any]]:
    """The records of files of JSON Lines, in order; keys that a pipeline added are in ``extra``.

    Lines that are no records are skipped, and counted in ``made``.

    Raises:
        ExportError: naming the file that cannot be read, and the line at which its reading ended.
    """
    for path in paths:
        try:
            for number, line in json_lines(path):
                try:
                    record = record_values(json.loads(line), "of a record")
                except (ValueError, TypeError, RecursionError) as error:
                    made.skip(f"{path}:{number}", error)
                else:
                    yield record
        except OSError as error:
            raise ExportError(f"{path}: {error.strerror or error}") from error
        except DamagedLineError as error:
            raise ExportError(f"{path}:{error.number}: cannot be read any further: {error}") from error
