"""Voices, players and plugs of the witness, from the speaker contract and the device sheet (3.2, 5)."""

import json
import re
from typing import Any, NamedTuple

from tests.witness.history import History, stepped
from tests.witness.twins import Before, Payload, Quiet, Said


class Spoken(NamedTuple):
    """Words as they were heard. `ended` is when the voice was really silent, cut or not; volume 0 to 1."""

    t: float
    id: str
    text: str
    volume: float | None
    ended: float
    cut: bool = False


class Turned(NamedTuple):
    """What a player was told, in order: to play, to stop, or how loud to be; and what it played and how loud then."""

    t: float
    do: str
    volume: float
    playing: str


class Voice:
    """Takes the time that words take: at the rate that it is told, or at one of its own. Says when it is done, or not.

    `before`: `done` false for one that never says so, `takes` for how much longer (1.3) or shorter (0.7) than asked.
    """

    rate_of_its_own = 150.0
    is_away = False

    def __init__(self, before: Before) -> None:
        self.says_done = bool(before.get("done", True))
        self.takes = float(before.get("takes", 1.0))
        self.spoken: list[Spoken] = []
        self._due: tuple[float, str] | None = None

    def say(self, t: float, name: str, text: str, volume: float | None, rate: float | None, gap: float | None) -> None:
        self._cut(t)
        lasts = speech_seconds(text, rate or self.rate_of_its_own, 0.3 if gap is None else gap) * self.takes
        self.spoken.append(Spoken(t, name, text, volume, t + lasts))
        self._due = t + lasts, name

    def hush(self, t: float) -> None:
        self._cut(t)

    def by_hand(self, t: float, hand: dict[str, Any]) -> list[Said]:
        """A voice has no knob."""
        raise ValueError(f"nobody can turn a voice: {hand} at {t}")

    def done_at(self) -> float | None:
        return self._due[0] if self._due is not None else None

    def finished(self) -> str:
        assert self._due is not None
        name, self._due = self._due[1], None
        return name

    def _cut(self, t: float) -> None:
        if self.spoken and self.spoken[-1].ended > t + 0.001:
            self.spoken[-1] = self.spoken[-1]._replace(ended=t, cut=True)
        self._due = None


class Player:
    """What plays, and how loud: 0 to 1, in steps. `ducks`: it lowers its music under words by itself."""

    step = 0.01
    is_away = False

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        self.name, self.entry, self.before = name, entry, before
        self.volume: History[float] = History(float(before.get("volume", 0.3)), stepped)
        self.playing: History[str] = History(str(before.get("playing", "")), stepped)
        self.paused: History[bool] = History(False, stepped)
        self.ducks = bool(before.get("ducks", False))
        self.told = False
        self.turned: list[Turned] = []

    def play(self, t: float, uri: str) -> None:
        self.told = True
        self.playing.move(t, uri)
        self.paused.move(t, False)
        self.turned.append(Turned(t, "play", self.volume.final, self.playing.final))

    def stop(self, t: float) -> None:
        self.playing.move(t, "")
        self.paused.move(t, False)

    def turn(self, t: float, volume: float) -> None:
        self.told = True
        self.volume.move(t, volume)
        self.turned.append(Turned(t, "volume", self.volume.final, self.playing.final))


class Speaker(Voice, Player):
    """Our own contract: `do` on `/set`; volumes 0 to 1 in hundredths."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        Voice.__init__(self, before)
        Player.__init__(self, name, entry, before)
        self.topic = str(entry["topic"])
        self.topics = (f"{self.topic}/set",)

    def connected(self) -> list[Said]:
        return [Said(f"{self.topic}/status", "online", retain=True), self._state()]

    def _state(self) -> Said:
        able = [
            "say",
            "hush",
            "pause",
            "loop",
            *(["done"] if self.says_done else []),
            *(["ducks"] if self.ducks else []),
        ]
        able += [] if self.takes != 1.0 else ["rate", "gap"]
        volume = self.before["says_volume"] if not self.told and "says_volume" in self.before else self.volume.final
        said = {"playing": self.playing.final, "paused": self.paused.final, "volume": round(volume, 2)}
        return Said(f"{self.topic}/state", {**said, "abilities": able}, retain=True)

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if not isinstance(payload, dict):
            return []
        match payload.get("do"):
            case "say":
                self.say(
                    t,
                    str(payload.get("id")),
                    str(payload["text"]),
                    payload.get("volume"),
                    payload.get("rate"),
                    payload.get("gap"),
                )
                return [Said(f"{self.topic}/event", {"id": payload.get("id"), "event": "started"})]
            case "hush":
                under_way = self._due
                self.hush(t)
                if under_way is None or not self.says_done:
                    return []
                return [Said(f"{self.topic}/event", {"id": under_way[1], "event": "failed"})]
            case "play":
                self.play(t, str(payload["uri"]))
            case "stop":
                self.stop(t)
            case "pause":
                self.paused.move(t, True)
            case "resume":
                self.paused.move(t, False)
            case "volume":
                self.turn(t, float(payload["level"]))
            case _:
                return []
        return [self._state()]

    def by_hand(self, t: float, hand: dict[str, Any]) -> list[Said]:
        """Somebody turns its knob."""
        self.volume.move(t, hand["level"] / 100.0)
        return [] if self.is_away else [self._state()]

    def due(self) -> float | None:
        return self.done_at()

    def advance(self, t: float) -> list[Said]:
        name = self.finished()
        return [Said(f"{self.topic}/event", {"id": name, "event": "done"})] if self.says_done else []


class Satellite(Voice):
    """A Hermes site (3.2): its speech has a rate of its own, it cannot be hushed, and it says when it has spoken."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        super().__init__(before)
        self.name, self.entry = name, entry
        self.base, self.site = str(entry.get("base", "hermes")), str(entry["site"])
        self.topics = (f"{self.base}/tts/say",)

    def connected(self) -> list[Said]:
        return []

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if payload.get("siteId") == self.site:
            self.say(t, str(payload.get("id")), str(payload["text"]), payload.get("volume"), None, None)
        return []

    def due(self) -> float | None:
        return self.done_at()

    def advance(self, t: float) -> list[Said]:
        said = {"id": self.finished(), "siteId": self.site, "sessionId": None}
        return [Said(f"{self.base}/tts/sayFinished", said)] if self.says_done else []


class WyomingVoice(Voice):
    """A Wyoming satellite, as the gateway to it is told: its rate is its own, the rest is as it is asked for."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        super().__init__(before)
        self.name, self.entry = name, entry
        self.topic = f"wyoming/{entry['host']}:{entry.get('port', 10700)}"
        self.topics = (f"{self.topic}/say", f"{self.topic}/hush")

    def connected(self) -> list[Said]:
        return [Said(f"{self.topic}/status", "online")]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        name = str(payload.get("id"))
        if topic.endswith("/say"):
            text, gap = str(payload["text"]), float(payload["gap"])
            self.say(t, name, text, payload.get("volume"), None, gap)
            return [self._event(name, "started")]
        if self.done_at() is None:
            return []
        self.hush(t)
        return [self._event(name, "failed")]

    def due(self) -> float | None:
        return self.done_at()

    def advance(self, t: float) -> list[Said]:
        return [self._event(self.finished(), "done")]

    def _event(self, name: str, event: str) -> Said:
        return Said(f"{self.topic}/event", {"id": name, "event": event})


class TemplateSpeaker(Voice, Player):
    """A radio of the witness's own making: JSON on each of its topics, volume in `volume_scale`; never says done."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        Voice.__init__(self, {**before, "done": "done" in entry})
        Player.__init__(self, name, entry, {**before, "ducks": False})
        self.before = before
        self.by_topic = {str(entry[do]["topic"]): do for do in ("play", "stop", "volume", "say") if do in entry}
        self.topics = tuple(self.by_topic)
        self.scale = float(entry.get("volume_scale", 100))
        self.step = 1.0 / self.scale

    def connected(self) -> list[Said]:
        return []

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        match self.by_topic[topic]:
            case "say":
                given = json.loads(payload) if isinstance(payload, str) else payload
                volume = given.get("volume")
                self.say(t, str(given.get("ref")), str(given["text"]), volume, given.get("rate"), given.get("gap"))
            case "volume":
                self.turn(t, float(payload) / self.scale)
            case "play":
                self.play(t, str(payload))
            case "stop":
                self.stop(t)
        return []

    def by_hand(self, t: float, hand: dict[str, Any]) -> list[Said]:
        """It says nothing of itself."""
        self.volume.move(t, hand["level"] / 100.0)
        return []

    def due(self) -> float | None:
        return self.done_at()

    def advance(self, t: float) -> list[Said]:
        name = self.finished()
        return [Said(str(self.entry["done"]["topic"]), {"ref": name})] if self.says_done else []


class Plug(Quiet):
    """A plug behind Zigbee2MQTT or Home Assistant."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        self.name, self.entry, self.before = name, entry, before
        self.is_zigbee = entry["dialect"] == "zigbee2mqtt"
        topic = str(entry["topic"] if self.is_zigbee else entry["command_topic"])
        self.topics = (f"{topic}/set", f"{topic}/get") if self.is_zigbee else (topic,)
        self.state_topic = topic if self.is_zigbee else entry.get("state_topic")
        self.on: History[bool] = History(bool(before.get("on", False)), stepped)
        self.told = False

    def connected(self) -> list[Said]:
        online = (
            [Said(f"{self.entry['topic']}/availability", {"state": "online"}, retain=True)] if self.is_zigbee else []
        )
        return [*online, *self._state()]

    def _state(self) -> list[Said]:
        if self.state_topic is None:
            return []
        word = "ON" if self.on.final else "OFF"
        return [Said(str(self.state_topic), {"state": word} if self.is_zigbee else word, retain=not self.is_zigbee)]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        if not topic.endswith("/get"):
            word = payload.get("state") if isinstance(payload, dict) else payload
            self.told = True
            self.on.move(t, str(word).upper() == "ON")
        return self._state()

    def by_hand(self, t: float, hand: dict[str, Any]) -> list[Said]:
        self.on.move(t, bool(hand["on"]))
        return [] if self.is_away else self._state()


def sentences(text: str) -> list[str]:
    return [each for each in re.split(r"(?<=[.!?…])\s+", text.strip()) if each]


def speech_seconds(text: str, rate: float, gap: float) -> float:
    """Words at a rate, and silence between sentences."""
    return 60.0 * len(text.split()) / rate + gap * (len(sentences(text)) - 1)
