"""Words take time: more words more, and longer words in languages that have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.scenes.planning.pacing import SLACK, sentences, spoken_ms

TEXTS = st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=30).map(" ".join)


def test_sixty_words_at_sixty_a_minute_take_a_minute_and_slack() -> None:
    assert spoken_ms(" ".join(["word"] * 60), "en", 60, 0) == 60_000 + SLACK


def test_nothing_takes_no_time() -> None:
    assert spoken_ms("", "en", 110, 2000) == 0
    assert spoken_ms(" … ", "en", 110, 2000) == 0


def test_a_beat_of_one_word_has_less_slack_than_it_has_word() -> None:
    assert spoken_ms("Up", "en", 100, 2000) == 900


def test_german_words_are_longer_so_they_take_longer() -> None:
    text = "Lass die Schultern sinken"
    assert 1.05 < spoken_ms(text, "de", 100, 0) / spoken_ms(text, "en", 100, 0) < 1.2


def test_silence_lies_between_sentences_and_not_after_the_last() -> None:
    one = spoken_ms("Let it go. Lean back. Rest.", "en", 100, 1000)
    assert one - spoken_ms("Let it go. Lean back. Rest.", "en", 100, 0) == 2000


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Hold. Let go.", 2),
        ("Is it warm? Never hot!", 2),
        ("Use a little, e.g. almond oil. Rub it in.", 2),
        ("Nimm etwas, z. B. Öl. Verteil es.", 2),
        ("Wait … then go on", 2),
        ("Am 3. Tag ruhst du.", 1),
        ("“Rest.” Then go on.", 2),
        ("no point at the end", 1),
        ("Das war's. Steh auf.", 2),
        ("That’s what it’s. Go on.", 2),
    ],
)
def test_sentences_end_where_people_stop(text: str, number: int) -> None:
    assert len(sentences(text)) == number


@given(TEXTS, TEXTS, st.floats(60, 220), st.integers(0, 5000), st.sampled_from(["en", "de", "fr", "xx"]))
def test_more_words_never_take_less(text: str, more: str, rate: float, gap: int, language: str) -> None:
    assert 0 < spoken_ms(text, language, rate, gap) <= spoken_ms(f"{text} {more}", language, rate, gap)


@given(TEXTS, st.floats(60, 219), st.integers(0, 5000))
def test_a_faster_voice_never_takes_longer(text: str, rate: float, gap: int) -> None:
    assert spoken_ms(text, "en", rate + 1, gap) <= spoken_ms(text, "en", rate, gap)
