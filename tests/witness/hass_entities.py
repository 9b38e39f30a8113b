"""Entities of Home Assistant's of the witness, by its documents of light and media player: what they do, and say of it.

A light says its target at once, and no colour while it is off.
"""

from typing import Any

from tests.witness.colorimetry import of_rgb, of_xy, white
from tests.witness.lamps import Lamp, rgb_of, xy_of
from tests.witness.speakers import Player, Plug, Voice
from tests.witness.twins import Before, Payload, Said

TRANSITION, PAUSE_VOLUME_PLAY_STOP_REPEAT = 32, 1 | 4 | 512 | 4096 | 16384 | 262144


def state_of(entity: str, word: str, attributes: dict[str, Any]) -> Said:
    return Said(f"hass/{entity}/state", {"state": word, "attributes": attributes}, retain=True)


class HassLamp(Lamp):
    """One that is written down as stepped has no transition."""

    units = 255

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        super().__init__(name, entry, before)
        self.entity = str(entry["entity"])
        self.topics = (f"hass/{self.entity}/call", f"hass/{self.entity}/get")
        self.takes_time = entry.get("fade") != "stepped"
        self.jumps = self.jumps or not self.takes_time
        self.says_it_is_back = True
        self.coolest, self.warmest = 1e6 / 6535, 500.0

    @property
    def answers(self) -> bool:
        return True

    def connected(self) -> list[Said]:
        earlier = HassLamp(self.name, self.entry, self.was).state() if self.was is not None else []
        self.was = None
        return [*earlier, *self.state()]

    def own_state(self) -> list[Said]:
        return [] if self.is_away else self.state()

    def state(self) -> list[Said]:
        on, colour = self.level.final > 0.0, self.colour.final
        said: dict[str, Any] = {
            "supported_color_modes": ["color_temp", "xy"],
            "supported_features": TRANSITION if self.takes_time else 0,
            "min_color_temp_kelvin": 2000,
            "max_color_temp_kelvin": 6535,
            "color_mode": None,
            "brightness": max(round(self.remembered), 1) if on else None,
        }
        if on and colour.mired is not None:
            said |= {"color_mode": "color_temp", "color_temp_kelvin": round(1e6 / colour.mired)}
        elif on:
            x, y = xy_of(colour)
            rgb = list(rgb_of(colour).values())
            said |= {"color_mode": "xy", "xy_color": [round(x, 4), round(y, 4)], "rgb_color": rgb}
        return [state_of(self.entity, "on" if on else "off", said)]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if topic.endswith("/get"):
            return self.own_state()
        assert payload["domain"] == "light"
        assert payload["target"] == {"entity_id": self.entity}
        data, colour = payload["service_data"], None
        named = [key for key in data if key.endswith(("_color", "_kelvin"))]
        assert len(named) <= 1, f"one colour a call: {named}"
        assert self.takes_time or "transition" not in data
        match named:
            case ["color_temp_kelvin"]:
                colour = white(min(max(1e6 / data["color_temp_kelvin"], self.coolest), self.warmest))
            case ["xy_color"]:
                colour = of_xy(*data["xy_color"])
            case ["rgb_color"]:
                colour = of_rgb(*data["rgb_color"])
        units = data.get("brightness")
        on = payload["service"] == "turn_on"
        self.go(t, on, None if units is None else float(units), colour, float(data.get("transition", 0.0)))
        return self.state()


class HassSocket(Plug):
    """A switch, or whatever else is on or off."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        super().__init__(name, {**entry, "command_topic": f"hass/{entry['entity']}/call"}, before)
        self.topics = (*self.topics, f"hass/{entry['entity']}/get")

    def _state(self) -> list[Said]:
        return [state_of(self.entry["entity"], "on" if self.on.final else "off", {})]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if topic.endswith("/call"):
            self.told = True
            self.on.move(t, payload["service"] == "turn_on")
        return self._state()


class HassSpeaker(Voice, Player):
    """A media player. What it speaks it is told as the gateway is; `voice` alone has no music."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        Voice.__init__(self, before)
        Player.__init__(self, name, entry, {**before, "ducks": False})
        self.entity = str(entry["entity"])
        self.topics = tuple(f"hass/{self.entity}/{word}" for word in ("call", "get", "say", "hush"))

    def connected(self) -> list[Said]:
        return self._state()

    def _state(self) -> list[Said]:
        playing = self.playing.final
        word = "idle" if not playing else "paused" if self.paused.final else "playing"
        said: dict[str, Any] = {"volume_level": round(self.volume.final, 2), "repeat": "one"}
        said |= {"media_content_id": playing, "media_content_type": "music"} if playing else {}
        return [state_of(self.entity, word, {**said, "supported_features": PAUSE_VOLUME_PLAY_STOP_REPEAT})]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        match topic.rpartition("/")[2]:
            case "say":
                self.say(t, payload["id"], payload["text"], payload.get("volume"), None, None)
                return [self._event(payload["id"], "started")]
            case "hush" if self.done_at() is not None:
                self.hush(t)
                return [self._event(payload["id"], "failed")]
            case "call":
                self._obey(t, payload["service"], payload["service_data"])
        return self._state()

    def _obey(self, t: float, service: str, data: dict[str, Any]) -> None:
        match service:
            case "play_media":
                self.play(t, data["media_content_id"])
            case "media_stop":
                self.stop(t)
            case "media_pause" | "media_play":
                self.paused.move(t, service == "media_pause")
            case "volume_set":
                self.turn(t, data["volume_level"])

    def by_hand(self, t: float, hand: dict[str, Any]) -> list[Said]:
        """Somebody turns its knob."""
        self.volume.move(t, hand["level"] / 100.0)
        return [] if self.is_away else self._state()

    def due(self) -> float | None:
        return self.done_at()

    def advance(self, t: float) -> list[Said]:
        return [self._event(self.finished(), "done")]

    def _event(self, name: str, event: str) -> Said:
        return Said(f"hass/{self.entity}/event", {"id": name, "event": event})


def hass_stated(entry: dict[str, Any], topic: str, payload: Payload) -> Before:
    """How an entity of somebody else's says that it is; empty for what says nothing of that."""
    if topic != f"hass/{entry['entity']}/state":
        return {}
    word, said = payload["state"], payload["attributes"]
    if "volume_level" in said:
        return {"volume": said["volume_level"], "playing": said.get("media_content_id", "")}
    if not str(entry["entity"]).startswith("light."):
        return {"on": word == "on"}
    before: Before = {"on": word == "on"}
    if said.get("brightness") is not None:
        before["units"] = said["brightness"]
    if said.get("color_mode") == "color_temp":
        before["mired"] = 1e6 / said["color_temp_kelvin"]
    elif said.get("xy_color"):
        before["xy"] = tuple(said["xy_color"])
    return before
