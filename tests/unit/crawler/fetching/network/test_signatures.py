"""Signed requests, checked by a verifier that is not ours; keys, and the directory that has them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from http_message_signatures import (
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from crawler.config.sources import SourceError, load_file
from crawler.fetching.network.signatures import Signer, authority, key_directories, thumbprint
from crawler.types import Signature

AGENT = "https://crawler.example"


def pem(key: Any) -> str:
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


@dataclass
class Sent:
    """A request as a server sees it."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"


class Directory(HTTPSignatureKeyResolver):
    """Looks a key up in a hosted key directory, by its id."""

    def __init__(self, hosted: dict[str, Any]) -> None:
        self.keys = {key["kid"]: key for key in hosted["keys"]}

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        x = self.keys[key_id]["x"]
        return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(f"{x}{'=' * (-len(x) % 4)}"))


def verify(sent: Sent, directory: Directory) -> Any:
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=directory)
    return verifier.verify(sent, max_age=timedelta(minutes=5), expect_tag="web-bot-auth")


@pytest.fixture
def signature() -> Signature:
    return Signature(key=pem(Ed25519PrivateKey.generate()), agent=AGENT)


@pytest.fixture
def directory(signature: Signature) -> Directory:
    ((url, hosted),) = key_directories([signature, signature]).items()
    assert url == "https://crawler.example/.well-known/http-message-signatures-directory"
    assert len(hosted["keys"]) == 1
    assert "d" not in hosted["keys"][0]
    return Directory(hosted)


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/lock?page=2",
        "http://news.example:8080/",
        "https://NEWS.example:443/",
        "http://[::1]:8000/x",
        "http://xn--hfen-loa.example/a%20b",
    ],
)
def test_another_implementation_verifies_a_request(url: str, signature: Signature, directory: Directory) -> None:
    (found,) = verify(Sent(url, Signer(signature).headers(url)), directory)
    assert set(found.covered_components) == {'"@authority"', '"signature-agent";key="sig1"', '"@signature-params"'}
    assert found.parameters["tag"] == "web-bot-auth"
    assert found.parameters["expires"] - found.parameters["created"] == 300
    assert len(base64.b64decode(found.parameters["nonce"])) >= 32


@pytest.mark.parametrize(
    ("url", "change"),
    [
        ("https://other.example/", {}),
        ("https://news.example/", {"Signature-Agent": 'sig1="https://rival.example"'}),
        ("https://news.example/", {"Signature": f"sig1=:{base64.b64encode(bytes(64)).decode()}:"}),
    ],
    ids=["another host", "another agent", "another signature"],
)
def test_a_changed_request_is_not_verified(
    url: str, change: dict[str, str], signature: Signature, directory: Directory
) -> None:
    headers = {**Signer(signature).headers("https://news.example/"), **change}
    with pytest.raises(InvalidSignature):
        verify(Sent(url, headers), directory)


def test_an_old_request_is_not_verified(signature: Signature, directory: Directory) -> None:
    url = "https://news.example/"
    old = Signer(signature, clock=lambda: 1_700_000_000.0)
    with pytest.raises(InvalidSignature):
        verify(Sent(url, old.headers(url)), directory)


def test_each_request_has_its_own_nonce(signature: Signature) -> None:
    signer = Signer(signature)
    assert signer.headers("https://a.example/")["Signature"] != signer.headers("https://a.example/")["Signature"]


def test_the_id_of_a_key_is_its_thumbprint() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}  # RFC 8037, A.3
    assert thumbprint(jwk) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://A.example/x", "a.example"),
        ("https://a.example:443/", "a.example"),
        ("http://a.example:443/", "a.example:443"),
        ("http://[2001:db8::1]/", "[2001:db8::1]"),
    ],
)
def test_authority(url: str, expected: str) -> None:
    assert authority(url) == expected


def test_a_key_is_never_shown(signature: Signature) -> None:
    assert signature.key not in repr(signature)


OTHER_KEY = pem(ec.generate_private_key(ec.SECP256R1()))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('{ key = "file:key.pem" }', "expected the keys key and agent"),
        ('{ key = "MC4CAQAwBQ", agent = "https://a.example" }', "a private key does not stand in this file"),
        ('{ key = "file:none.pem", agent = "https://a.example" }', "the file none.pem cannot be read"),
        ('{ key = "file:text.pem", agent = "https://a.example" }', "no private key in PEM without a password"),
        ('{ key = "file:other.pem", agent = "https://a.example" }', "not an Ed25519 key"),
        ('{ key = "file:key.pem", agent = "http://a.example" }', "expected the https origin of your key directory"),
        ('{ key = "file:key.pem", agent = "https://a.example/x" }', "expected the https origin of your key directory"),
        ('"yes"', "'signature' must be a table"),
    ],
)
def test_a_signature_that_cannot_be_made_is_named(
    value: str, message: str, tmp_path: Path, signature: Signature
) -> None:
    (tmp_path / "key.pem").write_text(signature.key)
    (tmp_path / "text.pem").write_text("kestrel")
    (tmp_path / "other.pem").write_text(OTHER_KEY)
    file = tmp_path / "sources.toml"
    file.write_text(f'[[site]]\nurl = "https://news.example/"\nsignature = {value}\n')
    with pytest.raises(SourceError) as error:
        load_file(file)
    assert message in str(error.value)
    assert "kestrel" not in str(error.value)
    assert "PRIVATE" not in str(error.value)


def test_the_key_of_a_sources_file(tmp_path: Path, signature: Signature, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRAWLER_KEY", signature.key)
    file = tmp_path / "sources.toml"
    table = f'signature = {{ key = "env:CRAWLER_KEY", agent = "{AGENT}/" }}'
    file.write_text(f'[[site]]\nurl = "https://news.example/"\n{table}\n')
    (source,) = load_file(file)
    assert source.session is not None
    assert source.session.signature is not None
    assert source.session.signature.agent == AGENT
    assert json.dumps(key_directories([source.session.signature])) == json.dumps(key_directories([signature]))
