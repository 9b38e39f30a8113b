"""Sound as numbers."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.errors import WyomingError
from orchestrator.wyoming.sound import SoundFormat, made_quieter, portions, sound_format

PLAIN = SoundFormat(16_000, 2, 1)
samples = st.lists(st.integers(-32768, 32767), max_size=50)


@given(samples=samples, share=st.floats(0.0, 1.0))
def test_each_sample_is_made_quieter_by_the_same_share(samples, share):
    made = array("h", made_quieter(array("h", samples).tobytes(), PLAIN, share))
    assert len(made) == len(samples)
    assert all(abs(quiet - loud * share) < 1 for quiet, loud in zip(made, samples, strict=True))


@given(samples=samples)
def test_full_volume_leaves_sound_as_it_is(samples):
    sound = array("h", samples).tobytes()
    assert made_quieter(sound, PLAIN, 1.0) == sound


@given(samples=samples, length=st.integers(1, 9))
def test_portions_are_the_whole_in_whole_frames(samples, length):
    sound = array("h", samples).tobytes()
    parts = list(portions(sound, PLAIN, length))
    assert b"".join(parts) == sound
    assert all(len(part) % PLAIN.frame == 0 for part in parts)


@pytest.mark.parametrize("form", [PLAIN, SoundFormat(22_050, 2, 2), SoundFormat(48_000, 4, 1)])
def test_silence_is_as_long_as_it_is_asked_for(form):
    assert form.lasts(form.silence(1500)) == pytest.approx(1.5, abs=0.001)
    assert not any(form.silence(100))


@pytest.mark.parametrize("wrong", [{}, {"rate": 0}, {"width": 3}, {"channels": 9}, {"rate": "16000"}, {"width": True}])
def test_what_nobody_can_play_is_refused(wrong):
    said = {"rate": 16_000, "width": 2, "channels": 1} | wrong if wrong else {}
    with pytest.raises(WyomingError, match="cannot play"):
        sound_format(said)
