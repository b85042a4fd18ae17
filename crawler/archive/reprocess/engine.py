"""The engines that clean shards: on this machine, or on others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from crawler.archive.reprocess.shard import Progress, ShardSettings, Task, clean_shard
from crawler.files.location import ShardUnavailable

MAX_TRIES = 3
"""Maximum number of tries for a shard when its server fails or its worker is lost."""


class EngineError(Exception):
    """An engine that cannot be started; the message says why, and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardReport:
    """Progress or failure of a shard, as an engine reports it."""

    task: Task
    progress: Progress | None = None
    error: str | None = None
    """Why the shard failed in all its tries."""


class Engine(Protocol):
    """Cleans shards."""

    def run(self, work: ShardSettings, tasks: Sequence[Task]) -> Iterator[ShardReport]:
        """Clean each shard by :func:`crawler.archive.reprocess.shard.clean_shard`, in any order.

        Reports come in any order; the last one of each shard has its account, or the error of its last try.

        Raises:
            EngineError: when the engine cannot be started.
            OSError: when the output cannot be written.
        """


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Cleans one shard after the other, with worker processes for its pages."""

    workers: int

    def run(self, work: ShardSettings, tasks: Sequence[Task]) -> Iterator[ShardReport]:
        """Clean each shard, in order."""
        with work.pool(self.workers) as pool:
            for task in tasks:
                for remaining_tries in reversed(range(MAX_TRIES)):
                    try:
                        for progress in clean_shard(work, task, pool):
                            yield ShardReport(task=task, progress=progress)
                        break
                    except ShardUnavailable as error:
                        if not remaining_tries:
                            yield ShardReport(task=task, error=str(error))
