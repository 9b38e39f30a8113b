"""The witness listens to real sessions: over mosquitto, at speed 1, with its own devices at the other end."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import Mosquitto
from tests.witness.homes import HOMES
from tests.witness.judge import judge
from tests.witness.real import SCENE, play
from tests.witness.recording import Recording

NAMES = ("zigbee", "home-assistant", "jumps") if "RELAX_HEARINGS" not in os.environ else tuple(HOMES)
"""Their sessions last half a minute each, all at once: each has a broker of its own."""


@pytest.mark.broker
def test_a_person_sees_and_hears_what_was_promised_at_a_real_broker(has_mosquitto: None, tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(SCENE)
    with ThreadPoolExecutor(4) as pool:
        recordings = list(pool.map(lambda name: session(name, tmp_path), NAMES))
    findings = [finding for recording in recordings for finding in judge(recording)]
    assert not findings, "\n".join(str(each) for each in findings)


def session(name: str, folder: Path) -> Recording:
    """The short scene in a home."""
    own = folder / name
    own.mkdir()
    broker = Mosquitto(own)
    broker.start()
    try:
        return play(HOMES[name], str(folder / "short.yaml"), own, broker.port)
    finally:
        broker.kill()
