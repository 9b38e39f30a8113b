"""A device as the templates of a home file describe it."""

from collections.abc import Mapping
from typing import Any

from orchestrator.devices import chromaticity
from orchestrator.devices.abilities import (
    Abilities,
    ColourMode,
    FadeBy,
    Kind,
    LightAbilities,
    PlayerAbilities,
    SwitchAbilities,
    VoiceAbilities,
)
from orchestrator.devices.dialects.template import names
from orchestrator.devices.dialects.template.settings import Incoming, Outgoing, TemplateSettings, template
from orchestrator.devices.messages import (
    AvailabilityReport,
    ButtonReport,
    Change,
    LightReport,
    Message,
    PlayerReport,
    Report,
    SpeechEvent,
    SpeechReport,
    SwitchReport,
)
from orchestrator.devices.wire import fields, number, share
from orchestrator.units import OFF, Percent
from orchestrator.values import Colour, Rgb, Temperature

_ON = frozenset({"on", "true", "1", "yes", "online", "playing"})
_OFF = frozenset({"off", "false", "0", "no", "offline", "none", ""})


class TemplateDialect:
    """A device as its templates describe it."""

    def __init__(self, name: str, settings: TemplateSettings) -> None:
        self.name = name
        self._settings = settings
        self._abilities = _abilities(settings)

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        incoming = (self._settings.state, self._settings.available, self._settings.done)
        return tuple(dict.fromkeys(each.topic for each in incoming if each is not None))

    def encode(self, change: Change) -> tuple[Message, ...]:
        return tuple(message for message in self._settings.written(change) if message.payload)

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        asked = self._settings.query
        if asked is None:
            return ()
        messages = (asked,) if isinstance(asked, Outgoing) else tuple(asked)
        return tuple(Message(each.topic, template(each.payload).rendered(names.OUTGOING) or "") for each in messages)

    def decode(self, message: Message) -> tuple[Report, ...]:
        settings = self._settings
        reports: list[Report] = []
        if settings.available is not None and message.topic == settings.available.topic:
            online = _word(_read(settings.available, message))
            reports += [] if online is None else [AvailabilityReport(online)]
        if settings.done is not None and message.topic == settings.done.topic:
            spoken = _read(settings.done, message)
            reports += [SpeechReport(spoken, SpeechEvent.DONE)] if spoken else []
        if settings.state is not None and message.topic == settings.state.topic:
            reports += self._stated(_read(settings.state, message), message.retain)
        return tuple(reports)

    def _stated(self, text: str | None, retained: bool) -> list[Report]:
        if text is None:
            return []
        state = fields(text) or _plain(text)
        reports: list[Report | None] = []
        if self._abilities.light is not None:
            reports.append(self._lit(state))
        if self._abilities.switch is not None:
            on = _word(state.get("state"))
            reports.append(None if on is None else SwitchReport(on))
        if self._abilities.player is not None:
            reports.append(self._played(state))
        if Kind.BUTTON in self._settings.kinds and text and not retained:
            reports.append(ButtonReport(text))
        return [report for report in reports if report is not None]

    def _lit(self, state: Mapping[str, Any]) -> Report | None:
        on, brightness = _word(state.get("state")), number(state.get("brightness"))
        level: Percent | None = None
        if on is False:
            level = OFF
        elif brightness is not None and (brightness > 0 or "state" not in state):
            level = share(brightness, self._settings.brightness_scale)
        elif on and self._abilities.light is not None and not self._abilities.light.dimmable:
            level = Percent(100.0)
        report = LightReport(level, _seen(state))
        return None if report == LightReport() else report

    def _played(self, state: Mapping[str, Any]) -> Report | None:
        uri, volume = state.get("uri"), number(state.get("volume"))
        playing = uri if isinstance(uri, str) else "" if _word(state.get("state")) is False else None
        if playing is None and volume is None:
            return None
        level = None if volume is None else share(volume, self._settings.volume_scale)
        return PlayerReport(playing, level, state.get("paused") is True)


def _abilities(settings: TemplateSettings) -> Abilities:
    """What the payloads mention is what the device can be told."""
    kinds, reports = settings.kinds, settings.state is not None
    light = None
    if Kind.LIGHT in kinds:
        said = settings.mentions("light")
        dimmable = bool(said & {"brightness", "level"})
        colours = ColourMode.TEMPERATURE if said & {"kelvin", "mired"} else ColourMode.NONE
        colours |= ColourMode.RGB if said & {"rgb", "hex"} else ColourMode.NONE
        fade = FadeBy.NATIVE if "transition" in said else FadeBy.STEPPED if dimmable else FadeBy.NONE
        own = LightAbilities(
            fade=fade,
            off_fade=fade is FadeBy.NATIVE,
            dimmable=dimmable,
            colours=colours,
            steps=settings.brightness_scale if dimmable else 1,
            reports=reports,
        )
        light = settings.tuned(settings.coloured(own))
    return Abilities(
        light=light,
        switch=SwitchAbilities(reports=reports) if Kind.SWITCH in kinds else None,
        player=_player(settings) if Kind.PLAYER in kinds else None,
        voice=_voice(settings) if Kind.VOICE in kinds else None,
    )


def _voice(settings: TemplateSettings) -> VoiceAbilities:
    return VoiceAbilities(done=settings.done is not None, hush=settings.hush is not None, steps=settings.volume_scale)


def _player(settings: TemplateSettings) -> PlayerAbilities:
    pause = bool(settings.outgoing("pause") and settings.outgoing("resume"))
    return PlayerAbilities(pause=pause, steps=settings.volume_scale, reports=settings.state is not None)


def _seen(state: Mapping[str, Any]) -> Colour | None:
    mired, kelvin = number(state.get("mired")), number(state.get("kelvin"))
    if mired is not None and mired > 0:
        return Temperature(mired)
    if kelvin is not None and kelvin > 0:
        return Temperature.of_kelvin(kelvin)
    parts = state.get("rgb")
    if isinstance(parts, list) and len(parts) == 3:
        red, green, blue = (number(part) for part in parts)
        if red is not None and green is not None and blue is not None:
            return chromaticity.full(Rgb(*(min(max(part, 0.0), 255.0) for part in (red, green, blue))))
    return None


def _read(incoming: Incoming, message: Message) -> str | None:
    return template(incoming.payload).read(message.payload)


def _plain(text: str) -> dict[str, Any]:
    """One word is a state, one number a brightness and a volume: 0 is off."""
    amount = number(text)
    return {"state": text} if amount is None else {"brightness": amount, "volume": amount, "state": amount > 0}


def _word(word: object) -> bool | None:
    if isinstance(word, bool) or word is None:
        return word
    lower = str(word).strip().lower()
    return True if lower in _ON else False if lower in _OFF else None
