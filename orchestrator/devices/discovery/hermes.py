"""Hermes, the words of Rhasspy and its satellites: nothing is retained. A voice is where anything names a site."""

from collections.abc import Iterator

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects.hermes import site as site_name
from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.parsing import mapping, text
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, fields

_NOWHERE = "default"
_SITES = 100
_ANSWERS = ("rhasspy/tts/voices", "rhasspy/audioServer/devices")


class HermesDiscovery(Discoverer):
    """The sites that were named, by whoever."""

    topics = (
        *_ANSWERS,
        *(f"hermes/{part}/+" for part in ("tts", "dialogueManager", "asr", "nlu", "hotword")),
        "hermes/hotword/+/detected",
        "hermes/intent/#",
    )

    def __init__(self) -> None:
        self._sites: dict[str, str] = {}
        self._is_asked = False

    def hear(self, message: Message) -> None:
        if not message.topic.startswith("hermes/") and message.topic not in _ANSWERS:
            return
        said = fields(message.payload) if len(message.payload) < 65_536 else {}
        named = text(mapping(said).get("siteId"))
        if _is_a_site(named) and len(self._sites) < _SITES:
            self._sites.setdefault(named, message.topic)

    def probes(self) -> Iterator[Message]:
        if not self._is_asked:
            self._is_asked = True
            yield Message("rhasspy/tts/getVoices", compact(id="relax", siteId=_NOWHERE))
            yield Message("rhasspy/audioServer/getDevices", compact(id="relax", siteId=_NOWHERE, modes=["output"]))

    def found(self) -> Iterator[FoundDevice]:
        for named, by in self._sites.items():
            title = "Satellite" if named == _NOWHERE else named
            entry = {"kind": "voice", "dialect": "hermes", "site": named}
            yield FoundDevice((f"hermes:{named}",), entry, title, (by,), model="Rhasspy", proposed=(Kind.VOICE,))


def _is_a_site(named: str) -> bool:
    try:
        return bool(site_name(named))
    except ValueError:
        return False
