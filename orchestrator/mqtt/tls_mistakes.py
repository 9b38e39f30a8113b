"""What goes wrong with TLS, each with its own sentence: OpenSSL's words help nobody who has a lamp in mind."""

import ssl

from orchestrator.errors import BrokerError, BrokerRefused, BrokerUnreachable
from orchestrator.mqtt.address import Address

_NO_TLS = {"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}
_TOO_OLD = {"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE", "NO_SHARED_CIPHER"}
_OURS_IS_WANTED = {"TLSV13_ALERT_CERTIFICATE_REQUIRED", "SSLV3_ALERT_HANDSHAKE_FAILURE", "SSLV3_ALERT_NO_CERTIFICATE"}
_OURS_IS_EXPIRED = {"SSLV3_ALERT_CERTIFICATE_EXPIRED"}
_OURS_IS_UNKNOWN = {
    "TLSV1_ALERT_UNKNOWN_CA", "SSLV3_ALERT_BAD_CERTIFICATE", "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "SSLV3_ALERT_CERTIFICATE_REVOKED", "TLSV1_ALERT_DECRYPT_ERROR",
    "TLSV1_ALERT_ACCESS_DENIED",
}  # fmt: skip


def from_handshake(address: Address, error: ssl.SSLError) -> BrokerError:
    """From what OpenSSL says, in the handshake or of our certificate after it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _distrusted(address, error)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ssl.SSLSyscallError):
        return hung_up(address)
    reason = error.reason or ""
    presents = address.tls is not None and address.tls.certificate is not None
    if reason in _NO_TLS:
        return BrokerRefused(
            f"The broker at {address} speaks no TLS on this port.",
            "TLS is usually on port 8883; without it take `tls:` out under `broker:` in the home file.",
        )
    if reason in _TOO_OLD:
        return BrokerRefused(
            f"The broker at {address} and relax have no version of TLS in common.",
            "relax takes TLS 1.2 and 1.3: bring the broker up to date.",
        )
    if reason in _OURS_IS_EXPIRED:
        return BrokerRefused(
            f"The broker at {address} says that our certificate has expired.",
            "Make a new one, and name it under `tls: {certificate: …, key: …}` in the home file.",
        )
    if reason in _OURS_IS_WANTED and not presents:
        return BrokerRefused(
            f"The broker at {address} wants a certificate of ours.",
            "Name it under `tls: {certificate: …, key: …}` in the home file.",
        )
    if reason in _OURS_IS_UNKNOWN | _OURS_IS_WANTED:
        return BrokerRefused(
            f"The broker at {address} does not accept our certificate.",
            "Is it signed by the authority that the broker trusts (mosquitto: `cafile`)?",
        )
    return BrokerRefused(
        f"The broker at {address} does not agree on TLS: {_words(error)}.",
        "Check the port, and `tls:` under `broker:` in the home file.",
    )


def expected(address: Address) -> BrokerError:
    """From a broker that hangs up on whoever speaks without TLS."""
    return BrokerRefused(
        f"The broker at {address} expects TLS: it hangs up on whoever speaks without.",
        "Write `tls: true` under `broker:` in the home file, or `{ca: …}` for an authority of your own.",
    )


def hung_up(address: Address) -> BrokerError:
    """From a broker that ends the connection in the handshake: it does not understand TLS, or is about to go."""
    return BrokerUnreachable(
        f"The broker at {address} hangs up when TLS is spoken.",
        "Is TLS on this port? It is usually on 8883; without it take `tls:` out under `broker:` in the home file.",
    )


def _distrusted(address: Address, error: ssl.SSLCertVerificationError) -> BrokerRefused:
    hint = "Name its certificate authority under `broker: {tls: {ca: …}}` in the home file."
    match error.verify_code:  # X509_V_ERR_… of OpenSSL
        case 9:
            why, hint = "it is not valid yet", "Does the clock of this machine show the right day?"
        case 10:
            why = "it has expired"
            hint = "The broker needs a new one. (Does the clock of this machine show the right day?)"
        case 62 | 64:
            why = f"it is for another name than {address.host}"
            hint = "Write under `broker:` in the home file the name that stands in the certificate."
        case 18 | 19:
            why = "it is signed by nobody whom this machine knows"
        case 20 | 21:
            why = "its certificate authority is not known here"
        case _:
            why = error.verify_message
    return BrokerRefused(f"The certificate of the broker at {address} is not trusted: {why}.", hint)


def _words(error: ssl.SSLError) -> str:
    return (error.reason or str(error)).lower().replace("_", " ")
