"""A feed storage that takes a file as a whole when the crawl ends, as S3 does: ``copy:///folder/file``;
``copy:///full/…`` fails."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from scrapy.extensions.feedexport import BlockingFeedStorage


class CopyStorage(BlockingFeedStorage):
    """Copies the finished file."""

    def __init__(self, uri: str, *, feed_options: dict | None = None) -> None:
        self.path = Path(urlsplit(uri).path)

    def _store_in_thread(self, file: IO[bytes]) -> None:
        if self.path.parts[1] == "full":
            raise OSError(28, "No space left on the bucket")
        file.seek(0)
        with self.path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        file.close()
