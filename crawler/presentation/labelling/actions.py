"""What the teaching page asks for, carried out on its session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import NamedTuple, TypeVar

import msgspec

from cleaners.site.rules import SiteRuleError
from crawler.presentation.html.inspect_page import inspect_page
from crawler.presentation.html.page import Link
from crawler.presentation.labelling.session import Session
from crawler.presentation.loopback import LoopbackHandler, RequestError
from crawler.quality.labelled import LabelledPageError
from crawler.quality.lessons import NOT_LEARNT, TakesBackError
from crawler.quality.stored_labels import Labels, LabelsError, TaughtField

Asked = TypeVar("Asked", bound=msgspec.Struct)


class Closed(NamedTuple):
    """How a session ends."""

    said: str
    leads_to: str = ""
    """A path; empty to stay."""


class _Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    field: TaughtField
    block: int


class _Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    selector: str


class TeachingActions:
    """The actions of one page's session.

    Args:
        open_: makes the page's session, with the site rules as they are.
        say: prints a line about what was written.
        close: ends the session; returns what the person is told, and where the browser goes.
    """

    def __init__(self, open_: Callable[[], Session], say: Callable[[str], None], close: Callable[[], Closed]) -> None:
        self.lock = threading.Lock()
        """Held while a request is carried out: each works on the session that the one before left."""
        self._open = open_
        self.session = open_()
        self._say = say
        self._close = close

    def page(self, base: str, links: Sequence[Link] = ()) -> str:
        """The teaching page, of the page as it is cleaned now.

        Args:
            base: the path of its requests.
            links: to pages around it.
        """
        with self.lock:
            self.session = session = self._open()
            return inspect_page(session.explanation, links=links, base=base, draft=session.draft, host=session.host)

    def carry_out(self, name: str, data: bytes) -> object | None:
        """The answer to an action, by its name; None for any other name.

        Raises:
            LabelsError: for labels that are not those of the page, and for what is no rule of it.
            LabelledPageError: where a page that was labelled earlier cannot be read.
            OSError: where a file cannot be written.
        """
        with_labels = {"draft": self._draft, "preview": self._preview, "save": self._save, "close": self._done}
        if name in with_labels:
            return with_labels[name](self.session.read(data))
        others = {"field": self._field, "rules": self._rules, "undo": self._undo, "forget": self._forget}
        return others[name](data) if name in others else None

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
        return {**self._said(done), "unlearnt": [line.strip() for line in done if NOT_LEARNT in line]}

    def _field(self, data: bytes) -> object:
        asked = _decode(data, _Field)
        return {"value": self.session.read_field(asked.field, asked.block)}

    def _rules(self, _data: bytes) -> object:
        return {"rules": self.session.rules(), "history": self.session.history()}

    def _undo(self, _data: bytes) -> object:
        return self._said(self.session.undo())

    def _forget(self, data: bytes) -> object:
        asked = _decode(data, _Rule)
        try:
            return self._said(self.session.forget(asked.key, asked.selector))
        except ValueError as error:  # no selector
            raise LabelsError(str(error)) from error

    def _said(self, done: list[str]) -> dict[str, list[str]]:
        for line in done:
            self._say(line)
        return {"done": done}

    def _done(self, _labels: Labels) -> object:
        closed = self._close()
        return {"said": closed.said, "leads_to": closed.leads_to}


def _decode(data: bytes, kind: type[Asked]) -> Asked:
    """What was asked for.

    Raises:
        LabelsError: where it is something else.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as error:
        raise LabelsError(str(error)) from error


def answer(handler: LoopbackHandler, actions: TeachingActions, name: str) -> None:
    """Answer a request of the teaching page."""
    try:
        data = handler.body()
        with actions.lock:
            found = actions.carry_out(name, data)
    except (LabelsError, RequestError, SiteRuleError) as error:
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
