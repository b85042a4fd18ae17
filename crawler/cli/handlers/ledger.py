"""Rebuilds a ledger."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from crawler.cli.base import Project
from crawler.cli.commands.ledger import RebuildRequest
from crawler.cli.errors import InvalidUsage, exit_on
from crawler.ledger.open import MEMORY, ledger_path, ledger_url, redact_url
from crawler.ledger.read import read_outputs, read_runs
from crawler.ledger.types import LedgerError
from crawler.output.delivery.recovery import rebuild
from crawler.run_report.status import ExitStatus


def run(request: RebuildRequest, project: Project) -> None:
    """Read the outputs and write ``COPYDESK_LEDGER``."""
    url = ledger_url(project.settings)
    if url == MEMORY:
        raise InvalidUsage("COPYDESK_LEDGER is empty: name the file to write")
    missing = next((name for name in request.outputs if not Path(name).is_file()), None)
    if missing is not None:
        raise InvalidUsage(f"{missing}: no such file")
    with exit_on(ExitStatus.LEDGER, LedgerError):
        path, name = ledger_path(url), redact_url(url)
        if path is None and (read_runs(project.settings, 1) or read_outputs(project.settings)):
            raise LedgerError(f"{name}: there is a ledger already; name another database")
        if path is not None and path.exists() and path.stat().st_size:
            raise LedgerError(f"{path}: there is a ledger already; move it away first")
        articles, others = asyncio.run(rebuild(url, request.outputs))
    files = len(request.outputs)
    sys.stderr.write(f"{path or name}: {articles} articles of {files} files; {others} lines are none\n")
