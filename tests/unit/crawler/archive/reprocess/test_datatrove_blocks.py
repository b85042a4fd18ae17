"""The blocks for datatrove give what ``scrapy clean`` gives."""

from __future__ import annotations

import json
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.writers import JsonlWriter

from crawler.archive.reprocess.datatrove_blocks import ArchiveReader, CleanPages
from crawler.archive.reprocess.engine import LocalEngine
from crawler.archive.reprocess.job import Job
from crawler.files.location import Location, find_shards
from tests.unit.crawler.archive.reprocess.archives import archive, lines, work


def test_the_same_texts_and_records(tmp_path: Path) -> None:
    folder = archive(tmp_path / "archive", shards=2, pages=4)
    Job(engine=LocalEngine(1), work=work(tmp_path / "local")).run(find_shards([str(folder)]))
    LocalPipelineExecutor(
        [
            ArchiveReader(str(folder)),
            CleanPages(rejections=JsonlWriter(str(tmp_path / "rejections"), compression=None)),
            JsonlWriter(str(tmp_path / "out"), compression=None),
        ],
        tasks=2,
        workers=1,
        logging_dir=str(tmp_path / "logs"),
    ).run()
    found = [
        {"text": one["text"], **one["metadata"]}
        for path in sorted((tmp_path / "out").glob("*.jsonl"))
        for one in map(json.loads, path.read_text().splitlines())
    ]
    wanted = lines(Location(str(tmp_path / "local")))
    assert {one["id"]: one for one in found} == {one["id"]: one for one in wanted}
    assert len(found) == 8
    rejected = "".join(path.read_text() for path in (tmp_path / "rejections").glob("*.jsonl"))
    assert rejected.count('"reason":"no_text"') == 2
