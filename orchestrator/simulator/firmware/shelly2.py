"""A component of a Shelly Gen2, Gen3 or Gen4, as its RPC documentation and captures have it.

It answers each request to where that says; it tells by itself what has changed, where it goes when it fades, and that
it is there. A request that lacks what it needs, or is out of range, does nothing and is answered with an error. A fade
that is given no length takes that of its settings. It has no clock: `ts` and `started_at` are left out, and
`toggle_after` never comes.
"""

from typing import Any, NamedTuple

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.dialects.shelly2 import FULL_LEVEL, LONGEST_FADE, SHORTEST_FADE, Shelly2Settings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, fields, number
from orchestrator.simulator.advertisers.shelly2 import OWN_TRANSITION, Shelly2Devices, config_of
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware import Complaint, LightState
from orchestrator.simulator.twin import Twin
from orchestrator.units import OFF, SECOND, Percent
from orchestrator.values import Channels, Colour, Temperature

_INVALID_ARGUMENT = -103
_UPTIME = 86_400
"""Seconds: it was the network that was away, not the power."""


class _Request(NamedTuple):
    id: Any
    source: str
    method: str
    params: dict[str, Any]


class _InvalidArgument(Exception):
    pass


class Shelly2Firmware:
    """One component. `light` None: a plug or a button."""

    def __init__(self, settings: Shelly2Settings, light: LightAbilities | None = None) -> None:
        self._settings = settings
        self._light = light
        self._prefix = settings.topic
        self._device = settings.topic.rpartition("/")[2]
        self._questions: list[_Request] = []
        self._answers: list[Message] = []
        self._said: dict[str, Any] = {}
        self._follows: Order | None = None
        self._goal: dict[str, Any] | None = None
        self._length = 0.0
        self._has_come = False

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"{self._prefix}/rpc",)

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        self._has_come = online
        return (Message(f"{self._prefix}/online", "true" if online else "false", qos=1, retain=True),)

    def asks(self, message: Message) -> bool:
        request = self._request(message)
        if request is None or request.method not in ("GetStatus", "GetConfig"):
            return False
        self._questions.append(request)
        return True

    def order(self, message: Message) -> Order | Complaint | None:
        request = self._request(message)
        if request is None or request.method != "Set":
            return None
        try:
            order = self._understood(request.params)
        except _InvalidArgument as error:
            wrong = {"code": _INVALID_ARGUMENT, "message": str(error)}
            return Complaint(self._answer(request, error=wrong))
        self._answers.append(self._answer(request, result={"was_on": bool(self._said.get("output"))}))
        self._follows = order
        return order

    def state(self, state: LightState) -> tuple[Message, ...]:
        return self._published(self._status(state))

    def switch(self, message: Message) -> bool | None:
        request = self._request(message)
        on = None if request is None or request.method != "Set" else request.params.get("on")
        if request is None or not isinstance(on, bool):
            return None
        self._answers.append(self._answer(request, result={"was_on": bool(self._said.get("output"))}))
        return on

    def switched(self, *, on: bool) -> tuple[Message, ...]:
        return self._published({"output": on})

    def pressed(self, action: str) -> tuple[Message, ...]:
        event = {"component": self._settings.place, "id": self._settings.number, "event": action}
        return (self._notification("NotifyEvent", {"events": [event]}),)

    # What it says

    def _published(self, status: dict[str, Any]) -> tuple[Message, ...]:
        """Answers, and what is news: of a command all that it is about, else what has changed."""
        follows, self._follows = self._follows, None
        changed = {key: value for key, value in status.items() if self._said.get(key) != value}
        if follows is not None and follows.over > 0 and self._said and (changed or self._goal is not None):
            self._goal, self._length = status, follows.over / SECOND
            news = self._said | {"source": "MQTT"} | self._transition
        elif self._goal is not None and self._questions and status != self._goal:
            news = {}  # it was asked on its way
        else:
            has_arrived = self._goal == status
            self._goal, self._said = None, status
            news = status if has_arrived else changed
            if follows is not None and changed:
                news = status | {"source": "MQTT"}
        answers = [*self._answers, *(self._answer(each, result=self._asked(each, status)) for each in self._questions)]
        self._answers, self._questions = [], []
        return (*answers, *self._told(news, status))

    @property
    def _transition(self) -> dict[str, Any]:
        """Where it goes, while it does."""
        return {} if self._goal is None else {"transition": {"target": self._goal, "duration": self._length}}

    def _told(self, news: dict[str, Any], status: dict[str, Any]) -> tuple[Message, ...]:
        own = {"id": self._settings.number}
        if self._has_come:
            self._has_come = False
            whole = {self._settings.place: own | status, "sys": {"uptime": _UPTIME}}
            return (self._notification("NotifyFullStatus", whole),)
        return (self._notification("NotifyStatus", {self._settings.place: own | news}),) if news else ()

    def _status(self, state: LightState) -> dict[str, Any]:
        """While it is off, `brightness` stays what it was."""
        on = state.level > OFF
        if self._light is None or not self._light.dimmable:
            return {"output": on}
        shown = max(round(state.level if on else state.remembered), 1 if on else 0)
        return {"output": on, "brightness": shown, **self._spelt(state.colour)}

    def _spelt(self, colour: Colour | None) -> dict[str, Any]:
        if colour is None:
            return {}
        part = self._settings.part
        if isinstance(colour, Temperature):
            return {"ct": round(colour.kelvin)} | ({"mode": "cct"} if part == "rgbcct" else {})
        shines = colour.parts if isinstance(colour, Channels) else colour.rgb.parts
        red, green, blue, *whites = (round(channel) for channel in shines)
        spelt: dict[str, Any] = {"rgb": [red, green, blue]}
        if part == "rgbw":
            spelt["white"] = max(whites, default=0)
        return spelt | ({"mode": "rgb"} if part == "rgbcct" else {})

    def _asked(self, request: _Request, status: dict[str, Any]) -> dict[str, Any]:
        own = {"id": self._settings.number}
        if request.method == "GetStatus":
            return own | {"source": "MQTT"} | status | self._transition
        return config_of(self._settings, self._light)

    def _answer(self, request: _Request, **said: Any) -> Message:
        return Message(f"{request.source}/rpc", compact(id=request.id, src=self._device, dst=request.source, **said))

    def _notification(self, method: str, params: dict[str, Any]) -> Message:
        events = f"{self._prefix}/events"
        return Message(f"{events}/rpc", compact(src=self._device, dst=events, method=method, params=params), qos=1)

    # What it hears

    def _request(self, message: Message) -> _Request | None:
        """What is meant for this component: others of the device hear the same topic."""
        said = fields(message.payload)
        namespace, _, method = str(said.get("method")).partition(".")
        params, source = said.get("params"), said.get("src")
        if namespace != self._settings.namespace or not isinstance(params, dict) or not isinstance(source, str):
            return None
        return _Request(said.get("id"), source, method, params) if params.get("id") == self._settings.number else None

    def _understood(self, params: dict[str, Any]) -> Order:
        """Raises _InvalidArgument where that is no request."""
        on, level = params.get("on"), _within(params, "brightness", 0, FULL_LEVEL)
        if on is None and level is None:
            raise _InvalidArgument("Missing or bad argument 'on' or 'brightness'!")
        if self._light is None or not self._light.dimmable:
            return Order(bool(on))
        length = _within(params, "transition_duration", SHORTEST_FADE / SECOND, LONGEST_FADE / SECOND)
        over = OWN_TRANSITION if length is None else round(length * SECOND)
        colour = self._colour(params)
        asked = None if level is None else Percent(level)
        if on is False:
            return Order(False, asked, colour, over, prepare=asked is not None, tells_end=True)
        return Order(True if on else None, asked, colour, over, prepare=on is None, tells_end=True)

    def _colour(self, params: dict[str, Any]) -> Colour | None:
        part, mode = self._settings.part, params.get("mode")
        if part == "cct" or (part == "rgbcct" and mode == "cct"):
            kelvin = _within(params, "ct", 1000, 10_000)
            return None if kelvin is None else Temperature.of_kelvin(kelvin)
        shines = params.get("rgb")
        if shines is None or part not in ("rgb", "rgbw", "rgbcct"):
            return None
        read = [number(each) for each in shines] if isinstance(shines, list) else []
        parts = [each for each in read if each is not None and 0 <= each <= 255]
        if len(parts) != 3:
            raise _InvalidArgument("Invalid argument 'rgb'!")
        white = _within(params, "white", 0, 255)
        return Channels((*parts, white or 0.0) if part == "rgbw" else tuple(parts))


def _within(params: dict[str, Any], key: str, low: float, high: float) -> float | None:
    """A number from low to high; None where there is none. Raises _InvalidArgument."""
    if params.get(key) is None:
        return None
    asked = number(params[key])
    if asked is None or not low <= asked <= high:
        raise _InvalidArgument(f"Invalid argument '{key}', value {params[key]} not within [{low:g}, {high:g}]!")
    return asked


TWIN = Twin(light=Shelly2Firmware, switch=Shelly2Firmware, button=Shelly2Firmware, advertiser=Shelly2Devices)
