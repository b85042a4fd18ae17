"""The dashboard's pages, and who gets them."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from lxml import html as lxml_html
from lxml.html import HtmlElement

from crawler.presentation.dashboard.project_data import ProjectData
from crawler.presentation.dashboard.server import DashboardServer
from tests.unit.crawler.presentation.dashboard.projects import SITE, project, run

RUNS = [run(3, failed_sources={"http://gone.example/": "unknown host"}), run(2), run(1)]


@contextmanager
def served(data: ProjectData) -> Iterator[DashboardServer]:
    with DashboardServer(data, lambda _: None) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DashboardServer]:
    with served(project(tmp_path, RUNS)) as made:
        yield made


def ask(server: DashboardServer, path: str, method: str = "GET", body: str = "", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, server.base + path, body or None, named)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def tree_of(server: DashboardServer, path: str) -> HtmlElement:
    status, text = ask(server, path)
    assert status == 200, text
    return lxml_html.fromstring(text)


def words_of(tree: HtmlElement) -> str:
    return " ".join(tree.text_content().split())


def first_id(server: DashboardServer) -> str:
    server.data.index.refresh(server.data.outputs())
    return server.data.index.find("")[0][0].id


def test_the_first_page_has_what_needs_a_look_the_sites_and_the_runs(server: DashboardServer) -> None:
    tree = tree_of(server, "/")
    assert "failed: unknown host" in tree.cssselect(".trouble")[0].text_content()
    assert [row[0].text_content() for row in tree.cssselect("table.sites tbody tr")] == [
        "uplandreview.example",
        "odd.example/?a=b&c=<d>",
    ]
    assert len(tree.cssselect("table.sites .spark")) == 6
    runs = tree.cssselect("section[aria-labelledby=runs] tbody tr")
    assert [row[0].text_content() for row in runs] == ["3", "2", "1"]
    assert [row[7].text_content() for row in runs] == ["1", "0", "0"]
    assert "Search 3 articles" in words_of(tree)


def test_a_project_without_runs_says_how_one_is_made(tmp_path: Path) -> None:
    with served(project(tmp_path)) as server:
        assert "scrapy crawl news" in words_of(tree_of(server, "/"))


def test_a_run_that_has_not_ended_is_said(tmp_path: Path) -> None:
    with served(project(tmp_path, [replace(RUNS[0], id=4, ended=None, report={}), *RUNS])) as server:
        tree = tree_of(server, "/")
        assert "A run is at work since 2026-11-18 14:06 UTC, or was killed." in words_of(tree)
        assert json.loads(ask(server, "/state")[1]) == {"state": "4 None"}
        assert not tree.cssselect("section[aria-labelledby=runs] tbody tr")[0].cssselect("a")


def test_every_link_of_every_page_leads_somewhere(server: DashboardServer) -> None:
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for link in tree_of(server, path).cssselect("a[href]"):
            address = link.get("href")
            if address.startswith(server.base):
                parts = urlsplit(address)
                waiting.append(parts.path.removeprefix(server.base) + (f"?{parts.query}" if parts.query else ""))
    kinds = {path.split("/")[1].partition("?")[0] for path in seen}
    assert kinds == {"", "search", "site", "run", "article", "teach"}


def test_a_site_has_its_runs_on_one_chart_and_its_articles(server: DashboardServer) -> None:
    tree = tree_of(server, f"/site?name={quote(SITE, safe='')}")
    charts = [chart.get("aria-label") for chart in tree.cssselect(".charts svg")]
    assert charts[0] == "articles and rejections, by run"
    assert len(tree.cssselect("ol.found li")) == 3
    assert len(tree.cssselect("section[aria-labelledby=runs] tbody tr")) == 3
    assert tree.cssselect("h1")[0].text_content() == "uplandreview.example"


def test_articles_are_searched(server: DashboardServer) -> None:
    tree = tree_of(server, "/search?q=portage")
    assert "1 article." in words_of(tree)
    assert "ortage" in tree.cssselect("mark")[0].text_content()
    assert len(tree_of(server, "/search?q=&host=uplandreview.example&page=1").cssselect("ol.found li")) == 3
    for odd in ("/search?page=0", "/search?page=-1", "/search?page=9999999999999999999", "/search?q=%22%28*&host=%25"):
        tree_of(server, odd)
    assert tree_of(server, "/search?q=%3Cscript%3E").cssselect("input[name=q]")[0].get("value") == "<script>"


def test_a_record_is_inspected_and_taught(server: DashboardServer) -> None:
    id_ = first_id(server)
    tree = tree_of(server, f"/article/{id_}")
    assert tree.cssselect(".frame.story")
    assert tree.cssselect("nav.around a")[-1].get("href") == f"{server.base}/teach/{id_}/"
    teaching = tree_of(server, f"/teach/{id_}/")
    kinds = [block.get("data-kind") for block in teaching.cssselect(".b")]
    body = json.dumps({"kinds": kinds})
    good = {"Origin": server.origin, "Content_Type": "application/json"}
    assert ask(server, f"/teach/{id_}/preview", "POST", body, **good)[0] == 200
    assert ask(server, f"/teach/{id_}/nonsense", "POST", body, **good)[0] == 404
    assert ask(server, f"/teach/{id_}/save", "POST", body, **(good | {"Origin": "http://evil.example"}))[0] == 403
    assert ask(server, f"/teach/{id_}/save", "POST", body, **good)[0] == 200
    assert list(server.data.rules_folder.glob("*.toml"))
    assert ask(server, f"/teach/{id_}/close", "POST", body, **good)[0] == 200
    assert ask(server, f"/teach/{id_}/draft", "POST", body, **good)[0] == 200  # another tab is still open
    assert ask(server, f"/teach/{'0' * 20}/draft", "POST", body, **good)[0] == 404


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/nothing", "no such page"),
        ("/run/99", "run 99 is not among the last runs"),
        ("/run/1e5", "no such page"),
        (f"/run/{'9' * 40}", "no such page"),
        ("/site?name=http://other.example/", "none of the last runs has this site"),
        ("/site", "none of the last runs has this site"),
        (f"/article/{'0' * 20}", "no output has an article with this id"),
        ("/article/../../etc/passwd", "no such page"),
        (f"/teach/{'0' * 20}/", "no output has an article with this id"),
    ],
)
def test_what_is_not_there_is_said(server: DashboardServer, path: str, why: str) -> None:
    status, text = ask(server, path)
    assert status == 404
    assert why in text


def test_a_page_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    with served(project(tmp_path, RUNS, has_pages=False)) as server:
        for name in ("article/{}", "teach/{}/"):
            status, text = ask(server, "/" + name.format(first_id(server)))
            assert (status, "HTTP 410" in text) == (404, True)


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Host": "127.0.0.1"}])
def test_nobody_else_is_answered(server: DashboardServer, headers: dict[str, str]) -> None:
    assert ask(server, "/", **headers)[0] == 403
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    for path in ("/", "/wrong/", f"/{server.token}", f"/{server.token[:-1]}x/", "//", "*"):
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status == 403
        response.read()
    connection.close()
