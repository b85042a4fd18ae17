"""``scrapy clean``: pages on disk, in order."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cleaners.record.schema import schema
from tests.golden import cases
from tests.unit.cleaners.pages import story
from tests.unit.crawler.archive.warc_files import packed
from tests.unit.crawler.archive.warc_files import record as response

VALIDATOR = Draft202012Validator(schema())
PAGES = cases.PAGES


def test_files_and_folders_in_input_order(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    names = ["short-brief", "listing-home", "arabic-rtl", "aspnet-indepth-box"]
    paths = [str(PAGES / names[0] / "input.html"), *(str(PAGES / name) for name in names[1:])]
    run = scrapy(
        "clean",
        *paths,
        "-O",
        str(tmp_path / "articles.jsonl"),
        "--workers",
        "2",
        "--rejections",
        str(tmp_path / "rejections.jsonl"),
    )
    assert run.status == 0
    found = run.lines()
    assert [record["source"] for record in found] == [
        str(PAGES / name / "input.html") for name in names if name != "listing-home"
    ]
    for one in found:
        VALIDATOR.validate(one)
        expected = cases.expected(Path(one["source"]).parent)
        assert one["text"] == expected["text"]
    assert [rejection["reason"] for rejection in run.lines("rejections.jsonl")] == ["listing"]
    assert f"rejected {PAGES / 'listing-home' / 'input.html'}: page_type/listing:" in run.stderr
    assert "4 pages: 3 articles, 1 page rejected (list of other pages: 1)" in run.stderr


def test_archives_and_folders_below_folders_by_name(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "b").mkdir(parents=True)
    (folder / "a").mkdir()
    (folder / "z.html").write_text(story())
    (folder / "a" / "two.warc.gz").write_bytes(
        packed(*(response(f"http://news.example/2026/lock-{n}", story().encode(), number=n) for n in (1, 2)))
    )
    (folder / "b" / "one.HTM").write_text(story())
    (folder / "b" / "notes.txt").write_text(story())
    run = scrapy("clean", str(folder), "-O", str(tmp_path / "articles.jsonl"), "--workers", "2")
    assert run.status == 0
    names = [found["source"].removeprefix(f"{folder}/").partition("#")[0] for found in run.lines()]
    assert names == ["z.html", "a/two.warc.gz", "a/two.warc.gz", "b/one.HTM"]
    assert [found["url"] for found in run.lines()[1:3]] == [
        "http://news.example/2026/lock-1",
        "http://news.example/2026/lock-2",
    ]
    assert run.lines()[1]["fetched_at"] == "2026-11-01T10:00:01+00:00"


def test_standard_input_to_standard_output(scrapy: Callable[..., Any]) -> None:
    run = scrapy("clean", "-", "--url", "http://news.example/lock", stdin=story().encode())
    assert run.status == 0
    record = json.loads(run.stdout)
    assert (record["url"], record["source"]) == ("http://news.example/lock", "-")
    assert run.stdout.count("\n") == 1


def test_page_without_an_address_has_its_files(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(story())
    record = json.loads(scrapy("clean", str(tmp_path / "page.html")).stdout)
    assert record["url"] == (tmp_path / "page.html").as_uri()


def test_empty_folder_is_no_error(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    run = scrapy("clean", str(tmp_path))
    assert (run.status, run.stdout) == (0, "")
    assert "0 pages" in run.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "nothing to clean"),
        (("/no/such/page.html",), "/no/such/page.html: no such file or folder"),
        (("-", "--workers", "0"), "--workers 0: expected 1 or more"),
        (("-", "-o", "a", "-O", "b"), "give one of them"),
        ((str(PAGES), "--url", "http://a.example/"), "--url names the URL of one page"),
    ],
)
def test_usage(scrapy: Callable[..., Any], args: tuple[str, ...], message: str) -> None:
    run = scrapy("clean", *args, stdin=b"")
    assert run.status == 2
    assert message in run.stderr


def test_output_that_cannot_be_written(scrapy: Callable[..., Any]) -> None:
    page = str(PAGES / "short-brief" / "input.html")
    for output in ("/dev/full", "/proc/none/x.jsonl"):
        run = scrapy("clean", page, "-O", output)
        assert run.status == 4
        assert f"cannot write {output}" in run.stderr
        assert "Traceback" not in run.stderr


def test_unreadable_file_is_a_rejection(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.html").symlink_to(tmp_path / "gone.html")
    (tmp_path / "b.html").write_text(story())
    run = scrapy("clean", str(tmp_path), "-O", str(tmp_path / "articles.jsonl"))
    assert run.status == 0
    assert len(run.lines()) == 1
    assert "read/unreadable" in run.stderr


def test_explain_shows_what_decided(scrapy: Callable[..., Any]) -> None:
    run = scrapy("clean", str(PAGES / "aj2017-promos-reworded"), "--explain")
    assert run.status == 0, run.stderr
    assert "% sure that this is an article" in run.stdout
    assert "\n+ paragraph   1.00  kept " in run.stdout
    assert "\n- title       0.95  headline " in run.stdout


@pytest.mark.parametrize("more", [(), ("--explain",)])
def test_unknown_focus_is_a_usage_error(scrapy: Callable[..., Any], more: tuple[str, ...]) -> None:
    run = scrapy("clean", str(PAGES / "aj2017-promos-reworded"), "-s", "COPYDESK_FOCUS=fast", *more)
    assert run.status == 2
    assert "setting COPYDESK_FOCUS=fast: expected one of precision, balanced, recall" in run.stderr


def test_evidence_is_written_where_asked(scrapy: Callable[..., Any]) -> None:
    run = scrapy("clean", str(PAGES / "aj2017-promos-reworded"), "-s", "COPYDESK_EVIDENCE=1")
    record = json.loads(run.stdout.splitlines()[0])
    assert {"field": "authors", "origin": "json-ld", "value": "Samira Okonje", "agrees": True} in record["evidence"]


NOTICE = "The Ledger is printed on Tuesdays, and whoever wants to read it sooner has to come to the office."


def chapters(folder: Path) -> list[Path]:
    """Six pages of one site, all with the same last paragraph."""
    folder.mkdir()
    for n in range(6):
        own = "".join(
            f"<p>Chapter {n}.{part} is about boat number {n * 7 + int(part)}, as it was built.</p>" for part in "123456"
        )
        html = f"<html><head><title>Boat {n}</title><link rel=canonical href='https://ledger.example/{n}'></head>"
        (folder / f"{n}.html").write_text(f"{html}<body><h1>Boat {n}</h1>{own}<p>{NOTICE}</p></body></html>")
    return sorted(folder.iterdir())


def test_what_the_pages_of_a_site_repeat_is_taken_out_in_any_order(scrapy: Callable[..., Any], tmp_path: Path) -> None:
    pages, memory = chapters(tmp_path / "pages"), tmp_path / "sites.memory"
    orders = (pages, pages[::-1])
    found = []
    for workers, order in enumerate(orders, 1):
        run = scrapy(
            *("clean", *map(str, order), "--workers", str(workers), "--site-memory", str(memory)),
            *("-O", str(tmp_path / "articles.jsonl")),
        )
        assert run.status == 0, run.stderr
        found.append({line["url"]: line for line in run.lines()})
        kept = memory.read_bytes()
    assert found[0] == found[1]
    assert list(found[0]) == [f"https://ledger.example/{n}" for n in range(6)]
    for line in found[0].values():
        assert NOTICE not in line["text"]
        assert [one["rule"] for one in line["removed"] if one["text"] == NOTICE] == ["site:ledger.example/repeated"]
        VALIDATOR.validate(line)
    one = scrapy("clean", str(pages[0]), "--site-memory", str(memory), "-O", str(tmp_path / "articles.jsonl"))
    assert one.lines() == [found[0]["https://ledger.example/0"]]
    assert memory.read_bytes() == kept


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{}\n", "expected the first line 'copydesk site memory 1'"),
        (b"copydesk site memory 1\nnews.example\tAAAA\n", ":2: a damaged line"),
        (b"\xff\xfe", "no memory of sites"),
        (None, "cannot write"),
    ],
)
def test_a_memory_that_cannot_be_used(
    scrapy: Callable[..., Any], tmp_path: Path, content: bytes | None, says: str
) -> None:
    memory = tmp_path / "sites.memory"
    if content is None:
        memory = tmp_path / "missing" / "sites.memory"
    else:
        memory.write_bytes(content)
    run = scrapy("clean", str(PAGES / "short-brief"), "--site-memory", str(memory))
    assert run.status != 0
    assert says in run.stderr
    assert "Traceback" not in run.stderr
    assert content is None or memory.read_bytes() == content
