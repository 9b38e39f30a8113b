"""relax speaks through the real wyoming-satellite, with a text-to-speech server of the real library.

RELAX_WYOMING names a Python that has wyoming, RELAX_WYOMING_SATELLITE one that has wyoming-satellite (1.4, which says
`played`, or 1.0, which does not); without them these are skipped.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects.wyoming import TextToSpeech, Wyoming, WyomingSettings
from orchestrator.devices.messages import AvailabilityReport, Hush, Message, RefusalReport, Report, Speak, SpeechReport
from orchestrator.units import Percent, WordsPerMinute
from orchestrator.wyoming.connection import Place, described
from orchestrator.wyoming.gateway import WyomingGateway
from tests.conftest import Mosquitto, until
from tests.daemon.serving import house
from tests.daemon.test_wyoming_voice import HOME, SAID

LIBRARY, SATELLITE = os.environ.get("RELAX_WYOMING"), os.environ.get("RELAX_WYOMING_SATELLITE")
pytestmark = pytest.mark.skipif(
    not (LIBRARY and SATELLITE),
    reason="no wyoming-satellite: install it elsewhere and set RELAX_WYOMING and RELAX_WYOMING_SATELLITE",
)
RATE = 22050
"""Samples a second of what a satellite gives its loudspeaker, as it has it by itself: 16 bits, one channel."""


@asynccontextmanager
async def running(python: str | None, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    assert python is not None
    process = await asyncio.create_subprocess_exec(python, *arguments, stdout=asyncio.subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined] # or its pipe is watched on


@dataclass
class Room:
    """A satellite with its loudspeaker, which writes what it plays to a file."""

    gateway: WyomingGateway
    dialect: Wyoming
    reports: list[Report]
    loudspeaker: Path
    settings: WyomingSettings

    def say(self, text: str, name: str, gap: int = 0) -> None:
        words = Speak(name, text, "en", Percent(50.0), WordsPerMinute(110.0), gap)
        self.gateway.publish(self.dialect.encode(words))

    def has(self, event: str, name: str) -> bool:
        return any(isinstance(each, SpeechReport) and (each.id, each.event) == (name, event) for each in self.reports)

    @property
    def seconds(self) -> float:
        return len(self.loudspeaker.read_bytes()) / RATE / 2


@asynccontextmanager
async def servers(folder: Path) -> AsyncIterator[tuple[Path, int, int]]:
    """A real satellite and a real text-to-speech server: what the one plays to, and where each listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    loudspeaker = folder / "played.raw"
    loudspeaker.touch()
    satellite = (
        "-m", "wyoming_satellite", "--name", "bedroom", "--no-zeroconf", "--uri", f"tcp://127.0.0.1:{port}",
        "--mic-command", "cat /dev/zero", "--snd-command", f"sh -c 'cat >> {loudspeaker}'",
    )  # fmt: skip
    speech = Path(__file__).parent / "real_speech.py"
    async with running(SATELLITE, *satellite) as process, running(LIBRARY, str(speech)) as server:
        assert server.stdout is not None
        await until(lambda: _listens(port) or process.returncode is not None)
        assert process.returncode is None
        yield loudspeaker, port, int(await server.stdout.readline())


@asynccontextmanager
async def room(folder: Path) -> AsyncIterator[Room]:
    async with servers(folder) as (loudspeaker, port, speech):
        settings = WyomingSettings(
            kind=Kind.VOICE,
            dialect="wyoming",
            host="127.0.0.1",
            port=port,
            tts=TextToSpeech(host="127.0.0.1", port=speech),
        )
        one = Room(WyomingGateway([settings]), Wyoming("voice", settings), [], loudspeaker, settings)

        def hear(message: Message) -> None:
            one.reports += one.dialect.decode(message)

        async with one.gateway.serve(hear):
            await until(lambda: AvailabilityReport(True) in one.reports)
            yield one


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_a_real_satellite_plays_all_words_and_says_when_they_are_over(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        one.say("Let your shoulders drop.", "a-1")
        await until(lambda: one.has("done", "a-1"))
        alone = one.seconds
        assert 0.5 < alone < 6.0
        one.say("Let your shoulders drop. Let your shoulders drop.", "a-2", gap=1500)
        await until(lambda: one.has("done", "a-2"))
        assert one.seconds - alone == pytest.approx(2 * alone + 1.5, abs=0.1)
    assert not [each for each in one.reports if isinstance(each, RefusalReport)]


async def test_a_real_satellite_falls_silent_when_it_is_hushed(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        one.say("This sentence has a great many words, so that it takes several seconds to be heard as a whole.", "a-1")
        await until(lambda: one.has("started", "a-1"))
        one.gateway.publish(one.dialect.encode(Hush("a-1")))
        await until(lambda: one.has("failed", "a-1"))
        one.say("In.", "a-2")
        await until(lambda: one.has("done", "a-2"))
        assert one.seconds < 3.5


async def test_a_real_satellite_that_another_server_has_is_away_and_comes_back(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        one.say("In.", "a-1")
        await until(lambda: one.has("done", "a-1"))
        info = await described(Place(one.settings.host, one.settings.port), 10.0)
        if not info.data["satellite"].get("version"):
            pytest.skip("this satellite does not say whom it hears")
        other = WyomingGateway([one.settings])
        heard: list[Report] = []
        async with other.serve(lambda message: heard.extend(one.dialect.decode(message))):
            await until(lambda: AvailabilityReport(False) in heard)
        assert any(isinstance(each, RefusalReport) and "serves one at a time" in each.why for each in heard)


@pytest.mark.broker
async def test_a_whole_session_is_spoken_through_a_real_satellite(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with servers(tmp_path) as (loudspeaker, port, speech):
        (tmp_path / "scenes").mkdir()
        (tmp_path / "scenes" / "said.yaml").write_text(SAID)
        text = HOME.replace("SATELLITE", str(port)).replace("SPEECH", str(speech))
        async with house(tmp_path, mosquitto, text=text) as place:
            stage = place.service.daemon.conductor.stage
            await until(lambda: stage.staged("satellite").is_online)
            await place.client.ask({"command": "start", "scene": "said"})
            await until(lambda: place.client.events("landed"))
            assert place.client.events("landed")[0]["details"]["ending"] == "finished"
            assert not place.client.events("device_missing")
            assert not place.client.events("words_dropped")
        assert len(loudspeaker.read_bytes()) / RATE / 2 > 2.0
