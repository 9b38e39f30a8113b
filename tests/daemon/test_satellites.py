"""A service with satellites, on a real broker: what is said is done, and the dialogue ends."""

import json
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from orchestrator.devices.messages import Message
from orchestrator.mqtt.connection import Connection
from tests.conftest import LIMIT, Mosquitto, until
from tests.daemon.serving import HOME, House, house

SATELLITES = HOME.replace("rooms:\n", "  bedside: {{kind: voice, dialect: hermes, site: bedroom}}\nrooms:\n").replace(
    "  den: {{roles: {{main: ceiling, glow: strip, music: speaker, voice: speaker, scent: burner}}}}\n",
    "  den: {{roles: {{main: ceiling, glow: strip, music: speaker, voice: bedside}}, sites: wardrobe}}\n",
)
TALK = """
scene: talk
format: 1
languages: [en]
title: Talk
roles:
  main: {kind: light}
  voice: {kind: voice, optional: true}
looks: {low: {main: {brightness: 20%}}}
steps:
  - {step: soak, title: Soak your feet, look: low, fade: 1s, say: Go., lasts: 10min}
  - {step: dry, title: Dry the feet, say: Dry., wait: true}
finish: {look: restore, fade: 500ms}
stopped: {look: restore, fade: 500ms}
"""


class Room:
    """What is said in the room, and what is heard there."""

    def __init__(self, place: House, connection: Connection, heard: list[Message]) -> None:
        self.place = place
        self.connection = connection
        self.heard = heard

    def tell(self, topic: str, **payload: Any) -> None:
        self.connection.publish([Message(topic, json.dumps(payload))])

    def on(self, topic: str) -> list[dict[str, Any]]:
        return [json.loads(message.payload) for message in self.heard if message.topic == topic]

    def spoken(self) -> list[str]:
        return [said["text"] for said in self.on("hermes/tts/say")]

    async def ended(self, dialogue: str) -> str:
        """The text with which a dialogue was ended."""
        ends = lambda: [end for end in self.on("hermes/dialogueManager/endSession") if end["sessionId"] == dialogue]  # noqa: E731
        await until(ends)
        (end,) = ends()
        text: str = end["text"]
        return text

    async def say(self, word: str, site: str = "bedroom", **more: Any) -> str:
        name = f"{word}-{len(self.heard)}"
        intent = {"intentName": f"Relax{word}", "confidenceScore": 0.98}
        self.tell(f"hermes/intent/Relax{word}", intent=intent, siteId=site, sessionId=name, input="…", **more)
        return await self.ended(name)


@asynccontextmanager
async def room(folder: Path, mosquitto: Mosquitto) -> AsyncIterator[Room]:
    (folder / "scenes").mkdir()
    (folder / "scenes" / "talk.yaml").write_text(TALK)
    heard: list[Message] = []
    connection = Connection(mosquitto.address, client_id="room", subscriptions=["hermes/#"], on_message=heard.append)
    async with connection:
        await connection.first(LIMIT)
        async with house(folder, mosquitto, text=SATELLITES) as place:
            yield Room(place, connection, heard)


async def test_what_is_said_is_done_and_the_dialogue_ends(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with room(tmp_path, mosquitto) as here:
        client = here.place.client
        assert await here.say("Next", lang="de") == "Gerade läuft nichts."
        await client.ask({"command": "start", "scene": "talk"})
        await until(lambda: "Go." in here.spoken() and here.on("hermes/tts/sayFinished"))
        assert await here.say("Extend") == ""
        await until(lambda: "Two minutes more." in here.spoken())
        assert await here.say("Next", site="wardrobe") == ""
        await until(lambda: client.state()["chapter"] == "dry")
        await until(lambda: client.state()["hold"] is not None and client.state()["hold"]["for"] == "person")
        assert await here.say("WhatNow") == ""
        await until(lambda: {"Dry the feet.", "When you are ready, say: next."} <= set(here.spoken()))
        assert await here.say("Stop") == ""
        await until(lambda: client.state()["status"] == "idle")
        assert client.state()["last"]["ending"] == "stopped"
        assert [reply["ok"] for reply in client.replies()[1:]] == [True] * 3


async def test_a_satellite_that_has_spoken_lets_the_session_go_on(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with room(tmp_path, mosquitto) as here:
        client = here.place.client
        await client.ask({"command": "start", "scene": "talk"})
        await until(lambda: here.on("hermes/tts/sayFinished"))
        (said,), (finished,) = here.on("hermes/tts/say"), here.on("hermes/tts/sayFinished")
        assert said["id"] == finished["id"]
        assert (said["siteId"], said["lang"]) == ("bedroom", "en")
        assert 0 < said["volume"] <= 0.2
        await client.ask("abort")
        await until(lambda: client.state()["status"] == "idle")


# Rhasspy itself


@contextmanager
def dialogue_manager(python: str, port: int, log: Path) -> Iterator[None]:
    arguments = ["-m", "rhasspydialogue_hermes", "--host", "127.0.0.1", "--port", str(port), "--debug"]
    with log.open("wb") as file:
        process = subprocess.Popen([python, *arguments], stdout=file, stderr=file)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=LIMIT)


async def test_the_dialogue_manager_of_rhasspy_is_content(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """RELAX_RHASSPY names a Python that has rhasspy-dialogue-hermes."""
    python = os.environ.get("RELAX_RHASSPY")
    if not python:
        pytest.skip("no Rhasspy: pip install rhasspy-dialogue-hermes in a venv and set RELAX_RHASSPY to its python")
    log = tmp_path / "rhasspy.log"
    async with room(tmp_path, mosquitto) as here:
        with dialogue_manager(python, mosquitto.port, log):

            def hears_us() -> bool:
                here.tell("hermes/dialogueManager/endSession", sessionId="nobody")
                return "No session for id nobody" in log.read_text()

            await until(hears_us)
            init = {"type": "action", "canBeEnqueued": False}
            here.tell("hermes/dialogueManager/startSession", siteId="bedroom", init=init)
            await until(lambda: here.on("hermes/asr/startListening"))
            name = here.on("hermes/asr/startListening")[0]["sessionId"]
            here.tell("hermes/asr/textCaptured", text="next", likelihood=1, seconds=1, siteId="bedroom", sessionId=name)
            await until(lambda: here.on("hermes/nlu/query"))
            intent = {"intentName": "RelaxNext", "confidenceScore": 1}
            here.tell(
                "hermes/intent/RelaxNext", input="next", intent=intent, siteId="bedroom", sessionId=name, slots=[]
            )
            assert await here.ended(name) == "Nothing is on."
            await until(lambda: here.on("hermes/dialogueManager/sessionEnded"))
            (ended,) = here.on("hermes/dialogueManager/sessionEnded")
            assert (ended["sessionId"], ended["termination"]) == (name, {"reason": "nominal"})
            assert here.spoken() == ["Nothing is on."]
