"""Records, as two other readers read them; and their index."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as Warcio
from warcio.checker import Checker

from cleaners import Page
from crawler.files.location import Location
from crawler.files.warc import cdxj, records
from crawler.files.warc.reader import entries
from crawler.files.warc.records import Exchange, Member, Original, read_fields

AT = datetime(2026, 11, 26, 9, 30, 5, tzinfo=UTC)
URL = "http://news.example/2026/lock?page=1"
BODY = "<p>Die Schleuse schließt.</p>".encode("latin-1")


def asked(**more: object) -> Exchange:
    values = {
        "url": URL,
        "at": AT,
        "request": [("User-Agent", "copydesk"), ("Cookie", "s=1"), ("Authorization", "Basic eDp5"), ("X-Api-Key", "k")],
        "status": 200,
        "headers": [("Content-Type", "text/html; charset=latin-1"), ("X-Naïve", "é"), ("Transfer-Encoding", "chunked")],
        "body": BODY,
        "address": "192.0.2.1",
    }
    return Exchange(**{**values, **more})  # type: ignore[arg-type]


def file_of(members: tuple[Member, ...], path: Path) -> Path:
    path.write_bytes(b"".join(one.data for one in (records.info(path.name, {"software": "x"}, AT), *members)))
    return path


def one_of_each() -> tuple[Member, ...]:
    response, *others = records.exchange(asked(), None, {"via": "http://news.example/", "role": "article"})
    original = Original(record=response.id, url=URL, at=response.at, digest=response.digest)
    return (
        response,
        *others,
        *records.exchange(asked(), original, {}),
        *records.exchange(asked(status=304, body=b""), original, {}),
        records.failure(URL, AT, "timeout", "no headers within 10 s", {}),
        records.rendered(URL, AT, b"<p>made</p>", response.id),
        records.knowledge(URL, AT, {"result": "new"}, "story"),
    )


def test_other_tools_accept_every_record(tmp_path: Path) -> None:
    path = file_of(one_of_each(), tmp_path / "a.warc.gz")
    checker = Checker(type("Args", (), {"inputs": [str(path)], "verbose": False})())
    checker.process_all()
    assert not checker.exit_value
    with path.open("rb") as file:
        kinds = [
            record.headers["WARC-Type"]
            for record in ArchiveIterator(file, parse_http=False)
            if record.verify_block_digest()
        ]
    assert kinds == [
        *("warcinfo", "response", "request", "metadata", "revisit", "request", "metadata"),
        *("revisit", "request", "metadata", "metadata", "conversion", "metadata"),
    ]


HEADS = {
    "1,500 headers": [(f"X-{number}", "y") for number in range(1_500)],
    "5,000 headers": [(f"X-{number}", "y") for number in range(5_000)],
    "one of 60 kB": [("X-Long", "y" * 60_000)],
    "many long ones": [(f"X-{number}", "y" * 500) for number in range(120)],
}


@pytest.mark.parametrize("name", HEADS)
def test_a_response_that_was_accepted_can_be_read_again(tmp_path: Path, name: str) -> None:
    one = asked(headers=[*HEADS[name], ("Content-Type", "text/html; charset=latin-1"), ("ETag", '"a"')])
    path = file_of(records.exchange(one, None, {"role": "article"}), tmp_path / "a.warc.gz")
    pages = [one for one in entries(Location(str(path))) if isinstance(one, Page)]
    assert [(page.url, page.body, page.content_type) for page in pages] == [(URL, BODY, "text/html; charset=latin-1")]


def test_a_response_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    path = file_of(one_of_each(), tmp_path / "a.warc.gz")
    with path.open("rb") as file:
        record = next(ArchiveIterator(file, record_types=WarcRecordType.response))
        assert record.http_headers is not None
        assert record.http_headers.asdict() == {
            "Content-Type": "text/html; charset=latin-1", "X-Naïve": "é", "Content-Length": str(len(BODY)),
        }  # fmt: skip
        assert record.reader.read() == BODY
        assert record.record_date == AT
        assert record.headers["WARC-IP-Address"] == "192.0.2.1"


def test_nobody_can_log_in_with_what_is_kept() -> None:
    packed = b"".join(one.data for one in records.exchange(asked(), None, {}))
    request = next(one for one in Warcio(io.BytesIO(packed)) if one.rec_type == "request")
    assert [name for name, _ in request.http_headers.headers] == ["Host", "User-Agent"]


def test_a_revisit_names_the_response_that_has_the_content() -> None:
    packed = b"".join(one.data for one in one_of_each())
    same, unchanged = (one.rec_headers for one in Warcio(io.BytesIO(packed)) if one.rec_type == "revisit")
    for headers, profile in ((same, "identical-payload-digest"), (unchanged, "server-not-modified")):
        assert headers["WARC-Profile"] == f"http://netpreserve.org/warc/1.1/revisit/{profile}"
        assert headers["WARC-Refers-To-Target-URI"] == URL
        assert headers["WARC-Refers-To-Date"] == "2026-11-26T09:30:05Z"
        assert headers["WARC-Payload-Digest"] == asked().digest


@pytest.mark.parametrize("value", ["a\r\nWARC-Type: response", "x" * 9_000, "", "\x00"])
def test_a_field_is_one_line(value: str) -> None:
    block = records.fields_block({"via": value, "role": "article"}.items())
    assert block.count(b"\n") == 1 + bool(value)
    assert read_fields(block)["role"] == "article"


SURTS = (
    ("http://www.News.example/A/b?y=2&x=1#part", "example,news)/a/b?x=1&y=2"),
    ("https://news.example", "example,news)/"),
    ("http://news.example:8080/a", "example,news:8080)/a"),
    ("http://192.0.2.1/a", "192.0.2.1)/a"),
    ("http://[::1]/a", "::1)/a"),
)


@pytest.mark.parametrize(("url", "key"), SURTS)
def test_the_key_of_an_index_sorts_hosts_by_their_domains(url: str, key: str) -> None:
    assert cdxj.surt(url) == key
