"""A PostgreSQL server for tests: that of the system's package, on loopback, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.support.needs import missing

VERSIONS = Path("/usr/lib/postgresql")
USER = "postgres"
PASSWORD = "s3cret-pass"  # noqa: S105  of a server of the tests
OPTIONS = "-c fsync=off -c full_page_writes=off -c unix_socket_directories='' -c listen_addresses=127.0.0.1"


def binaries() -> Path | None:
    """The folder of the newest server's programs; None where there is none."""
    found = sorted(VERSIONS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@dataclass(frozen=True)
class Server:
    """A running server."""

    folder: Path
    port: int
    names: Iterator[int] = field(default_factory=count)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def new(self) -> str:
        """The URL of a new, empty database."""
        import psycopg  # noqa: PLC0415  of an extra

        name = f"ledger_{next(self.names)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def control(self, command: str) -> None:
        """``pg_ctl``: start, stop or restart, as after a crash."""
        log = self.folder / "log"
        options = ("-D", str(self.folder / "data"), "-l", str(log), "-o", f"{OPTIONS} -p {self.port}")
        mode = () if command == "start" else ("-m", "immediate")
        run("pg_ctl", command, "-w", *mode, *options)


def run(program: str, *arguments: str) -> None:
    """Run one of the server's programs, as its user where we are root: the server refuses root."""
    folder = binaries()
    assert folder is not None
    user = ("runuser", "-u", USER, "--") if os.geteuid() == 0 else ()
    subprocess.run([*user, str(folder / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A server whose files are in a folder; it asks for a password."""
    if binaries() is None:
        missing("postgresql")
    password = folder / "password"
    password.write_text(PASSWORD)
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
        shutil.chown(password, USER)
    run(
        "initdb", "-D", str(folder / "data"), "-U", USER, "-A", "scram-sha-256", "--pwfile", str(password), "-N",
        "-E", "UTF8", "--no-locale",
    )  # fmt: skip
    server = Server(folder, free_port())
    server.control("start")
    try:
        yield server
    finally:
        server.control("stop")


@contextmanager
def in_temporary_folder() -> Iterator[Server]:
    """A server in a folder that its own user can reach, wherever the tests have theirs."""
    with tempfile.TemporaryDirectory(prefix="copydesk-pg-") as folder, serving(Path(folder)) as server:
        yield server
