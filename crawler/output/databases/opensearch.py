"""Articles as documents of OpenSearch or Elasticsearch: sent in bulk, each under its id, with its version."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from opensearchpy import OpenSearch
from opensearchpy.exceptions import OpenSearchException, RequestError
from opensearchpy.helpers import streaming_bulk

from crawler.files.line_files import OutputError
from crawler.output.databases.records import Record, storable
from crawler.output.formats.values import day, instant
from crawler.util import count_noun

logger = logging.getLogger("copydesk")

INDEX = "articles"
"""The index, where the address names none."""

INDEX_NAME = re.compile(r"[^_+.\-\\/*?\"<>| ,#:A-Z][^\\/*?\"<>| ,#:A-Z]{0,254}")
"""What both servers accept (index API): no capital letters, and none of the signs that have a meaning."""

PORT = 9200

PLAIN = "+http"
"""End of a scheme without TLS: for a server of the same machine."""

PASSWORD = "OPENSEARCH_PASSWORD"  # noqa: S105  the name of a variable

EXPECTED = "expected opensearch://USER@HOST:PORT/INDEX, or opensearch+http:// without TLS"

RETRIES = 3
"""How often documents are sent again that the server is too busy for (status 429), after 2, 4 and 8 seconds."""

CONFLICT = 409
"""Status of a document of which the index has a later version."""

SECONDS = 60
"""Within which a request must be answered."""

TEXT, WORD, DATE = {"type": "text"}, {"type": "keyword", "ignore_above": 8_191}, {"type": "date"}

MAPPING: dict[str, Any] = {
    "dynamic": False,  # what a pipeline adds must not make thousands of fields
    "properties": {
        "id": WORD,
        "revision": {"type": "long"},
        "url": WORD,
        "title": TEXT,
        "description": TEXT,
        "text": TEXT,
        "authors": {"type": "text", "fields": {"raw": WORD}},
        "tags": WORD,
        "published_at": DATE,
        "published_day": DATE,
        "modified_at": DATE,
        "language": WORD,
        "site_name": WORD,
        "section": WORD,
        "page_type": WORD,
        "text_confidence": {"type": "float"},
        "fetched_at": DATE,
    },
}
"""The fields that can be searched; the others of the record are only stored. ``published_at`` and ``modified_at`` are
moments: absent where the page gives no offset."""

REVISION_STEP = 10**11
"""A version is the revision times this number, plus the seconds since 1970 of the fetch, which stay below it until the
year 5138."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index of articles."""

    origin: str
    """Scheme, host and port."""
    user: str
    index: str

    @property
    def name(self) -> str:
        """What messages call it; without the user."""
        return f"OpenSearch at {self.origin}, index {self.index}"

    @classmethod
    def of(cls, url: str) -> Self:
        """The index that an address names.

        Raises:
            OutputError: for an invalid address, or one with a password, which Scrapy would log.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or PORT
        except ValueError:
            raise OutputError(f"no valid URL of a search server; {EXPECTED}") from None
        index = unquote(parts.path.strip("/")) or INDEX
        if not host or parts.query or not INDEX_NAME.fullmatch(index):
            raise OutputError(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}: {EXPECTED}")
        if parts.password:
            raise OutputError(f"{parts.scheme}://{host}: the address of an output is logged: password in {PASSWORD}")
        scheme = "http" if parts.scheme.endswith(PLAIN) else "https"
        shown = f"[{host}]" if ":" in host else host
        return cls(origin=f"{scheme}://{shown}:{port}", user=unquote(parts.username or ""), index=index)

    def create(self) -> None:
        """Create the index where there is none.

        Raises:
            OutputError: where the server cannot be reached, or refuses.
        """
        self.write(())

    def write(self, records: Iterable[Record]) -> int:
        """Send records; of several versions of an article the last one stays.

        Documents that were sent before an error stay: the same records can be sent again.

        Returns:
            The number of documents that were created or replaced.

        Raises:
            OutputError: where the server cannot be reached, or refuses; it names the first document that was refused.
        """
        try:
            with self._client() as client:
                if not client.indices.exists(index=self.index):
                    self._create(client)
                return self._send(client, records)
        except OpenSearchException as error:
            reason = str(getattr(error, "info", None) or error).partition("\n")[0]
            raise OutputError(f"{self.name}: {reason:.300}") from error

    def _create(self, client: OpenSearch) -> None:
        try:
            client.indices.create(index=self.index, body={"mappings": MAPPING})
        except RequestError as error:
            if error.error != "resource_already_exists_exception":  # another process made it
                raise

    def _client(self) -> OpenSearch:
        password = os.environ.get(PASSWORD, "")
        auth = (self.user, password) if self.user else None
        return OpenSearch([self.origin], http_auth=auth, timeout=SECONDS, max_retries=RETRIES, retry_on_timeout=True)

    def _send(self, client: OpenSearch, records: Iterable[Record]) -> int:
        count, refused, older, first = 0, 0, 0, ""
        for is_done, answer in streaming_bulk(
            client, self._actions(records), raise_on_error=False, max_retries=RETRIES, initial_backoff=2
        ):
            (result,) = answer.values()
            count += is_done
            if not is_done and result.get("status") == CONFLICT:
                older += 1
            elif not is_done:
                refused += 1
                first = first or f"{result.get('_id')}: {result.get('error')}"
        if older:
            logger.info("%s: has a later version of %s", self.name, count_noun(older, "document"))
        if refused:
            raise OutputError(f"{self.name}: refused {refused} documents; the first: {first:.300}")
        return count

    def _actions(self, records: Iterable[Record]) -> Iterator[dict[str, Any]]:
        for record in records:
            yield {
                "_op_type": "index",
                "_index": self.index,
                "_id": record["id"],
                "version": version_of(record),
                "version_type": "external_gte",
                "_source": to_document(record),
            }


def to_document(record: Record) -> dict[str, Any]:
    """The document of a record: the record, and its dates as the index takes them."""
    moments = {
        "published_at": instant(record.get("published")),
        "published_day": day(record.get("published")),
        "modified_at": instant(record.get("modified")),
        "fetched_at": instant(record.get("fetched_at")),
    }
    dates = {name: value.isoformat() for name, value in moments.items() if value is not None}
    plain = {name: value for name, value in record.items() if name != "fetched_at" and value is not None}
    document: dict[str, Any] = storable({**plain, "revision": record.get("revision") or 1, **dates})
    return document


def version_of(record: Record) -> int:
    """A number that is larger for a later version of an article; without a time of fetch the latest of a revision."""
    fetched = instant(record.get("fetched_at"))
    seconds = REVISION_STEP - 1 if fetched is None else max(0, int(fetched.timestamp()))
    return (record.get("revision") or 1) * REVISION_STEP + seconds
