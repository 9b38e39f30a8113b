"""One device of Home Assistant's as messages."""

from dataclasses import replace
from typing import Final

from orchestrator.devices.abilities import Abilities, Kind, SwitchAbilities, VoiceAbilities
from orchestrator.devices.dialects.hass.entity_state import UNAVAILABLE, UNKNOWN, EntityState, ServiceCall
from orchestrator.devices.dialects.hass.light import SETTLE, HassLight
from orchestrator.devices.dialects.hass.player import HassPlayer
from orchestrator.devices.dialects.hass.settings import PREFIX, HassSettings
from orchestrator.devices.messages import (
    AbilitiesReport,
    AvailabilityReport,
    ButtonReport,
    Change,
    Hush,
    Message,
    RefusalReport,
    Report,
    SetLight,
    SetSwitch,
    Speak,
    SpeechEvent,
    SpeechReport,
    SwitchReport,
)
from orchestrator.devices.wire import compact, fields, units
from orchestrator.units import SECOND, Ms

STEPS: Final = 100
WORDS_EXPIRY: Ms = 3 * SECOND
"""Words that come later than this belong to a moment that is over."""
_PRESSED: Final = ("button", "input_button")
_BREAKS_OFF = "it cannot speak over its music: write `kind: voice` for it, and let another device play"


class Hass:
    """One entity. Of what it said it remembers what it can, what it calls what it plays, and when it was pressed."""

    def __init__(self, name: str, settings: HassSettings) -> None:
        self.name = name
        self._settings = settings
        self._topic = settings.topic
        kinds = settings.kinds
        self._light = HassLight(settings) if Kind.LIGHT in kinds else None
        self._player = HassPlayer(settings.entity) if Kind.PLAYER in kinds else None
        self._members: tuple[str, ...] = ()
        self._before: str | None = None
        """What it was before: a press is another state than that, and none where nobody knows."""
        self._told_of: frozenset[str] | None = None
        self._is_silenced = False
        is_satellite = settings.domain == "assist_satellite"
        voice = VoiceAbilities(
            done=True, hush=not is_satellite, ducks=self._player is not None, steps=STEPS, rate=False, gap=False
        )
        self._abilities = Abilities(
            voice=voice if Kind.VOICE in kinds else None,
            switch=SwitchAbilities(settle=SETTLE) if Kind.SWITCH in kinds else None,
            bridge=PREFIX,
        )

    @property
    def abilities(self) -> Abilities:
        light = self._light.abilities if self._light is not None else None
        player = self._player.abilities if self._player is not None else None
        return replace(self._abilities, light=light, player=player, members=self._members)

    @property
    def topics(self) -> tuple[str, ...]:
        words = (f"{self._topic}/event",) if self._abilities.voice is not None else ()
        return f"{self._topic}/state", f"{self._topic}/status", f"{self._topic}/error", *words

    # Out

    def encode(self, change: Change) -> tuple[Message, ...]:
        messages = self._messages(change)
        if isinstance(change, SetLight) and self._light is not None and messages:
            self._light.told(change)
        elif self._player is not None and messages:
            self._player.told(change)
        return messages

    def cost(self, change: Change) -> int:
        return len(self._messages(change))

    def query(self) -> tuple[Message, ...]:
        return () if Kind.BUTTON in self._settings.kinds else (Message(f"{self._topic}/get", ""),)

    def _messages(self, change: Change) -> tuple[Message, ...]:
        match change:
            case Speak() | Hush():
                return self._spoken(change) if self._abilities.voice is not None and not self._is_silenced else ()
            case SetLight():
                calls = self._light.calls(change) if self._light is not None else ()
            case SetSwitch(on):
                service = f"{self._settings.domain}.turn_{'on' if on else 'off'}"
                is_one = self._abilities.switch is not None
                calls = (ServiceCall(service, {}, self._settings.entity),) if is_one else ()
            case _:
                calls = self._player.calls(change) if self._player is not None else ()
        return tuple(Message(f"{self._topic}/call", call.payload()) for call in calls)

    def _spoken(self, change: Speak | Hush) -> tuple[Message, ...]:
        """How loud words are that go over music is that music's business."""
        if isinstance(change, Hush):
            return (Message(f"{self._topic}/hush", compact(id=change.id)),)
        settings, is_alone = self._settings, self._player is None and self._settings.domain == "media_player"
        payload = compact(
            id=change.id,
            text=change.text,
            language=change.language,
            volume=units(change.volume, STEPS) / STEPS if is_alone else None,
            tts=settings.tts,
            voice=settings.voice_for(change.language),
        )
        return (Message(f"{self._topic}/say", payload, expiry=WORDS_EXPIRY),)

    # In

    def decode(self, message: Message) -> tuple[Report, ...]:
        said = fields(message.payload)
        match message.topic.removeprefix(f"{self._topic}/"):
            case "state":
                state = EntityState.read(message.payload)
                return self._state(state) if state is not None else ()
            case "status" if message.payload == "offline":
                self._before = None
                return (AvailabilityReport(False),)
            case "error" if isinstance(said.get("why"), str):
                return (RefusalReport(said["why"]),)
            case "event" if self._abilities.voice is not None and isinstance(said.get("id"), str):
                is_one = said.get("event") in tuple(SpeechEvent)
                return (SpeechReport(said["id"], SpeechEvent(said["event"])),) if is_one else ()
            case _:
                return ()

    def _state(self, state: EntityState) -> tuple[Report, ...]:
        is_named_by_nothing = self._light is None and self._player is None and self._abilities.switch is None
        is_there = state.is_real or (is_named_by_nothing and state.word == UNKNOWN)
        if not is_there:
            self._before = None
            return (AvailabilityReport(False),)
        self._take_members(state)
        lit = self._light.hear(state) if self._light is not None else ()
        played = self._player.hear(state) if self._player is not None else ()
        switched = self._switched(state.word) if self._abilities.switch is not None else ()
        pressed = self._pressed(state) if Kind.BUTTON in self._settings.kinds else ()
        return (AvailabilityReport(True), *self._can(), *lit, *played, *switched, *pressed)

    def _take_members(self, state: EntityState) -> None:
        """A group lists its lamps."""
        listed = state.attributes.get("entity_id") if self._light is not None else None
        members = [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
        self._members = tuple(f"{PREFIX}/{each}" for each in members[:_GREATEST])

    def _can(self) -> tuple[Report, ...]:
        """What a player turned out to be able to do, where that is news."""
        player, voice = self._player, self._abilities.voice
        if player is None:
            return ()
        self._is_silenced = voice is not None and not player.announces
        words = {"pause": player.can_pause}
        if voice is not None:
            words |= {"done": True, "ducks": player.announces, "hush": player.can_stop}
        told, before = frozenset(word for word, is_so in words.items() if is_so), self._told_of
        if told == before:
            return ()
        self._told_of = told
        why = (RefusalReport(_BREAKS_OFF),) if self._is_silenced else ()
        return (AbilitiesReport(told), *why)

    def _switched(self, word: str) -> tuple[Report, ...]:
        return (SwitchReport(word == "on"),) if word in ("on", "off") else ()

    def _pressed(self, state: EntityState) -> tuple[Report, ...]:
        """What it says first after it was away it may have said long ago."""
        before, self._before = self._before, state.word
        if before is None or state.word in (before, UNKNOWN, UNAVAILABLE):
            return ()
        domain = self._settings.domain
        if domain in _PRESSED:
            return (ButtonReport("press"),)
        action = state.attributes.get("event_type") if domain == "event" else state.word
        return (ButtonReport(action.strip()),) if isinstance(action, str) and action.strip() else ()


_GREATEST: Final = 200
