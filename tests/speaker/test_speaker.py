"""The contract of docs/speaker.md over a real broker, with sound that goes nowhere in real time or into a file."""

import asyncio
import json
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import numpy as np
import pytest

from orchestrator.devices.messages import Message
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.speaker.output import NoOutput, Output, Paced, Pull, WavOutput
from orchestrator.speaker.sound import Samples
from orchestrator.speaker.speaker import Speaker
from tests.conftest import LIMIT, Mosquitto, until
from tests.speaker.tone_voice import ToneVoice

pytestmark = pytest.mark.broker
TOPIC = "speakers/den"
SENTENCES = "Let it go. Lean back."


class Ear:
    """What the speaker says, and what it is told."""

    def __init__(self) -> None:
        self.state: dict[str, object] = {}
        self.status = ""
        self.events: list[tuple[str, str]] = []
        self.connection: Connection

    def __call__(self, message: Message) -> None:
        match message.topic.rpartition("/")[2]:
            case "status":
                self.status = message.payload
            case "state":
                self.state = json.loads(message.payload)
            case "event":
                said = json.loads(message.payload)
                self.events.append((said["id"], said["event"]))

    def tell(self, **order: object) -> None:
        self.connection.publish([Message(f"{TOPIC}/set", json.dumps(order))])

    def say(self, id_: str, text: str = SENTENCES, gap: float = 0.2) -> None:
        self.tell(do="say", id=id_, text=text, language="en", volume=0.4, rate=100, gap=gap)

    async def hears(self, *event: str) -> None:
        async with asyncio.timeout(LIMIT):
            await until(lambda: event in self.events)

    async def sees(self, **state: object) -> None:
        async with asyncio.timeout(LIMIT):
            await until(lambda: state.items() <= self.state.items())


@asynccontextmanager
async def speaking(
    mosquitto: Mosquitto, open_output: Callable[[], Output] = Paced, voice: ToneVoice | None = None
) -> AsyncIterator[Ear]:
    address = Address("127.0.0.1", mosquitto.port)
    ear = Ear()
    async with Connection(address, client_id="ear", subscriptions=[f"{TOPIC}/#"], on_message=ear) as ear.connection:
        await ear.connection.first(LIMIT)
        async with Speaker(address, TOPIC, open_output, voice or ToneVoice()) as speaker:
            await speaker.first(LIMIT)
            await until(lambda: ear.state and ear.status == "online")
            yield ear
        await until(lambda: ear.status == "offline")


async def test_it_says_what_it_can_and_how_it_is(mosquitto):
    async with speaking(mosquitto) as ear:
        abilities = ear.state["abilities"]
        assert isinstance(abilities, list)
        assert set(abilities) == {"say", "done", "hush", "rate", "gap", "pause", "loop", "ducks"}
        assert (ear.state["playing"], ear.state["paused"]) == ("", False)


async def test_music_plays_stands_still_goes_on_and_stops(mosquitto):
    async with speaking(mosquitto) as ear:
        ear.tell(do="volume", level=0.3)
        ear.tell(do="play", uri="relax:rain", loop=True)
        await ear.sees(playing="relax:rain", paused=False, volume=0.3)
        ear.tell(do="pause")
        await ear.sees(paused=True)
        ear.tell(do="resume")
        await ear.sees(paused=False)
        ear.tell(do="stop")
        await ear.sees(playing="")


async def test_music_that_is_not_there_is_not_said_to_play(mosquitto):
    async with speaking(mosquitto) as ear:
        ear.tell(do="play", uri="/nowhere/at/all.mp3", loop=True)
        await ear.sees(playing="/nowhere/at/all.mp3")
        await ear.sees(playing="")


async def test_words_begin_and_are_over(mosquitto):
    async with speaking(mosquitto) as ear:
        ear.say("1")
        await ear.hears("1", "done")
        assert ear.events == [("1", "started"), ("1", "done")]


async def test_words_that_are_hushed_failed_and_nothing_comes_after(mosquitto):
    async with speaking(mosquitto) as ear:
        ear.say("1", gap=30)
        await ear.hears("1", "started")
        ear.tell(do="hush", id="another")
        ear.tell(do="hush", id="1")
        await ear.hears("1", "failed")
        ear.say("2")
        await ear.hears("2", "done")
        assert ear.events == [("1", "started"), ("1", "failed"), ("2", "started"), ("2", "done")]


async def test_new_words_replace_those_under_way(mosquitto):
    async with speaking(mosquitto) as ear:
        ear.say("1", gap=30)
        await ear.hears("1", "started")
        ear.say("2")
        await ear.hears("2", "done")
        assert ear.events == [("1", "started"), ("1", "failed"), ("2", "started"), ("2", "done")]


@pytest.mark.parametrize(
    "payload", ["", "[]", "{}", '{"do": "say"}', '{"do": "volume", "level": NaN}', '{"do": "fly"}']
)
async def test_what_it_does_not_understand_it_leaves(mosquitto, payload):
    async with speaking(mosquitto) as ear:
        ear.connection.publish([Message(f"{TOPIC}/set", payload)])
        ear.say("1", "Go on.")
        await ear.hears("1", "done")
        assert ear.state["volume"] == 0.5


async def test_the_recording_has_the_words_with_their_silence(mosquitto, tmp_path):
    file = tmp_path / "said.wav"
    async with speaking(mosquitto, lambda: WavOutput(file)) as ear:
        ear.say("1", gap=0.5)
        await ear.hears("1", "done")
    with wave.open(str(file)) as recorded:
        assert (recorded.getframerate(), recorded.getnchannels()) == (48_000, 2)
        sound = np.frombuffer(recorded.readframes(recorded.getnframes()), "<i2").reshape(-1, 2)[:, 0]
    loud = np.flatnonzero(np.abs(sound) > 30)
    silences = np.diff(loud)
    assert silences.max() / 48_000 == pytest.approx(0.5, abs=0.05)
    assert (loud[-1] - loud[0]) / 48_000 == pytest.approx(5 * 0.2 + 0.5, abs=0.05)
    assert np.abs(sound).max() / 32767 == pytest.approx(0.4, abs=0.02)


async def test_sound_goes_on_while_the_broker_is_away_and_it_says_how_it_is_when_it_is_back(mosquitto):
    pulled: list[float] = []

    class Counted(Paced):
        def take(self, block: Samples) -> None:
            pulled.append(float(np.abs(block).max()))

    async with speaking(mosquitto, Counted) as ear:
        ear.tell(do="play", uri="relax:brown-noise", loop=True)
        ear.say("1", gap=1.0)
        await ear.hears("1", "started")
        mosquitto.kill()
        before = len(pulled)
        await until(lambda: len(pulled) > before + 100)
        assert min(pulled[before:]) > 0
        ear.state = {}
        mosquitto.restart()
        await ear.sees(playing="relax:brown-noise")
        ear.say("2")
        await ear.hears("2", "done")


async def test_an_output_that_falls_silent_is_opened_again(mosquitto):
    opened: list[str] = []

    class Dead(Paced):
        def start(self, pull: Pull) -> None:
            """It pulls nothing."""

    def open_output() -> Output:
        opened.append("")
        if len(opened) == 1:
            return Dead()
        if len(opened) == 2:
            raise NoOutput("It is unplugged.")
        return Paced()

    async with speaking(mosquitto, open_output) as ear:
        ear.say("1")
        await ear.hears("1", "done")
        await until(lambda: len(opened) >= 3)
        ear.say("2")
        await ear.hears("2", "done")


async def test_without_a_voice_it_claims_no_words(mosquitto):
    address = Address("127.0.0.1", mosquitto.port)
    ear = Ear()
    async with Connection(address, client_id="ear", subscriptions=[f"{TOPIC}/#"], on_message=ear) as ear.connection:
        await ear.connection.first(LIMIT)
        async with Speaker(address, TOPIC, Paced):
            await ear.sees(abilities=["pause", "loop", "ducks"])
