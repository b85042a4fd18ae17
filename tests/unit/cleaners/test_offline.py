"""Cleaning asks nobody and leaves nothing behind: no socket, no file written, no process started, neither at import nor
for any page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden.cases import ROOT

SCRIPT = """
import sys, tempfile
FORBIDDEN = ("socket.", "urllib.", "http.client", "ftplib.", "smtplib.",
    "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")
WRITES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink",
    "os.truncate", "os.chmod", "shutil.")
is_strict = False

def audit(event, args):
    # urllib3, which trafilatura imports, binds a socket to ::1 to learn whether there is IPv6: it asks nobody
    is_probe = not is_strict and (event == "socket.__new__" or (event == "socket.bind" and args[1] == ("::1", 0)))
    if event.startswith(FORBIDDEN) and not is_probe:
        raise SystemExit(f"forbidden: {event} {args}")
    if is_strict and event.startswith(WRITES):
        raise SystemExit(f"forbidden: {event} {args}")
    if is_strict and event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        raise SystemExit(f"forbidden: {event} {args}")

    if is_strict and event == "open" and isinstance(args[0], bytes):
        raise SystemExit(f"forbidden: what a server sent is opened as a file: {args[0][:60]}")

sys.addaudithook(audit)
from tests.golden import cases
from cleaners import Page, clean
from cleaners.explain import explain
from cleaners.context import CleanContext
from cleaners.options import Options
from cleaners.pipeline import process_page as read
from crawler.frontier.listings.parse import read_listing as listed
from crawler.frontier.listings.types import DocumentKind, Limits
LISTINGS = [("feed", b"<rss version='2.0'><channel><item><link>http://a.example/1</link></item></channel></rss>"),
    ("feed", b"http://127.0.0.1:9/"), ("feed", b"<rss >/../feed.xml"),
    ("feed", b"<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd' [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><rss><channel><item><title>&a;</title></item></channel></rss>"),
    ("sitemap", b"<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd' [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><urlset><url><loc>http://a.example/&a;</loc></url></urlset>")]
pages = [cases.load(folder) for folder in cases.page_cases()]
read(pages[0], with_links=True)  # models load; py3langid unpacks its own through a temporary file
is_strict = True
HOSTILE = b"<base href='http://127.0.0.1:9/'><link rel=canonical href='file:///tmp/owned'><meta property=og:image " \
    b"content='../../../../tmp/owned'><iframe src='http://127.0.0.1:9/'></iframe>"
count = 0
for page in pages:
    for body in (page.body, page.body.replace(b"</head>", HOSTILE + b"</head>", 1)):
        variant = Page(url=page.url, body=body, content_type=page.content_type)
        read(variant, CleanContext(options=Options(with_evidence=True)), with_links=True)
        count += 1
explain(pages[0])
for kind, data in LISTINGS:
    list(listed(DocumentKind(kind), data, "http://a.example/", Limits()).entries())
print(count)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "proxy", [{}, {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}], ids=["direct", "proxied"]
)
def test_nothing_is_asked_for_and_nothing_is_written(tmp_path: Path, proxy: dict[str, str]) -> None:
    env = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", **proxy}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 80
    assert list(tmp_path.iterdir()) == []


def test_the_watch_would_see_a_socket(tmp_path: Path) -> None:
    script = SCRIPT.replace("is_strict = True", "import socket; socket.create_connection(('127.0.0.1', 9))")
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "forbidden: socket." in done.stderr
