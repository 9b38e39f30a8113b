"""One light, switch or event as Home Assistant would see it, as messages."""

from copy import deepcopy
from dataclasses import replace
from typing import TypeAlias

from orchestrator.devices import announcement
from orchestrator.devices.abilities import Abilities, Kind
from orchestrator.devices.dialect import SharedTopics
from orchestrator.devices.dialects.home_assistant.announced import as_announced, names
from orchestrator.devices.dialects.home_assistant.json_light import JsonLight
from orchestrator.devices.dialects.home_assistant.presence import Presence, read
from orchestrator.devices.dialects.home_assistant.settings import HomeAssistantSettings
from orchestrator.devices.dialects.home_assistant.topic_light import TopicLight
from orchestrator.devices.messages import (
    ButtonReport,
    Change,
    LightAbilitiesReport,
    Message,
    RefusalReport,
    Report,
    SetLight,
    SetSwitch,
    SwitchReport,
)
from orchestrator.devices.wire import fields

_GONE = "it is announced no longer ({topic}). Was it renamed or taken away? See `relax devices discover`"

Light: TypeAlias = JsonLight | TopicLight


class HomeAssistant:
    """What it announces of itself rules, from the moment that it is heard, and is heard again when it changes."""

    def __init__(self, name: str, settings: HomeAssistantSettings) -> None:
        self.name = name
        self._file = settings
        self._settings = settings
        self._announced_at: str | None = None
        self._heard: dict[str, Message] = {}
        """The last word on each topic: what it announces of itself may come after that, and says how it is meant."""
        self._light = _light(settings)
        self._presence = Presence(settings.presence, settings.availability_mode)
        self._own_topics = self._spoken_on()
        self._abilities = settings.abilities()

    def _spoken_on(self) -> dict[str, None]:
        state = self._light.topics if self._light is not None else ()
        own = (self._settings.state_topic, *state, *self._presence.topics)
        return dict.fromkeys(topic for topic in own if topic is not None)

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        return (*self._own_topics, *(self.shared.topics if self.shared is not None else ()))

    @property
    def shared(self) -> SharedTopics | None:
        """Where everything announces itself; None for a button, of which nothing is to be learnt there."""
        platform = "light" if self._light is not None else "switch" if self._abilities.switch is not None else None
        if platform is None or self._settings.command_topic is None:
            return None
        return SharedTopics(
            announcement.topics(platform, self._settings.discovery_prefix), names, self._settings.command_topic
        )

    def encode(self, change: Change) -> tuple[Message, ...]:
        settings = self._settings
        match change:
            case SetLight() if self._light is not None:
                return self._light.encode(change)
            case SetSwitch(on) if self._abilities.switch is not None and settings.command_topic is not None:
                return (Message(settings.command_topic, settings.payload_on if on else settings.payload_off),)
            case _:
                return ()

    def cost(self, change: Change) -> int:
        """Nothing is told yet, so nothing of it is remembered."""
        if isinstance(change, SetLight) and self._light is not None:
            return len(deepcopy(self._light, {id(self._settings): self._settings}).encode(change))
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        return ()

    def decode(self, message: Message) -> tuple[Report, ...]:
        if announcement.is_one(message.topic, self._settings.discovery_prefix):
            return self._announced(message)
        reports = self._read(message)
        if message.topic in self._own_topics:
            self._heard[message.topic] = message
        return reports

    def _read(self, message: Message) -> tuple[Report, ...]:
        lit = self._light.decode(message) if self._light is not None else ()
        own = message.topic == self._settings.state_topic
        switched = self._switched(message.payload) if own and self._abilities.switch is not None else ()
        pressed = _pressed(message) if own and Kind.BUTTON in self._settings.kinds else ()
        return (*self._presence.hear(message), *lit, *switched, *pressed)

    def _switched(self, payload: str) -> tuple[Report, ...]:
        settings = self._settings
        word = read(payload, settings.value_template)
        if word == (settings.state_on or settings.payload_on):
            return (SwitchReport(True),)
        return (SwitchReport(False),) if word == (settings.state_off or settings.payload_off) else ()

    def _announced(self, message: Message) -> tuple[Report, ...]:
        """What it has said of itself is read anew in what it says that it is."""
        if self.shared is None:
            return ()
        settings = as_announced(self._file, message.topic, message.payload)
        if settings is None:
            if message.topic != self._announced_at:
                return ()
            self._announced_at = None
            return (RefusalReport(_GONE.format(topic=message.topic)),)
        self._announced_at = message.topic
        if settings == self._settings and settings.model_fields_set == self._settings.model_fields_set:
            return ()  # what is announced as it was taken to be is known from now on
        self._settings, before = settings, self._abilities
        self._light = _light(settings)
        self._presence = Presence(settings.presence, settings.availability_mode)
        self._own_topics = self._spoken_on()
        self._abilities = _counted_as(before, settings.abilities())
        told = self._abilities.light if self._abilities.light != before.light else None
        again = [report for each in self._heard.values() for report in self._read(each)]
        return (*((LightAbilitiesReport(told),) if told is not None else ()), *again)


def _light(settings: HomeAssistantSettings) -> Light | None:
    if Kind.LIGHT not in settings.kinds:
        return None
    return JsonLight(settings) if settings.form == "json" else TopicLight(settings)


def _counted_as(before: Abilities, now: Abilities) -> Abilities:
    """What is believed of a lamp is counted in its steps: these stay."""
    if before.light is None or now.light is None:
        return now
    return replace(now, light=replace(now.light, steps=before.light.steps))


def _pressed(message: Message) -> tuple[Report, ...]:
    """A press that is retained was pressed long ago."""
    event = fields(message.payload).get("event_type")
    return (ButtonReport(event),) if isinstance(event, str) and event and not message.retain else ()
