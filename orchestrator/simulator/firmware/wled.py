"""A WLED strip as its firmware treats what comes to its topic, `/col` and `/api` (mqtt, json and led.cpp of 0.15.1).

What comes to the topic itself is searched for letters, JSON as well. A transition is milliseconds in 16 bits; `tt` is
for once, unless it is 0. It says its target, and only what has changed, unless segments are spoken of; after that
nothing for a second.
"""

from typing import Any

from orchestrator.devices.abilities import ColourMode, LightAbilities
from orchestrator.devices.dialects.wled import FULL_LEVEL, WHITES, WledSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import fields, number, share
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware import LightState
from orchestrator.simulator.twin import Twin
from orchestrator.units import FULL, OFF, SECOND, Ms, Percent
from orchestrator.values import Channels, Colour, Rgb, Temperature

OWN_TRANSITION: Ms = 700
_BITS = 0xFFFF
_TAGS = {"fx": "fx", "sx": "sx", "ix": "ix", "fp": "pal"}
"""How `/v` has an effect, its speed, its intensity and its palette."""


class WledFirmware:
    """One strip; a group topic reaches several and says nothing."""

    def __init__(self, settings: WledSettings, light: LightAbilities) -> None:
        self._topic = settings.topic
        self._is_group = bool(settings.members)
        self._has_whites = ColourMode.TEMPERATURE in light.colours
        self._is_coloured = bool(light.colours)
        self._transition = OWN_TRANSITION
        self._shown: LightState | None = None
        self._is_on = True
        self._last = FULL
        """The brightness that it goes back to from off: `briLast`."""
        self._has_changed = False
        self._effect = {"fx": 0, "sx": 128, "ix": 128, "pal": 0}

    @property
    def topics(self) -> tuple[str, ...]:
        return self._topic, f"{self._topic}/col", f"{self._topic}/api"

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        if self._is_group:
            return ()
        return (Message(f"{self._topic}/status", "online" if online else "offline", retain=True),)

    def asks(self, _message: Message) -> bool:
        return False

    def order(self, message: Message) -> Order | None:
        self._has_changed = False
        match message.topic.removeprefix(self._topic):
            case "":
                return self._searched(message.payload)
            case "/col":
                colour = _of_text(message.payload)
                return None if colour is None else Order(colour=colour, over=self._transition)
            case _:
                wish = fields(message.payload)
                return self._ordered(wish) if wish else None

    def state(self, state: LightState) -> tuple[Message, ...]:
        before, self._shown = self._shown, state
        self._is_on = state.level > OFF
        self._last = (state.level if state.level > OFF else state.remembered) or self._last
        is_same = before is not None and (before.level, before.colour) == (state.level, state.colour)
        if self._is_group or (is_same and not self._has_changed):
            return ()
        self._has_changed = False
        bri = round(state.level * FULL_LEVEL / 100)
        red, green, blue, white = self._channels(state.colour)
        shown = f"#{white << 24 | red << 16 | green << 8 | blue:06X}"
        return (
            Message(f"{self._topic}/g", str(bri)),
            Message(f"{self._topic}/c", shown),
            Message(f"{self._topic}/status", "online", retain=True),
            Message(f"{self._topic}/v", self._as_xml(bri, (red, green, blue, white))),
        )

    def _searched(self, payload: str) -> Order:
        """ON, OFF, a number; and `on` or `t` wherever it stands, as in JSON."""
        if any(word in payload for word in ("ON", "on", "true")):
            return self._switched(on=True, level=self._last)
        if "T" in payload or "t" in payload:
            return self._switched(on=not self._is_on)
        figures = payload[: next((at for at, sign in enumerate(payload) if not sign.isdecimal()), len(payload))]
        bri = int(figures or 0) & 0xFF
        return self._switched(on=True, level=share(bri, FULL_LEVEL)) if bri else self._switched(on=False)

    def _ordered(self, wish: dict[str, Any]) -> Order | None:
        """A brightness with `on: false` is the one that it goes back to. `seg` counts as a change, whatever it says."""
        self._has_changed = "seg" in wish
        asked, on = number(wish.get("bri")), wish.get("on")
        level = share(int(asked) & 0xFF, FULL_LEVEL) if asked is not None else None
        colour, over = self._coloured(wish.get("seg")), self._lasts(wish)
        is_on = on if isinstance(on, bool) else level > OFF if level is not None else None
        if is_on is None:
            return Order(colour=colour, over=over) if colour is not None or self._has_changed else None
        if not is_on and not self._is_on and level:
            self._last = level
            return Order(None, level, colour, over, prepare=True)
        return self._switched(on=is_on, level=level, colour=colour, over=over)

    def _switched(
        self, *, on: bool, level: Percent | None = None, colour: Colour | None = None, over: Ms | None = None
    ) -> Order:
        lasts = self._transition if over is None else over
        was_on, self._is_on = self._is_on, on
        if not on:
            return Order(False, None, colour, lasts)
        level = level or (None if was_on else self._last)
        self._last = level or self._last
        return Order(True, level, colour, lasts)

    def _lasts(self, wish: dict[str, Any]) -> Ms:
        stored, once = number(wish.get("transition")), number(wish.get("tt"))
        if stored is not None:
            self._transition = round(stored * 100) & _BITS
        if once is None:
            return self._transition
        over = round(once * 100) & _BITS
        self._transition = OWN_TRANSITION if over else 0
        return over

    def _coloured(self, segment: object) -> Colour | None:
        """What the first colour of the selected segments becomes; all are selected here."""
        first = segment[0] if isinstance(segment, list) and segment else segment
        self._effect |= {
            key: first[key] for key in self._effect if isinstance(first, dict) and type(first.get(key)) is int
        }
        col = first.get("col") if isinstance(first, dict) else None
        if not self._is_coloured or not isinstance(col, list) or not col or not isinstance(col[0], list):
            return None
        parts = [min(max(number(part) or 0.0, 0.0), 255.0) for part in col[0]]
        kelvin = number(first.get("cct")) if isinstance(first, dict) else None
        if self._has_whites and kelvin is not None and kelvin > 255:
            return Temperature.of_kelvin(min(max(kelvin, WHITES[0]), WHITES[1]))
        return _lit(parts) if len(parts) >= 3 else None

    def _channels(self, colour: Colour | None) -> tuple[int, int, int, int]:
        if isinstance(colour, Temperature) and self._has_whites:
            return 0, 0, 0, 255
        if colour is None:
            return 255, 160, 0, 0
        parts = colour.parts if isinstance(colour, Channels) else colour.rgb.parts
        red, green, blue, white, *_ = (*(round(part) for part in parts), 0)
        return red, green, blue, white

    def _as_xml(self, bri: int, parts: tuple[int, int, int, int]) -> str:
        shown = "".join(f"<cl>{part}</cl>" for part in parts[:3])
        white = parts[3] if self._has_whites or parts[3] else -1
        effect = "".join(f"<{tag}>{self._effect[key]}</{tag}>" for tag, key in _TAGS.items())
        return f'<?xml version="1.0" ?><vs><ac>{bri}</ac>{shown}<nl>0</nl>{effect}<wv>{white}</wv></vs>'


def _lit(parts: list[float]) -> Colour:
    if any(parts[3:]):
        return Channels(tuple(parts[:4]))
    return Rgb(*parts[:3]) if max(parts) == FULL_LEVEL else Channels(tuple(parts[:3]))


def _of_text(payload: str) -> Colour | None:
    """`#RRGGBB`, `#WWRRGGBB`, or the same as a decimal number."""
    try:
        number_of_it = int(payload[1:], 16) if payload.startswith("#") else int(payload)
    except ValueError:
        return None
    parts = [float(number_of_it >> bits & 0xFF) for bits in (16, 8, 0, 24)]
    return _lit(parts)


TWIN = Twin(light=WledFirmware, says_every=SECOND)
