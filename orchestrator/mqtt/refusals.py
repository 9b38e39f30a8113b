"""Why there is no use of a broker, in words for a person: which address was tried, and what to do."""

import socket
import ssl

from paho.mqtt.reasoncodes import ReasonCode

from orchestrator.errors import BrokerError, BrokerRefused, BrokerUnreachable
from orchestrator.mqtt.address import Address

UNSUPPORTED_VERSION = 132
_CREDENTIALS = {134, 135, 140}  # bad user name or password, not authorized, bad authentication method
_CLIENT_ID = {133}
_FOR_GOOD = _CREDENTIALS | _CLIENT_ID | {UNSUPPORTED_VERSION, 138}  # 138: banned

_START_ONE = "Start one (`relax broker`), or say under `broker:` in the home file where it is."


def unreachable(address: Address, reason: str) -> BrokerUnreachable:
    return BrokerUnreachable(f"No broker answers at {address}: {reason}.", _START_ONE)


def lost(address: Address, reason: str) -> BrokerUnreachable:
    return BrokerUnreachable(f"The connection to the broker at {address} is lost: {reason}.", "It is tried again.")


def from_network(address: Address, error: Exception) -> BrokerError:
    """From what `connect()` raised: name lookup, TCP, TLS."""
    match error:
        case BrokerError():
            return error
        case ssl.SSLCertVerificationError():
            return BrokerRefused(
                f"The certificate of the broker at {address} is not trusted: {error.verify_message}.",
                "Name its certificate authority under `broker: {tls: {ca: …}}` in the home file.",
            )
        case ssl.SSLError():
            return BrokerRefused(
                f"The broker at {address} does not agree on TLS: {error.reason or error}.",
                "Check the port, and `tls:` under `broker:` in the home file.",
            )
        case TimeoutError():
            return unreachable(address, "no answer in time")
        case socket.gaierror():
            return unreachable(address, f"the name {address.host} is not known")
        case OSError():
            return unreachable(address, (error.strerror or str(error)).lower())
        case _:
            return unreachable(address, str(error) or type(error).__name__)


def from_answer(address: Address, answer: ReasonCode) -> BrokerError:
    """From a CONNACK that says no."""
    said = str(answer).lower()
    if answer.value not in _FOR_GOOD:
        return BrokerUnreachable(f"The broker at {address} cannot take us now: {said}.", "It is tried again.")
    hint = "Look in the broker's log."
    if answer.value in _CREDENTIALS:
        hint = "Check `username:` and `password:` under `broker:` in the home file."
    return BrokerRefused(f"The broker at {address} refuses us: {said}.", hint)
