"""A home of the witness: for each device of a home file a twin of its own making, beside one broker."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.witness.gangs import LampGang, PlugGang, whole_of
from tests.witness.hass_entities import HassLamp, HassSocket, HassSpeaker
from tests.witness.homie_lamps import HomieLamp
from tests.witness.lamps import Lamp, LampGroup, ZigbeeLamp, lamp
from tests.witness.music_players import Mopidy, Sonos
from tests.witness.speakers import Player, Plug, Satellite, Speaker, TemplateSpeaker, Voice, WyomingVoice
from tests.witness.topic_lamp import TopicLamp, is_by_topics
from tests.witness.twins import Before, Payload, Said, Twin
from tests.witness.wifi_lamps import WIFI

SOUNDS: dict[str, Callable[[str, dict[str, Any], Before], Twin]] = {
    "relax_speaker": Speaker,
    "hermes": Satellite,
    "template": TemplateSpeaker,
    "wyoming": WyomingVoice,
    "sonos2mqtt": Sonos,
    "mopidy": Mopidy,
    "hass": HassSpeaker,
}
"""What plays or speaks, by dialect."""


class House:
    """The twins of a home file. `before`: how each device was, by name; `unplayed`: those that nobody can play here."""

    def __init__(self, home: dict[str, Any], before: dict[str, Before] | None = None) -> None:
        self.home = home
        self.before = before or {}
        self.twins: dict[str, Twin] = {}
        self.lamps: dict[str, Lamp] = {}
        self.unplayed: list[str] = []
        self._known: dict[str, dict[str, Any]] = {}
        """Of devices of several lamps or switches, what their bridge has of the whole, by its topic."""
        for name, entry in home["devices"].items():
            self._add(name, entry)
        self._by_topic: dict[str, list[Twin]] = {}
        for twin in self.twins.values():
            for topic in twin.topics:
                self._by_topic.setdefault(topic, []).append(twin)

    @property
    def topics(self) -> list[str]:
        """What devices are told on."""
        return list(self._by_topic)

    def is_told(self, topic: str) -> bool:
        return topic in self._by_topic

    def members(self, name: str) -> list[str]:
        """The lamps that a device is: a group's members, or itself."""
        twin = self.twins.get(name)
        return [member.name for member in twin.members] if isinstance(twin, LampGroup) else [name]

    @property
    def voices(self) -> list[Voice]:
        return [twin for twin in self.twins.values() if isinstance(twin, Voice)]

    def voice(self, name: str) -> Voice | None:
        twin = self.twins.get(name)
        return twin if isinstance(twin, Voice) else None

    def player(self, name: str) -> Player | None:
        twin = self.twins.get(name)
        return twin if isinstance(twin, Player) else None

    def plug(self, name: str) -> Plug | None:
        twin = self.twins.get(name)
        return twin if isinstance(twin, Plug) else None

    # What happens

    def connected(self) -> list[Said]:
        return [said for twin in self.twins.values() for said in twin.connected()]

    def receive(self, t: float, topic: str, payload: Payload) -> list[Said]:
        told = (twin for twin in self._by_topic.get(topic, ()) if not twin.is_away)
        return [said for twin in told for said in twin.receive(t, topic, payload)]

    def do(self, t: float, deed: dict[str, Any]) -> list[Said]:
        """Something is done to a device: by a hand, or it is no longer reached, or is again."""
        twin = self.twins[deed["device"]]
        match deed["does"]:
            case "hand":
                groups = [each for each in self.twins.values() if isinstance(each, LampGroup) and twin in each.members]
                return [*twin.by_hand(t, deed), *(said for group in groups for said in group.merged())]
            case "offline":
                for each in self._of_its_device(twin):
                    each.is_away = True
                return [said._replace(payload=_offline(said)) for said in twin.connected() if _is_availability(said)]
            case "online":
                together = self._of_its_device(twin)
                for each in together:
                    each.is_away = False
                return [said for each in together for said in each.connected()]
        return []

    def _of_its_device(self, twin: Twin) -> list[Twin]:
        """All lamps and switches of its device, which is there as a whole or not at all."""
        whole = whole_of(self.home["devices"][twin.name])
        others = self.twins.values() if whole is not None else ()
        return [twin, *(each for each in others if each is not twin and self._is_part(each.name, whole))]

    def _is_part(self, name: str, whole: str | None) -> bool:
        return whole_of(self.home["devices"][name]) == whole

    def due(self) -> float | None:
        return min((due for twin in self.twins.values() if (due := twin.due()) is not None), default=None)

    def advance(self, t: float) -> list[Said]:
        said: list[Said] = []
        for twin in self.twins.values():
            if (due := twin.due()) is not None and due <= t + 0.0005:
                spoken = twin.advance(t)
                said += [] if twin.is_away else spoken
        return said

    def _add(self, name: str, entry: dict[str, Any]) -> None:
        kinds = entry["kind"] if isinstance(entry["kind"], list) else [entry["kind"]]
        before = self.before.get(name, {})
        twin: Twin | None = None
        if "light" in kinds:
            if entry.get("members"):
                members = [self.lamps[member] for member in entry["members"]]
                twin = LampGroup(name, entry, [each for each in members if isinstance(each, ZigbeeLamp)])
            elif (found := self._lamp(name, entry, before)) is not None:
                self.lamps[name] = found
                twin = found
        elif {"player", "voice"} & set(kinds):
            made = SOUNDS.get(entry["dialect"])
            twin = made(name, entry, before) if made is not None else None
        elif "switch" in kinds and entry["dialect"] in ("zigbee2mqtt", "home_assistant"):
            whole = whole_of(entry)
            known = self._known.setdefault(whole or "", {})
            twin = Plug(name, entry, before) if whole is None else PlugGang(name, entry, before, known)
        elif "switch" in kinds and entry["dialect"] == "hass":
            twin = HassSocket(name, entry, before)
        if twin is not None:
            self.twins[name] = twin
        elif not {"button", "sensor"} & set(kinds):
            self.unplayed.append(name)

    def _lamp(self, name: str, entry: dict[str, Any], before: Before) -> Lamp | None:
        if is_by_topics(entry):
            return TopicLamp(name, entry, before)
        if (whole := whole_of(entry)) is not None:
            return LampGang(name, entry, before, self._known.setdefault(whole, {}))
        kinds: dict[str, type[Lamp]] = {"homie": HomieLamp, "hass": HassLamp, **WIFI}
        made = kinds.get(entry["dialect"])
        return made(name, entry, before) if made is not None else lamp(name, entry, before)


_GONE = {"/availability": "offline", "/status": "offline", "/$state": "lost", "/LWT": "Offline", "/online": "false"}
"""Where devices say that they are there, by the end of the topic, and what stands there when they are not."""


def _is_availability(said: Said) -> bool:
    return said.topic.endswith(tuple(_GONE))


def _offline(said: Said) -> Payload:
    """What its broker says of it then: its last will."""
    last_will = next(word for topic, word in _GONE.items() if said.topic.endswith(topic))
    return {"state": last_will} if isinstance(said.payload, dict) else last_will


def read_home(source: Path | str) -> dict[str, Any]:
    """A home file, or the text of one. `on` and `off` are words there, as in ours."""
    text = source.read_text() if isinstance(source, Path) else source
    home: dict[str, Any] = yaml.load(text, Loader=_Words)
    return home


class _Words(yaml.SafeLoader):
    """YAML 1.2 as far as a home needs it: only true and false are booleans, and 22:00 is no number."""


_Words.yaml_implicit_resolvers = {
    letter: [
        (tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:int")
    ]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Words.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Words.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?[0-9]+$"), list("-0123456789"))
