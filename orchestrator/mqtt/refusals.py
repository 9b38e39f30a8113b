"""Why there is no use of a broker, in words for a person: which address was tried, and what to do."""

import socket
import ssl
from collections.abc import Sequence

from paho.mqtt.client import WebsocketConnectionError
from paho.mqtt.reasoncodes import ReasonCode

from orchestrator.errors import BrokerError, BrokerRefused, BrokerUnreachable
from orchestrator.mqtt import tls_mistakes
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.loss import NOT_AUTHORIZED, TAKEN_OVER, TOO_LARGE, TOO_OFTEN, Loss

UNSUPPORTED_VERSION = 132
_CREDENTIALS = {134, 135, 140}  # bad user name or password, not authorized, bad authentication method
_CLIENT_ID = {133}
_FOR_GOOD = _CREDENTIALS | _CLIENT_ID | {UNSUPPORTED_VERSION, 138}  # 138: banned

_START_ONE = "Start one (`relax broker`), or say where it is: with --broker, or under `broker:` in the home file."


def unreachable(address: Address, reason: str) -> BrokerUnreachable:
    return BrokerUnreachable(f"No broker answers at {address}: {reason}.", _START_ONE)


def hangs_up(address: Address) -> BrokerError:
    """From a broker that ends the connection before it says who it is, for no reason that has to do with TLS."""
    return BrokerUnreachable(
        f"No broker answers at {address}: it hangs up at once.",
        "Is this its port? Usual are 1883, with TLS 8883, and for websockets (`ws://…`) 9001 or 8083.",
    )


def lost(address: Address, reason: str) -> BrokerUnreachable:
    return BrokerUnreachable(f"The connection to the broker at {address} is lost: {reason}.", "It is tried again.")


def cut(address: Address, loss: Loss, number: int, client_id: str) -> BrokerUnreachable:
    """From a connection that came about and was ended at once, for the so-manieth time, with the likely reason."""
    if loss.code == TAKEN_OVER:
        return BrokerUnreachable(
            f"Somebody else takes our place at the broker {address}: another client has the id {client_id!r}.",
            "Is a second relax serving this home? Stop one of the two. It is tried again, less and less often.",
        )
    if loss.code == TOO_LARGE:
        return BrokerUnreachable(
            f"The broker at {address} does not take {loss.largest.size} bytes on {loss.largest.topic}.",
            "What is so long is not published any more; raise its limit (mosquitto: `max_packet_size`).",
        )
    if loss.code == NOT_AUTHORIZED:
        why = "Its access list forbids something that relax listens to or publishes: docs/interface.md has one."
    elif loss.code in TOO_OFTEN:
        why = "It thinks that relax says too much: raise its limits."
    elif loss.code is not None:
        why = "Look in its log."
    else:
        size, topic = loss.largest
        largest = f"; a message that is too long for it, {size} bytes on {topic}" if size else ""
        why = f"Likely: a second relax with the client id {client_id!r}; its access list{largest}. See its log."
    sentence = f"The broker at {address} ends the connection at once, {number} times by now: {loss.reason}."
    return BrokerUnreachable(sentence, f"{why} It is tried again, less and less often.")


def none_of(troubles: Sequence[BrokerError]) -> BrokerError:
    """From several ways to a broker, none of which leads there."""
    if len(troubles) == 1:
        return troubles[0]
    kind = BrokerUnreachable if any(each.retryable for each in troubles) else BrokerRefused
    return kind(" ".join(each.message for each in troubles), troubles[0].hint)


def from_network(address: Address, error: Exception) -> BrokerError:
    """From what `connect()` raised: name lookup, TCP, TLS, websocket."""
    match error:
        case BrokerError():
            return error
        case ssl.SSLError():
            return tls_mistakes.from_handshake(address, error)
        case WebsocketConnectionError():
            return BrokerRefused(
                f"There is no websocket at {address}.",
                "Check port and path: a broker's is often `ws://host:9001/mqtt`; plain MQTT is `mqtt://host:1883`.",
            )
        case TimeoutError():
            return unreachable(address, "no answer in time")
        case socket.gaierror():
            return unreachable(address, f"the name {address.host} is not known")
        case ConnectionResetError() if address.tls is not None:
            return tls_mistakes.hung_up(address)
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
        hint = "Check the name and the password: of --broker, or under `broker:` in the home file."
    return BrokerRefused(f"The broker at {address} refuses us: {said}.", hint)
