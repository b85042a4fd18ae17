"""Makes WARC records, each a gzip member: requests, responses, rendered pages and metadata."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha1
from http.client import responses
from io import BytesIO
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
from isal import isal_zlib
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.files.warc.members import GZIP

LEVEL = 2
"""Of igzip's compression: a news page of 311 kB takes 0.66 ms, zlib's usual level 8 ms for files 14% smaller."""

WARC_FIELDS = "application/warc-fields"
JSON = "application/json"
HTTP_REQUEST, HTTP_RESPONSE = "application/http; msgtype=request", "application/http; msgtype=response"
HTML = "text/html; charset=utf-8"

UNCHANGED = 304

REVISIT = "http://netpreserve.org/warc/1.1/revisit/"
NOT_MODIFIED = f"{REVISIT}server-not-modified"
SAME_PAYLOAD = f"{REVISIT}identical-payload-digest"

WRITTEN_REQUEST_HEADERS = frozenset(
    ("user-agent", "accept", "accept-language", "accept-encoding", "if-none-match", "if-modified-since", "referer")
)
"""Names of the request headers that are written. Others, such as cookies, would let a reader of the archive log in."""

MAX_HEAD_BYTES = 30_000
"""Bytes of the headers of a response that are written: FastWARC reads 32 kB."""

BODY_HEADERS = frozenset(("content-type", "content-encoding", "content-length", "etag", "last-modified"))

HeaderLines = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request that was sent, and its response as it was received."""

    url: str
    at: datetime
    """When the request was sent."""
    request: HeaderLines
    """Headers that were sent; those of ``WRITTEN_REQUEST_HEADERS`` are written."""
    method: str = "GET"
    status: int
    headers: HeaderLines
    """Of the response, with its Content-Encoding."""
    body: bytes
    """As it was sent, without its transfer coding."""
    protocol: str = "HTTP/1.1"
    address: str | None = None
    """The IP address of the server."""

    @property
    def digest(self) -> str:
        """The payload digest of the response, as in its record."""
        return payload_digest(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The record that a revisit refers to."""

    record: str
    url: str
    at: str
    """Its WARC-Date."""
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One record, compressed."""

    id: str
    kind: str
    """WARC-Type."""
    url: str
    at: str
    """WARC-Date."""
    data: bytes
    status: int | None = None
    mime: str = ""
    digest: str = ""


def payload_digest(body: bytes) -> str:
    """The digest of a payload, as in WARC-Payload-Digest."""
    return f"sha1:{b32encode(sha1(body).digest()).decode()}"  # noqa: S324  of the format


class ExactHead(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """The head of an HTTP message as it was sent; warcio would write it in ASCII."""

    def __init__(self, head: bytes) -> None:
        super().__init__("as sent", [])  # an empty one counts as none
        self.head = head

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Give the bytes that warcio writes."""
        self.headers_buff = self.head


def info(name: str, fields: Mapping[str, str], at: datetime) -> Member:
    """The first record of a file.

    Args:
        name: of the file.
        fields: what made it, and how.
        at: when it was made.
    """
    headers = {"WARC-Filename": name}
    return _record("warcinfo", "", at, fields_block(fields.items()), {**headers, "Content-Type": WARC_FIELDS})


def exchange(http_exchange: Exchange, original: Original | None, discovery: Mapping[str, str]) -> tuple[Member, ...]:
    """The records of an exchange: the response, the request, and metadata on how the URL was found.

    Args:
        http_exchange: the exchange.
        original: an earlier response with the same payload, which a revisit then refers to; None to write the payload.
        discovery: how the URL was found.
    """
    response = _response(http_exchange, original)
    url, at, head = http_exchange.url, http_exchange.at, _request_head(http_exchange)
    about = {"WARC-Concurrent-To": response.id}
    asked = _record("request", url, at, b"", {**about, "Content-Type": HTTP_REQUEST}, head=head)
    how = _record("metadata", url, at, fields_block(discovery.items()), {**about, "Content-Type": WARC_FIELDS})
    return response, asked, how


def failure(url: str, at: datetime, reason: str, detail: str, discovery: Mapping[str, str]) -> Member:
    """The record of a request that got no usable response."""
    block = fields_block([*discovery.items(), (FAILURE, reason), (FAILURE_DETAIL, detail)])
    return _record("metadata", url, at, block, {"Content-Type": WARC_FIELDS})


FAILURE, FAILURE_DETAIL = "fetchFailure", "fetchFailureDetail"
"""Fields of the metadata of a URL that gave no response."""


def rendered(url: str, at: datetime, html: bytes, response: str) -> Member:
    """A page after its scripts have run.

    Args:
        url: of the page.
        at: when it was fetched.
        html: the markup, in UTF-8.
        response: id of the record that it was made of.
    """
    return _record("conversion", url, at, html, {"Content-Type": HTML, "WARC-Refers-To": response})


def knowledge(url: str, at: datetime, value: object, kind: str) -> Member:
    """The record of an outcome or of a site's memory, as JSON; ``kind`` is a parameter of its media type."""
    return _record("metadata", url, at, msgspec.json.encode(value), {"Content-Type": f"{JSON}; {KIND}={kind}"})


KIND = "copydesk"


def fields_block(fields: Iterable[tuple[str, str]]) -> bytes:
    """Fields in the form of ``application/warc-fields``."""
    lines = (f"{name}: {' '.join(value.split())}\r\n" for name, value in fields if value)
    return "".join(lines).encode("utf-8", "replace")


def read_fields(block: bytes) -> dict[str, str]:
    """The fields of ``application/warc-fields``."""
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines())
    return {name.strip(): value.strip() for name, colon, value in lines if colon}


def _response(http_exchange: Exchange, original: Original | None) -> Member:
    about = {"WARC-IP-Address": http_exchange.address} if http_exchange.address else {}
    digest = http_exchange.digest if original is None else original.digest
    kind, body = "response", http_exchange.body
    if original is not None:
        kind, body = "revisit", b""
        about |= {
            "WARC-Profile": NOT_MODIFIED if http_exchange.status == UNCHANGED else SAME_PAYLOAD,
            "WARC-Refers-To": original.record,
            "WARC-Refers-To-Target-URI": original.url,
            "WARC-Refers-To-Date": original.at,
        }
    about |= {"WARC-Payload-Digest": digest, "Content-Type": HTTP_RESPONSE}
    content_type = next((value for name, value in http_exchange.headers if name.lower() == "content-type"), "")
    mime = content_type.partition(";")[0].strip()
    made = _record(kind, http_exchange.url, http_exchange.at, body, about, head=_response_head(http_exchange))
    return replace(made, status=http_exchange.status, mime=mime, digest=digest)


def _response_head(http_exchange: Exchange) -> bytes:
    """The status line and headers, with the length of the body in place of its transfer coding (RFC 9112, 6.1)."""
    left_out = ("transfer-encoding", "content-length")
    headers = [(name, value) for name, value in http_exchange.headers if name.lower() not in left_out]
    if http_exchange.body:
        headers.append(("Content-Length", str(len(http_exchange.body))))
    status = f"{http_exchange.protocol} {http_exchange.status} {responses.get(http_exchange.status, '')}"
    return _head(status, _limit_headers(headers))


def _limit_headers(headers: HeaderLines) -> HeaderLines:
    """Headers of at most :data:`MAX_HEAD_BYTES`: all, or those that describe the body and the first others."""
    fitting_headers, room = [], MAX_HEAD_BYTES
    for name, value in sorted(headers, key=lambda header: header[0].lower() not in BODY_HEADERS):
        room -= len(name) + len(value) + len(": \r\n")
        if room >= 0:
            fitting_headers.append((name, value))
    return headers if len(fitting_headers) == len(headers) else fitting_headers


def _request_head(http_exchange: Exchange) -> bytes:
    headers = [(name, value) for name, value in http_exchange.request if name.lower() in WRITTEN_REQUEST_HEADERS]
    parts = urlsplit(http_exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc.rpartition("@")[2]
    return _head(f"{http_exchange.method} {target} HTTP/1.1", [("Host", host), *headers])


def _head(line: str, headers: HeaderLines) -> bytes:
    lines = (line, *(f"{name}: {' '.join(value.splitlines())}" for name, value in headers), "", "")
    return "\r\n".join(lines).encode("latin-1", "replace")


def _record(
    kind: str, url: str, at: datetime, block: bytes, headers: Mapping[str, str], *, head: bytes = b""
) -> Member:
    id_, date = f"<urn:uuid:{uuid4()}>", at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")  # in seconds
    whole = payload_digest(head + block)
    about = {"WARC-Type": kind, "WARC-Record-ID": id_, "WARC-Date": date, "WARC-Target-URI": url, **headers}
    about["WARC-Block-Digest"] = whole  # with both digests given warcio reads nothing twice
    if kind != "warcinfo":  # it has no payload
        about.setdefault("WARC-Payload-Digest", EMPTY_DIGEST if head else whole)
    lines = StatusAndHeaders("", [(name, value) for name, value in about.items() if value], protocol="WARC/1.1")
    http = ExactHead(head) if head else None
    record = ArcWarcRecord("warc", kind, lines, BytesIO(block), http, headers["Content-Type"], len(head) + len(block))
    record.payload_length = len(block)
    out = BytesIO()
    WARCWriter(out, gzip=False).write_record(record)
    return Member(id=id_, kind=kind, url=url, at=date, data=isal_zlib.compress(out.getbuffer(), LEVEL, GZIP))


EMPTY_DIGEST = payload_digest(b"")
"""Of a request, which has no payload."""
