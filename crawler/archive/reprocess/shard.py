"""Cleans one shard (a WARC file) into its output files; every engine runs this code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

import msgspec

from cleaners.context import CleanContext
from cleaners.record.version import CLEANER
from cleaners.site.memory import SiteMemory, from_text, to_text
from cleaners.site.rules import content_hash
from cleaners.types import Article, Page, Rejection, Use
from cleaners.workers.pool import Pool
from crawler.archive.page_outcome import STORY, PageOutcome
from crawler.archive.reprocess.account import Account
from crawler.archive.reprocess.outputs import FIRST_PASS_SUFFIX, LINES, REJECTIONS, Marker, open_gzip, write_marker
from crawler.archive.reprocess.page_outcomes import Omitted, Outcome, PageOutcomes, RecordLine, is_current
from crawler.archive.reprocess.two_passes import WaitingRecord, complete, merge_observations, read_records, write_record
from crawler.files.location import Location
from crawler.files.warc.reader import CrawlMetadata, Entry, ReadWarning, Revisit, Skipped, entries
from crawler.output.formats.exporters import to_line
from crawler.reasons import ArchiveReason

RESPONSES_PER_REPORT = 50
"""Responses between two reports of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardSettings:
    """The work for each shard of a job. It is sent to the workers once."""

    context: CleanContext
    deadline: float
    """Seconds that a page may take."""
    memory: int
    """Bytes that a page may take."""
    output: Location
    obeyed_uses: frozenset[Use] = frozenset()
    """Uses whose reservation rejects an article."""
    since: int | None = None
    """Pages that this version of the rules or a later one cleaned are skipped; None to clean all pages."""
    is_learning: bool = False
    """True for the first of two passes: articles are stored until the site memories of all shards are complete."""
    memories: Mapping[str, SiteMemory] | None = None
    """Memories by site for the second pass; None in all other cases."""

    def pool(self, workers: int) -> Pool:
        """The processes that clean its pages."""
        context = replace(self.context, with_observation=True)
        return Pool(workers, deadline=self.deadline, memory=self.memory, context=context)

    @property
    def knowledge(self) -> str:
        """Hash of the options, site rules and obeyed uses, and of whether memories are used; not of the version."""
        has_memory = self.is_learning or self.memories is not None
        return content_hash(
            (self.context.options, self.context.site.rules.by_host, has_memory, sorted(self.obeyed_uses))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One shard of a job."""

    shard: Location
    name: str
    """Base name of its output files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Progress of a shard; the last one has its account."""

    responses: int
    account: Account | None = None
    memories: Mapping[str, SiteMemory] = field(default_factory=dict)
    """Memories by site that were learnt from its pages, in the first of two passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPassState:
    """Result of the first of two passes over a shard, saved in case the job is stopped before the second."""

    knowledge: str
    account: dict[str, Any]
    is_own: bool = False
    memories: dict[str, list[str]]
    """Observed pages by site, as :func:`cleaners.site.memory.to_text`."""

    @property
    def by_site(self) -> dict[str, SiteMemory]:
        """The memories."""
        return {
            site: SiteMemory.of(page for text in texts if (page := from_text(text)) is not None)
            for site, texts in self.memories.items()
        }


def outcomes(
    pool: Pool, warc_entries: Iterable[Entry], stories: PageOutcomes, account: Account, *, is_last: bool = True
) -> Iterator[Outcome]:
    """Find the outcomes of archive entries, and count them in ``account``.

    Args:
        pool: cleans the pages.
        warc_entries: the entries.
        stories: of the archive so far.
        account: of the responses; it is changed.
        is_last: False where more entries of the archive follow.
    """
    for entry, page in pool.clean_pages(warc_entries):
        account.responses += isinstance(entry, Page | Rejection | Skipped | Revisit)
        yield from _count_outcomes(stories.add(entry, page), account)
    if is_last:
        yield from _count_outcomes(stories.remaining(), account)


def _count_outcomes(page_outcomes: Iterable[Outcome], account: Account) -> Iterator[Outcome]:
    for outcome in page_outcomes:
        match outcome:
            case RecordLine():
                result = outcome.page.result
                if isinstance(result, Article):
                    account.articles += 1
                    account.joined += outcome.responses - 1
                else:
                    account.rejected[result.reason] += 1
            case Omitted():
                account.skipped[outcome.reason] += 1
            case ReadWarning():
                account.noted[outcome.reason] += 1
        yield outcome


def entries_since(shard: Location, context: CleanContext, version: int) -> Iterator[Entry]:
    """The entries of a shard; pages that this version of the rules or a later one cleaned become :class:`Skipped`.

    The crawl's outcomes in the archive name these pages. An outcome follows its pages, so the shard is read twice.
    """
    rules = context.site.rules
    current: set[str] = set()
    for entry in entries(shard):
        if isinstance(entry, CrawlMetadata) and entry.kind == STORY:
            try:
                story = msgspec.json.decode(entry.block, type=PageOutcome)
            except msgspec.MsgspecError:
                continue
            if is_current(story, version, dict.fromkeys(story.pages, rules.rules_hash(entry.url))):
                current.update(story.pages)
    for entry in entries(shard):
        record = entry.source.rpartition("#")[2] if isinstance(entry, Page) and entry.source else ""
        yield Skipped(ArchiveReason.CURRENT, "", record) if record in current else entry


def clean_shard(work: ShardSettings, task: Task, pool: Pool) -> Iterator[Progress]:
    """Clean a shard, or for the second of two passes complete it; its marker is written last.

    Raises:
        ShardUnavailable: when the shard cannot be read any more: another try may succeed.
        OSError: when the output cannot be written.
    """
    if work.memories is not None:
        yield from _run_second_pass(work, task)
        return
    warc_entries = entries(task.shard) if work.since is None else entries_since(task.shard, work.context, work.since)
    account = Account()
    stories = PageOutcomes(obeyed_uses=work.obeyed_uses)
    results = outcomes(pool, warc_entries, stories, account)
    if work.is_learning:
        yield from _run_first_pass(work, task, results, account, stories)
        return
    with _writing(work.output, task.name) as write:
        for number, outcome in enumerate(results, 1):
            if isinstance(outcome, RecordLine):
                write(outcome.page.result)
            if not number % RESPONSES_PER_REPORT:
                yield Progress(responses=account.responses)
    yield _finish(work, task, account, is_own=stories.is_own)


def _finish(work: ShardSettings, task: Task, account: Account, *, is_own: bool) -> Progress:
    marker = Marker(
        shard=task.shard.uri,
        account=account,
        cleaner=CLEANER,
        knowledge=work.knowledge,
        since=work.since,
        is_own=is_own,
    )
    write_marker(work.output, task.name, marker)
    return Progress(responses=account.responses, account=account)


def _run_first_pass(
    work: ShardSettings, task: Task, results: Iterable[Outcome], account: Account, stories: PageOutcomes
) -> Iterator[Progress]:
    """Run the first pass: learn the site memories, and store the records for the second pass."""
    memories: dict[str, SiteMemory] = {}
    with work.output.writing(f"{task.name}{FIRST_PASS_SUFFIX}") as file:
        observed = []
        for number, outcome in enumerate(results, 1):
            if isinstance(outcome, RecordLine):
                write_record(file, WaitingRecord.of(outcome.source, outcome.page))
                if outcome.page.observed is not None:
                    observed.append(outcome.page.observed)
            if not number % RESPONSES_PER_REPORT:
                merge_observations(memories, observed)
                observed.clear()
                yield Progress(responses=account.responses)
        merge_observations(memories, observed)
    texts = {site: [to_text(page) for page in memory.pages] for site, memory in memories.items()}
    first_pass = FirstPassState(
        knowledge=work.knowledge, account=account.to_values(), memories=texts, is_own=stories.is_own
    )
    work.output.write(f"{task.name}{FIRST_PASS_SUFFIX}.json", msgspec.json.encode(first_pass))
    yield Progress(responses=account.responses, account=account, memories=memories)


def _run_second_pass(work: ShardSettings, task: Task) -> Iterator[Progress]:
    """Run the second pass: write the stored records without the lines that their sites repeat."""
    records = work.output.read(f"{task.name}{FIRST_PASS_SUFFIX}") or b""
    about = msgspec.json.decode(work.output.read(f"{task.name}{FIRST_PASS_SUFFIX}.json") or b"", type=FirstPassState)
    account = Account.of_values(about.account)
    with _writing(work.output, task.name) as write:
        for _, page in complete(read_records(BytesIO(records)), work.memories or {}):
            write(page.result)
    yield _finish(work, task, account, is_own=about.is_own)
    for end in (FIRST_PASS_SUFFIX, f"{FIRST_PASS_SUFFIX}.json"):
        work.output.remove(f"{task.name}{end}")


@contextmanager
def _writing(folder: Location, name: str) -> Iterator[Callable[[Article | Rejection], None]]:
    """Open the files of a shard; yields what writes a record."""
    with (
        folder.writing(f"{name}{LINES}") as lines,
        open_gzip(lines) as articles,
        folder.writing(f"{name}{REJECTIONS}") as others,
        open_gzip(others) as rejections,
    ):

        def write(result: Article | Rejection) -> None:
            (articles if isinstance(result, Article) else rejections).write(to_line(result))

        yield write
