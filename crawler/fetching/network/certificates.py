"""TLS certificates: verified, except for the sources whose users switched that off."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from service_identity import VerificationError

if TYPE_CHECKING:
    from collections.abc import Collection

REMEDY = "; where that is known and accepted, verify_tls = false for the site in the sources file allows it"


def verify_except(policy: Any, unverified: Collection[tuple[str, int]]) -> None:
    """Let a client policy of Scrapy accept any certificate of some hosts and ports.

    Args:
        policy: the download handler's, whose connections ask it for each host.
        unverified: hosts and ports.
    """
    if not unverified:
        return
    accepting, verifying = copy.copy(policy), policy.creatorForNetloc
    accepting._verify_certificates = False  # noqa: SLF001  Scrapy's own switch, for one host

    def creator(hostname: bytes, port: int) -> Any:
        is_unverified = (hostname.decode("ascii"), port) in unverified
        return (
            type(accepting).creatorForNetloc(accepting, hostname, port) if is_unverified else verifying(hostname, port)
        )

    policy.creatorForNetloc = creator


def certificate_error(error: BaseException | None) -> str | None:
    """What is wrong with a certificate, in words, if that ended a connection."""
    for reason in getattr(error, "reasons", None) or ():
        value = reason.value
        if isinstance(value, VerificationError):
            return f"the certificate is not for this host{REMEDY}"
        if isinstance(value, SSL.Error) and value.args and value.args[0]:
            words = {str(openssl_error[-1]) for openssl_error in value.args[0] if openssl_error}
            if any("certificate" in phrase for phrase in words):
                return f"{', '.join(sorted(words))}{REMEDY}"
    return None
