"""What the teaching page asks for, carried out on its session."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from crawler.presentation.labelling.session import Session
from crawler.presentation.loopback import LoopbackHandler, RequestError
from crawler.quality.labelled import LabelledPageError
from crawler.quality.lessons import TakesBackError
from crawler.quality.stored_labels import Labels, LabelsError


class TeachingActions:
    """The actions of one page's session.

    Args:
        session: the page.
        say: prints a line about what was written.
        close: ends the session; returns what the person is told.
    """

    def __init__(self, session: Session, say: Callable[[str], None], close: Callable[[], str]) -> None:
        self.session = session
        self._say = say
        self._close = close

    def carry_out(self, name: str, data: bytes) -> object | None:
        """The answer to an action: ``draft``, ``preview``, ``save`` or ``close``; None for any other name.

        Raises:
            LabelsError: for labels that are not those of the page.
            LabelledPageError: where a page that was labelled earlier cannot be read.
            OSError: where a file cannot be written.
        """
        action = {"draft": self._draft, "preview": self._preview, "save": self._save, "close": self._done}.get(name)
        return None if action is None else action(self.session.read(data))

    def _draft(self, labels: Labels) -> object:
        self.session.save_draft(labels)
        return {}

    def _preview(self, labels: Labels) -> object:
        self.session.save_draft(labels)
        return self.session.preview(labels)

    def _save(self, labels: Labels) -> object:
        try:
            done = self.session.save(labels)
        except TakesBackError as error:
            return {"asks": str(error).split("\n")}
        for line in done:
            self._say(line)
        return {"done": done}

    def _done(self, _labels: Labels) -> object:
        return {"said": self._close()}


def answer(handler: LoopbackHandler, actions: TeachingActions, name: str) -> None:
    """Answer a request of the teaching page."""
    try:
        data = handler.body()
        with handler.server.lock:
            found = actions.carry_out(name, data)
    except (LabelsError, RequestError) as error:
        handler.refuse(HTTPStatus.BAD_REQUEST, str(error))
    except LabelledPageError as error:
        handler.refuse(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
    except TimeoutError:
        handler.refuse(HTTPStatus.REQUEST_TIMEOUT, "the request did not come in time")
    except OSError as error:
        why = f"{error.filename or 'the request'}: {error.strerror}"
        handler.refuse(HTTPStatus.INTERNAL_SERVER_ERROR, why)
    else:
        if found is None:
            handler.refuse(HTTPStatus.NOT_FOUND, "unknown action")
        else:
            handler.send_json(found)
