"""Cleans WARC files into a folder."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from crawler.archive.reprocess.engine import Engine, LocalEngine
from crawler.archive.reprocess.job import Job
from crawler.archive.reprocess.ray_engine import RayEngine
from crawler.archive.reprocess.shard import Progress, ShardSettings
from crawler.cli.base import Project
from crawler.cli.commands.clean import CleanRequest
from crawler.cli.handlers.clean.pages import cleaning
from crawler.config.settings_values import SettingsValues
from crawler.files.line_files import unwritable
from crawler.files.location import Location, find_shards
from crawler.log_sanitizer import escape_controls
from crawler.run_report.status import ExitStatus


def run(request: CleanRequest, project: Project) -> ExitStatus | None:
    """Clean into a file for each WARC file; write their accounts, and the sums, to standard error."""
    with cleaning(project) as values:
        started = time.monotonic()
        job = _job(request, values)
        try:
            result = job.run(find_shards(request.paths))
        except OSError as error:
            raise unwritable(request.output, error) from error
    done_before = f" ({result.up_to_date} were done before)" if result.up_to_date else ""
    sys.stderr.write(f"{result.done + result.up_to_date} files{done_before}: {result.account}")
    sys.stderr.write(f" in {time.monotonic() - started:.1f} s\n")
    for shard, why in result.failed.items():
        sys.stderr.write(f"failed: {shard}: {escape_controls(why)}; the same command tries it again\n")
    return ExitStatus.FAILED if result.failed else None


def _job(request: CleanRequest, values: SettingsValues) -> Job:
    is_ray = request.engine == "ray"
    engine: Engine = RayEngine(request.workers, request.ray_address) if is_ray else LocalEngine(request.workers)
    return Job(
        engine=engine,
        work=ShardSettings(
            context=values.clean_context,
            deadline=values.clean_deadline,
            memory=values.clean_memory_bytes,
            output=Location(request.output.rstrip("/")),
            obeyed_uses=values.obeyed_uses,
            since=request.since_version,
        ),
        memory_file=Path(request.site_memory) if request.site_memory else None,
        on_progress=_show_end,
    )


def _show_end(shard: str, progress: Progress | None) -> None:
    if progress is not None and progress.account is not None:
        sys.stderr.write(f"{shard}: {progress.account}\n")
