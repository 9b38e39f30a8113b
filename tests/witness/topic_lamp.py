"""A lamp of the witness as Home Assistant's default schema has it: a topic for each attribute, and no transition."""

from typing import Any

from tests.witness.colorimetry import of_rgb, white
from tests.witness.history import History
from tests.witness.lamps import Lamp, rgb_of, xy_of
from tests.witness.twins import Before, Payload, Said


class TopicLamp(Lamp):
    """Brightness, white and `r,g,b`, each told and said as a plain number; told off and on by words."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        self.units = int(entry.get("brightness_scale", 255))
        super().__init__(name, entry, before)
        self.whites, self.colours = "color_temp_command_topic" in entry, "rgb_command_topic" in entry
        if self.colours and self.colour.final.mired is None:
            said = rgb_of(self.colour.final)
            self.colour = History(of_rgb(said["r"], said["g"], said["b"]), self.colour.blend)
        self.coolest, self.warmest = float(entry.get("min_mireds", 153)), float(entry.get("max_mireds", 500))
        self.jumps = True
        self.topics = tuple(str(topic) for key, topic in entry.items() if key.endswith("command_topic"))
        self.says_it_is_back = False

    def connected(self) -> list[Said]:
        return self.state()

    def own_state(self) -> list[Said]:
        return [] if self.is_away else self.state()

    def state(self) -> list[Said]:
        colour, entry = self.colour.final, self.entry
        said = {"state_topic": "ON" if self.level.final > 0.0 else "OFF", "brightness_state_topic": self.remembered}
        if colour.mired is not None and self.whites:
            said["color_temp_state_topic"] = colour.mired
        elif self.colours:
            said["rgb_state_topic"] = ",".join(str(part) for part in rgb_of(colour).values())
        words = {key: f"{value:.0f}" if isinstance(value, float) else str(value) for key, value in said.items()}
        return [Said(entry[key], word, retain=True) for key, word in words.items()]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        entry, word = self.entry, str(payload)
        if topic == entry["command_topic"]:
            self.go(t, {"ON": True, "OFF": False}.get(word), None, None)
        elif topic == entry["brightness_command_topic"]:
            self.go(t, True if entry.get("on_command_type") == "brightness" else None, float(word), None)
        elif topic == entry.get("color_temp_command_topic"):
            self.go(t, None, None, white(min(max(float(word), self.coolest), self.warmest)))
        else:
            red, green, blue = (float(part) for part in word.split(","))
            self.go(t, None, None, of_rgb(red, green, blue))
        return self.state()


def is_by_topics(entry: dict[str, Any]) -> bool:
    """Whether an entry of a home file is such a lamp."""
    return "brightness_command_topic" in entry


def stated(entry: dict[str, Any], topic: str, payload: Payload) -> Before:
    """What one message says of how it is."""
    word = str(payload)
    if topic == entry["state_topic"]:
        return {"on": word == "ON"}
    if topic == entry["brightness_state_topic"]:
        return {"units": float(word)}
    if topic == entry.get("color_temp_state_topic"):
        return {"mired": float(word)}
    if topic == entry.get("rgb_state_topic"):
        red, green, blue = (float(part) for part in word.split(","))
        return {"xy": xy_of(of_rgb(red, green, blue))}
    return {}
