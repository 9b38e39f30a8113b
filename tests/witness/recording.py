"""A recording: a plan, a home, and what came over the broker. One JSON object a line, in a file or in hand."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from tests.witness import topic_lamp
from tests.witness.gangs import of_endpoint, whole_of
from tests.witness.hass_entities import hass_stated
from tests.witness.homie_lamps import homie_stated
from tests.witness.house import House, read_home
from tests.witness.music_players import player_stated
from tests.witness.twins import Before, Payload
from tests.witness.wifi_lamps import WIFI, stated

SAY_EACH_ALONE = {*WIFI, "homie", "mopidy"}
"""Dialects whose devices say what they are in several messages."""


class Heard(NamedTuple):
    """A message. `origin`: relax (to a device), home, person, own (relax's own topics), or deed.

    A deed is no message: its topic is a device or nothing, its payload what was done to it.
    """

    t: float
    topic: str
    payload: Payload
    origin: str
    refused: str | None = None


@dataclass
class Recording:
    """`label` says which it is: scene, settings, home, what was done. `before`: how each device really was."""

    label: dict[str, str]
    plan: dict[str, Any]
    home: dict[str, Any]
    lines: list[Heard]
    before: dict[str, Before] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    is_real: bool = False
    """Heard at a real broker, where time has its own mind."""

    @property
    def room(self) -> dict[str, Any]:
        room: dict[str, Any] = self.home["rooms"][self.cast["room"]]
        return room

    @property
    def cast(self) -> dict[str, Any]:
        cast: dict[str, Any] = self.plan["cast"]
        return cast

    @property
    def slack(self) -> float:
        """Seconds that a real broker and a busy machine may take."""
        return 0.5 if self.is_real else 0.0

    def own(self, leaf: str) -> Iterator[tuple[float, dict[str, Any]]]:
        """What relax published of this room on a leaf of its topics."""
        ending = f"rooms/{self.cast['room']}/{leaf}"
        for line in self.lines:
            if line.origin == "own" and line.topic.endswith(ending) and isinstance(line.payload, dict):
                yield line.t, line.payload

    def deeds(self, *kinds: str) -> Iterator[tuple[float, dict[str, Any]]]:
        """What was done besides commands: hands, devices that vanish and return, restarts of relax, a morning."""
        for line in self.lines:
            if line.origin == "deed" and line.payload["does"] in kinds:
                yield line.t, line.payload

    def events(self, *kinds: str) -> Iterator[tuple[float, dict[str, Any]]]:
        for t, payload in self.own("event"):
            if not kinds or payload["event"] in kinds:
                yield t, {**payload["details"], "event": payload["event"]}

    def text(self) -> str:
        """As lines, to be kept in a file."""
        head = {"label": self.label, "plan": self.plan, "home": self.home, "before": self.before}
        lines = [{**head, "is_real": self.is_real}, *(_line(each) for each in self.lines), {"summary": self.summary}]
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def of_lines(
    lines: Iterable[dict[str, Any]], *, label: dict[str, str], plan: dict[str, Any], home: dict[str, Any],
    before: dict[str, Before] | None = None, is_real: bool = False,
) -> Recording:  # fmt: skip
    """A recording of what `simulate --heard` printed, or of messages from a broker as {"t", "topic", "payload"}."""
    house = House(home, before or {})
    made = Recording(label, plan, home, [], before or {}, is_real=is_real)
    for line in lines:
        if "summary" in line:
            made.summary = line["summary"]
        elif "does" in line:
            deed = {key: value for key, value in line.items() if key not in ("t", "from")}
            made.lines.append(Heard(line["t"], str(line.get("device", "")), deed, "deed"))
        elif "topic" in line:
            origin = _origin(line, house)
            made.lines.append(Heard(line["t"], line["topic"], line["payload"], origin, line.get("refused")))
    return made


def read(
    path: Path, home: Path | None = None, settings: tuple[str, ...] = (), language: str | None = None
) -> Recording:
    """A recording from a file: with its plan in its first line, else a bare `simulate --heard` and how it was begun."""
    head, *rest = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    if "plan" in head:
        kept = {key: head[key] for key in ("label", "plan", "home", "before")}
        return of_lines(rest, is_real=bool(head.get("is_real")), **kept)
    from tests.witness.relax import DEMO_HOME, plan_of

    source = home or DEMO_HOME
    lines = [head, *rest]
    summary = next(line["summary"] for line in lines if "summary" in line)
    plan = plan_of(summary["scene"], source, room=summary["room"], settings=settings, language=language)
    label = {"scene": summary["scene"], "settings": " ".join(settings), "home": source.stem}
    return of_lines(
        lines, label=label, plan=plan, home=read_home(source), before=first_states(lines, read_home(source))
    )


def first_states(lines: list[dict[str, Any]], home: dict[str, Any]) -> dict[str, Before]:
    """How devices said they were before anybody told them anything: for recordings of somebody else's devices."""
    house = House(home)
    found: dict[str, Before] = {}
    for line in lines:
        if "topic" not in line or (told := house.is_told(line["topic"])):
            if "topic" in line and told and line.get("from") is None:
                break
            continue
        for name, entry in home["devices"].items():
            before = _stated(line["topic"], line["payload"], entry)
            if before:
                in_parts = entry["dialect"] in SAY_EACH_ALONE or topic_lamp.is_by_topics(entry)
                found[name] = {**found.get(name, {}), **before} if in_parts else before
    return found


def _stated(topic: str, payload: Payload, entry: dict[str, Any]) -> Before:
    if entry["dialect"] == "hass":
        return hass_stated(entry, topic, payload)
    if entry["dialect"] == "homie":
        return homie_stated(entry, topic, payload)
    if entry["dialect"] in WIFI and entry["kind"] == "light":
        return stated(entry, topic, payload)
    if entry["dialect"] in ("sonos2mqtt", "mopidy"):
        return player_stated(entry, topic, payload)
    if topic_lamp.is_by_topics(entry):
        return topic_lamp.stated(entry, topic, payload)
    base = str(entry.get("topic", ""))
    if topic == f"{base}/state" and isinstance(payload, dict):
        return {key: payload[key] for key in ("volume", "playing") if payload.get(key) is not None}
    if (whole := whole_of(entry)) is not None and isinstance(payload, dict):
        base, payload = whole, of_endpoint(entry, payload)
    if topic not in (base, entry.get("state_topic")) or payload == {}:
        return {}
    if not isinstance(payload, dict):
        return {"on": str(payload).upper() == "ON"}
    before: Before = {"on": payload.get("state") == "ON"}
    if "brightness" in payload:
        before["units"] = payload["brightness"]
    is_white = payload.get("color_mode", "color_temp") == "color_temp"
    if is_white and payload.get("color_temp"):
        given = float(payload["color_temp"])
        before["mired"] = 1e6 / given if entry.get("color_temp_kelvin") else given
    elif isinstance(colour := payload.get("color"), dict) and "x" in colour:
        before["xy"] = (colour["x"], colour["y"])
    elif isinstance(colour, dict) and "r" in colour:
        from tests.witness.colorimetry import of_rgb
        from tests.witness.lamps import xy_of

        before["xy"] = xy_of(of_rgb(colour["r"], colour["g"], colour["b"]))
    return before


def _origin(line: dict[str, Any], house: House) -> str:
    told = line.get("from")
    if told is not None:
        return "own" if told == "relax" else str(told)
    if house.is_told(line["topic"]):
        return "relax"
    if "/rooms/" in line["topic"]:
        return "person" if line["topic"].endswith("/command") else "own"
    return "home" if "qos" not in line or line["topic"].startswith(("relax/", "homeassistant/")) else "relax"


def _line(heard: Heard) -> dict[str, Any]:
    if heard.origin == "deed":
        return {"t": heard.t, "from": "person", **heard.payload}
    origin = {"relax": {}, "own": {"from": "relax"}}.get(heard.origin, {"from": heard.origin})
    refused = {} if heard.refused is None else {"refused": heard.refused}
    return {"t": heard.t, **origin, "topic": heard.topic, "payload": heard.payload, **refused}
