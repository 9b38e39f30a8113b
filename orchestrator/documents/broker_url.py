"""Where a broker is, as people write it: `host`, `host:port`, or a URL such as `mqtts://user:password@host:8883`.

No message of an error has any of the text in it: there may be a password in it.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit


class _Scheme(NamedTuple):
    port: int
    is_encrypted: bool
    is_websocket: bool


_PLAIN, _ENCRYPTED = _Scheme(1883, False, False), _Scheme(8883, True, False)
_SCHEMES: Mapping[str, _Scheme] = MappingProxyType({
    "mqtt": _PLAIN, "tcp": _PLAIN,
    "mqtts": _ENCRYPTED, "ssl": _ENCRYPTED, "tls": _ENCRYPTED, "mqtt+ssl": _ENCRYPTED,
    "ws": _Scheme(80, False, True), "wss": _Scheme(443, True, True),
})  # fmt: skip
USUAL_PATH = "/mqtt"
"""Where most brokers have their websocket."""
_EXPECTED = "expected a host, host:port, or a URL such as mqtt://broker.local:1883, mqtts://…, ws://… or wss://…"
_HOST = re.compile(r"[^\s/?#@\[\]\\]+")
_BARE_6 = re.compile(r"[0-9A-Fa-f:.%]*:[0-9A-Fa-f:.%]*:[0-9A-Za-z:.%]*")


class BrokerUrl(NamedTuple):
    """What such a text says; None where it says nothing. `websocket` is the path of one."""

    host: str
    port: int | None = None
    username: str | None = None
    password: str | None = None
    is_encrypted: bool = False
    websocket: str | None = None


def broker_url(text: str) -> BrokerUrl:
    """Read it. Raises ValueError with what is wrong, never with the text."""
    text = text.strip()
    if _BARE_6.fullmatch(text):
        return BrokerUrl(text)
    scheme, has_scheme, _ = text.partition("://")
    try:
        parts = urlsplit(text if has_scheme else f"//{text}")
        port = parts.port
    except ValueError:
        inside = "; in a password / is written %2F and @ is %40" if "@" in text else ""
        raise ValueError(f"{_EXPECTED}; a port is a number from 1 to 65535{inside}") from None
    if port == 0:
        raise ValueError("a port is a number from 1 to 65535")
    if not parts.hostname or not _HOST.fullmatch(parts.hostname) or parts.fragment:
        raise ValueError(_EXPECTED)
    username, password = (unquote(each) if each is not None else None for each in (parts.username, parts.password))
    if not has_scheme:
        if parts.path or parts.query:
            raise ValueError(_EXPECTED)
        return BrokerUrl(_host_of(parts), port, username, password)
    kind = _SCHEMES.get(scheme.lower())
    if kind is None:
        raise ValueError(f"a broker is reached by {', '.join(_SCHEMES)}; this begins with another word before `://`")
    path = parts.path if not parts.query else f"{parts.path}?{parts.query}"
    if not kind.is_websocket and path not in ("", "/"):
        raise ValueError("only a websocket (ws://, wss://) has a path behind the host")
    websocket = (path or USUAL_PATH) if kind.is_websocket else None
    return BrokerUrl(_host_of(parts), port or kind.port, username, password, kind.is_encrypted, websocket)


def _host_of(parts: SplitResult) -> str:
    """As it was written: `hostname` is in small letters, which no broker minds, but a person would wonder."""
    found = parts.netloc.rpartition("@")[2]
    return (found[1:].partition("]")[0] if found.startswith("[") else found.partition(":")[0]) or str(parts.hostname)
