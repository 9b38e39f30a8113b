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


def _no_passphrase() -> bytes:
    """Instead of a question in the terminal, where nobody sits."""
    raise PermissionError


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
        if self.ca is not None:
            try:
                context.load_verify_locations(cafile=self.ca)
            except OSError as error:  # ssl.SSLError is one
                raise _unusable(self.ca, error, "it has no certificate in PEM form") from error
        if self.certificate is not None:
            self._present(context, self.certificate)
        return context

    def _present(self, context: ssl.SSLContext, certificate: Path) -> None:
        """Who we are."""
        for file in (certificate, self.key):
            if file is not None:
                try:
                    file.read_bytes()
                except OSError as error:
                    raise _unusable(file, error) from error
        try:
            context.load_cert_chain(certificate, self.key, password=_no_passphrase)
        except PermissionError as error:
            why = f"the key in {self.key or certificate} is locked with a passphrase; relax needs one without"
            raise _unusable(certificate, error, why) from error
        except ssl.SSLError as error:
            if error.reason == "KEY_VALUES_MISMATCH":
                why = f"the key in {self.key or certificate} is of another certificate"
            else:
                why = "certificate and key have to be in PEM form, and the key in `key:` or in the same file"
            raise _unusable(certificate, error, why) from error


def _unusable(file: Path, error: OSError, why: str = "") -> BrokerRefused:
    said = error.strerror if error.strerror and not isinstance(error, ssl.SSLError) else why or str(error)
    return BrokerRefused(f"The certificate file {file} cannot be used: {said}.", "Mend `tls:` in the home file.")


@dataclass(frozen=True, slots=True)
class Address:
    """A broker. As text it says where it is; user name and password are in no text of ours.

    `websocket` is the path of one, where it is reached that way; `others` are more ways to the same broker, or to one
    that shares all messages with it, to be tried in turn when this one does not answer.
    """

    host: str = "127.0.0.1"
    port: int = 1883
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Tls | None = None
    websocket: str | None = field(default=None, repr=False)
    others: tuple["Address", ...] = ()

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        if self.websocket is None:
            return f"{host}:{self.port}"
        scheme = "ws" if self.tls is None else "wss"  # a query may hold a secret
        return f"{scheme}://{host}:{self.port}{self.websocket.partition('?')[0]}"
