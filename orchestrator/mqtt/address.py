"""Where a broker is and how to be let in."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path

from orchestrator.errors import BrokerRefused


class _TidySocket(ssl.SSLSocket):
    """Closes itself when the handshake fails: paho would leave that to the garbage collector."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()
            raise


@dataclass(frozen=True, slots=True)
class Tls:
    """An encrypted connection. `ca` None: the certificates that the system trusts. `insecure`: trust anybody."""

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    insecure: bool = False

    def context(self) -> ssl.SSLContext:
        """Read the files. Raises `BrokerRefused` naming the file that cannot be used."""
        context = ssl.create_default_context()
        context.sslsocket_class = _TidySocket
        if self.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        file = self.ca
        try:
            if self.ca is not None:
                context.load_verify_locations(cafile=self.ca)
            if self.certificate is not None:
                file = self.certificate
                context.load_cert_chain(self.certificate, self.key)
        except OSError as error:  # ssl.SSLError is one
            reason = error.strerror or error
            raise BrokerRefused(
                f"The certificate file {file} cannot be used: {reason}.", "Mend `tls:` in the home file."
            ) from error
        return context


@dataclass(frozen=True, slots=True)
class Address:
    """A broker. As text it is `host:port`; the password is in no text of ours."""

    host: str = "127.0.0.1"
    port: int = 1883
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Tls | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"
