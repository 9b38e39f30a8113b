"""A Sonos of the witness behind sonos2mqtt, and its Mopidy with Mopiqtt (device sheet 3.1, 3.3)."""

import json
from typing import Any
from urllib.parse import unquote

from tests.witness.speakers import Player, Voice
from tests.witness.twins import Before, Payload, Said

DEBOUNCE = 0.4
"""Seconds after the last change in which a Sonos says how it is."""
RINCON = "RINCON_B8E937D2A0F401400"


class Mopidy(Player):
    """Says each thing by itself, and nothing before something changes: what plays stands in its queue."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        super().__init__(name, entry, before)
        self.topic = str(entry.get("topic", "mopidy"))
        self.topics = tuple(f"{self.topic}/cmnd/{word}" for word in ("add", "chgtrk", "plb", "vol", "queryschemes"))
        self.queue = [self.playing.final] if self.playing.final else []

    def connected(self) -> list[Said]:
        return []

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        word = str(payload)
        match topic.rpartition("/")[2]:
            case "add":
                self.queue.append(word)
                tracks = [{"name": uri.rpartition("/")[2], "uri": uri} for uri in self.queue]
                return [self._stat("trklist", json.dumps(tracks))]
            case "chgtrk" if word in self.queue:
                self.play(t, word)
                return [self._stat("trk", ""), *self._state(), self._stat("trk_uri", word)]
            case "plb":
                return self._control(t, word)
            case "vol":
                return self._turn(t, word)
            case "queryschemes":
                return [self._stat("uri_schemes", '["file", "http"]')]
        return []

    def _control(self, t: float, word: str) -> list[Said]:
        if word == "stop":
            self.stop(t)
        elif word in ("pause", "resume", "play") and self.playing.final:
            self.paused.move(t, word == "pause")
        return self._state()

    def _turn(self, t: float, word: str) -> list[Said]:
        """A number alone is refused: `=30`, `+5`, `-5`."""
        if word[:1] not in ("=", "+", "-"):
            return []
        amount = float(word[1:]) / 100.0
        now = self.volume.final
        wanted = {"=": amount, "+": now + amount, "-": now - amount}[word[0]]
        if wanted != now:
            self.turn(t, min(max(wanted, 0.0), 1.0))
        return [self._volume()]

    def by_hand(self, t: float, hand: dict[str, Any]) -> list[Said]:
        """Somebody turns its knob."""
        self.volume.move(t, hand["level"] / 100.0)
        return [] if self.is_away else [self._volume()]

    def due(self) -> float | None:
        return None

    def advance(self, _t: float) -> list[Said]:
        return []

    def _state(self) -> list[Said]:
        word = "stopped" if not self.playing.final else "paused" if self.paused.final else "playing"
        return [self._stat("plstate", word)]

    def _volume(self) -> Said:
        return self._stat("vol", str(round(100 * self.volume.final)))

    def _stat(self, leaf: str, word: str) -> Said:
        return Said(f"{self.topic}/stat/{leaf}", word)


class Sonos(Voice, Player):
    """Loads an address, and then plays; says how it is by its uuid. Words are a clip in the music, which it lowers.

    That a clip has begun is answered; when it ends nobody says.
    """

    scale = 100.0

    def __init__(self, name: str, entry: dict[str, Any], before: Before) -> None:
        Voice.__init__(self, {**before, "done": False})
        Player.__init__(self, name, entry, {**before, "ducks": "voice" in entry["kind"]})
        self.base, self.player = str(entry.get("base", "sonos")), str(entry["name"])
        words = ("play", "pause", "stop", "volume", "setavtransporturi", "adv-command")
        self.topics = tuple(f"{self.base}/set/{self.player}/{word}" for word in words)
        self.loaded = self.playing.final
        self._says_at: float | None = None

    def connected(self) -> list[Said]:
        return [Said(f"{self.base}/connected", 2, retain=True), self._state()]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        command = topic.rpartition("/")[2]
        if command == "adv-command":
            return self._advanced(t, payload)
        match command:
            case "setavtransporturi":
                self.loaded = str(payload)
                self.stop(t)
            case "play" if self.paused.final:
                self.paused.move(t, False)
            case "play" if self.loaded:
                self.play(t, self.loaded)
            case "pause" if self.playing.final and not self.paused.final:
                self.paused.move(t, True)
            case "stop":
                self.stop(t)
            case "volume" if str(payload).isdigit() and int(payload) <= 100:
                self.turn(t, int(payload) / 100.0)
            case _:
                return [Said(f"{self.base}/{RINCON}/error", {"command": command, "error": {}})]
        self._says_at = t + DEBOUNCE
        return []

    def _advanced(self, t: float, payload: Payload) -> list[Said]:
        """Another method of its library is refused, and so is a text without letters."""
        words, reply = payload["val"], str(payload["reply"])
        if payload["cmd"] != "PlayTTSAudioClip" or len(words["text"]) < 2 or not 1 <= words["volume"] <= 100:
            return [Said(f"{self.base}/{RINCON}/error", {"command": "adv-command", "error": {}})]
        self.say(t, unquote(reply.removeprefix("relax-")), str(words["text"]), words["volume"], None, None)
        return [Said(f"{self.base}/{RINCON}/{reply}", True)]

    def by_hand(self, t: float, hand: dict[str, Any]) -> list[Said]:
        """Somebody turns its knob."""
        self.volume.move(t, hand["level"] / 100.0)
        return [] if self.is_away else [self._state()]

    def due(self) -> float | None:
        return min((each for each in (self.done_at(), self._says_at) if each is not None), default=None)

    def advance(self, t: float) -> list[Said]:
        if (done := self.done_at()) is not None and done <= t + 0.0005:
            self.finished()
        if self._says_at is None or self._says_at > t + 0.0005:
            return []
        self._says_at = None
        return [self._state()]

    def _state(self) -> Said:
        word = "STOPPED" if not self.playing.final else "PAUSED_PLAYBACK" if self.paused.final else "PLAYING"
        said = {
            "uuid": RINCON,
            "name": self.player,
            "groupName": self.player,
            "coordinatorUuid": RINCON,
            "transportState": word,
            "volume": {"Master": round(100 * self.volume.final), "LF": 100, "RF": 100},
            "mute": {"Master": False},
            "currentTrack": {"TrackUri": self.playing.final or self.loaded},
        }
        return Said(f"{self.base}/{RINCON}", said, retain=True)


def player_stated(entry: dict[str, Any], topic: str, payload: Payload) -> Before:
    """How a player of somebody else's says that it is; empty for what says nothing of that."""
    if entry["dialect"] == "mopidy":
        return {"volume": float(payload) / 100.0} if topic == f"{entry.get('topic', 'mopidy')}/stat/vol" else {}
    if not isinstance(payload, dict) or payload.get("name") != entry["name"] or "transportState" not in payload:
        return {}
    is_on = payload["transportState"] == "PLAYING"
    playing = (payload.get("currentTrack") or {}).get("TrackUri", "") if is_on else ""
    return {"volume": payload["volume"]["Master"] / 100.0, "playing": playing}
