"""The dialects that relax speaks: one module each, one line each. A module is loaded once a home has a device of it."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from orchestrator.devices.family import Family

_NAMES: Final = (
    "zigbee2mqtt",
    "home_assistant",
    "hass",
    "relax_speaker",
    "hermes",
    "wyoming",
    "tasmota",
    "shelly2",
    "shelly1",
    "wled",
    "sonos2mqtt",
    "mopidy",
    "homie",
    "template",
)


class _Dialects(Mapping[str, Family]):
    """The family of each name: whoever has one lamp does not wait for the modules of all dialects."""

    def __getitem__(self, name: str) -> Family:
        if name not in _NAMES:
            raise KeyError(name)
        family = import_module(f"{__name__}.{name}").FAMILY
        assert isinstance(family, Family)
        return family

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


DIALECTS: Final[Mapping[str, Family]] = _Dialects()
