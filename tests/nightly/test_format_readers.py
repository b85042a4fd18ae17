"""Other readers of our formats: Hugging Face's, datatrove's, and a compiler that knows schema.org's types."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from crawler import settings as shipped
from crawler.output.export import export
from crawler.output.formats.json_ld import to_json_ld
from tests.nightly.npm import install
from tests.unit.crawler.output.formats.readers import from_row
from tests.unit.crawler.output.formats.records import LINES, RECORDS, line

SCRIPT = """
import json, os, sys
os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_DATASETS_CACHE=sys.argv[1] + "/cache")
from datasets import load_dataset
from datatrove.pipeline.readers import JsonlReader, ParquetReader
folder = sys.argv[1]
load = lambda kind, name: load_dataset(kind, data_files=f"{folder}/{name}", split="train")
trove = lambda reader: [{"text": one.text, "id": one.id, **one.metadata} for one in reader()]
found = {
    "datasets documents": [
        {"text": one["text"], "id": one["id"], **json.loads(one["metadata"])} for one in load("json", "a.documents")
    ],
    "datasets parquet": list(load("parquet", "a.parquet")),
    "datatrove documents": trove(JsonlReader(folder, glob_pattern="a.documents", add_file_path=False)),
    "datatrove lines": trove(JsonlReader(folder, glob_pattern="a.jsonl", add_file_path=False)),
    "datatrove parquet": trove(ParquetReader(folder, glob_pattern="a.parquet")),
}
json.dump(found, open(f"{folder}/found.json", "w"), default=str)
"""


def test_hugging_face_and_datatrove_read_ours(tmp_path: Path) -> None:
    settings = Settings()
    settings.setmodule(shipped)
    (tmp_path / "articles.jsonl").write_text("".join(f"{one}\n" for one in LINES), "utf-8")
    articles = str(tmp_path / "articles.jsonl")
    folder = tmp_path / "data"
    folder.mkdir()
    for form in ("documents", "parquet", "jsonl"):
        export([articles], str(folder / f"a.{form}"), settings)
    run = subprocess.run([sys.executable, "-c", SCRIPT, str(folder)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads((folder / "found.json").read_text("utf-8"))
    for name, rows in found.items():
        made = [line(from_row(row) if "parquet" in name else row) for row in rows]
        assert made == LINES, name


HEAD = 'import type {WithContext, NewsArticle, LiveBlogPosting} from "schema-dts";\n'
TSCONFIG = '{"compilerOptions": {"strict": true, "noEmit": true, "module": "esnext", "moduleResolution": "bundler"}}'


def type_check(folder: Path, values: list[dict[str, Any]]) -> int:
    """Number of the values that TypeScript finds are not of their schema.org type."""
    packages = install()
    (folder / "node_modules").symlink_to(packages.node_modules)
    rows = (f"const a{n}: WithContext<{one['@type']}> = {json.dumps(one)};\n" for n, one in enumerate(values))
    (folder / "check.ts").write_text(HEAD + "".join(rows))
    (folder / "tsconfig.json").write_text(TSCONFIG)
    done = subprocess.run([packages.command("tsc"), "-p", "."], cwd=folder, capture_output=True, text=True, check=False)
    return len({one.split("(")[1].split(",")[0] for one in done.stdout.splitlines() if one.startswith("check.ts(")})


def test_json_ld_is_of_its_schema_org_type(tmp_path: Path) -> None:
    made = [to_json_ld(record) for record in RECORDS]
    for record, one in zip(RECORDS, made, strict=True):
        assert (one["articleBody"], one.get("datePublished")) == (record["text"], record["published"])
    spoiled = [
        {**made[0], **change} for change in ({"headline": 5}, {"bodyText": "x"}, {"author": {"@type": "Recipe"}})
    ]
    (tmp_path / "good").mkdir()
    (tmp_path / "spoiled").mkdir()
    assert type_check(tmp_path / "good", made) == 0
    assert type_check(tmp_path / "spoiled", spoiled) == len(spoiled)
