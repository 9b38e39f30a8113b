"""A simulated button or remote: it says nothing until somebody presses it."""

from orchestrator.devices.dialects.home_assistant import HomeAssistantSettings
from orchestrator.devices.dialects.template import TemplateSettings
from orchestrator.devices.dialects.zigbee2mqtt import Zigbee2MqttSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.settings import DeviceSettings
from orchestrator.devices.wire import compact
from orchestrator.values import Ms


class Button:
    """Presses are events: never retained."""

    def __init__(self, name: str, settings: DeviceSettings) -> None:
        self.name = name
        self._settings = settings

    @property
    def topics(self) -> tuple[str, ...]:
        return ()

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        if not isinstance(self._settings, Zigbee2MqttSettings):
            return ()
        payload = compact(state="online" if online else "offline")
        return (Message(f"{self._settings.topic}/availability", payload, qos=1, retain=True),)

    def connected(self, _now: Ms) -> tuple[Message, ...]:
        return ()

    def receive(self, _message: Message, _now: Ms) -> tuple[Message, ...]:
        return ()

    def advance(self, _now: Ms) -> tuple[Message, ...]:
        return ()

    def next_deadline(self) -> Ms | None:
        return None

    def pressed(self, action: str) -> tuple[Message, ...]:
        """Somebody presses it."""
        match self._settings:
            case Zigbee2MqttSettings(topic=topic):
                return (Message(topic, compact(action=action, battery=90, linkquality=120)),)
            case HomeAssistantSettings(state_topic=str() as topic):
                return (Message(topic, compact(event_type=action)),)
            case TemplateSettings(state=state) if state is not None:
                return (Message(state.topic, action),)
            case _:
                return ()
