"""What is wrong with a TLS certificate that was not accepted, and the remedy."""

from __future__ import annotations

from OpenSSL import SSL
from service_identity import VerificationError

REMEDY = "; where that is known and accepted, verify_tls = false for the site in the sources file allows it"


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
