"""Rows and jobs are read as if anybody had written them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.fleet.rows import Job, RowError, read_source

URL = {"url": "https://news.example/"}


@pytest.mark.parametrize(
    ("values", "allowed"),
    [
        (URL, []),
        ({**URL, "max_pages": 7, "sections": ["world"]}, []),
        ({**URL, "headers": {"Authorization": "env:SITE_KEY"}}, ["env:SITE_*"]),
        ({**URL, "cookies": "env:SITE_KEY", "proxy": "env:PROXY"}, ["env:PROXY", "env:SITE_KEY"]),
        ({**URL, "cookies": "file:/etc/copydesk/a.txt"}, ["file:/etc/copydesk/*"]),
        ({**URL, "headers": {"X-A": "environment"}}, []),
    ],
)
def test_a_row_is_read(values: dict[str, Any], allowed: list[str]) -> None:
    assert read_source(json.dumps(values), allowed) == values


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "its row is no table"),
        ("{", "its row is no table"),
        ("[]", "its row is no table"),
        ("7", "its row is no table"),
        ("[" * 50_000, "its row is no table"),
        (json.dumps({**URL, "a": "x" * 100_001}), "its row is no table"),
        ("{}", "has no url"),
        (json.dumps({"url": 7}), "'url' must be a string"),
        (json.dumps({**URL, "nonsense": 1}), "unknown key 'nonsense'"),
        (json.dumps({**URL, "since": None}), "its row"),
        (json.dumps({**URL, "max_pages": [None]}), "its row"),
        (json.dumps({**URL, 'a" = 1\n[[site]]\nurl': "http://b.example/"}), "unknown key"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(text: str, message: str) -> None:
    with pytest.raises(RowError, match=message):
        read_source(text, [])


@pytest.mark.parametrize(
    ("values", "allowed", "named"),
    [
        ({"headers": {"X-A": "env:PGPASSWORD"}}, [], "env:PGPASSWORD"),
        ({"headers": {"X-A": "env:PGPASSWORD"}}, ["env:SITE_*", "file:*"], "env:PGPASSWORD"),
        ({"cookies": {"a": "env:SITE_A", "b": "env:HOME"}}, ["env:SITE_*"], "env:HOME"),
        ({"cookies": "file:/etc/copydesk/../passwd"}, ["file:/etc/copydesk/*"], "file:/etc/passwd"),
        ({"proxy": "file:/etc/shadow"}, ["env:*"], "file:/etc/shadow"),
        ({"sections": ["env:PGPASSWORD"]}, [], "env:PGPASSWORD"),
    ],
)
def test_a_secret_that_the_worker_does_not_allow_is_not_sent(
    values: dict[str, Any], allowed: list[str], named: str
) -> None:
    with pytest.raises(RowError, match=f"{named}, which COPYDESK_FLEET_SECRETS"):
        read_source(json.dumps({**URL, **values}), allowed)


def test_a_secret_file_has_an_absolute_path() -> None:
    with pytest.raises(RowError, match="file:secret: expected an absolute path"):
        read_source(json.dumps({**URL, "proxy": "file:secret"}), ["file:*"])


def test_a_link_out_of_an_allowed_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "allowed").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "allowed" / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(RowError, match="secret, which"):
        read_source(
            json.dumps({**URL, "proxy": f"file:{tmp_path}/allowed/link"}), [f"file:{tmp_path.resolve()}/allowed/*"]
        )


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"site": "a", "host": "b"},
        {"site": "a", "host": "b", "cycle": "1"},
        {"site": "a", "host": "b", "cycle": True},
        {"site": 1, "host": "b", "cycle": 1},
        {"site": "a", "host": None, "cycle": 1},
        {"site": "a", "host": "b", "cycle": 1, "command": "rm"},
    ],
)
def test_a_job_that_is_none_is_named(arguments: dict[str, Any]) -> None:
    with pytest.raises(RowError):
        Job.of(arguments)


def test_a_job() -> None:
    assert Job.of({"site": "a", "host": "b", "cycle": 3}) == Job(site="a", host="b", cycle=3)
