"""What is learnt of a voice from what it said, and what pacing makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.scenes.planning.pacing import SLACK, sentences, spoken_ms, words_ms
from orchestrator.scenes.planning.voice_timing import (
    AS_PLANNED,
    ENOUGH,
    LEAST,
    LONGEST_LATENCY,
    MOST,
    OWN_RATE,
    SpeechSample,
    VoiceTiming,
    learnt,
)

WORDS = "Let it go. Lean back, as far as you like. Rest."
LENGTHS = (900, 1500, 2400, 3300, 4800, 6100, 7000, 9500, 12_000, 700)


def samples(factor: float, latency: int, lengths: tuple[int, ...] = LENGTHS) -> list[SpeechSample]:
    return [SpeechSample(words, round(words * factor) + latency) for words in lengths]


@given(st.floats(LEAST, MOST), st.integers(0, LONGEST_LATENCY))
def test_the_rate_and_the_latency_of_a_voice_are_found(factor, latency):
    found = learnt(samples(factor, latency), AS_PLANNED)
    assert found.factor == pytest.approx(factor, abs=0.01)
    assert found.latency == pytest.approx(latency, abs=30)


@given(st.lists(st.integers(-200_000, 200_000), min_size=2, max_size=2), st.floats(LEAST, MOST))
def test_a_fifth_of_nonsense_changes_little(nonsense, factor):
    wrong = [SpeechSample(3000, lasted) for lasted in nonsense]
    found = learnt([*samples(factor, 400)[:5], *wrong, *samples(factor, 400)[5:]], AS_PLANNED)
    assert found.factor == pytest.approx(factor, rel=0.2)


@given(st.lists(st.builds(SpeechSample, st.integers(0, 60_000), st.integers(-1000, 600_000)), max_size=30))
def test_whatever_was_measured_a_voice_stays_within_bounds(measured):
    found = learnt(measured, AS_PLANNED)
    assert LEAST <= found.factor <= MOST
    assert found.latency is None or 0 <= found.latency <= LONGEST_LATENCY
    assert spoken_ms(WORDS, "en", 100, 2000, found) > 0


def test_too_few_measurements_say_nothing():
    assert learnt(samples(0.7, 300)[: ENOUGH - 1], AS_PLANNED) == AS_PLANNED
    assert learnt([], AS_PLANNED) == AS_PLANNED


def test_words_of_one_length_tell_the_rate_alone():
    found = learnt([SpeechSample(1000, 700)] * ENOUGH, AS_PLANNED)
    assert (found.factor, found.latency) == (0.7, 0)


def test_the_newest_count():
    exchanged = learnt([*samples(0.5, 300) * 24, *samples(1.5, 300) * 24], AS_PLANNED)
    assert exchanged.factor == pytest.approx(1.5, abs=0.01)


def test_what_a_voice_follows_is_kept():
    assert learnt(samples(0.7, 300), VoiceTiming(rate=False, gap=False))[:2] == (False, False)


def test_a_voice_of_its_own_rate_takes_the_same_at_any():
    own = VoiceTiming(rate=False)
    assert (
        spoken_ms(WORDS, "en", 60, 0, own) == spoken_ms(WORDS, "en", 220, 0, own) == spoken_ms(WORDS, "en", OWN_RATE, 0)
    )


def test_a_voice_without_gaps_begins_anew_with_each_sentence():
    apart = spoken_ms(WORDS, "en", 100, 2000, VoiceTiming(gap=False))
    each = sum(spoken_ms(sentence, "en", 100, 2000) for sentence in sentences(WORDS))
    assert apart == pytest.approx(each + 2 * 2000, abs=3)


def test_what_was_learnt_is_of_words_and_not_of_silences():
    known = VoiceTiming(factor=0.7, latency=300)
    words = words_ms(WORDS, "en", 100)
    assert spoken_ms(WORDS, "en", 100, 2000, known) == round(words * 0.7) + 300 + 2 * 2000
    assert spoken_ms(WORDS, "en", 100, 2000) == words + 2 * 2000 + SLACK
