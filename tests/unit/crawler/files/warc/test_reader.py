"""WARC files as pages."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaners import Page, Rejection
from crawler.files.location import Location
from crawler.files.warc import reader as read
from crawler.files.warc.reader import ReadWarning
from tests.unit.cleaners.pages import story
from tests.unit.crawler.archive.warc_files import packed, record


def pages(path: Path) -> list[Page | Rejection]:
    return list(read.pages(Location(str(path))))


STORY = story().encode()
URL = "http://news.example/2026/lock-closes"

KINDS = (
    ("a page", record(URL, STORY), STORY),
    ("gzip", record(URL, gzip.compress(STORY, mtime=0), extra="Content-Encoding: gzip\r\n"), STORY),
    (
        "chunks",
        record(URL, b"%x\r\n%s\r\n0\r\n\r\n" % (len(STORY), STORY), extra="Transfer-Encoding: chunked\r\n"),
        STORY,
    ),
    ("gzip that is unpacked", record(URL, STORY, extra="Content-Encoding: gzip\r\n"), STORY),
    ("chunks that are joined", record(URL, STORY, extra="Transfer-Encoding: chunked\r\n"), STORY),
    ("Brotli that is unpacked", record(URL, STORY, extra="Content-Encoding: br\r\n"), STORY),
    ("a coding that is none", record(URL, STORY, extra="Content-Encoding: foo\r\n"), STORY),
    ("angle brackets", record(f"<{URL}>", STORY), STORY),
    ("no media type", record(URL, STORY, content_type=""), STORY),
    ("not found", record(URL, STORY, status="404 Not Found"), None),
    ("a picture", record(URL, b"\x89PNG", content_type="image/png"), None),
    ("a name looked up", record("dns:news.example", b"news.example. 60 IN A 192.0.2.1", content_type="text/dns"), None),
)


@pytest.mark.parametrize(("data", "body"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_html_that_was_answered_with_200_is_a_page(data: bytes, body: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "pages.warc"
    path.write_bytes(data)
    found = list(pages(path))
    assert [(one.url, one.body) for one in found if isinstance(one, Page)] == ([(URL, body)] if body else [])
    assert len(found) == (body is not None)


def test_a_page_says_where_it_stood_and_when_it_was_fetched(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    path.write_bytes(packed(record(URL, STORY, number=1), record(URL, STORY, number=2)))
    first, second = pages(path)
    assert isinstance(second, Page)
    assert second.fetched_at == dt.datetime(2026, 11, 1, 10, 0, 2, tzinfo=dt.UTC)
    assert second.source == f"{path}#<urn:uuid:00000002-0000-4000-8000-000000000000>"
    assert second.content_type == "text/html; charset=utf-8"
    assert first != second


def test_what_is_no_archive_is_a_rejection_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc"
    path.write_bytes(b"<html>not a WARC at all" * 50)
    (found,) = pages(path)
    assert isinstance(found, Rejection)
    assert (found.stage, found.reason) == ("read", "unreadable")
    assert found.detail.startswith(f"{path}: cut or damaged")


@pytest.mark.parametrize(
    "data", [b"", b"WARC/1.0\r\n", packed(record(URL, STORY))[:40]], ids=["empty", "a first line", "cut"]
)
def test_a_file_without_a_record_is_a_rejection(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    path.write_bytes(data)
    (found,) = pages(path)
    assert isinstance(found, Rejection)
    assert found.detail.startswith(f"{path}: cut or damaged")


def test_other_records_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc"
    path.write_bytes(record(URL, STORY).replace(b"WARC-Type: response", b"WARC-Type: resource", 1))
    assert list(pages(path)) == []


def test_pages_before_the_damage_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc"
    path.write_bytes(record(URL, STORY) + b"WARC/9.9 nonsense\r\n" * 20)
    found = list(pages(path))
    assert isinstance(found[0], Page)
    assert [type(one) for one in found[1:]] in ([], [Rejection])


def test_an_address_that_is_none_is_a_rejection(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc"
    path.write_bytes(record("http://", STORY) + record(URL, STORY))
    refused, page = pages(path)
    assert isinstance(refused, Rejection)
    assert "WARC-Target-URI is no http URL" in refused.detail
    assert isinstance(page, Page)


@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
@pytest.mark.parametrize("kind", [b"response", b"resource"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_record_that_is_cut_is_named_and_no_page(tmp_path: Path, name: str, kind: bytes, share: float) -> None:
    whole = record(URL, STORY, number=1)
    last = record(URL, STORY, number=2).replace(b"WARC-Type: response", b"WARC-Type: " + kind, 1)
    first, second = (packed(whole), packed(last)) if name.endswith(".gz") else (whole, last)
    path = tmp_path / name
    path.write_bytes(first + second[: int(len(second) * share)])
    page, rejected = pages(path)
    assert isinstance(page, Page)
    assert page.body == STORY
    assert isinstance(rejected, Rejection)
    assert rejected.reason == "unreadable"
    assert f"{path}#<urn:uuid:00000002-" in rejected.detail


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (b"Content-Length: 9", [ReadWarning, Page]),
        (b"Content-Length: 99999999", [Rejection, Page]),
        (b"Content-Length: x", [ReadWarning, Page]),
    ],
)
def test_a_record_whose_length_is_wrong_costs_none_of_those_that_are_packed_after_it(
    tmp_path: Path, length: bytes, expected: list[type]
) -> None:
    second = re.sub(rb"Content-Length: \d+", length, record(URL, STORY, number=2))
    path = tmp_path / "pages.warc.gz"
    path.write_bytes(packed(record(URL, STORY, number=1), second, record(URL, STORY, number=3)))
    found = [one for one in read.entries(Location(str(path))) if isinstance(one, Page | Rejection | ReadWarning)]
    assert [type(one) for one in found[-2:]] == expected
    assert [one.body for one in (found[0], found[-1]) if isinstance(one, Page)] == [STORY, STORY]


def declared(length: bytes) -> Callable[[bytes], bytes]:
    return lambda data: re.sub(rb"Content-Length: \d+", b"Content-Length: " + length, data, count=1)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a length that is no number": declared(b"x"),
    "a length that is too short": declared(b"5"),
    "a length that is too long": lambda data: re.sub(rb"Content-Length: ", b"Content-Length: 9", data, count=1),
    "a length without an end": declared(b"99999999999"),
    "another first line": lambda data: b"XXXX" + data[4:],
    "cut in the midst": lambda data: data[: len(data) // 2],
    "nothing but zeros": lambda data: bytes(len(data)),
    "a head of zeros": lambda data: bytes(40) + data[40:],
    "bits that are set": lambda data: data[:40] + b"\xff" * 40 + data[80:],
    "a type that is none": lambda data: data.replace(b"WARC-Type: response", b"WARC-Type: resp\0nse", 1),
    "no type": lambda data: data.replace(b"WARC-Type", b"\0\0RC-Type", 1),
    "no target": lambda data: data.replace(b"WARC-Target-URI", b"WARC-Target-UR!", 1),
    "left out in part": lambda data: data[:60] + data[-60:],
}


@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_record_costs_itself_alone(tmp_path: Path, name: str, damage: str) -> None:
    records = [record(f"http://news.example/{number}", STORY, number=number) for number in range(9)]
    parts = [packed(one) for one in records] if name.endswith(".gz") else records
    path = tmp_path / name
    path.write_bytes(b"".join([*parts[:4], DAMAGES[damage](parts[4]), *parts[5:]]))
    found = list(read.entries(Location(str(path))))
    whole = [one.url[-1] for one in found if isinstance(one, Page) and one.body == STORY]
    assert [number for number in whole if number != "4"] == list("01235678")
    assert len([one for one in found if isinstance(one, Page)]) == len(whole), "no page has a part of another"
    told = [one.detail for one in found if isinstance(one, Rejection | ReadWarning)]
    assert told or "4" in whole or any(isinstance(one, read.Skipped) for one in found)
    assert all("read on at byte" in detail for detail in told if "cut or damaged" in detail)


def test_a_packed_file_of_something_else_is_one_rejection(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    path.write_bytes(b"".join(packed(b'{"url": "x"}\n') for _ in range(5)))
    (rejected,) = pages(path)
    assert isinstance(rejected, Rejection)


def test_pages_after_a_record_that_does_not_decode_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc"
    bad = record("http://news.example/bad", b"fff\r\n" + STORY[:99], extra="Transfer-Encoding: chunked\r\n", number=1)
    path.write_bytes(bad + record(URL, STORY, number=2))
    refused, page = pages(path)
    assert isinstance(refused, Rejection)
    assert refused.url == "http://news.example/bad"
    assert isinstance(page, Page)
