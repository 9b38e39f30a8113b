"""Lengths, percentages and colours as people write them."""

import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.documents import notation
from orchestrator.documents.notation import Share
from orchestrator.units import HOUR, MINUTE, SECOND
from orchestrator.values import Rgb


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("90s", 90 * SECOND),
        ("10min", 10 * MINUTE),
        ("10 min", 10 * MINUTE),
        ("10m", 10 * MINUTE),
        ("1h30m", HOUR + 30 * MINUTE),
        ("1:30", 90 * SECOND),
        ("1:02:03", HOUR + 2 * MINUTE + 3 * SECOND),
        ("1.5s", 1500),
        ("250ms", 250),
        ("0s", 0),
        (0, 0),
    ],
)
def test_a_length_is_read(text: object, ms: int) -> None:
    assert notation.duration(text) == ms


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (notation.duration, 90, "90 of what"),
        (notation.duration, "90", "no length"),
        (notation.duration, "soon", "no length"),
        (notation.duration, "-5s", "below zero"),
        (notation.duration, "25h", "longer than a day"),
        (notation.duration, "9" * 400 + "h", "longer than a day"),
        (notation.duration, True, "expected a length"),
        (notation.duration, "1s1", "no length"),
        (notation.percent, 45, "did you mean 45%?"),
        (notation.duration, "5 minutes", "did you mean 5min?"),
        (notation.duration, "1 hour and 30 minutes", "did you mean 1h30min?"),
        (notation.duration, "90 Sekunden", "did you mean 90s?"),
        (notation.duration, "five minutes", "write 90s"),
        (notation.colour, "ff9a3c", 'did you mean "#ff9a3c"?'),
        (notation.colour, "#f93", 'did you mean "#ff9933"?'),
        (notation.colour, "red", 'such as "#ff9a3c"'),
        (notation.percent, 0.5, "did you mean 50%?"),
        (notation.percent, "0.5", "did you mean 50%?"),
        (notation.percent, "0,25", "did you mean 25%?"),
        (notation.percent, "50 percent", "did you mean 50%?"),
        (notation.percent, 128, "did you mean 50.2%?"),
        (notation.percent, 1, "did you mean 1%?"),
        (notation.percent, 1.0, "did you mean 100%?"),
        (notation.percent, 1000, "such as 45%"),
        (notation.brightness, 0.5, "did you mean 50%?"),
        (notation.kelvin, "2700", "did you mean 2700K?"),
        (notation.kelvin, 370, "370 mired are 2703K"),
        (notation.kelvin, "warm", "such as 2700K"),
        (notation.percent, "101%", "100% is the most"),
        (notation.percent, "-1%", "expected a percentage"),
        (notation.brightness, "0%", "write `off`"),
        (notation.kelvin, "270K", "1000K to 10000K"),
        (notation.kelvin, 2700, "did you mean 2700K?"),
        (notation.colour, "red", "#ff9a3c"),
        (notation.colour, "#fff", '"#ffffff"'),
        (notation.template, "{ soak }", "{{ soak }}"),
        (notation.fade_time, "-2s", "less than no time"),
        (notation.times, 0, "1 to 1000"),
        (notation.times, True, "1 to 1000"),
        (notation.pace, 100, "0.1 to 10"),
        (notation.text, 5, "quotes"),
        (notation.text, {}, "for each language"),
        (notation.expression, ["left"], "expression in quotes"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(read: Callable[[object], object], text: object, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        read(text)


def test_offsets_are_lengths_shares_or_templates() -> None:
    assert notation.offset("-30s") == -30 * SECOND
    assert notation.offset("50%") == Share(50.0)
    assert notation.offset("{{ soak }}") == "{{ soak }}"


def test_values_have_their_units() -> None:
    assert notation.percent("45 %") == 45.0
    assert notation.kelvin("2500K").mired == 400.0
    assert notation.colour("#ff9a3c") == Rgb(255, 154, 60)


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_all_ways_to_write_a_length_agree(hours: int, minutes: int, seconds: int) -> None:
    expected = (hours * 60 + minutes) * MINUTE + seconds * SECOND
    assert notation.duration(f"{hours}h{minutes}m{seconds}s") == expected
    assert notation.duration(f"{hours}:{minutes:02}:{seconds:02}") == expected
    assert notation.signed_duration(f"-{hours}h {minutes}min {seconds}s") == -expected


@given(st.text(max_size=12) | st.integers() | st.floats() | st.none() | st.booleans() | st.lists(st.text()))
def test_a_reader_of_values_only_ever_says_no(value: object) -> None:
    for read in (notation.offset, notation.percent, notation.kelvin, notation.colour, notation.text, notation.times):
        with suppress(ValueError):
            assert read(value) is not None
