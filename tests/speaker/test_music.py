import itertools
import wave
from pathlib import Path

import numpy as np
import pytest

from orchestrator.speaker.music import MusicError, Prefetched, music
from orchestrator.speaker.sound import BLOCK, RATE, Samples
from tests.conftest import until


def recorded(file: Path, frames: int, pitch: float = 480.0) -> Path:
    """A WAV of a sine; at 480 Hz a hundred frames are a whole period."""
    wave_ = np.rint(8000 * np.sin(2 * np.pi * pitch * np.arange(frames) / RATE)).astype("<i2")
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(wave_.tobytes())
    return file


def heard(uri: str, blocks: int, *, loop: bool = True) -> Samples:
    return np.concatenate(list(itertools.islice(music(uri, loop=loop), blocks)))


def test_a_file_goes_round_without_a_gap(tmp_path):
    """Its length is no whole number of blocks: a gap at its end would be seen as a step in the sine."""
    sound = heard(str(recorded(tmp_path / "a.wav", 10_300)), 50)
    whole = 8000 / 32768 * np.sin(2 * np.pi * 480 * np.arange(50 * BLOCK) / RATE)
    assert np.abs(sound[:, 0] - whole).max() < 1e-3
    assert (sound[:, 0] == sound[:, 1]).all()


def test_a_file_that_does_not_loop_ends(tmp_path):
    assert len(heard(str(recorded(tmp_path / "a.wav", 10_300)), 99, loop=False)) == 11 * BLOCK


@pytest.mark.parametrize("how", ["folder", "file address", "m3u", "pls"])
def test_many_files_are_one_piece(tmp_path, how):
    for name in "ab":
        recorded(tmp_path / f"{name} 1.wav", 9600)
    (tmp_path / "all.m3u").write_text("#EXTM3U\na 1.wav\n\nb 1.wav\n")
    (tmp_path / "all.pls").write_text("[playlist]\nFile1=a 1.wav\nTitle1=x\nFile2=b 1.wav\n")
    uri = {
        "folder": str(tmp_path),
        "file address": tmp_path.as_uri(),
        "m3u": str(tmp_path / "all.m3u"),
        "pls": str(tmp_path / "all.pls"),
    }[how]
    assert len(heard(uri, 99, loop=False)) == 20 * BLOCK


@pytest.mark.parametrize("uri", ["relax:snow", "/nowhere/a.mp3", "http://127.0.0.1:9/a.mp3"])
def test_what_is_not_there_is_said(uri):
    with pytest.raises(MusicError):
        next(music(uri, loop=True))


def test_a_folder_without_music_is_said(tmp_path):
    with pytest.raises(MusicError, match="no music"):
        next(music(str(tmp_path), loop=True))


def test_a_file_that_is_no_music_is_said(tmp_path):
    file = tmp_path / "a.mp3"
    file.write_text("words " * 999)
    with pytest.raises(MusicError):
        next(music(str(file), loop=True))


async def test_who_reads_ahead_is_never_waited_for(tmp_path):
    source = Prefetched(lambda: music(str(recorded(tmp_path / "a.wav", 4800)), loop=False), lambda _: None)
    got: list[Samples] = []

    def ends() -> bool:
        block = source.read()
        if block is None:
            return True
        got.append(block)
        return False

    await until(ends)
    assert sum(block.any() for block in got) == 5
