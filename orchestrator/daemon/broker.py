"""The broker of a home file as an address."""

from pathlib import Path

from orchestrator.home.library import Home
from orchestrator.home.model import TlsModel
from orchestrator.mqtt.address import Address, Tls


def address_of(home: Home) -> Address:
    """Certificate files lie beside the home file."""
    broker, tls = home.model.broker, None
    if isinstance(broker.tls, TlsModel):
        files = (broker.tls.ca, broker.tls.certificate, broker.tls.key)
        ca, certificate, key = (Path(home.source).parent / file if file is not None else None for file in files)
        tls = Tls(ca, certificate, key, insecure=broker.tls.insecure)
    elif broker.tls:
        tls = Tls()
    return Address(broker.host, broker.port, broker.username, broker.password, tls)
