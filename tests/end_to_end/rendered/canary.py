"""What no page may reach: a port that takes connections and datagrams, and keeps what they begin with."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self

ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nAccess-Control-Allow-Origin: *\r\n"
    b"Access-Control-Allow-Headers: *\r\nContent-Length: 6\r\nConnection: close\r\n\r\ncanary"
)


class Canary:
    """Listens on one port of this machine, TCP and UDP, as long as the block lasts."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        """For each connection "(connected)", and then its first line if it had one; for each datagram "(datagram)"."""
        self._tcp = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(self._tcp.getsockname())
        self.port: int = self._tcp.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/canary"

    def __enter__(self) -> Self:
        for target in (self._accept, self._receive):
            threading.Thread(target=target, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._tcp, self._udp):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._tcp.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _receive(self) -> None:
        with suppress(OSError):
            while True:
                data, _ = self._udp.recvfrom(2048)
                if data:
                    self.heard.append("(datagram)")

    def _answer(self, connection: socket.socket) -> None:
        self.heard.append("(connected)")
        connection.settimeout(5)
        with connection, suppress(OSError):
            line = connection.recv(4096).partition(b"\r\n")[0].decode("latin-1")
            if line:
                self.heard.append(line)
            connection.sendall(ANSWER)
