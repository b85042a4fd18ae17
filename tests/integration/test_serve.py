"""The server answers programs: records, rejections, and errors that say what was expected."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import jsonschema
import pytest

from tests.support.servers import ROOT
from tests.unit.cleaners.pages import SENTENCES, html, story

TOKEN = "kestrel-over-the-northern-lock"  # noqa: S105  not one
JSON = {"Content-Type": "application/json"}


class Answer(NamedTuple):
    status: int
    values: Any
    headers: dict[str, str]


Ask = Callable[..., Answer]


@contextmanager
def serving(proxy: str, *options: str, **env: str) -> Iterator[tuple[Ask, Path]]:
    """Run the server; yields what asks it, and its log."""
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    command = [sys.executable, "-m", "scrapy", "serve", "--port", "0", *options]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**clean, "http_proxy": proxy, **env}, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    log: list[str] = []
    try:
        for line in process.stderr:
            log.append(line)
            if found := re.search(r"serving at http://[^:]+:(\d+)/clean", line):
                break
        else:
            pytest.fail("".join(log))
        port = int(found[1])

        def ask(method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Answer:
            data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request(method, path, data, headers if headers is not None else JSON)
                response = connection.getresponse()
                read = response.read()
            values = json.loads(read) if read else None
            return Answer(response.status, values, {name.lower(): value for name, value in response.getheaders()})

        yield ask, Path()
    finally:
        process.send_signal(signal.SIGINT)
        process.stderr.read()
        process.stderr.close()
        assert process.wait(30) in (0, 130)


@pytest.fixture(scope="module")
def served(server: Any) -> Iterator[Ask]:
    with serving(server.address) as (ask, _):
        yield ask


URL = "http://news.example/lock-closes"


def test_html_and_its_url_become_a_record(served: Ask) -> None:
    answer = served("POST", "/clean", {"url": URL, "html": story()})
    assert answer.status == 200
    assert answer.values["text"].splitlines() == list(SENTENCES)
    assert answer.values["url"] == URL
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_html_as_it_is_keeps_its_encoding(served: Ask) -> None:
    text = "Die Schleuse am Mühlgraben schließt für elf Wochen, sagte der Hafenmeister am Dienstag im Rathaus. "
    body = html(f"<main><article><h1>Schleuse zu</h1><p>{text * 3}</p></article></main>", title="Schleuse zu")
    path = f"/clean?url={quote(URL, safe='')}"
    answer = served(
        "POST", path, body.replace("utf-8", "x").encode("latin-1"), {"Content-Type": "text/html; charset=latin-1"}
    )
    assert answer.status == 200, answer
    assert "Mühlgraben schließt" in answer.values["text"]


def test_a_url_is_fetched_with_the_limits_of_a_crawl(served: Ask) -> None:
    answer = served("POST", "/clean", {"url": "http://few.example/lock"})
    assert answer.status == 200, answer
    assert answer.values["title"] == "Lock to close for eleven weeks"
    moved = served("POST", "/clean", {"url": "http://moving.example/lock"})
    assert (moved.status, moved.values["url"]) == (200, "http://few.example/lock")
    inside = served("POST", "/clean", {"url": "http://moving.example/inside"})
    assert (inside.status, inside.values["reason"]) == (422, "forbidden_address")
    refused = served("POST", "/clean", {"url": "http://forbidden.example/x"})
    assert (refused.status, refused.values["reason"], refused.values["page_class"]) == (422, "robots", "forbidden")
    walled = served("POST", "/clean", {"url": "http://gate.example/"})
    assert (walled.status, walled.values["reason"]) == (422, "walled")
    gone = served("POST", "/clean", {"url": "http://few.example/none"})
    assert (gone.status, gone.values["reason"], gone.values["page_class"]) == (422, "http_404", "gone")
    reserved = served("POST", "/clean", {"url": "http://rights.example/news/a-story-that-is-reserved-1"})
    assert reserved.values["uses"]["ai-train"] == "reserved"


@pytest.mark.parametrize(
    ("asked", "status", "message"),
    [
        (("POST", "/clean", {"html": "<p>x"}, JSON), 400, "missing required field `url`"),
        (("POST", "/clean", {"url": URL, "page": "x"}, JSON), 400, "unknown field"),
        (("POST", "/clean", b"{", JSON), 400, "html may be absent"),
        (("POST", "/clean", {"url": "ftp://a.example/"}, JSON), 400, "expected a URL that begins with http"),
        (("POST", "/clean", {"url": "http://["}, JSON), 400, "http://["),
        (("POST", "/clean", b"<p>x", {"Content-Type": "text/html"}), 400, "POST /clean?url="),
        (("POST", "/clean", b"x", {"Content-Type": "text/plain"}), 415, "expected Content-Type application/json"),
        (("GET", "/clean", None, {}), 405, "expected POST"),
        (("POST", "/health", {}, JSON), 405, "expected GET or HEAD"),
        (("GET", "/", None, {}), 404, "expected POST /clean, GET /openapi.json or GET /health"),
        (("POST", "/clean", {"url": URL}, {**JSON, "Origin": "http://evil.example"}), 403, "of its own machine"),
        (("GET", "/health", None, {"Host": "evil.example"}), 403, "programs of its own machine"),
        (("GET", "/health", None, {"Host": "[zz]"}), 403, "programs of its own machine"),
    ],
)
def test_what_is_wrong_is_named(served: Ask, asked: tuple[Any, ...], status: int, message: str) -> None:
    answer = served(*asked)
    assert (answer.status, list(answer.values)) == (status, ["error"])
    assert message in answer.values["error"]


def test_a_body_that_is_too_large_is_refused(served: Ask) -> None:
    try:
        status = served("POST", "/clean", b"x" * 12_000_001).status
    except OSError:  # the server hangs up before all is sent
        status = 413
    assert status == 413
    assert served("GET", "/health").values == {"status": "ok", "waiting": 0}


def test_the_description_is_openapi_and_true(served: Ask) -> None:
    described = served("GET", "/openapi.json").values
    assert described["openapi"] == "3.1.0"
    answers = described["paths"]["/clean"]["post"]["responses"]
    assert set(answers) == {"200", "400", "403", "413", "415", "422", "503"}
    record = served("POST", "/clean", {"url": URL, "html": story()}).values
    resolver = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": described["components"]}
    jsonschema.validate(record, {**resolver, "$ref": "#/components/schemas/Article"})
    rejection = served("POST", "/clean", {"url": URL, "html": "<p>x"}).values
    jsonschema.validate(rejection, {**resolver, "$ref": "#/components/schemas/Rejection"})


def test_fifty_at_once_are_all_answered(served: Ask) -> None:
    def one(number: int) -> Answer:
        return served("POST", "/clean", {"url": f"{URL}-{number}", "html": story(f"<p>This is story {number}.</p>")})

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(one, range(50)))
    assert {answer.status for answer in answers} == {200}
    assert [f"story {number}." in answer.values["text"] for number, answer in enumerate(answers)] == [True] * 50
    assert served("GET", "/health").values["waiting"] == 0


def test_a_token_is_asked_for(server: Any) -> None:
    with serving(server.address, "--token", "env:SERVE_TOKEN", SERVE_TOKEN=TOKEN) as (ask, _):
        page = {"url": URL, "html": story()}
        assert ask("POST", "/clean", page).status == 401
        assert ask("POST", "/clean", page, {**JSON, "Authorization": "Bearer wrong"}).status == 401
        assert ask("GET", "/openapi.json").status == 401
        known = {**JSON, "Authorization": f"Bearer {TOKEN}", "Host": "crawler.example"}
        assert ask("POST", "/clean", page, known).status == 200
        assert "401" in ask("GET", "/openapi.json", None, known).values["paths"]["/clean"]["post"]["responses"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--bind", "0.0.0.0"), "other machines may ask only with a token"),  # noqa: S104
        (("--token", TOKEN), "--token: expected env:NAME or file:PATH"),
        (("--token", "env:SHORT"), "expected at least 16 characters"),
        (("x",), "expected no argument"),
    ],
)
def test_a_server_that_would_be_open_does_not_start(
    scrapy: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], message: str
) -> None:
    monkeypatch.setenv("SHORT", "kestrel")
    run = scrapy("serve", *options)
    assert run.status == 2
    assert message in run.stderr
    assert TOKEN not in run.stderr
