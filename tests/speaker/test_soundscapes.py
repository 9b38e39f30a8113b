import numpy as np
import pyloudnorm
import pytest

from orchestrator.speaker.sound import BLOCK, RATE
from orchestrator.speaker.soundscapes import LOUDNESS, SOUNDSCAPES, Soundscape
from tests.speaker.sines import steepest

MINUTES = 10


@pytest.fixture(scope="module", params=SOUNDSCAPES)
def heard(request):
    """Ten minutes of one, one channel of which is enough for everything but its loudness."""
    scape = Soundscape(request.param, seed=7)
    return request.param, np.concatenate([scape.read() for _ in range(MINUTES * 60 * RATE // BLOCK)])


def test_each_is_as_loud_as_the_others(heard):
    assert pyloudnorm.Meter(RATE).integrated_loudness(heard[1]) == pytest.approx(LOUDNESS, abs=0.5)


def test_it_is_never_silent_and_never_clips(heard):
    seconds = heard[1].reshape(MINUTES * 60, RATE, 2)
    assert np.sqrt((seconds**2).mean(axis=(1, 2))).min() > 0.004
    assert np.abs(heard[1]).max() < 1


def test_chunks_meet_without_a_seam(heard):
    """Where chunks of noise meet (each 17 blocks), steps are as elsewhere: a seam would be a step of its own."""
    steps = np.abs(np.diff(heard[1][:, 0]))
    seams = steps[17 * BLOCK - 1 :: 17 * BLOCK]
    assert seams.mean() < 1.3 * steps.mean()
    assert steepest(heard[1]) < 0.6


def test_it_does_not_repeat(heard):
    """No stretch of two seconds is found again: the best match of the waveform elsewhere is a poor one."""
    name, sound = heard
    if name in {"drone", "bowls"}:
        pytest.skip("tones are like themselves; what wavers in them has no period")
    mono = sound[:, 0].astype(np.float64)
    piece = mono[RATE : 3 * RATE]
    spectrum = np.fft.rfft(mono[3 * RATE :], 1 << 25) * np.conj(np.fft.rfft(piece, 1 << 25))
    found = np.fft.irfft(spectrum)[: len(mono) - 6 * RATE]
    assert np.abs(found).max() < 0.5 * float(piece @ piece)


def test_two_evenings_are_not_the_same():
    assert not np.array_equal(Soundscape("rain").read(), Soundscape("rain").read())
