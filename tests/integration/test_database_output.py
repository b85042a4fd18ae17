"""A crawl and an export write articles as rows of PostgreSQL, each once, in its last version."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cleaners import clean
from crawler.files.line_files import OutputError
from crawler.output.databases.postgresql import Table
from crawler.output.databases.storage import DatabaseStorage
from tests.support.postgresql import PASSWORD, Server
from tests.unit.cleaners.pages import story


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)


@pytest.fixture
def database(postgresql: Server) -> str:
    """The address of a new database, without the password."""
    return postgresql.new().replace(f":{PASSWORD}@", "@")


def select(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def record(**values: Any) -> dict[str, Any]:
    found = clean(story(), url="http://a.example/news/lock").to_dict()
    own = {"id": "a1" * 10, "title": None, "text": "A text.", "revision": 1, "fetched_at": "2026-11-01T08:00:00+00:00"}
    return {**found, **own, **values}


def test_a_crawl_writes_rows_and_a_later_one_the_new_ones(
    database: str, scrapy: Callable[..., Any], tmp_path: Path
) -> None:
    ledger = ("-s", f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}")
    run = scrapy("crawl", "news", "-a", "site=http://sized-8-db.example/", "-o", f"{database}?table=news", *ledger)
    assert run.status == 0, run.stderr
    rows = select(database, "SELECT id, record, text, published FROM news")
    assert len(rows) == 8
    assert all((kept["id"], kept["text"]) == (id_, text) and date for id_, kept, text, date in rows)
    again = scrapy("crawl", "news", "-a", "site=http://sized-8-db.example/", "-o", f"{database}?table=news", *ledger)
    assert again.status == 0, again.stderr
    assert len(select(database, "SELECT id FROM news")) == 8


def test_a_crawl_whose_rows_are_refused_gives_its_articles_again(
    database: str, scrapy: Callable[..., Any], tmp_path: Path
) -> None:
    ledger = ("-s", f"COPYDESK_LEDGER={tmp_path / 'ledger.sqlite'}")
    crawl = ("crawl", "news", "-a", "site=http://sized-8-refused.example/", "-o", database, *ledger)
    with psycopg.connect(database) as connection:
        Table.of(database).create()
        connection.execute("ALTER TABLE articles ADD CHECK (length(text) < 3)")
    run = scrapy(*crawl)
    assert run.status == 4
    assert "articles" in run.stderr
    with psycopg.connect(database) as connection:
        connection.execute("DROP TABLE articles")
    assert scrapy(*crawl).status == 0
    assert select(database, "SELECT count(*) FROM articles") == [(8,)]


def test_an_export_keeps_the_last_version_of_each_article(
    database: str, scrapy: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "articles.jsonl"
    other = record(id="b" * 20, title="A \x00 \\ \t \n € 𝄞")
    versions = [record(text="Second.", revision=2), record(text="First."), other]
    path.write_text("".join(f"{json.dumps(each)}\n" for each in versions))
    run = scrapy("export", str(path), database)
    assert (run.status, run.stderr.splitlines()[0]) == (0, f"2 records in {database}")
    assert select(database, "SELECT id, text, title FROM articles ORDER BY id") == [
        ("a1" * 10, "Second.", None),
        ("b" * 20, "A text.", "A  \\ \t \n € 𝄞"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ({"revision": 1, "text": "old"}, {"revision": 2, "text": "new"}, "new"),
        ({"revision": 2, "text": "old"}, {"revision": 1, "text": "new"}, "old"),
        ({"revision": 1, "text": "old"}, {"revision": 1, "text": "cleaned again"}, "cleaned again"),
        ({"text": "old", "fetched_at": "2026-11-02T08:00:00Z"}, {"text": "new"}, "old"),
        ({"text": "old", "fetched_at": None}, {"text": "new"}, "new"),
        ({"text": "old"}, {"text": "new", "revision": None}, "new"),
    ],
)
def test_an_older_version_never_replaces_a_newer_one(
    database: str, before: dict[str, Any], after: dict[str, Any], kept: str
) -> None:
    table = Table.of(f"{database}?table=public.stories")
    table.write([record(**before)])
    assert table.write([record(**after)]) == (0 if kept == "old" else 1)
    assert select(database, "SELECT text FROM stories") == [(kept,)]


def test_dates_without_an_offset_are_days_and_no_moments(database: str) -> None:
    dates = ("2026-11-01T08:00:00+02:00", "2026-11-01", "2026-11-01T08:00:00", "2026-02-31", None)
    table = Table.of(database)
    table.write(record(id=str(number), published=date, authors=["É", "b,{}"]) for number, date in enumerate(dates))
    query = "SELECT published AT TIME ZONE 'UTC', published_day, authors FROM articles ORDER BY id"
    assert [(str(moment), str(of_day), names) for moment, of_day, names in select(database, query)] == [
        ("2026-11-01 06:00:00", "2026-11-01", ["É", "b,{}"]),
        ("None", "2026-11-01", ["É", "b,{}"]),
        ("None", "2026-11-01", ["É", "b,{}"]),
        ("None", "None", ["É", "b,{}"]),
        ("None", "None", ["É", "b,{}"]),
    ]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("Use \\u0000 for nul \\u0000", "Use \\u0000 for nul \\u0000"),
        ("a\x00b", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("€ 𝄞 \\", "€ 𝄞 \\"),
        ({"k\x00\ud800": [float("nan"), 1.5, float("-inf")]}, {"k\ufffd": [None, 1.5, None]}),
    ],
)
def test_whatever_a_page_has_is_stored(database: str, value: Any, kept: Any) -> None:
    text = value if isinstance(value, str) else "A text."
    Table.of(database).write([record(text=text, extra={"value": value})])
    stored = select(database, "SELECT text, record->>'text', record->'extra'->'value' FROM articles")
    shown = kept if isinstance(kept, str) else text
    assert stored == [(shown, shown, kept)]


def test_items_that_are_no_articles_get_no_row(database: str, caplog: pytest.LogCaptureFixture) -> None:
    storage = DatabaseStorage(database, feed_options={"format": "jsonl"})
    lines = [json.dumps(each) for each in ({"price": 1}, record(), {"price": 2})]
    storage.write(BytesIO("\n".join(lines).encode()))
    assert select(database, "SELECT count(*) FROM articles") == [(1,)]
    assert "not written: 2 items, no record of an article; the first: the format of a database" in caplog.text


def test_writers_at_the_same_time_lose_nothing(database: str) -> None:
    def write(number: int) -> int:
        own = [record(id=f"{number}-{each}") for each in range(25)]
        return Table.of(database).write([*own, record(id="shared", revision=number + 1)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert select(database, "SELECT count(*), max(revision) FROM articles") == [(201, 8)]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql://me:s3cret@127.0.0.1/news", "give the password in PGPASSWORD or ~/.pgpass"),
        ("postgresql://me@127.0.0.1/news?sslpassword=s3cret", "give the password in PGPASSWORD or ~/.pgpass"),
        ("postgresql://[::1/news", "no valid URL of a database"),
        ("postgresql://me@127.0.0.1/news?table=a.b.c", "expected table=TABLE or table=SCHEMA.TABLE"),
        ("postgresql://me@127.0.0.1:1/news", "PostgreSQL at 127.0.0.1:1, database news"),
        ("postgresql://me@127.0.0.1:port/news", "invalid integer value"),
    ],
)
def test_an_address_that_is_no_good_is_an_error_before_anything_is_fetched(
    scrapy: Callable[..., Any], site: Any, address: str, expected: str
) -> None:
    run = scrapy("crawl", "news", "-a", "site=http://sized-8-no.example/", "-o", address)
    assert (run.status, site.asked("sized-8-no.example")) == (4, [])
    assert expected in run.stderr
    assert "s3cret" not in run.stderr


def test_fields_cannot_be_chosen(database: str, scrapy: Callable[..., Any], site: Any) -> None:
    options = ("-s", "FEED_EXPORT_FIELDS=title,url", "-o", database)
    run = scrapy("crawl", "news", "-a", "site=http://sized-8-no.example/", *options)
    assert (run.status, site.asked("sized-8-no.example")) == (4, [])
    assert "choose no fields" in run.stderr


def test_parameters_of_the_connection_are_kept(database: str) -> None:
    table = Table.of(f"{database}?options=-c%20search_path%3Dpg_temp%2Cpublic&table=kept")
    assert table.write([record()]) == 1


def test_a_target_of_another_shape_is_named(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE articles (id text PRIMARY KEY)")
    with pytest.raises(OutputError, match="table articles: .*revision"):
        Table.of(database).create()
