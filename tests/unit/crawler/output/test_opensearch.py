"""Articles as documents of a search server: by its protocol."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from cleaners import Article, clean
from cleaners.record.serialize import to_json, to_values
from crawler.files.line_files import OutputError
from crawler.output.databases import opensearch
from crawler.output.databases.opensearch import Index, to_document, version_of
from crawler.output.databases.storage import target_of
from crawler.output.export import export
from tests.golden import cases
from tests.unit.crawler.output.search_server import SearchServer, searching

FOUND = clean(cases.load(cases.PAGES / "wire-agency"))
assert isinstance(FOUND, Article)
ARTICLE = replace(FOUND, published="2026-11-26T08:15:00+01:00", fetched_at="2026-11-27T00:00:00+00:00", revision=1)


def record(**changed: Any) -> dict[str, Any]:
    return {**to_values(ARTICLE), **changed}


@pytest.fixture
def server() -> Iterator[SearchServer]:
    with searching() as made:
        yield made


def test_articles_are_documents(server: SearchServer, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(to_json(replace(ARTICLE, id=f"{n:020}")) + "\n" for n in range(700)), "utf-8")
    assert export([str(path)], server.url, Settings()).count == 700
    document = server.documents["0" * 20]
    assert (document["text"], document["title"]) == (ARTICLE.text, ARTICLE.title)
    assert document["published"] == "2026-11-26T08:15:00+01:00"
    assert (document["published_at"], document["published_day"]) == ("2026-11-26T07:15:00+00:00", "2026-11-26")
    assert server.mappings["news"]["dynamic"] is False
    assert server.mappings["news"]["properties"]["published_at"] == {"type": "date"}
    assert export([str(path)], server.url, Settings()).count == 700  # again: the same


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ({"revision": 2, "text": "two"}, {"revision": 1, "text": "one"}, "two"),
        ({"revision": 1, "text": "one"}, {"revision": 2, "text": "two"}, "two"),
        ({"text": "new", "fetched_at": "2026-11-28T00:00:00Z"}, {"text": "old"}, "new"),
        ({"text": "one"}, {"text": "again"}, "again"),
    ],
    ids=["older", "newer", "fetched before", "the same version"],
)
def test_an_older_version_replaces_nothing(
    server: SearchServer, before: dict[str, Any], after: dict[str, Any], kept: str
) -> None:
    index = target_of(server.url)
    index.write([record(**before)])
    index.write([record(**after)])
    assert server.documents[ARTICLE.id]["text"] == kept


def test_documents_that_are_refused_are_an_error_and_the_others_stay(server: SearchServer) -> None:
    server.poison = "rotten"
    made = [record(id="a"), record(id="b", text="rotten"), record(id="c")]
    with pytest.raises(OutputError, match=r"index news: refused 1 documents; the first: b: .*poison"):
        target_of(server.url).write(made)
    assert sorted(server.documents) == ["a", "c"]


def test_a_busy_server_gets_them_again(server: SearchServer, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("opensearchpy.helpers.actions.time.sleep", slept.append)
    server.busy = 2
    assert target_of(server.url).write([record()]) == 1
    assert slept == [2, 4]


def test_the_password_is_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with searching(user="news", password="kestrel") as server:  # noqa: S106  not one
        with pytest.raises(OutputError, match="Unauthorized|401"):
            target_of(server.url).create()
        monkeypatch.setenv("OPENSEARCH_PASSWORD", "kestrel")
        target_of(server.url).create()
        assert "news" in server.mappings


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("opensearch://search.example", "https://search.example:9200 articles"),
        ("elasticsearch://me@search.example:9201/News", None),
        ("elasticsearch://me@search.example:9201/news", "https://search.example:9201 news"),
        ("opensearch+http://[::1]/a-b", "http://[::1]:9200 a-b"),
        ("opensearch://me:secret@search.example/news", None),
        ("opensearch://search.example/_bulk", None),
        ("opensearch://search.example/a,b*", None),
        ("opensearch://search.example/a%20b", None),
        ("opensearch://search.example/a/b", None),
        ("opensearch://search.example/a?pipeline=x", None),
        ("opensearch:///news", None),
        ("opensearch://[::1/news", None),
        ("opensearch://a.example:port/news", None),
    ],
)
def test_addresses(url: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(OutputError) as refused:
            Index.of(url)
        assert "secret" not in str(refused.value)
    else:
        found = Index.of(url)
        assert f"{found.origin} {found.index}" == expected


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(OutputError, match="OpenSearch at http://127.0.0.1:9, index news"):
        Index.of("opensearch+http://127.0.0.1:9/news").create()


def test_whatever_a_page_has_is_json() -> None:
    made = to_document(record(text="a\x00b\ud800", extra={"x": float("nan")}, published="2026-11-26"))
    assert json.loads(json.dumps(made, allow_nan=False))["text"] == "ab\ufffd"
    assert (made["extra"], made["published_day"], "published_at" in made) == ({"x": None}, "2026-11-26", False)


def test_versions_are_in_order() -> None:
    versions = [
        version_of(record(revision=1)),
        version_of(record(revision=1, fetched_at="2100-01-01T00:00:00Z")),
        version_of(record(revision=None, fetched_at=None)),
        version_of(record(revision=2, fetched_at=None)),
    ]
    assert versions == sorted(set(versions))
    assert version_of(record(revision=10**7)) < 2**63
    assert opensearch.REVISION_STEP > 2**36
