"""What the handlers of ``scrapy clean`` share: the checks before it, and the errors that end it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cleaners.site.memory.memory_file import SiteMemoryError
from crawler.archive.inputs import InputError
from crawler.archive.reprocess.engine import EngineError
from crawler.cli.base import Project
from crawler.cli.errors import exit_on, usage_errors
from crawler.config.settings_values import SettingsValues
from crawler.files.line_files import OutputError
from crawler.files.location import ShardError, ShardUnavailable
from crawler.files.machine import check_machine
from crawler.run_report.status import ExitStatus

COMPLETE = "; what was written before is complete"


@contextmanager
def cleaning(project: Project) -> Iterator[SettingsValues]:
    """Check the settings and the machine, and handle the errors of the inputs and outputs.

    Raises:
        CommandError: where the machine has no room, an output cannot be written, or a remote file fails.
        UsageError: where settings, inputs or options cannot be used.
    """
    values = SettingsValues.of(project.settings)
    with exit_on(ExitStatus.OUTPUT, OSError):
        check_machine()
    with (
        usage_errors(InputError, ShardError, EngineError),
        usage_errors(SiteMemoryError, prefix="--site-memory: "),
        exit_on(ExitStatus.OUTPUT, OutputError, suffix=COMPLETE),
        exit_on(ExitStatus.FAILED, ShardUnavailable, suffix=COMPLETE),
    ):
        yield values
