"""A mail server on loopback that keeps what it is sent, for the tests of alarms (RFC 5321, the least of it)."""

from __future__ import annotations

import base64
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread


@dataclass
class MailServer:
    """The server's port, and what came."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    refusals: int = 0
    """How many of the next mails it refuses for a moment (451)."""
    unknown: str = ""
    """A recipient that it refuses."""


def _handler(server: MailServer) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 mail.example")
            while line := self.rfile.readline().decode().strip():
                verb = line[:4].upper()
                if verb == "EHLO":
                    self.say("250-mail.example")
                    self.say("250 AUTH PLAIN")
                elif verb == "AUTH":
                    server.logins.append(base64.b64decode(line.split()[-1]).decode())
                    self.say("235 welcome")
                elif verb == "MAIL" and server.refusals:
                    server.refusals -= 1
                    self.say("451 come again")
                elif verb == "RCPT" and server.unknown and server.unknown in line:
                    self.say("550 nobody")
                elif verb == "DATA":
                    self.say("354 go on")
                    data = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        data += part
                    server.mails.append(message_from_bytes(data, policy=policy.default))
                    self.say("250 taken")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    if verb == "RCPT":
                        server.recipients.append(line.partition(":")[2])
                    self.say("250 fine")

    return Handler


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Serve until the block ends."""
    found = MailServer()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _handler(found)) as server:
        server.daemon_threads = True
        found.port = server.server_address[1]
        Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()
