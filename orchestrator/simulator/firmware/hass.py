"""Simulated entities of Home Assistant 2026.11, as its gateway tells of them (`orchestrator/hass/`).

A light says its target at once, whatever transition it was given, and no colour while it is off. Words of a player are
over a moment after they are heard; music does not end. What it says of itself it says whole.
"""

from typing import Any, Final

from orchestrator.devices.abilities import ColourMode, FadeBy, LightAbilities
from orchestrator.devices.dialects.hass import HassSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, fields, number, share
from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.simulator.agenda import Agenda
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware import LightState
from orchestrator.simulator.firmware.speech import RATE, SimulatedSpeech
from orchestrator.simulator.twin import Twin
from orchestrator.units import OFF, SECOND, Ms, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy

VOLUME = Percent(30.0)
_GAP: Ms = 400
_TRANSITION: Final = 32
_CAN: Final = 1 | 4 | 512 | 4096 | 16_384 | 262_144 | 1_048_576
"""MediaPlayerEntityFeature: pause, volume, play media, stop, play, repeat, announce."""


class HassEntity:
    """What all of them have: topics, and a state that is said whole."""

    def __init__(self, settings: HassSettings) -> None:
        self._settings = settings
        self._topic = settings.topic

    @property
    def topics(self) -> tuple[str, ...]:
        return f"{self._topic}/call", f"{self._topic}/get"

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        """That it is there its state says."""
        return () if online else (self._says("unavailable", {}),)

    def asks(self, message: Message) -> bool:
        return message.topic.endswith("/get")

    def _says(self, word: str, attributes: dict[str, Any]) -> Message:
        return Message(f"{self._topic}/state", compact(state=word, attributes=attributes), retain=True)

    def _call(self, message: Message) -> tuple[str, dict[str, Any]]:
        """The service that is called, with its data; "" for what is no call of it."""
        told = fields(message.payload)
        data, target = told.get("service_data"), told.get("target")
        if target != {"entity_id": self._settings.entity}:
            return "", {}
        return f"{told.get('domain')}.{told.get('service')}", data if isinstance(data, dict) else {}


class HassLightFirmware(HassEntity):
    """A lamp with whites and colours, as far as its abilities go."""

    def __init__(self, settings: HassSettings, light: LightAbilities) -> None:
        super().__init__(settings)
        self._light = light
        modes = []
        if ColourMode.TEMPERATURE in light.colours:
            modes.append("color_temp")
        if ColourMode.RGB in light.colours:
            modes.append("xy")
        self._modes = modes or ["brightness" if light.dimmable else "onoff"]

    def order(self, message: Message) -> Order | None:
        service, data = self._call(message)
        seconds = number(data.get("transition")) or 0.0
        over = round(seconds * SECOND) if self._light.fade is FadeBy.NATIVE else 0
        if service == "light.turn_off":
            return Order(power=False, over=over)
        if service != "light.turn_on":
            return None
        brightness = number(data.get("brightness"))
        if brightness == 0:
            return Order(power=False, over=over)
        level = None if brightness is None else share(brightness, 255)
        return Order(True, level, self._colour(data), over)

    def state(self, state: LightState) -> tuple[Message, ...]:
        light, is_on = self._light, state.level > OFF
        said: dict[str, Any] = {"supported_color_modes": self._modes}
        said["supported_features"] = _TRANSITION if light.fade is FadeBy.NATIVE else 0
        if "color_temp" in self._modes:
            said["min_color_temp_kelvin"] = round(1_000_000 / light.warmest)
            said["max_color_temp_kelvin"] = round(1_000_000 / light.coolest)
        said["color_mode"] = None
        if is_on:
            said |= {"brightness": max(round(state.level * 2.55), 1)} if light.dimmable else {}
            said |= self._spelt(state.colour)
        return (self._says("on" if is_on else "off", said),)

    def _colour(self, data: dict[str, Any]) -> Colour | None:
        kelvin = number(data.get("color_temp_kelvin"))
        if kelvin:
            white = Temperature.of_kelvin(kelvin)
            return Temperature(min(max(white.mired, self._light.coolest), self._light.warmest))
        for key, made in (("xy_color", Xy), ("hs_color", HueSaturation), ("rgb_color", Rgb)):
            if isinstance(parts := data.get(key), list):
                colour: Colour = made(*(float(part) for part in parts))
                return colour
        return None

    def _spelt(self, colour: Colour | None) -> dict[str, Any]:
        match colour:
            case Temperature():
                return {"color_mode": "color_temp", "color_temp_kelvin": round(colour.kelvin)}
            case Xy() | HueSaturation() | Rgb() | Channels():
                return {"color_mode": "xy", "xy_color": [round(colour.xy.x, 4), round(colour.xy.y, 4)]}
            case None:
                return {"color_mode": self._modes[0]}


class HassSwitchFirmware(HassEntity):
    def switch(self, message: Message) -> bool | None:
        service, _ = self._call(message)
        return {"turn_on": True, "turn_off": False}.get(service.partition(".")[2])

    def switched(self, *, on: bool) -> tuple[Message, ...]:
        return (self._says("on" if on else "off", {}),)


class HassButtonFirmware(HassEntity):
    """Each press is another moment."""

    def __init__(self, settings: HassSettings) -> None:
        super().__init__(settings)
        self._presses = 0

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        return (self._says("unknown" if online else "unavailable", {}),)

    def pressed(self, action: str) -> tuple[Message, ...]:
        self._presses += 1
        moment = f"2026-11-22T20:00:00.{self._presses:06}+00:00"
        word = moment if self._settings.domain in ("event", "button", "input_button") else action
        return (self._says(word, {"event_type": action})._replace(retain=False),)


class SimulatedHassSound(HassEntity):
    """A media player, or a satellite. `saying` is id and text of what is to be heard."""

    def __init__(self, name: str, settings: HassSettings) -> None:
        super().__init__(settings)
        self.name = name
        self.playing = ""
        self.is_paused = False
        self.volume = VOLUME
        self._is_off = False
        self._agenda = Agenda()
        self._speech = SimulatedSpeech(self._topic, self._agenda)

    @property
    def saying(self) -> tuple[str, str] | None:
        return self._speech.saying

    @property
    def address(self) -> str:
        return self._settings.entity

    @property
    def topics(self) -> tuple[str, ...]:
        return (*super().topics, f"{self._topic}/say", f"{self._topic}/hush")

    def connected(self, _now: Ms) -> list[Message]:
        return [self._is()]

    def receive(self, message: Message, now: Ms) -> list[Message]:
        told = fields(message.payload)
        match message.topic.rpartition("/")[2]:
            case "get":
                self._agenda.put(now + 20, lambda _moment: [self._is()])
                return []
            case "say" if isinstance(told.get("id"), str):
                text = str(told.get("text"))
                return self._speech.say(told["id"], text, spoken_ms(text, str(told.get("language")), RATE, _GAP), now)
            case "hush":
                return self._speech.hush(told.get("id"))
            case "call":
                return self._obey(*self._call(message))
            case _:
                return []

    def advance(self, now: Ms) -> list[Message]:
        return self._agenda.advance(now)

    def next_deadline(self) -> Ms | None:
        return self._agenda.next_deadline()

    def turned(self, volume: Percent) -> list[Message]:
        """Somebody turns the knob."""
        self.volume = volume
        return [self._is()]

    def _obey(self, service: str, data: dict[str, Any]) -> list[Message]:
        match service.removeprefix("media_player."):
            case "play_media":
                self.playing, self.is_paused, self._is_off = str(data.get("media_content_id")), False, False
            case "media_pause":
                self.is_paused = bool(self.playing)
            case "media_play":
                self.is_paused = False
            case "media_stop":
                self.playing, self.is_paused = "", False
            case "turn_off":
                self.playing, self.is_paused, self._is_off = "", False, True
            case "volume_set":
                self.volume = share(number(data.get("volume_level")) or 0.0, 1.0)
            case _:
                return []
        return [self._is()]

    def _is(self) -> Message:
        if self._settings.domain == "assist_satellite":
            return self._says("responding" if self.saying is not None else "idle", {"supported_features": 1})
        word = "paused" if self.is_paused else "playing" if self.playing else "off" if self._is_off else "idle"
        said: dict[str, Any] = {"supported_features": _CAN, "volume_level": round(self.volume / 100, 4)}
        if self.playing:
            said |= {"media_content_id": self.playing, "media_content_type": "music", "repeat": "one"}
        return self._says(word, said)


TWIN = Twin(light=HassLightFirmware, switch=HassSwitchFirmware, button=HassButtonFirmware, sound=SimulatedHassSound)
