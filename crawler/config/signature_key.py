"""The private key with which requests are signed: read, and refused where it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class SignatureKeyError(ValueError):
    """A key that cannot be used; the message never quotes it."""


def private_key(pem: str) -> Ed25519PrivateKey:
    """A private key in PEM (PKCS 8), as ``openssl genpkey -algorithm ed25519`` writes it.

    Raises:
        SignatureKeyError: for anything else.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  few crawls need it
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SignatureKeyError(f"no private key in PEM without a password: {type(error).__name__}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SignatureKeyError("not an Ed25519 key; openssl genpkey -algorithm ed25519 makes one")
    return key
