"""What hubs have pushed and no crawl has taken yet, in files: it is there after a restart."""

from __future__ import annotations

import json
import logging
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.util.paths import replace_file

logger = logging.getLogger("copydesk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a hub pushed: the feed, or the part of it that is new."""

    topic: str
    source: str
    """URL of the source whose feed it is."""
    body: bytes
    file: Path | None = None


class Spool:
    """A folder with one file for each push."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._count = 0

    def put(self, pushed: Pushed) -> None:
        """Keep a push: once this has returned it is on disk.

        Raises:
            OSError: when it cannot be written.
        """
        self._count += 1
        values = {"topic": pushed.topic, "source": pushed.source, "body": b64encode(pushed.body).decode()}
        replace_file(self._folder / f"{time.time_ns()}-{self._count}.json", json.dumps(values).encode())

    def waiting(self) -> Iterator[Pushed]:
        """The pushes that wait, oldest first."""
        for file in sorted(self._folder.glob("*.json")):
            try:
                values = json.loads(file.read_text("utf-8"))
                body = b64decode(values["body"])
                yield Pushed(topic=values["topic"], source=values["source"], body=body, file=file)
            except (ValueError, KeyError, TypeError) as error:
                logger.error("%s cannot be read, and is put aside: %s", file, error)  # noqa: TRY400  one clear line
                file.replace(file.with_suffix(".damaged"))

    @staticmethod
    def done(pushed: Iterable[Pushed]) -> None:
        """Forget pushes whose articles were crawled."""
        for one in pushed:
            if one.file is not None:
                one.file.unlink(missing_ok=True)
