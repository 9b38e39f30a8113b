"""What docs/integrations/home_assistant has to import, in a real Home Assistant, and a speaker there as relax sees it.

`tests/system/stand_ins/rehearsed` gives it players that take as long as what they play, a voice and a satellite; Home
Assistant's own demo player is a speaker as well.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from orchestrator.devices.messages import Message
from orchestrator.mqtt.connection import Connection
from tests.conftest import LIMIT, Mosquitto, until
from tests.system.home_assistant import Client, HomeAssistant

HERE = Path(__file__).parent
IMPORTED = HERE.parents[1] / "docs/integrations/home_assistant"
TEN_WORDS = "One two three four five six seven eight nine ten."
"""Two seconds of the rehearsed voice."""

SPEAKERS: dict[str, dict[str, Any]] = {
    "plain": {
        "player": "media_player.plain",
        "engine": "tts.rehearsed_voice",
        "languages": {"de": "de-DE"},
        "options": {"speed": "{{ order.get('rate', 170) / 170 }}"},
        "chimes": {"soft": "http://127.0.0.1/short-bell.mp3"},
    },
    "seeking": {"player": "media_player.seeking", "engine": "tts.rehearsed_voice"},
    "ducking": {
        "player": "media_player.ducking",
        "engine": "tts.rehearsed_voice",
        "words_volume": "announce",
        "languages": {"en": "en"},
        "options": {"speed": "{{ order.get('rate', 170) / 170 }}"},
        "follows_rate": True,
    },
    "marked": {"player": "media_player.marked", "engine": "tts.rehearsed_voice", "ssml": True},
    "announcing": {"player": "media_player.announcing", "engine": "tts.rehearsed_voice"},
    "satellite": {"player": "media_player.by_satellite", "satellite": "assist_satellite.satellite"},
    "demo": {"player": "media_player.bedroom", "engine": "tts.rehearsed_voice", "pace": 300},
}
"""Topic: inputs of the blueprint."""

START = {
    "when": [{"trigger": "state", "entity_id": "input_boolean.lies_down", "to": "on"}],
    "provided": [{"condition": "state", "entity_id": "input_boolean.wants_it", "state": "on"}],
    "room": "den",
    "scene": "whispers",
    "parameters": {"rest": "1s"},
}

WRONG = {
    "when": [{"trigger": "state", "entity_id": "input_boolean.is_wrong", "to": "on"}],
    "room": "den",
    "scene": "Whispers",
    "parameters": {"rounds": 3},
}
"""Whispers has no rounds."""

ASK = {"schedule": "wind-down", "next": "sensor.soon", "notifier": "script.phone", "later": "20min"}


def package() -> str:
    """What a person would have clicked together, as YAML."""
    automations = [
        {
            "id": name,
            "alias": f"speaker {name}",
            "use_blueprint": {"path": "relax/relax_speaker.yaml", "input": {"topic": f"speakers/{name}", **inputs}},
        }
        for name, inputs in SPEAKERS.items()
    ]
    wrong = {"id": "wrong", "alias": "wrong", "use_blueprint": {"path": "relax/start_a_scene.yaml", "input": WRONG}}
    ask = {"id": "ask", "alias": "ask", "use_blueprint": {"path": "relax/ask_before.yaml", "input": ASK}}
    start = {"id": "start", "alias": "start", "use_blueprint": {"path": "relax/start_a_scene.yaml", "input": START}}
    return yaml.safe_dump(
        {
            "demo": None,
            "rehearsed": None,
            "conversation": None,
            "assist_pipeline": None,
            "input_boolean": {"lies_down": None, "wants_it": {"initial": True}, "is_wrong": None},
            "automation": [*automations, start, wrong, ask],
            "script": {"phone": {"mode": "parallel", "sequence": [{"delay": 0}]}},
            "lovelace": {
                "dashboards": {"relax-den": {"mode": "yaml", "title": "Den", "filename": "dashboards/relax.yaml"}}
            },
        }
    )


def put_all(home: HomeAssistant) -> None:
    """Into a Home Assistant that has not been started yet."""
    home.put("custom_components/rehearsed", HERE / "stand_ins/rehearsed")
    for blueprint in ("relax_speaker", "start_a_scene", "ask_before"):
        home.put(f"blueprints/automation/relax/{blueprint}.yaml", IMPORTED / f"{blueprint}.yaml")
    home.put("packages/what_a_person_made.yaml", package())
    card = yaml.safe_load((IMPORTED / "dashboard.yaml").read_text(encoding="utf-8"))
    home.put("dashboards/relax.yaml", yaml.safe_dump({"views": [{"title": "Den", "cards": [card]}]}))


@dataclass
class Speaker:
    """One speaker by its topic, as relax sees it, and its Home Assistant."""

    topic: str
    connection: Connection
    home: Client
    heard: list[Message] = field(default_factory=list)

    def order(self, do: str, **keys: Any) -> None:
        self.connection.publish([Message(f"{self.topic}/set", json.dumps({"do": do, **keys}))])

    def say(self, id_: str, text: str = TEN_WORDS, volume: float = 0.4, **more: Any) -> None:
        self.order(
            "say", **{"id": id_, "text": text, "language": "en", "volume": volume, "rate": 105.5, "gap": 2, **more}
        )

    def events(self) -> list[tuple[str, str]]:
        said = [json.loads(one.payload) for one in self.heard if one.topic == f"{self.topic}/event"]
        return [(one["id"], one["event"]) for one in said]

    async def ended(self, id_: str, event: str = "done") -> None:
        await until(lambda: (id_, event) in self.events())
        await until(self.is_silent_about_words)

    def is_silent_about_words(self) -> bool:
        """Its run has given back volume and music as well."""
        said: object = self.home.attribute(f"sensor.relax_speaker_{self.topic.replace('/', '_')}", "saying")
        return said == ""

    def state(self) -> dict[str, Any]:
        said = [one.payload for one in self.heard if one.topic == f"{self.topic}/state"]
        return json.loads(said[-1]) if said else {}

    def status(self) -> str:
        said = [one.payload for one in self.heard if one.topic == f"{self.topic}/status"]
        return said[-1] if said else ""

    def loudness(self, player: str) -> list[tuple[str, float]]:
        """What the player did, in order: words, music or silence, and how loud."""
        story: list[tuple[str, float]] = []
        for event in self.home.events:
            if event.get("event_type") != "state_changed" or event["data"]["entity_id"] != player:
                continue
            state = event["data"]["new_state"]
            content = state["attributes"].get("media_content_id") or ""
            doing = "silence" if state["state"] != "playing" else "words" if "tts" in content else "music"
            moment = (doing, state["attributes"].get("volume_level"))
            if not story or story[-1] != moment:
                story.append(moment)
        return story


@asynccontextmanager
async def speaker(name: str, home: HomeAssistant, broker: Mosquitto) -> AsyncIterator[Speaker]:
    """Silent and at a quarter of its volume, with nothing in its story."""
    heard: list[Message] = []
    connection = Connection(
        broker.address, client_id="relax-test", subscriptions=[f"speakers/{name}/#"], on_message=heard.append
    )
    async with home.client() as client, connection:
        await connection.first(LIMIT)
        here = Speaker(f"speakers/{name}", connection, client, heard)
        await until(lambda: here.status() == "online" and here.state())
        here.order("stop")
        here.order("volume", level=0.25)
        player = SPEAKERS[name]["player"]
        await until(lambda: client.calls("media_player.volume_set"))
        await client.wait_for(
            player, lambda so: so["state"] != "playing" and so["attributes"].get("volume_level", 0.25) == 0.25
        )
        await until(lambda: here.state()["volume"] == 0.25 and not here.state()["playing"])
        heard[:] = [one for one in heard if not one.topic.endswith("/event")]
        client.events.clear()
        yield here
