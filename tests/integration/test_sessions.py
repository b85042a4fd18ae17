"""Sessions that people have: cookies, headers and proxies by site, certificates, the HTTP cache."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import os
import re
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.config.sources import SourceError, load_file
from tests.support.commands import SCRAPY
from tests.support.commands import run as run_command
from tests.support.servers import ROOT
from tests.unit.cleaners.pages import SENTENCES, html, story

SECRET = "kestrel-over-the-lock"  # noqa: S105  not one
STUB = html(
    f"<main><article><h1>Lock to close for eleven weeks</h1><p>{SENTENCES[0]}</p>"
    "<div class='paywall'><p>Subscribe to read the rest of this article.</p></div></article></main>"
)


@dataclass
class Site:
    """A server that has the whole story for subscribers, and remembers what it was sent."""

    port: int = 0
    other: int = 0
    """Port of another origin, to which one story redirects."""
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def sent(self, name: str) -> set[str]:
        return {headers[name] for _, headers in self.requests if name in headers}


def serve(found: Site, context: ssl.SSLContext | None = None) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            path = self.path if self.path.startswith("/") else "/" + self.path.split("/", 3)[3]
            if path == "/story-that-moved":
                self.send_response(302)
                self.send_header("Location", f"http://127.0.0.1:{found.other}/moved")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            is_subscriber = f"sid={SECRET}" in self.headers.get("Cookie", "")
            links = "".join(f"<p><a href='/{name}'>{SENTENCES[2]}</a></p>" for name in NAMES)
            body = html(f"<main><h1>News</h1>{links}</main>") if path == "/" else story() if is_subscriber else STUB
            self.send_response(404 if path == "/robots.txt" else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Set-Cookie", "visit=2; Path=/")
            data = body.encode()
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *values: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    return server


NAMES = ("lock-to-close-for-eleven-weeks", "story-that-moved")


@pytest.fixture
def sites() -> Iterator[tuple[Site, Site]]:
    one, other = Site(), Site()
    servers = [serve(one), serve(other)]
    one.port, other.port = (server.server_address[1] for server in servers)
    one.other = other.port
    yield one, other
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Site]:
    """A site with a certificate that it has signed itself."""
    found, server = Site(), None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    server = serve(found, context)
    found.port = server.server_address[1]
    yield found
    server.shutdown()
    server.server_close()


def certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now.replace(year=2046))
    signed = made.add_extension(address, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "site.pem"
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def crawl(tmp_path: Path) -> Callable[..., Any]:
    """Crawl the sources of a TOML file; everything that the crawl wrote is in the test's folder."""

    def run(
        toml: str, *settings: str, port: int = 80, **env: str
    ) -> tuple[subprocess.CompletedProcess[str], list[Any], list[Any]]:
        (tmp_path / "sources.toml").write_text(toml)
        ports = {port, *sites_of(toml)}
        out = tmp_path / "out"
        out.mkdir(exist_ok=True)
        options = [f"COPYDESK_LEDGER={out / 'ledger.sqlite'}", "COPYDESK_ALLOW_HOSTS=127.0.0.0/8", *settings]
        options += [f"COPYDESK_ALLOW_PORTS={','.join(map(str, ports))}", "RETRY_TIMES=0"]
        command = [*SCRAPY, "crawl", "news", "-a", f"sites={tmp_path / 'sources.toml'}"]
        command += ["-O", str(out / "a.jsonl"), *(part for one in options for part in ("-s", one)), "-L", "DEBUG"]
        clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        done = run_command(command, cwd=ROOT, env={**clean, **env}, timeout=120)
        read = [
            [json.loads(line) for line in (out / name).read_text().splitlines()] if (out / name).exists() else []
            for name in ("a.jsonl", "a.rejections.jsonl")
        ]
        return done, *read

    return run


def sites_of(toml: str) -> list[int]:
    return [int(port) for port in re.findall(r":([0-9]+)/", toml)]


def table(site: Site, scheme: str = "http", **keys: str) -> str:
    lines = [f"{name} = {value}" for name, value in keys.items()]
    return "\n".join(["[[site]]", f'url = "{scheme}://127.0.0.1:{site.port}/"', *lines])


@pytest.mark.parametrize("place", ["netscape", "table"])
def test_a_subscriber_gets_the_whole_story(
    sites: tuple[Site, Site], crawl: Callable[..., Any], tmp_path: Path, place: str
) -> None:
    site, other = sites
    fields = ("127.0.0.1", "FALSE", "/", "FALSE", "0", "sid", SECRET)
    (tmp_path / "netscape.txt").write_text("# Netscape HTTP Cookie File\n" + "\t".join(fields) + "\n")
    values = {
        "netscape": '"file:netscape.txt"',
        "table": '{sid = "env:NEWS_SID", consent = "yes"}',
    }
    keys = {"cookies": values[place], "headers": '{X-Reader = "env:NEWS_SID"}'}
    env = {"NEWS_SID": SECRET}
    cache = (
        "HTTPCACHE_ENABLED=True",
        f"HTTPCACHE_DIR={tmp_path / 'out' / 'cache'}",
    )
    done, records, _ = crawl(table(site, **keys), *cache, port=other.port, **env)
    assert done.returncode == 0, done.stderr
    (whole,) = [one for one in records if "lock-to-close" in one["url"]]
    assert SENTENCES[-1] in whole["text"]
    assert whole["page_type"] == "article"
    assert site.sent("x-reader") == {SECRET}
    assert all(SECRET in one for one in site.sent("cookie"))
    if place != "netscape":
        assert all("consent=yes" in one for one in site.sent("cookie"))
    assert any("visit=2" in one for one in site.sent("cookie")), "what the site sets is sent back"
    assert other.requests, "the redirect was followed"
    assert other.sent("cookie") == other.sent("x-reader") == set(), "nothing goes to another origin"
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if SECRET.encode() in path.read_bytes()], "nor into any file"
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize("value", ["env:NEWS_COOKIES", "file:cookies.txt"])
def test_a_cookie_header_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    text = f"sid={SECRET}; consent=yes\n"
    monkeypatch.setenv("NEWS_COOKIES", text)
    (tmp_path / "cookies.txt").write_text(text)
    (tmp_path / "sources.toml").write_text(f'[[site]]\nurl = "https://news.example/"\ncookies = "{value}"\n')
    (source,) = load_file(tmp_path / "sources.toml")
    assert source.session is not None
    assert source.session.cookies == {"sid": SECRET, "consent": "yes"}
    assert SECRET not in repr(source)


def test_without_the_cookie_the_story_is_a_stub(sites: tuple[Site, Site], crawl: Callable[..., Any]) -> None:
    done, records, rejections = crawl(table(sites[0]))
    assert SENTENCES[-1] not in json.dumps([records, rejections]), done.stderr


def test_a_proxy_by_site(sites: tuple[Site, Site], crawl: Callable[..., Any]) -> None:
    site, proxy = sites
    proxied = Site(port=site.port)
    toml = table(proxied, proxy='"env:NEWS_PROXY"', cookies=f'{{sid = "{SECRET}"}}')
    done, records, _ = crawl(toml, NEWS_PROXY=f"http://reader:{SECRET}@127.0.0.1:{proxy.port}")
    assert done.returncode == 0, done.stderr
    assert records
    assert site.requests == [], "all goes through the proxy"
    assert len(proxy.sent("proxy-authorization")) == 1
    assert SECRET not in done.stderr


def test_the_http_cache_answers_a_second_crawl(
    sites: tuple[Site, Site], crawl: Callable[..., Any], tmp_path: Path
) -> None:
    cache = ("HTTPCACHE_ENABLED=True", f"HTTPCACHE_DIR={tmp_path / 'cache'}", "COPYDESK_LEDGER=")
    first = crawl(table(sites[0]), *cache)
    count = len(sites[0].requests)
    second = crawl(table(sites[0]), *cache)
    assert len(sites[0].requests) == count
    assert [one["text"] for one in first[1]] == [one["text"] for one in second[1]]


def test_a_certificate_is_verified(secure: Site, crawl: Callable[..., Any]) -> None:
    done, records, _ = crawl(table(secure, "https"))
    assert (done.returncode, records) == (3, [])
    assert "certificate verify failed" in done.stderr
    assert "verify_tls = false for the site in the sources file allows it" in done.stderr
    assert secure.requests == []
    done, records, _ = crawl(table(secure, "https", verify_tls="false", cookies=f'{{sid = "{SECRET}"}}'))
    assert done.returncode == 0, done.stderr
    assert SENTENCES[-1] in records[0]["text"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('cookies = "env:NOT_SET_ANYWHERE"', "cookies: the environment variable NOT_SET_ANYWHERE is not set"),
        ('cookies = "file:no-such-file"', "cookies: the file no-such-file cannot be read"),
        ('cookies = "just words"', "cookies: expected name=value; name=value"),
        ('proxy = "http://[x"', "proxy: expected a URL such as"),
        ("cookies = 5", "cookies: expected a text, env:NAME or file:PATH"),
        ('cookies = {"a b" = "x"}', "cookies: expected name=value"),
        ('cookies = {a = "x\\ny"}', "cookies.a: it has a character that no header may have"),
        ('headers = {Host = "x"}', "headers.Host: the crawler sends this header itself"),
        ('headers = {X = "a\\r\\nY: b"}', "headers.X: it has a character that no header may have"),
        ('headers = "x"', "'headers' must be a table"),
        ('proxy = "127.0.0.1:3128"', "proxy: expected a URL such as"),
        ('verify_tls = "no"', "'verify_tls' must be true or false"),
        ('render = "sometimes"', "render=sometimes: expected one of never, auto, always"),
    ],
)
def test_what_is_mistyped_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(f'[[site]]\nurl = "https://news.example/"\n{line}\n')
    with pytest.raises(SourceError) as caught:
        load_file(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
