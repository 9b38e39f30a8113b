"""A broker where none was named: this machine, what announces itself by mDNS, Home Assistant's own."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from orchestrator.cli.client.daemon_address import USUAL_PORT, address_at
from orchestrator.cli.home.mdns import services_announced
from orchestrator.cli.interrupts import while_asked
from orchestrator.errors import BrokerRefused, BrokerUnreachable, UsageError
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection

PASSWORD = "RELAX_BROKER_PASSWORD"  # noqa: S105 - the name of a variable
_SERVICE = "_mqtt._tcp"
_START_ONE = "Is it on? Say where it is: --broker HOST:PORT; or start one: relax broker."
_ANSWERS_WITHIN = 2.0
_LOGIN_WITHIN = 5.0
_USUAL = (Address("127.0.0.1", USUAL_PORT),)
_OF_HOME_ASSISTANT = (Address("core-mosquitto", USUAL_PORT), Address("homeassistant.local", USUAL_PORT))


class FoundBroker(NamedTuple):
    """A broker that lets us in. `has_new_password`: one was typed, that nothing has kept."""

    address: Address
    has_new_password: bool = False

    @property
    def entry(self) -> Mapping[str, object]:
        """As a home file has it: a password is never in it."""
        address = self.address
        entry: dict[str, object] = {"host": address.host, "port": address.port}
        if address.username is not None:
            entry |= {"username": address.username, "password": f"${{{PASSWORD}}}"}
        if address.tls is not None:
            entry["tls"] = True
        return entry | ({"websocket": address.websocket} if address.websocket is not None else {})


async def broker_found(named: str | None, tell: Callable[[str], None] = print, *, may_ask: bool) -> FoundBroker:
    """The broker that is named, else the first that answers, else the one that a person names.

    Raises BrokerError, UsageError.
    """
    if named is not None:
        return await _entered(address_at(named), may_ask=may_ask)
    address = await first_that_answers(_USUAL)
    if address is None:
        address = await first_that_answers(await announced_brokers())
    if address is None:
        address = await first_that_answers(_OF_HOME_ASSISTANT)
    if address is not None:
        tell(f"A broker answers at {address}.")
    elif may_ask:
        address = address_at(_answer("Where is your MQTT broker? (host, host:port or URL)"))
    else:
        raise BrokerUnreachable("No broker was found.", _START_ONE)
    return await _entered(address, may_ask=may_ask)


async def first_that_answers(candidates: Sequence[Address]) -> Address | None:
    """The first of these at whose port somebody listens."""
    for address in candidates:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_ANSWERS_WITHIN):
                _, writer = await asyncio.open_connection(address.host, address.port)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            return address
    return None


async def announced_brokers(interfaces: Sequence[str] | None = None) -> list[Address]:
    """What says by mDNS that it is a broker, in these networks, else in all; nothing where there is no zeroconf."""
    return [Address(host, port) for host, port in await services_announced(_SERVICE, interfaces)]


async def _entered(address: Address, *, may_ask: bool) -> FoundBroker:
    """Asks once for user and password where the broker wants them."""
    try:
        await _tried(address)
    except BrokerRefused:
        if not may_ask:
            raise
        print(f"The broker at {address} asks who you are.")
        username = _answer("User name", address.username or "")
        return await _with_password(address, username)
    return FoundBroker(address)


async def _with_password(address: Address, username: str) -> FoundBroker:
    import getpass

    password = os.environ.get(PASSWORD) if address.password is None else None  # that one was just refused
    is_new = password is None
    if password is None:
        try:
            with while_asked():
                password = getpass.getpass("Password (it is written nowhere): ")
        except EOFError:
            raise UsageError("The questions were not answered.", "Say --yes, and nothing is asked.") from None
    known = Address(address.host, address.port, username, password, address.tls, address.websocket)
    await _tried(known)
    return FoundBroker(known, has_new_password=is_new)


async def _tried(address: Address) -> None:
    """Raises BrokerError, with what to do where there is no home file yet."""
    import secrets

    try:
        async with Connection(
            address, client_id=f"relax-init-{secrets.token_hex(4)}", on_message=lambda _message: None
        ) as connection:
            await connection.first(_LOGIN_WITHIN)
    except BrokerUnreachable as error:
        raise BrokerUnreachable(error.message, _START_ONE) from error
    except BrokerRefused as error:
        raise BrokerRefused(error.message, _sign_in(address) if address.tls is None else error.hint) from error


def _sign_in(address: Address) -> str:
    """How to say who one is, where what was said is not right, or nothing was."""
    user = address.username or "USER"
    check = "Check the name and the password" if address.username is not None else "It wants a name and a password"
    return f"{check}: --broker mqtt://{user}@{address.host}:{address.port}, and the password in {PASSWORD}."


def _answer(question: str, usual: str = "") -> str:
    return next(iter(answers(question, usual)))


def answers(question: str, usual: str = "") -> Iterator[str]:
    """What a person says, again and again; nothing said is the usual. Raises UsageError where nobody says anything."""
    while True:
        with while_asked():
            print(f"{question}{f' [{usual}]' if usual else ''}: ", end="", flush=True)
            said = sys.stdin.readline()
        if not said:
            raise UsageError("The questions were not answered.", "Say --yes, and nothing is asked.")
        if said.strip() or usual:
            yield said.strip() or usual
