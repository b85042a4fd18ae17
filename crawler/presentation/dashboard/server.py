"""Serves the dashboard."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

from cleaners.context import CleanContext
from cleaners.explain import Explanation, explain
from cleaners.types import Page, PageRejected
from crawler.fetching.browser.picture import PagePicture
from crawler.output.records import RECORD_ID
from crawler.output.search_index import FoundArticle, SearchError
from crawler.presentation.dashboard import pages
from crawler.presentation.dashboard.project_data import NotThereError, ProjectData
from crawler.presentation.html.inspect_page import inspect_page
from crawler.presentation.html.page import Link
from crawler.presentation.labelling.actions import Closed, TeachingActions, answer
from crawler.presentation.labelling.session import Session
from crawler.presentation.loopback import LoopbackHandler, LoopbackServer, serve_until_stopped
from crawler.quality.labelled import LabelledPageError
from crawler.run_report.report import MAX_HISTORY_RUNS

MAX_RUNS = MAX_HISTORY_RUNS + 1
"""Runs that are shown: the last one, and those that it is compared with."""

DRAWING_SECONDS = 20
"""How long a page waits for the picture of another one; then it is shown without one."""

MAX_PAGE_DIGITS = 6
"""Digits of the largest page of results."""


class DashboardServer(LoopbackServer):
    """The server of a project's dashboard.

    Args:
        data: the project.
        say: prints a line.
        port: to listen at; 0 for any that is free.
    """

    def __init__(self, data: ProjectData, say: Callable[[str], None], port: int = 0) -> None:
        super().__init__(Handler, port)
        self.data = data
        self.say = say
        self.lessons: dict[str, TeachingActions] = {}
        """The pages that are being taught, by the id of their article."""
        self.acting = threading.Lock()
        """Held while a teaching page acts: two pages of one host write the same rules."""
        self._drawing = threading.Lock()
        """Held while a picture is drawn: one Chromium at a time, and a page that never ends blocks no other page."""
        self._problems: tuple[str, ...] = ()

    def overview(self, _query: Mapping[str, str]) -> str:
        """The first page."""
        self._refresh()
        found, total = self.data.index.find("")
        return pages.overview_page(self._linker, self.data.read_runs(MAX_RUNS), found, total)

    @property
    def _linker(self) -> pages.Linker:
        return pages.Linker(self.base, lambda id_: self.data.index.article(id_) is not None)

    def site(self, query: Mapping[str, str]) -> str:
        """The page of a site."""
        self._refresh()
        name = query.get("name", "")
        host = pages.host_of(name)
        articles = self.data.index.find("", host)[0] if host else []
        return pages.site_page(self._linker, name, self.data.reports(MAX_RUNS), articles)

    def search(self, query: Mapping[str, str]) -> str:
        """The page of a search."""
        self._refresh()
        number = query.get("page", "")
        page = int(number) if number.isdecimal() and len(number) <= MAX_PAGE_DIGITS else 1
        search = pages.Search(query.get("q", ""), query.get("host", ""), max(1, page))
        found, total = self.data.index.find(search.query, search.host, search.page)
        return pages.search_page(self.base, search, found, total, self.data.index.hosts())

    def run(self, number: str, _query: Mapping[str, str]) -> str:
        """The report of a run."""
        return pages.run_page(self.base, int(number), self.data.reports(MAX_RUNS))

    def article(self, id_: str, _query: Mapping[str, str]) -> str:
        """A record's page as it is cleaned now."""
        found = self._found(id_)
        page = self.data.find_page(found)
        context = self.data.context(page)
        explanation = explain(page, context, with_features=True)
        picture = self._draw(page, context, explanation) if explanation.blocks else None
        links = self._links(found, Link("Teach this site", f"{self.base}/teach/{id_}/"))
        return inspect_page(explanation, picture=picture, links=links)

    def _refresh(self) -> None:
        """Take in what the outputs have now; an output that cannot be read is said once."""
        problems = self.data.index.refresh(self.data.outputs()).problems
        for problem in problems:
            if problem not in self._problems:
                self.say(problem)
        self._problems = problems

    def _draw(self, page: Page, context: CleanContext, explanation: Explanation) -> PagePicture | None:
        if not self._drawing.acquire(timeout=DRAWING_SECONDS):
            return None
        try:
            return self.data.draw(page, context, explanation)
        finally:
            self._drawing.release()

    def lesson(self, id_: str) -> TeachingActions:
        """The page that is being taught, opened again where it was left.

        Raises:
            NotThereError: where no output has the article, or its page cannot be had.
        """
        if id_ not in self.lessons:
            self.lessons[id_] = self._opened(id_)
        return self.lessons[id_]

    def teach(self, id_: str, _query: Mapping[str, str]) -> str:
        """The teaching page of a record's page, with the labels that were changed before."""
        found = self._found(id_)
        links = self._links(found, Link("Inspect", f"{self.base}/article/{id_}"))
        self.lessons[id_] = self._opened(id_)
        return self.lessons[id_].page(f"{self.base}/teach/{id_}", links)

    def _opened(self, id_: str) -> TeachingActions:
        found = self._found(id_)
        page = self.data.find_page(found)
        others = self.data.kept_pages(self.data.index.find("", found.host)[0])
        try:
            return TeachingActions(
                lambda: Session.of(page, self.data.context(page), self.data.rules_folder, others),
                self.say,
                lambda: Closed("Done.", leads_to=f"{self.base}/"),
            )
        except (PageRejected, LabelledPageError) as error:
            raise NotThereError(f"{found.url}: {error}: nothing can be labelled") from error

    def _links(self, found: FoundArticle, other: Link) -> list[Link]:
        """The links of a page about an article: the dashboard's, its host's articles, and the other page about it."""
        of_host = Link(found.host, f"{self.base}/search?{urlencode({'host': found.host})}")
        return [*pages.links_of(self.base), of_host, other]

    def _found(self, id_: str) -> FoundArticle:
        found = self.data.index.article(id_)
        if found is None:
            raise NotThereError(f"{id_}: no output has an article with this id")
        return found


class Handler(LoopbackHandler):
    """Answers the requests of the dashboard's pages."""

    server: DashboardServer

    def do_GET(self) -> None:  # noqa: N802  named by http.server
        """Send a page."""
        path = self.own_path()
        if path is None:
            return
        query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        server = self.server
        if path == "/state":
            self.answered(lambda: self.send_json({"state": pages.state_of(server.data.read_runs(1))}))
            return
        make = _find_page(server, path)
        if make is None:
            self.send(HTTPStatus.NOT_FOUND, pages.message_page(server.base, f"{path}: the dashboard has no such page"))
        else:
            self.answered(lambda: self._send_page(lambda: make(query)))

    def _send_page(self, make: Callable[[], str]) -> None:
        server = self.server
        try:
            text = make()
        except NotThereError as error:
            self.send(HTTPStatus.NOT_FOUND, pages.message_page(server.base, str(error)))
        except SearchError as error:
            self.send(HTTPStatus.INTERNAL_SERVER_ERROR, pages.message_page(server.base, str(error)))
        else:
            self.send(HTTPStatus.OK, text)

    def do_POST(self) -> None:  # noqa: N802  named by http.server
        """Carry out an action of a teaching page."""
        path = self.own_path(is_post=True)
        if path is None:
            return
        match path.split("/"):
            case ["", "teach", id_, name] if RECORD_ID.fullmatch(id_):
                self.answered(lambda: self._act(id_, name))
            case _:
                self.refuse(HTTPStatus.NOT_FOUND, "the dashboard has no such page")

    def _act(self, id_: str, name: str) -> None:
        with self.server.acting:
            try:
                lesson = self.server.lesson(id_)
            except NotThereError as error:
                self.refuse(HTTPStatus.NOT_FOUND, str(error))
            else:
                answer(self, lesson, name)


def _find_page(server: DashboardServer, path: str) -> Callable[[Mapping[str, str]], str] | None:
    """What makes the page at a path; None where there is none."""
    single = {"/": server.overview, "/site": server.site, "/search": server.search}
    if path in single:
        return single[path]
    match path.split("/"):
        case ["", "run", number] if number.isdecimal() and len(number) < len(str(2**62)):
            return partial(server.run, number)
        case ["", "article", id_] | ["", "article", id_, ""] if RECORD_ID.fullmatch(id_):
            return partial(server.article, id_)
        case ["", "teach", id_, ""] | ["", "teach", id_] if RECORD_ID.fullmatch(id_):
            return partial(server.teach, id_)
    return None


def serve(data: ProjectData, port: int, *, is_opened: bool, say: Callable[[str], None]) -> None:
    """Serve the dashboard until Ctrl-C.

    Args:
        data: the project.
        port: to listen at; 0 for any that is free.
        is_opened: True where it is opened in a browser.
        say: prints a line.

    Raises:
        OSError: where the port cannot be used.
    """
    with DashboardServer(data, say, port) as server:
        serve_until_stopped(
            server,
            is_opened=is_opened,
            say=say,
            opening=f"Open {server.url} for the dashboard. Ctrl-C ends it.",
            ending="ended",
        )
