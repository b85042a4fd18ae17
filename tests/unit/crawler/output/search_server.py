"""What OpenSearch and Elasticsearch answer to the requests that an output makes, as their references describe it.

It has the index API (exists, create) and the bulk API with external versions. No such server is in Debian or PyPI.
"""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class SearchServer:
    """The server, and what it holds."""

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    mappings: dict[str, Any] = field(default_factory=dict)
    user: str = ""
    password: str = ""
    busy: int = 0
    """How many bulk requests are answered with 429 for each document."""
    poison: str = ""
    """A text that no document may have."""
    port: int = 0

    @property
    def url(self) -> str:
        """The address of an index, as an output has it."""
        user = f"{self.user}@" if self.user else ""
        return f"opensearch+http://{user}127.0.0.1:{self.port}/news"

    def bulk(self, lines: list[bytes]) -> list[dict[str, Any]]:
        """The results of pairs of an action and a document."""
        return [self.index(json.loads(lines[n])["index"], lines[n + 1]) for n in range(0, len(lines), 2)]

    def index(self, action: dict[str, Any], line: bytes) -> dict[str, Any]:
        """The result of one document."""
        id_, version = action["_id"], action["version"]
        assert action["version_type"] == "external_gte"
        result: dict[str, Any] = {"_id": id_, "_index": action["_index"], "status": 201}
        if self.busy:
            result |= {"status": 429, "error": {"type": "rejected_execution_exception"}}
        elif self.poison and self.poison.encode() in line:
            result |= {"status": 400, "error": {"type": "mapper_parsing_exception", "reason": "poison"}}
        elif version < self.versions.get(id_, 0):
            result |= {"status": 409, "error": {"type": "version_conflict_engine_exception"}}
        else:
            result["status"] = 200 if id_ in self.documents else 201
            self.documents[id_], self.versions[id_] = json.loads(line), version
        return {"index": result}


@contextmanager
def searching(**options: Any) -> Iterator[SearchServer]:
    """Run the server."""
    state = SearchServer(**options)

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, values: object) -> None:
            data = json.dumps(values).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def handle_request(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            expected = b64encode(f"{state.user}:{state.password}".encode()).decode()
            if state.user and self.headers.get("Authorization") != f"Basic {expected}":
                self.answer(401, {"error": "Unauthorized", "status": 401})
            elif self.path == "/_bulk":
                lines = body.split(b"\n")[:-1]
                items = state.bulk(lines)
                state.busy = max(0, state.busy - 1)
                self.answer(200, {"errors": any(item["index"]["status"] > 299 for item in items), "items": items})
            elif self.command == "HEAD":
                self.answer(200 if self.path.strip("/") in state.mappings else 404, {})
            elif self.command == "PUT":
                state.mappings[self.path.strip("/")] = json.loads(body)["mappings"]
                self.answer(200, {"acknowledged": True})
            else:
                self.answer(405, {"error": "unexpected"})

        do_HEAD = do_PUT = do_POST = do_GET = handle_request

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_port
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield state
        finally:
            server.shutdown()
