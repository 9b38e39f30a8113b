"""The broker of a home file as an address."""

from dataclasses import replace
from pathlib import Path

from orchestrator.home.library import Home
from orchestrator.home.model import BrokerModel, TlsModel
from orchestrator.mqtt.address import Address, Tls


def address_of(home: Home) -> Address:
    """The first that the home file names, with the others. Certificate files lie beside the home file."""
    first, *others = (_address(each, Path(home.source).parent) for each in home.model.brokers)
    return replace(first, others=tuple(others))


def _address(broker: BrokerModel, folder: Path) -> Address:
    tls = None
    if isinstance(broker.tls, TlsModel):
        files = (broker.tls.ca, broker.tls.certificate, broker.tls.key)
        ca, certificate, key = (folder / file if file is not None else None for file in files)
        tls = Tls(ca, certificate, key, insecure=broker.tls.insecure)
    elif broker.tls:
        tls = Tls()
    return Address(broker.host, broker.port, broker.username, broker.password, tls, broker.websocket)
