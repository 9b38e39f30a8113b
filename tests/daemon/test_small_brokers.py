"""The service at a broker that does not take everything (case `live-broker-limits`)."""

from pathlib import Path

import pytest

from tests.conftest import Mosquitto, until
from tests.daemon.serving import house, room_of


@pytest.mark.parametrize("limit", ["max_packet_size 2000", "retain_available false", "max_keepalive 10"])
async def test_a_session_is_played_and_the_room_is_given_back(
    limit: str, has_mosquitto: None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mosquitto = Mosquitto(tmp_path, f"allow_anonymous true\n{limit}")
    mosquitto.start()
    try:
        async with house(tmp_path, mosquitto) as place:
            before = room_of(place.simulator)
            assert (await place.client.ask({"command": "start", "scene": "brief"}))["ok"]
            await until(lambda: (place.client.state()["last"] or {}).get("ending") == "finished")
            await until(lambda: room_of(place.simulator) == before)
            assert len(place.client.wills()) == 0
    finally:
        mosquitto.kill()
    assert "is lost" not in caplog.text
    if "packet" in limit:
        assert "Not published on homeassistant/device/relax/den/config" in caplog.text
