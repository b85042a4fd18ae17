"""Serves the page that is being labelled, on loopback, only to the person who started the command."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http import HTTPStatus

from crawler.presentation.labelling.actions import Closed, TeachingActions, answer
from crawler.presentation.labelling.session import Session
from crawler.presentation.loopback import LoopbackHandler, LoopbackServer, serve_until_stopped


class TeachingServer(LoopbackServer):
    """The server of one session.

    Args:
        open_: makes it, with the site rules as they are.
        say: prints a line.
    """

    def __init__(self, open_: Callable[[], Session], say: Callable[[str], None]) -> None:
        super().__init__(Handler)
        self.actions = TeachingActions(open_, say, self._end)

    def _end(self) -> Closed:
        threading.Thread(target=self.shutdown).start()  # it waits for the loop, which does not wait for it
        return Closed("The command has ended; this page can be closed.")


class Handler(LoopbackHandler):
    """Answers the page's own requests."""

    server: TeachingServer

    def do_GET(self) -> None:  # noqa: N802  named by http.server
        """Send the page."""
        path = self.own_path()
        if path == "/":
            self.answered(lambda: self.send(HTTPStatus.OK, self.server.actions.page(self.server.base)))
        elif path is not None:
            self.refuse(HTTPStatus.NOT_FOUND, "not the address that the command printed")

    def do_POST(self) -> None:  # noqa: N802  named by http.server
        """Carry out the requested action."""
        path = self.own_path(is_post=True)
        if path is not None:
            self.answered(lambda: answer(self, self.server.actions, path.removeprefix("/")))


def serve(open_: Callable[[], Session], *, is_opened: bool, say: Callable[[str], None]) -> None:
    """Serve the page until the person is done, or Ctrl-C.

    Args:
        open_: makes the page's session, with the site rules as they are.
        is_opened: True where the page is opened in a browser.
        say: prints a line.
    """
    with TeachingServer(open_, say) as server:
        serve_until_stopped(
            server,
            is_opened=is_opened,
            say=say,
            opening=f"Open {server.url} to label the page. Press Done there, or Ctrl-C here.",
            ending="ended; what was not saved is kept as a draft",
        )
