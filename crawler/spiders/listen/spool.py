"""Pushes of hubs that no crawl has processed yet, in files, so that they survive a restart.

Only metadata stays in RAM; a body is read when it is processed. The pushes that wait are limited for each feed.
"""

from __future__ import annotations

import json
import logging
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from crawler.files.atomic import replace_file

logger = logging.getLogger("copydesk")

MOST_WAITING = 20
"""Pushes of one feed that may wait: a crawl takes them within a minute, and a push lists what is new."""

MOST_BYTES = 20_000_000
"""Bytes of those together: twice the largest body that is accepted."""


class SpoolFullError(OSError):
    """A push of a feed that has too much waiting: its hub sends it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a hub pushed: the feed, or the part of it that is new."""

    topic: str
    source: str
    """URL of the source whose feed it is."""
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A push that waits in a file."""

    file: Path
    topic: str
    source: str
    size: int
    """Bytes of its body."""
    digest: str
    """Of topic and body."""

    def read(self) -> Pushed:
        """The push, with its body.

        Raises:
            OSError, ValueError: when the file cannot be read any more.
        """
        return _pushed(self.file)


class Spool:
    """A folder with one file for each push."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._count = 0
        self._waiting: dict[Path, Waiting] = {}
        for file in sorted(folder.glob("*.json")):
            try:
                self._add(file, _pushed(file))
            except (ValueError, KeyError, TypeError) as error:
                logger.error("%s cannot be read, and is put aside: %s", file, error)  # noqa: TRY400  one clear line
                file.replace(file.with_suffix(".damaged"))

    def put(self, pushed: Pushed) -> None:
        """Write a push to disk before returning. A push that waits already is not written again.

        Raises:
            SpoolFullError: when its feed has too much waiting.
            OSError: when it cannot be written.
        """
        of_feed = [push for push in self._waiting.values() if push.topic == pushed.topic]
        digest = _digest(pushed)
        if any(push.digest == digest for push in of_feed):
            return
        if len(of_feed) >= MOST_WAITING or sum(push.size for push in of_feed) + len(pushed.body) > MOST_BYTES:
            raise SpoolFullError(f"{len(of_feed)} pushes of this feed wait already; the hub is to send it again")
        self._count += 1
        values = {"topic": pushed.topic, "source": pushed.source, "body": b64encode(pushed.body).decode()}
        file = self._folder / f"{time.time_ns()}-{self._count}.json"
        replace_file(file, json.dumps(values).encode())
        self._add(file, pushed)

    def _add(self, file: Path, pushed: Pushed) -> None:
        self._waiting[file] = Waiting(
            file=file, topic=pushed.topic, source=pushed.source, size=len(pushed.body), digest=_digest(pushed)
        )

    def waiting(self) -> list[Waiting]:
        """The pushes that wait, oldest first."""
        return list(self._waiting.values())

    def done(self, taken: Iterable[Waiting]) -> None:
        """Forget pushes whose articles were crawled."""
        for push in taken:
            push.file.unlink(missing_ok=True)
            self._waiting.pop(push.file, None)


def _pushed(file: Path) -> Pushed:
    values = json.loads(file.read_text("utf-8"))
    return Pushed(topic=values["topic"], source=values["source"], body=b64decode(values["body"]))


def _digest(pushed: Pushed) -> str:
    return blake2b(pushed.topic.encode("utf-8", "replace") + b"\0" + pushed.body, digest_size=16).hexdigest()
