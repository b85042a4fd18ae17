"""One job of a fleet: a crawl of a site, as a process of its own."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from tempfile import TemporaryFile

from crawler.fleet import leash
from crawler.fleet.sites import to_toml

GRACE_SECONDS = 90
"""Seconds that a crawl has to end after SIGTERM: requests in flight end within the download timeout, their pages within
a worker's deadline."""

LONGEST_CRAWL = 12 * 3_600
"""Seconds after which a crawl ends itself; what is pending comes with the next. It reads the site's listings once, at
its start."""

SHORTEST_LIMIT = 600

HUNG_SECONDS = 600
"""Seconds after its own time limit at which a crawl that has not ended is killed."""

HUNG_STATUS = 98
"""Exit status that is reported for a crawl that was killed because it did not end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """How the crawls of a worker are run."""

    output: str
    """File of a slot, with ``%(worker)s`` and ``%(slot)s``; a URL has ``%(time)s``, too."""
    settings: Sequence[str]
    """Settings, as ``-s`` of the command line has them."""
    worker: str
    """Name of the worker."""

    def command(self, slot: int, sources: str, limit: float, job: str = "") -> list[str]:
        """The command of a crawl.

        Args:
            slot: its number.
            sources: the file of its site.
            limit: seconds after which it ends itself.
            job: number of its job and of its worker, which its commits ask for.

        Raises:
            KeyError, ValueError: for an output with another ``%``.
        """
        names = {"worker": self.worker, "slot": slot, "time": "%(time)s"}
        output = self.output % names
        stem = output.partition(".jsonl")[0]
        settings = [f"CLOSESPIDER_TIMEOUT={limit:.0f}", f"COPYDESK_FLEET_JOB={job}", *self.settings]
        if "://" not in output:
            settings.insert(0, f"COPYDESK_REPORT_PATH={stem}.run.json")
        return [
            *(sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"sites={sources}", "-o", output),
            *(["-a", f"rejections={stem}.rejections.jsonl"] if "://" not in output else []),
            *(part for setting in settings for part in ("-s", setting)),
        ]


@dataclass(slots=True)
class Crawls:
    """The crawls of a worker."""

    options: CrawlOptions
    lease: float
    """Seconds without a heartbeat after which a crawl is killed."""
    _running: set[asyncio.subprocess.Process] = field(default_factory=set)
    _slots: set[int] = field(default_factory=set)

    async def run(self, source: dict[str, object], every: float, job: str) -> int:
        """Crawl a site.

        Args:
            source: its table of a sources file.
            every: seconds between two crawls of the site.
            job: number of its job and of the worker.

        Returns:
            The exit status of ``scrapy crawl``; the leash's if it killed the crawl, :data:`HUNG_STATUS` if it hung.

        Raises:
            OSError: when no process can be started.
        """
        slot = next(number for number in range(1, len(self._slots) + 2) if number not in self._slots)
        self._slots.add(slot)
        try:
            limit = min(max(every, SHORTEST_LIMIT), LONGEST_CRAWL)
            with TemporaryFile() as file:  # without a name: it has cookies, and nobody has to remove it
                file.write(to_toml(source).encode())
                file.flush()
                file.seek(0)  # where /dev/fd is the same open file, not the same file opened again
                command = self.options.command(slot, f"/dev/fd/{file.fileno()}", limit, job)
                status = await self._run(file.fileno(), command, limit + HUNG_SECONDS)
            return status if status >= 0 else leash.KILLED
        finally:
            self._slots.discard(slot)

    async def _run(self, file: int, command: list[str], seconds: float) -> int:
        tied = [sys.executable, leash.__file__, str(self.lease), str(file), *command]
        process = await asyncio.create_subprocess_exec(
            *tied,
            pass_fds=(file,),
            stdin=asyncio.subprocess.PIPE,
            start_new_session=True,  # not in the terminal's group: Ctrl-C is for the worker
        )
        self._running.add(process)
        try:
            return await asyncio.wait_for(process.wait(), seconds)
        except TimeoutError:
            await _kill_and_wait(process)
            return HUNG_STATUS
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), GRACE_SECONDS)
            await _kill_and_wait(process)
            raise
        finally:
            self._running.discard(process)

    def beat(self) -> None:
        """Tell the leashes that the heartbeat was written."""
        for process in self._running:
            if process.returncode is None and process.stdin is not None:
                process.stdin.write(b".")

    def kill(self) -> None:
        """Kill all crawls at once."""
        for process in self._running:
            _release(process)


async def _kill_and_wait(process: asyncio.subprocess.Process) -> None:
    _release(process)
    await process.wait()


def _release(process: asyncio.subprocess.Process) -> None:
    """End the input of a leash, which then kills its crawl."""
    if process.stdin is not None:
        process.stdin.close()
