"""Everything else: a device whose messages the home file writes down as templates.

Out, by `set` (or by a command's own key): `do` (`light`, `switch`, `play`, `pause`, `resume`, `stop`, `volume`, `say`,
`hush`, `chime`), `state` (`ON`, `OFF`), `on`, `brightness` (0 to `brightness_scale`), `level` (percent), `kelvin`,
`mired`, `rgb` ([r, g, b]), `hex`, `transition` (seconds), `uri`, `volume` (0 to `volume_scale`), `text`, `language`,
`rate`, `gap`, `id`, `sound`. What a change leaves alone is none. A payload that comes out empty is not sent.

In, by `state`, `available`, `done`: `value` (the payload) and `value_json` (read as JSON). `state` comes out as one
word or number, or as a JSON object with the names above; `available` as a word; `done` as the id of what was spoken.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator

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
from orchestrator.devices.family import Family
from orchestrator.devices.messages import (
    AvailabilityReport,
    ButtonReport,
    Change,
    Hush,
    LightReport,
    Message,
    PauseMusic,
    Play,
    PlayerReport,
    Report,
    ResumeMusic,
    SetLight,
    SetSwitch,
    SetVolume,
    Sound,
    Speak,
    SpeechEvent,
    SpeechReport,
    StopMusic,
    SwitchReport,
)
from orchestrator.devices.settings import LampSettings, Topic
from orchestrator.devices.wire import fields, number, seconds, share, units
from orchestrator.values import OFF, Colour, Percent, Rgb, Temperature

if TYPE_CHECKING:
    from orchestrator.devices.templates import PayloadTemplate

_ON = frozenset({"on", "true", "1", "yes", "online", "playing"})
_OFF = frozenset({"off", "false", "0", "no", "offline", "none", ""})
_OUT = {
    "do": "light",
    "state": "ON",
    "on": True,
    "brightness": 50,
    "level": 50.0,
    "kelvin": 2700,
    "mired": 370,
    "rgb": [255, 154, 60],
    "hex": "#ff9a3c",
    "transition": 2,
    "uri": "http://example.invalid/calm.mp3",
    "volume": 30,
    "text": "Breathe in.",
    "language": "en",
    "rate": 110.0,
    "gap": 2,
    "id": "1",
    "sound": "soft",
}
_IN = frozenset({"value", "value_json"})


@cache
def _template(source: str) -> "PayloadTemplate":
    from orchestrator.devices.templates import PayloadTemplate  # noqa: PLC0415 - Jinja only where a home needs it

    return PayloadTemplate(source)


def _named(source: str, known: Iterable[str]) -> str:
    unknown = _template(source).names - frozenset(known)
    if unknown:
        raise ValueError(f"no such name here: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    return source


class Outgoing(BaseModel):
    """A topic, and what is published there."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    topic: Topic
    payload: str = ""

    @field_validator("payload")
    @classmethod
    def _known(cls, payload: str) -> str:
        return _named(payload, _OUT)


class Incoming(BaseModel):
    """A topic, and what its payload means."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    topic: Topic
    payload: str = "{{ value }}"

    @field_validator("payload")
    @classmethod
    def _known(cls, payload: str) -> str:
        return _named(payload, _IN)


Out: TypeAlias = Outgoing | list[Outgoing]


class TemplateSettings(LampSettings):
    """`set` is for whatever has no key of its own; each may be a list where a command takes several messages."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT, Kind.SWITCH, Kind.PLAYER, Kind.VOICE, Kind.BUTTON})

    dialect: Literal["template"]
    set: Out | None = None
    play: Out | None = None
    pause: Out | None = None
    resume: Out | None = None
    stop: Out | None = None
    volume: Out | None = None
    say: Out | None = None
    hush: Out | None = None
    chime: Out | None = None
    query: Out | None = None
    state: Incoming | None = None
    available: Incoming | None = None
    done: Incoming | None = None
    brightness_scale: int = Field(default=100, ge=1, le=65_535)
    volume_scale: int = Field(default=100, ge=1, le=65_535)

    def model_post_init(self, _context: object) -> None:
        needs = {Kind.LIGHT: ("set",), Kind.SWITCH: ("set",), Kind.PLAYER: ("play", "set"), Kind.VOICE: ("say", "set")}
        for kind in self.kinds:
            if kind in needs and not any(getattr(self, key) for key in needs[kind]):
                raise ValueError(f"{needs[kind][0]} is missing: which topic and payload reach the {kind}?")
        if Kind.BUTTON in self.kinds and self.state is None:
            raise ValueError("state is missing: which topic says that the button was pressed?")

    def outgoing(self, do: str) -> tuple[Outgoing, ...]:
        """What is published for a command: its own key, else `set`."""
        named = {"light": None, "switch": None}.get(do, getattr(self, do, None)) or self.set
        return () if named is None else (named,) if isinstance(named, Outgoing) else tuple(named)

    def mentions(self, do: str) -> frozenset[str]:
        """The names that the payloads of a command use: what the device can be told."""
        return frozenset().union(*(_template(message.payload).names for message in self.outgoing(do)))


class Template:
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
        values = self._values(change)
        if values is None:
            return ()
        return self._published(self._settings.outgoing(values["do"]), dict.fromkeys(_OUT) | values)

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        asked = self._settings.query
        if asked is None:
            return ()
        messages = (asked,) if isinstance(asked, Outgoing) else tuple(asked)
        return tuple(Message(each.topic, _template(each.payload).rendered(_OUT) or "") for each in messages)

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

    @staticmethod
    def _published(messages: Iterable[Outgoing], values: Mapping[str, Any]) -> tuple[Message, ...]:
        written = ((each.topic, _template(each.payload).rendered(values)) for each in messages)
        return tuple(Message(topic, payload) for topic, payload in written if payload)

    def _values(self, change: Change) -> dict[str, Any] | None:
        abilities = self._abilities
        match change:
            case SetLight() if abilities.light is not None:
                return {"do": "light"} | self._light(change)
            case SetSwitch(on) if abilities.switch is not None:
                return {"do": "switch", "state": "ON" if on else "OFF", "on": on}
            case Play() | PauseMusic() | ResumeMusic() | StopMusic() | SetVolume() if abilities.player is not None:
                return self._music(change)
            case Speak() | Hush() | Sound() if abilities.voice is not None:
                return self._words(change)
            case _:
                return None

    def _light(self, change: SetLight) -> dict[str, Any]:
        on = change.level is None or change.level > OFF
        values: dict[str, Any] = {"on": on, "state": "ON" if on else "OFF", "transition": seconds(change.transition, 3)}
        if change.level is not None:
            values["brightness"] = units(change.level, self._settings.brightness_scale)
            values["level"] = round(float(change.level), 2)
        return values | (_spelt(change.colour) if on else {})

    def _music(self, change: Change) -> dict[str, Any] | None:
        match change:
            case Play(uri):
                return {"do": "play", "uri": uri}
            case PauseMusic():
                return {"do": "pause"}
            case ResumeMusic():
                return {"do": "resume"}
            case StopMusic():
                return {"do": "stop"}
            case SetVolume(level):
                return {"do": "volume", "volume": units(level, self._settings.volume_scale)}
            case _:
                return None

    def _words(self, change: Change) -> dict[str, Any] | None:
        match change:
            case Speak(id_, text, language, volume, rate, gap):
                loud = units(volume, self._settings.volume_scale)
                words = {"do": "say", "id": id_, "text": text, "language": language, "volume": loud}
                return words | {"rate": round(rate, 1), "gap": seconds(gap, 2)}
            case Hush(id_):
                return {"do": "hush", "id": id_}
            case Sound(sound):
                return {"do": "chime", "sound": sound}
            case _:
                return None

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
        voice=VoiceAbilities(settings.done is not None, settings.hush is not None) if Kind.VOICE in kinds else None,
    )


def _player(settings: TemplateSettings) -> PlayerAbilities:
    pause = bool(settings.outgoing("pause") and settings.outgoing("resume"))
    return PlayerAbilities(pause=pause, steps=settings.volume_scale, reports=settings.state is not None)


def _spelt(colour: Colour | None) -> dict[str, Any]:
    """A colour in all the ways that a template may ask for: a white has a look as well, a colour has no temperature."""
    if colour is None:
        return {}
    rgb = colour.rgb if isinstance(colour, Temperature) else colour
    spelt: dict[str, Any] = {"rgb": [round(rgb.red), round(rgb.green), round(rgb.blue)], "hex": rgb.hex}
    if isinstance(colour, Temperature):
        spelt |= {"kelvin": round(colour.kelvin), "mired": round(colour.mired)}
    return spelt


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
    try:
        value_json = json.loads(message.payload)
    except (ValueError, RecursionError):
        value_json = None
    return _template(incoming.payload).rendered({"value": message.payload, "value_json": value_json})


def _plain(text: str) -> dict[str, Any]:
    """One word is a state, one number a brightness and a volume: 0 is off."""
    amount = number(text)
    return {"state": text} if amount is None else {"brightness": amount, "volume": amount, "state": amount > 0}


def _word(word: object) -> bool | None:
    if isinstance(word, bool) or word is None:
        return word
    lower = str(word).strip().lower()
    return True if lower in _ON else False if lower in _OFF else None


FAMILY = Family("template", TemplateSettings, Template)
