import numpy as np
import pytest

from orchestrator.speaker.limiter import CEILING, Limiter, true_peak
from orchestrator.speaker.mixer import Mixer
from orchestrator.speaker.sound import BLOCK, RATE
from tests.speaker.sines import Sine, levels, mixed, steepest


def playing(loud: float = 0.2) -> Mixer:
    mixer = Mixer()
    mixer.volume(1.0)
    mixer.play(Sine(loud, 1013))  # no whole number of periods in a block, or a cut between two would not be heard
    mixed(mixer, 1.0)
    return mixer


def nothing() -> None:
    """Nobody wants to know."""


def test_music_ducks_by_12_db_in_half_a_second_and_comes_back_in_one_and_a_half():
    mixer = playing()
    mixer.say(np.zeros(RATE * 2, np.float32), 1.0, nothing, nothing)
    curve = levels(mixed(mixer, 5.0))
    full, low = curve[0], curve.min()
    assert full - low == pytest.approx(12, rel=0.01)
    down = np.flatnonzero(curve <= low + 0.05)
    assert down[0] * 0.02 == pytest.approx(0.5, rel=0.1)
    back = np.flatnonzero(curve[down[-1] :] >= full - 0.05)[0]
    assert back * 0.02 == pytest.approx(1.5, rel=0.1)
    assert down[-1] * 0.02 == pytest.approx(2.0, abs=0.1)


def test_music_stays_low_between_sentences_that_follow_each_other():
    mixer = playing()
    mixer.say(np.zeros(RATE, np.float32), 1.0, nothing, nothing, keep_low=2.0)
    curve = levels(mixed(mixer, 3.0))
    assert curve[-1] == pytest.approx(curve[0] - 12, abs=0.1)


@pytest.mark.parametrize("deed", ["volume", "pause", "stop", "say", "hush", "play"])
def test_nothing_clicks(deed):
    mixer = playing()
    if deed == "hush":
        mixer.say(np.sin(np.arange(RATE) * 2 * np.pi * 307 / RATE).astype(np.float32), 0.2, nothing, nothing)
        mixed(mixer, 0.31)
    before = steepest(mixed(mixer, 0.2))
    match deed:
        case "volume":
            mixer.volume(0.1)
        case "say":
            mixer.say(np.zeros(RATE, np.float32), 1.0, nothing, nothing)
        case "play":
            mixer.play(Sine(0.2, 1003))
        case _:
            getattr(mixer, deed)()
    # Two pieces that go over into each other may meet in phase: root two of one.
    assert steepest(mixed(mixer, 3.0)) < before * 1.45 + 1e-4


def test_one_piece_goes_over_into_the_next_at_equal_power():
    mixer = Mixer()
    mixer.volume(1.0)
    mixer.play(Sine(0.2, 1000))
    mixed(mixer, 1.0)
    mixer.play(Sine(0.2, 1450))
    curve = levels(mixed(mixer, 2.0), every=0.1)
    assert np.ptp(curve) < 1.0


def test_music_that_stands_still_goes_on_where_it_was():
    source = Sine(0.2)
    mixer = Mixer()
    mixer.volume(1.0)
    mixer.play(source)
    mixed(mixer, 1.0)
    mixer.pause()
    quiet = mixed(mixer, 2.0)
    at = source._at
    assert np.abs(quiet[RATE:]).max() == 0
    assert levels(mixed(mixer, 0.5)).max() < -100
    assert source._at == at
    mixer.resume()
    assert levels(mixed(mixer, 1.0))[-1] == pytest.approx(levels(mixed(playing(), 0.2))[0], abs=0.01)


def test_the_sum_is_never_above_the_ceiling_between_samples_either():
    mixer = playing(0.9)
    rng = np.random.default_rng(3)
    mixer.say(rng.uniform(-1, 1, RATE * 2).astype(np.float32), 1.0, nothing, nothing)
    sound = mixed(mixer, 4.0)
    assert true_peak(sound) <= CEILING * 1.01
    assert np.abs(sound).max() > 0.5


def test_a_peak_between_samples_is_seen():
    t = np.arange(RATE)
    sound = np.sin(2 * np.pi * t / 4 + np.pi / 4).astype(np.float32)[:, None]
    assert float(np.abs(sound).max()) == pytest.approx(0.7071, abs=0.001)
    assert true_peak(sound) == pytest.approx(1.0, abs=0.02)


def test_the_limiter_leaves_quiet_sound_as_it_is():
    limiter = Limiter()
    blocks = [np.full((BLOCK, 2), 0.1 * n, np.float32) for n in range(1, 8)]
    out = [limiter.limit(block) for block in blocks]
    assert all((a == b).all() for a, b in zip(blocks, out[1:], strict=False))


def test_words_are_over_with_their_last_sample():
    mixer = Mixer()
    mixer.say(np.ones(RATE // 2 + 100, np.float32) * 0.5, 1.0, nothing, nothing)
    sound = mixed(mixer, 1.0)
    begun, over = (mark.frame for mark in mixer.marks)
    heard = np.flatnonzero(sound[:, 0])
    assert (begun, over) == (heard[0], heard[-1] + 1)


def test_music_that_ends_says_so_and_is_closed():
    source = Sine(0.2, blocks=10)
    told = []
    mixer = Mixer()
    mixer.play(source, lambda: told.append(1))
    mixed(mixer, 1.0)
    for mark in mixer.marks:
        mark.heard()
    assert told == [1]
    assert source.is_closed


def test_a_volume_that_is_given_back_right_after_a_stop_is_not_heard():
    mixer = playing()
    mixer.volume(0.1)
    low = mixed(mixer, 1.0)[-RATE // 10 :]
    mixer.stop()
    mixer.mix()
    mixer.volume(1.0)
    after = mixed(mixer, 1.0)
    assert np.abs(after).max() <= np.abs(low).max() * 1.2
    assert not after[RATE // 2 :].any()


def test_music_that_stood_still_is_not_heard_when_other_music_begins():
    old = Sine(0.9)
    mixer = Mixer()
    mixer.volume(1.0)
    mixer.play(old)
    mixed(mixer, 1.0)
    mixer.pause()
    mixed(mixer, 1.0)
    mixer.play(Sine(0.0))
    assert not mixed(mixer, 1.0).any()
    assert old.is_closed
