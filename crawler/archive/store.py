"""Where an archive is: a folder, or a URL that fsspec knows (``s3://bucket/news``), to which whole files are copied."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.files.location import file_system
from crawler.files.paths import in_data_folder, local_path
from crawler.files.warc.writer import ENDING

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger("copydesk")


@dataclass(slots=True)
class Store:
    """An archive's place."""

    place: str
    """As the user gave it, without a final slash."""
    folder: Path
    """Where files are while they are written; the archive itself where it is a folder."""
    remote: Any = None
    """The file system of fsspec; None for a folder."""
    _thread: ThreadPoolExecutor | None = None
    _copies: list[Future[None]] = field(default_factory=list)

    @classmethod
    def of(cls, place: str) -> Store:
        """The store at a place.

        Raises:
            ShardError: naming a scheme that is not known, or a package that is missing.
        """
        place = place.rstrip("/") or place
        path = local_path(place)
        if path is not None:
            return cls(place, Path(path))
        mark = blake2b(place.encode(), digest_size=6).hexdigest()
        return cls(place, Path(in_data_folder(f"archive-{mark}")), file_system(place))

    def file_location(self, file: str) -> str:
        """The path or URL by which output lines refer to a file of the archive."""
        return f"{self.place}/{file}"

    def add_files(self, *files: Path) -> None:
        """Take files that are complete: those of a remote archive are copied there, then deleted here."""
        if self.remote is None:
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="copydesk-archive")
        self._copies.append(self._thread.submit(self._copy, files))

    def uncopied_files(self) -> Iterator[Path]:
        """Complete files that an earlier run could not copy."""
        if self.remote is not None:
            yield from sorted(self.folder.glob(f"*{ENDING}"))

    def _copy(self, files: tuple[Path, ...]) -> None:
        for file in filter(Path.is_file, files):  # another run may have copied what a killed one left
            self.remote.put_file(str(file), f"{self.place}/{file.name}")
        for file in files:
            file.unlink(missing_ok=True)

    def failures(self, *, at_end: bool) -> Iterator[str]:
        """Errors of finished copies; with ``at_end``, waits for all copies. Files that failed stay in ``folder``."""
        waiting = []
        for copy in self._copies:
            if not at_end and not copy.done():
                waiting.append(copy)
            elif (error := copy.exception()) is not None:
                yield f"{self.place}: {error or type(error).__name__}; its files stay in {self.folder} for the next run"
        self._copies = waiting
        if at_end and self._thread is not None:
            self._thread.shutdown()
