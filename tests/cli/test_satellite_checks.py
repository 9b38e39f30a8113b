"""`relax doctor` says whether the satellites of a home can speak, and what to do where one cannot."""

from orchestrator.cli.doctor.check_result import CheckResult, Severity
from orchestrator.cli.doctor.satellite_checks import check_satellites
from orchestrator.home.library import read
from tests.wyoming.servers import SatelliteServer, SpeechServer, listening

HOME = """
home: flat
format: 1
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
  voice: {kind: voice, dialect: wyoming, title: Satellite, host: 127.0.0.1, port: SATELLITE,
    tts: {host: 127.0.0.1, port: SPEECH}}
rooms: {den: {roles: {main: lamp, voice: voice}}}
"""


async def checked(satellite: SatelliteServer, speech: SpeechServer) -> list[CheckResult]:
    text = HOME.replace("SATELLITE", str(satellite.port)).replace("SPEECH", str(speech.port))
    return await check_satellites(read(text, "home.yaml"))


async def test_a_satellite_that_can_speak_is_fine() -> None:
    satellite, speech = SatelliteServer(), SpeechServer()
    async with listening(satellite, speech):
        assert await checked(satellite, speech) == [CheckResult(Severity.OK, "devices", "Satellite can speak.")]
        assert not satellite.sound


async def test_one_that_another_server_has_is_a_warning_that_says_what_to_do() -> None:
    satellite, speech = SatelliteServer(is_taken=True), SpeechServer()
    async with listening(satellite, speech):
        (result,) = await checked(satellite, speech)
    assert result.verdict is Severity.WARN
    assert result.words == f"Satellite cannot speak: The satellite at {satellite.place} does not take us."
    assert "docs/home.md" in result.remedy


async def test_without_its_server_it_cannot_speak() -> None:
    satellite, speech = SatelliteServer(), SpeechServer()
    async with listening(satellite, speech):
        await speech.vanish()
        (result,) = await checked(satellite, speech)
        await speech.listen()
    assert result.verdict is Severity.WARN
    assert f"The text-to-speech server at {speech.place} does not listen" in result.words


async def test_a_home_without_satellites_has_nothing_to_check() -> None:
    assert await check_satellites(None) == []
