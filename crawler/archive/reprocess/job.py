"""A bulk job: all shards of an archive into a folder, restarted where it was stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from cleaners.site.memory import SiteMemory
from cleaners.site.memory.memory_file import read_memories, write_memories
from crawler.archive.reprocess.account import Account
from crawler.archive.reprocess.duplicates import remove_duplicates
from crawler.archive.reprocess.engine import Engine
from crawler.archive.reprocess.outputs import FIRST_PASS_SUFFIX, name_of, read_marker
from crawler.archive.reprocess.page_outcomes import CURRENT_RULES_VERSION, version_of
from crawler.archive.reprocess.shard import FirstPassState, Progress, ShardSettings, Task
from crawler.files.location import Location
from crawler.reasons import ArchiveReason


@dataclass(slots=True)
class JobResult:
    """The result of a job."""

    account: Account = field(default_factory=Account)
    """Account of all shards, including those that an earlier job cleaned."""
    done: int = 0
    """Shards that this job cleaned."""
    up_to_date: int = 0
    """Number of shards that an earlier job cleaned."""
    failed: dict[str, str] = field(default_factory=dict)
    """Shards that could not be read, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The work on an archive, and the engine that does it."""

    engine: Engine
    work: ShardSettings
    memory_file: Path | None = None
    """File of the site memories; None when no memories are used."""
    on_progress: Callable[[str, Progress | None], None] = lambda *_: None
    """Called with each shard's name and progress; the progress is None when the shard failed."""

    def run(self, shards: Iterable[Location]) -> JobResult:
        """Clean the shards that are not done.

        Raises:
            EngineError: when the engine cannot be started.
            OSError, SiteMemoryError: when an output, or the memory file, cannot be read or written.
        """
        all_shards, knowledge = list(shards), replace(self.work, is_learning=self.memory_file is not None).knowledge
        tasks, result = [], JobResult()
        for shard in all_shards:
            task = Task(shard=shard, name=name_of(shard))
            marker = read_marker(self.work.output, task.name)
            oldest = CURRENT_RULES_VERSION if self.work.since is None else self.work.since
            is_same = marker is not None and (marker.shard, marker.knowledge) == (shard.uri, knowledge)
            is_whole = marker is not None and marker.since in (None, self.work.since)
            if marker is not None and is_same and is_whole and version_of(marker.cleaner) >= oldest:
                result.account.add(marker.account)
                result.up_to_date += 1
            else:
                tasks.append(task)
        if self.memory_file is None:
            self._run_pass(self.work, tasks, result, is_last=True)
        else:
            self._two_passes(self.memory_file, tasks, result)
        archives: dict[str, list[str]] = {}
        for shard in all_shards:
            archives.setdefault(shard.uri.rpartition("/")[0], []).append(name_of(shard))
        if again := sum(remove_duplicates(self.work.output, names) for names in archives.values()):
            result.account.articles -= again
            result.account.skipped[ArchiveReason.FETCHED_AGAIN] += again
        return result

    def _two_passes(self, path: Path, tasks: Sequence[Task], result: JobResult) -> None:
        """Learn from the pages of all shards, then write their records."""
        memories = read_memories(path)
        write_memories(path, memories)  # to fail before hours of work
        learning = replace(self.work, is_learning=True)
        first_passes = {task.name: data for task in tasks if (data := self._read_first_pass(task)) is not None}
        learnt = self._run_pass(
            learning, [task for task in tasks if task.name not in first_passes], result, is_last=False
        )
        for site_memories in (*(data.by_site for data in first_passes.values()), *learnt):
            for site, memory in site_memories.items():
                memories[site] = memories.get(site, SiteMemory()).merge(memory)
        done = [task for task in tasks if task.shard.name not in result.failed]
        self._run_pass(replace(self.work, memories=memories), done, result, is_last=True)
        write_memories(path, memories)

    def _read_first_pass(self, task: Task) -> FirstPassState | None:
        """First-pass result of a shard from a job that stopped between the passes; None when there is no valid one."""
        data = self.work.output.read(f"{task.name}{FIRST_PASS_SUFFIX}.json")
        try:
            first_pass = msgspec.json.decode(data, type=FirstPassState) if data is not None else None
        except msgspec.MsgspecError:
            return None
        is_same = first_pass is not None and first_pass.knowledge == replace(self.work, is_learning=True).knowledge
        return first_pass if is_same else None

    def _run_pass(
        self, work: ShardSettings, tasks: Sequence[Task], result: JobResult, *, is_last: bool
    ) -> list[Mapping[str, SiteMemory]]:
        learnt = []
        for report in self.engine.run(work, tasks):
            self.on_progress(report.task.shard.name, report.progress)
            if report.progress is None:
                result.failed[report.task.shard.name] = report.error or "unknown"
            elif report.progress.account is not None:
                learnt.append(report.progress.memories)
                if is_last:
                    result.account.add(report.progress.account)
                    result.done += 1
        return learnt
