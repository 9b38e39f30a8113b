"""A device as the templates of a home file describe it."""

from collections.abc import Mapping
from typing import Any

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
from orchestrator.devices.reading import Reading, meant
from orchestrator.devices.wire import fields, number
from orchestrator.units import OFF, Percent
from orchestrator.values import Colour

_ON = frozenset({"on", "true", "1", "yes", "online", "playing"})
_OFF = frozenset({"off", "false", "0", "no", "offline", "none", ""})
_POWER = frozenset({"power", "power1", "state", "ison", "on"})
"""Under which names devices say whether they are on."""


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
            if settings.cannot_say_off and _says_off(message.payload):
                reports.append(LightReport(OFF))
            else:
                reports += self._stated(_read(settings.state, message), message.retain)
        return tuple(reports)

    def _stated(self, text: str | None, retained: bool) -> list[Report]:
        if text is None:
            return []
        state = fields(text) or _plain(text)
        reports: list[Report | None] = []
        reading = Reading()
        if self._abilities.light is not None:
            reports.append(self._lit(state, reading))
        if self._abilities.switch is not None:
            on = _word(state.get("state"))
            reports.append(None if on is None else SwitchReport(on))
        if self._abilities.player is not None:
            reports.append(self._played(state, reading))
        if Kind.BUTTON in self._settings.kinds and text and not retained:
            reports.append(ButtonReport(text))
        return [*(report for report in reports if report is not None), *reading.refused]

    def _lit(self, state: Mapping[str, Any], reading: Reading) -> Report | None:
        on, scale = _word(state.get("state")), self._settings.brightness_scale
        level: Percent | None = None
        if on is False:
            level = OFF
        elif self._abilities.light is not None and self._abilities.light.dimmable:
            brightness = reading.share("brightness", state.get("brightness"), scale)
            level = brightness or (None if "state" in state else brightness)
        elif on:
            level = Percent(100.0)
        remembered = reading.share("brightness", state.get("brightness"), scale) or None if level == OFF else None
        report = LightReport(level, _seen(state, reading), remembered)
        return None if report == LightReport() else report

    def _played(self, state: Mapping[str, Any], reading: Reading) -> Report | None:
        uri, volume = state.get("uri"), reading.share("volume", state.get("volume"), self._settings.volume_scale)
        playing = uri if isinstance(uri, str) else "" if _word(state.get("state")) is False else None
        if playing is None and volume is None:
            return None
        return PlayerReport(playing, volume, state.get("paused") is True)


def _abilities(settings: TemplateSettings) -> Abilities:
    """What the payloads mention is what the device can be told."""
    kinds, reports = settings.kinds, settings.state is not None
    light = None
    if Kind.LIGHT in kinds:
        said = settings.mentions("light")
        dimmable = bool(said & {"brightness", "level"})
        colours = ColourMode.TEMPERATURE if said & {"kelvin", "mired"} else ColourMode.NONE
        colours |= ColourMode.RGB if said & names.MIXED else ColourMode.NONE
        fade = FadeBy.NATIVE if "transition" in said else FadeBy.STEPPED if dimmable else FadeBy.NONE
        own = LightAbilities(
            fade=fade,
            off_fade=fade is FadeBy.NATIVE,
            dimmable=dimmable,
            colours=colours,
            steps=settings.brightness_scale if dimmable else 1,
            reports=reports,
            level_while_off=settings.keep is not None,
        )
        light = settings.tuned(settings.coloured(own))
    return Abilities(
        light=light,
        switch=SwitchAbilities(reports=reports) if Kind.SWITCH in kinds else None,
        player=_player(settings) if Kind.PLAYER in kinds else None,
        voice=_voice(settings) if Kind.VOICE in kinds else None,
    )


def _player(settings: TemplateSettings) -> PlayerAbilities:
    pause = bool(settings.outgoing("pause") and settings.outgoing("resume"))
    return PlayerAbilities(pause=pause, steps=settings.volume_scale, reports=settings.state is not None)


def _voice(settings: TemplateSettings) -> VoiceAbilities:
    said = settings.mentions("say")
    return VoiceAbilities(
        done=settings.done is not None,
        hush=settings.hush is not None,
        rate="rate" in said,
        gap="gap" in said,
        steps=settings.volume_scale,
    )


def _seen(state: Mapping[str, Any], reading: Reading) -> Colour | None:
    """`color_mode` says which is meant; where there is none, what stands there."""
    mode, parts = state.get("color_mode"), _parts(state)
    beside = mode != "color_temp" if mode is not None else any(part is not None for part in parts.values())
    mired, kelvin = state.get("mired"), state.get("kelvin")
    white = reading.white("mired", mired, beside or kelvin) or reading.white(
        "kelvin", kelvin, beside or mired, kelvin=True
    )
    if mode == "color_temp":
        return white
    mixed = reading.colour(parts, mode)
    return mixed if mode is not None else meant(white, mixed)


def _parts(state: Mapping[str, Any]) -> dict[str, Any]:
    """What a colour is said in, by the names of its parts."""
    parts = {"hue": state.get("hue"), "saturation": state.get("saturation")}
    for key in ("xy", "rgb"):
        listed = state.get(key)
        parts |= zip(key, listed, strict=True) if isinstance(listed, list) and len(listed) == len(key) else ()
    return parts


def _says_off(payload: str) -> bool:
    """Whether a message says off in so many words, for templates that do not look."""
    said = fields(payload)
    return any(
        name.lower() in _POWER and isinstance(word, str | bool) and _word(word) is False for name, word in said.items()
    )


def _read(incoming: Incoming, message: Message) -> str | None:
    return template(incoming.payload).read(message.payload)


def _plain(text: str) -> dict[str, Any]:
    """One word is a state, one number a brightness and a volume: 0 is off, and less is nothing."""
    amount = number(text)
    if amount is None:
        return {"state": text}
    return {"brightness": amount, "volume": amount, "state": amount > 0 if amount >= 0 else None}


def _word(word: object) -> bool | None:
    if isinstance(word, bool) or word is None:
        return word
    lower = str(word).strip().lower()
    return True if lower in _ON else False if lower in _OFF else None
