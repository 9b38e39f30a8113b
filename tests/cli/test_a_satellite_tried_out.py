"""`relax devices test` of a Wyoming satellite, which no broker reaches: it counts to two and says when it has."""

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.calibration.hearing import TrialAnswer
from orchestrator.cli.home.calibrator import Calibrator
from orchestrator.daemon import driver
from orchestrator.errors import Refused
from orchestrator.home.library import Home, read
from orchestrator.integrations.driver_claim import DriverClaim, DriverKind
from tests.conftest import LIMIT, Mosquitto
from tests.wyoming.servers import SatelliteServer, SpeechServer, listening

pytestmark = pytest.mark.broker


def home(satellite: SatelliteServer, speech: SpeechServer) -> Home:
    text = f"""
home: ours
format: 1
devices:
  bed: {{kind: voice, dialect: wyoming, host: 127.0.0.1, port: {satellite.port},
    tts: {{host: 127.0.0.1, port: {speech.port}}}}}
rooms: {{den: {{roles: {{voice: bed}}, levels: {{voice: 30%}}}}}}
"""
    return read(text, "home.yaml")


async def test_a_satellite_counts_to_two(mosquitto: Mosquitto) -> None:
    satellite, speech = SatelliteServer(), SpeechServer()
    async with listening(satellite, speech):
        place = home(satellite, speech)
        outcome = await Calibrator(place, place.devices["bed"], mosquitto.address, "relax").run()
    (words,) = outcome.heard
    assert (words.answer, outcome.given_back) == (TrialAnswer.CONFIRMED, True)
    assert satellite.sound


async def test_a_satellite_that_the_service_has_is_left_to_it(
    mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def service(*_: object) -> DriverClaim:
        return driver.run_claim("relax").model_copy(update={"kind": DriverKind.SERVICE})

    monkeypatch.setattr("orchestrator.cli.home.calibrator.driver_of", service)
    satellite, speech = SatelliteServer(), SpeechServer()
    async with listening(satellite, speech):
        place = home(satellite, speech)
        with pytest.raises(Refused, match="bed speaks with the service, and with nobody else meanwhile"):
            await Calibrator(place, place.devices["bed"], mosquitto.address, "relax").run()
    assert satellite.events == []


async def test_one_that_cannot_speak_says_why_and_which_of_its_two_servers_it_is(
    mosquitto: Mosquitto, process: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    satellite, speech = SatelliteServer(), SpeechServer(wrong="error")
    async with listening(satellite, speech):
        listed = f"port: {satellite.port}, tts: {{host: 127.0.0.1, port: {speech.port}}}"
        (tmp_path / "home.yaml").write_text(
            f"home: ours\nformat: 1\nbroker: {{port: {mosquitto.port}}}\n"
            f"devices: {{bed: {{kind: voice, dialect: wyoming, host: 127.0.0.1, {listed}}}}}\n"
            "rooms: {den: {roles: {voice: bed}}}\n"
        )
        test = process("devices", "test", "bed")
        out, _ = await asyncio.to_thread(test.communicate, timeout=LIMIT)
    assert f"It was refused: The text-to-speech server at {speech.place} cannot say it" in out
    assert "as it was" not in out
    assert "Nothing follows" not in out
    assert test.returncode == 1
