"""Where an archive is: a folder, or a URL that fsspec knows (``s3://bucket/news``), to which whole files are copied."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from crawler.files.location import Location
from crawler.files.paths import in_data_folder, local_path
from crawler.files.warc.writer import ENDING

logger = logging.getLogger("copydesk")


@dataclass(slots=True)
class Store:
    """An archive's place."""

    location: Location
    """As the user gave it."""
    folder: Path
    """Where files are while they are written; the archive itself where it is a folder."""
    is_remote: bool
    """False for a folder on disk, also where a ``file:`` URL names it."""
    _thread: ThreadPoolExecutor | None = None
    _copies: list[Future[None]] = field(default_factory=list)

    @classmethod
    def of(cls, place: str) -> Store:
        """The store at a place.

        Raises:
            ShardError: naming a scheme that is not known, or a package that is missing.
        """
        location = Location(place.rstrip("/") or place)
        path = local_path(location.name)
        if path is not None:
            return cls(location, Path(path), is_remote=False)
        location.check()
        mark = blake2b(location.name.encode(), digest_size=6).hexdigest()
        return cls(location, Path(in_data_folder(f"archive-{mark}")), is_remote=True)

    def file_location(self, file: str) -> str:
        """The path or URL by which output lines refer to a file of the archive."""
        return self.location.path(file)

    def add_files(self, *files: Path) -> None:
        """Take files that are complete: those of a remote archive are copied there, then deleted here."""
        if not self.is_remote:
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="copydesk-archive")
        self._copies.append(self._thread.submit(self._copy, files))

    def uncopied_files(self) -> Iterator[Path]:
        """Complete files that an earlier run could not copy."""
        if self.is_remote:
            yield from sorted(self.folder.glob(f"*{ENDING}"))

    def _copy(self, files: tuple[Path, ...]) -> None:
        for file in filter(Path.is_file, files):  # another run may have copied what a killed one left
            self.location.upload(file, file.name)
        for file in files:
            file.unlink(missing_ok=True)

    def failures(self, *, at_end: bool) -> Iterator[str]:
        """Errors of finished copies; with ``at_end``, waits for all copies. Files that failed stay in ``folder``."""
        waiting = []
        for copy in self._copies:
            if not at_end and not copy.done():
                waiting.append(copy)
            elif (error := copy.exception()) is not None:
                reason = error or type(error).__name__
                yield f"{self.location.name}: {reason}; its files stay in {self.folder} for the next run"
        self._copies = waiting
        if at_end and self._thread is not None:
            self._thread.shutdown()
