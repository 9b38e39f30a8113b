"""What sonos2mqtt says of itself: that it is connected, and to its speakers."""

from collections.abc import Callable, Sequence

from orchestrator.devices.dialects.sonos2mqtt import Sonos2MqttSettings
from orchestrator.devices.messages import Message
from orchestrator.home.device import Device


class Sonos2MqttAdvertiser:
    """The bridge of each base topic. Its speakers speak for themselves."""

    topics: Sequence[str] = ()

    def __init__(self, devices: Sequence[Device]) -> None:
        settings = [device.settings for device in devices]
        self._bases = sorted({each.base for each in settings if isinstance(each, Sonos2MqttSettings)})

    def says(self, *, online: bool) -> Sequence[Message]:
        return [Message(f"{base}/connected", "2" if online else "0", retain=True) for base in self._bases]

    def answers(self, _message: Message, _is_online: Callable[[str], bool], /) -> Sequence[Message]:
        return ()
