"""Where Home Assistant is, as people write it: a host, `host:port`, or the address in their browser.

No message of an error has any of the text in it: there may be a password in it.
"""

from typing import Final
from urllib.parse import urlsplit

PORT: Final = 8123
_SCHEMES: Final = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
_EXPECTED = "expected an address such as http://homeassistant.local:8123"


def websocket_url(address: str) -> str:
    """The WebSocket API at an address. Raises ValueError."""
    text = address.strip()
    scheme, has_scheme, _ = text.partition("://")
    try:
        parts = urlsplit(text if has_scheme else f"//{text}")
        port = parts.port
    except ValueError:
        raise ValueError(_EXPECTED) from None
    if (has_scheme and scheme.lower() not in _SCHEMES) or not parts.hostname or any(sign in text for sign in " \t?#"):
        raise ValueError(_EXPECTED)
    if "@" in parts.netloc:
        raise ValueError("an address has no user and password: write a token under `token`")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = f"{host}:{port}" if port else host if has_scheme else f"{host}:{PORT}"
    path = parts.path.rstrip("/")
    path = path if path.endswith("/websocket") else f"{path.removesuffix('/api')}/api/websocket"
    return f"{_SCHEMES[scheme.lower()] if has_scheme else 'ws'}://{netloc}{path}"
