"""The disk is full as a session lands, then comes a kill and a start: it is not played again."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Mosquitto
from tests.far_end.evening import BRIGHT, LOUD, ROUNDS, Evening, home_of, speaker, zigbee


@pytest.fixture(params=["3m", "12m"])
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """The folder of the state, on a disk of its own: without and with room that relax keeps for what is owed."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={request.param},mode=700", "tmpfs", str(state)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("a disk of our own needs the right to mount one")
    yield state
    subprocess.run(["umount", "--lazy", str(state)], check=True)


def fill(folder: Path) -> Path:
    """Take all that is left of a disk."""
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(os.urandom(4096))
        except OSError:
            return filler


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_session_that_landed_on_a_full_disk_is_not_played_again(
    seed: int, small_disk: Path, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    rooms = {"den": {"main": "lamp"}, "study": {"main": "desk", "music": "speaker"}}
    home = home_of(rooms, {"lamp": zigbee("lamp"), "desk": zigbee("desk"), "speaker": speaker("speaker")})
    before = {"lamp": BRIGHT, "desk": BRIGHT, "speaker": LOUD}
    with Evening(tmp_path, mosquitto.port, home, before=before, seed=seed) as evening:
        for room in rooms:
            evening.start(room, parameters={"rest": "3s"})
        evening.until(lambda: all(evening.state(room)["chapter"] == "sink" for room in rooms), "playing")
        filler = fill(small_disk)
        evening.play_to_the_end()
        assert evening.not_given_back() == []
        evening.kill()
        filler.unlink()
        evening.begin()
        assert evening.not_given_back() == []
        for room in rooms:
            assert evening.events(room, "session_resumed") == []
            assert len(evening.events(room, "landed")) == 1
            assert evening.state(room)["last"]["ending"] == "finished"
